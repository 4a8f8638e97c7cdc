"""A Redis of the tests' own: on this machine only, on a free port, in a directory of its own, gone with them."""

import shutil
import socket
import subprocess
import time

import pytest
import redis


class RedisServer:
    """One `redis-server`; it can be stopped and started again, with what it held or without."""

    def __init__(self, directory):
        self.directory = directory
        self.port = _free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process = None

    def start(self):
        program = shutil.which("redis-server") or pytest.fail("redis-server is not installed: run .ci/install-redis")
        flags = [
            "--port",
            self.port,
            "--bind",
            "127.0.0.1",
            "--dir",
            self.directory,
            "--save",
            "",
            "--appendonly",
            "yes",
        ]
        self.process = subprocess.Popen([program, *map(str, flags)], stdout=subprocess.DEVNULL)
        give_up = time.monotonic() + 30
        with redis.Redis.from_url(self.url) as client:
            while True:
                try:
                    client.ping()
                    return
                except redis.ConnectionError:
                    assert time.monotonic() < give_up, "redis-server does not answer"
                    time.sleep(0.05)

    def stop(self):
        self.process.terminate()
        self.process.wait(30)

    def empty(self):
        with redis.Redis.from_url(self.url) as client:
            client.flushall()


def _free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
