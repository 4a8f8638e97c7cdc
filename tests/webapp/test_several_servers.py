"""Two servers and a worker, each a process of its own, that share one Redis and one data directory."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

import psutil
import pytest

from pipeline.stages import STAGE_TITLES
from tests.webapp.tab import Tab
from webapp import ids, jobs
from webapp.uploads import HEADER

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 120
WANTED, JOB = f"{ids.RUN_WANTED}.data", f"{ids.RUN_JOB}.data"
STATUS, RESULT = f"{ids.RUN_STATUS}.data", f"{ids.RUN_RESULT}.data"
PROGRESS = f"{ids.RUN_PROGRESS}.data"


class Answer:
    """An answer of a server, read as Flask's test client would have it read."""

    def __init__(self, body):
        self.body = body

    def get_data(self, as_text=False):
        return self.body.decode() if as_text else self.body

    def get_json(self):
        return json.loads(self.body)


class AppProcess:
    """`python app.py` in a process of its own, reached as a browser reaches it."""

    def __init__(self, folder, url, *flags):
        self.command = [sys.executable, "app.py", "--data-dir", str(folder / "data"), *flags]
        self.log = folder / "log.txt"
        self.environment = {**os.environ, "REDIS_URL": url, "RUNS_AT_ONCE": "1"}
        self.process, self.address = None, None

    def start(self):
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True
            )
        self.address = self.process.stdout.readline().split()[-1]
        return self

    def end(self, blow=signal.SIGTERM):
        self.process.send_signal(blow)
        self.process.communicate(timeout=PATIENCE_SECONDS)

    @property
    def server(self):
        return self

    def test_client(self):
        return self

    def get(self, path):
        return self._ask(path)

    def post(self, path, json, query_string=()):
        return self._ask(f"{path}?{urllib.parse.urlencode(list(query_string))}", json)

    def _ask(self, path, body=None, data=None, method=None):
        headers = {"Content-Type": "application/json", HEADER: "1"}
        data = json.dumps(body).encode() if body is not None else data
        asked = urllib.request.Request(self.address + path, data, headers, method=method)
        with urllib.request.urlopen(asked, timeout=PATIENCE_SECONDS) as answer:
            return Answer(answer.read())

    def upload(self, path, finish_at):
        """Send a file here in slices and have it taken in at another server; the data set's id."""
        content = path.read_bytes()
        announced = self._ask("/uploads", {"files": [{"name": path.name, "size": len(content)}]}).get_json()
        ticket = announced["files"][0]["ticket"]
        half = len(content) // 2
        self._ask(f"/uploads/{ticket}?offset=0", data=content[:half], method="PUT")
        finish_at._ask(f"/uploads/{ticket}?offset={half}", data=content[half:], method="PUT")
        return finish_at._ask("/uploads/finish", {"tickets": [ticket]}).get_json()["data"]


@contextlib.contextmanager
def running(*apps):
    for app in apps:
        app.start()
    try:
        yield
    finally:
        for app in apps:
            if app.process.poll() is None:
                app.end(signal.SIGKILL)


@pytest.fixture
def shop(tmp_path):
    from pipeline.simulation import simulate_shop

    path = tmp_path / "shop.csv"
    simulate_shop(path, customers=300, seed=3)
    return path


@pytest.fixture
def servers(tmp_path, redis_server):
    one, other = (AppProcess(tmp_path, redis_server.url, "--port", "0") for _ in range(2))
    with running(one, other):
        yield one, other


@pytest.fixture
def a_worker(tmp_path, redis_server):
    return AppProcess(tmp_path, redis_server.url, "--worker")


def asked(data, until, nonce="n1"):
    return {"data": data, "recipe": None, "until": until, "nonce": nonce, "running": None}


def look_up(tab, wanted):
    answer = tab.post(STATUS, [(WANTED, wanted)], [(JOB, None)]).get_json()["response"]
    return answer[ids.RUN_STATUS]["data"], answer.get(ids.RUN_JOB, {}).get("data")


def polls(tab, handles, told):
    """Poll until a poll tells this."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up:
        poll = tab.poll(RESULT, [(JOB, None)], handles)
        found = told(poll)
        if found is not None:
            return found
        time.sleep(0.1)
    raise TimeoutError(f"{told.__name__}: no poll told it, the last one {poll}")


def progress_of(poll):
    return poll.get("progress", {}).get(PROGRESS)


def beyond_waiting(poll):
    found = progress_of(poll)
    return found if found and not waiting(poll) else None


def waiting(poll):
    return "No worker is free" in (progress_of(poll) or {}).get("sentence", "") or None


def ended(poll):
    return poll["sideUpdate"][ids.RUN_STATUS]["data"] if "sideUpdate" in poll else None


def elsewhere(tab, server):
    """The page of a tab, whose next requests a load balancer sends to another server."""
    moved = Tab(server)
    moved.end_id = tab.end_id
    return moved


def test_what_is_sent_to_and_asked_of_one_server_is_watched_and_shown_at_the_other(servers, a_worker, shop):
    one, other = servers
    data = one.upload(shop, finish_at=other)
    tab = Tab(one)
    status, job = look_up(tab, asked(data, "pictures"))
    assert status["state"] == "working"
    handles = tab.start(RESULT, [(JOB, job)])
    moved = elsewhere(tab, other)
    assert polls(moved, handles, waiting)
    with running(a_worker):
        assert polls(moved, handles, beyond_waiting)["stage"] in STAGE_TITLES.values()
        assert polls(moved, handles, ended)["state"] == "done"
        a_worker.end()
    for server in servers:
        status, job = look_up(Tab(server), asked(data, "pictures", "n2"))
        assert (status["state"], job) == ("done", None)
    one.end()
    one.start()
    assert polls(elsewhere(tab, one), handles, ended)["state"] == "done"
    assert look_up(Tab(one), asked(data, "pictures", "n3"))[0]["state"] == "done"


def test_a_run_is_cancelled_at_another_server_and_its_process_ends(servers, a_worker, shop):
    one, other = servers
    data = one.upload(shop, finish_at=one)
    with running(a_worker):
        tab = Tab(one)
        handles = tab.start(RESULT, [(JOB, asked(data, "stability"))])
        polls(tab, handles, beyond_waiting)
        assert places_taken(a_worker) == 1
        moved = elsewhere(tab, other)
        pressed = [(f"{ids.RUN_CANCEL}.n_clicks", 1)]
        moved.post(f"{ids.RUN_CANCEL}.id", pressed, handles=[("cancelJob", dict(handles)["job"])])
        assert polls(moved, handles, ended)["state"] == "cancelled"
        give_up = time.monotonic() + PATIENCE_SECONDS
        while places_taken(a_worker):
            assert time.monotonic() < give_up, "the process of the run goes on"
            time.sleep(0.1)


def places_taken(worker):
    """How many processes of a worker hold one of its places to work in."""
    family = psutil.Process(worker.process.pid).children(recursive=True)
    return sum(any("place-" in opened.path for opened in member.open_files()) for member in family)


def test_a_run_whose_workers_are_killed_goes_on_once_and_then_says_so(servers, a_worker, tmp_path, shop):
    one, other = servers
    data = one.upload(shop, finish_at=one)
    tab = Tab(one)
    with running(a_worker):
        handles = tab.start(RESULT, [(JOB, asked(data, "stability"))])
        polls(tab, handles, beyond_waiting)
        a_worker.end(signal.SIGKILL)
    moved = elsewhere(tab, other)
    assert polls(moved, handles, waiting)
    with running(a_worker):
        polls(moved, handles, beyond_waiting)
        a_worker.end(signal.SIGKILL)
        status = polls(moved, handles, ended)
    assert (status["state"], status["sentence"]) == ("failed", jobs.DIED)


def test_a_page_says_that_redis_is_away_and_goes_on_when_it_is_back(servers, a_worker, shop, redis_server):
    one, other = servers
    data = one.upload(shop, finish_at=one)
    tab = Tab(one)
    with running(a_worker):
        handles = tab.start(RESULT, [(JOB, asked(data, "pictures"))])
        polls(tab, handles, beyond_waiting)
        redis_server.stop()
        try:
            away = f"Redis at 127.0.0.1:{redis_server.port} does not answer"
            polls(tab, handles, lambda poll: True if away in (progress_of(poll) or {}).get("sentence", "") else None)
            status, job = look_up(Tab(other), asked(data, "stability", "n2"))
            assert (status["state"], job) == ("failed", None)
            assert away in status["sentence"]
        finally:
            redis_server.start()
        assert polls(tab, handles, ended)["state"] == "done"
    assert look_up(Tab(other), asked(data, "pictures", "n3"))[0]["state"] == "done"
