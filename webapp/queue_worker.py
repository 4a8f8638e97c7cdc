"""A worker: takes runs from the queue, has each worked on by a process of its own, and tells how it ended.

Imported only by `python app.py --worker`.
"""

from __future__ import annotations

import logging
import socket
import uuid
from collections.abc import Mapping
from typing import Any

from webapp.board import Board
from webapp.job_queue import ALIVE_SECONDS, BEAT_SECONDS, TASK, alive, begun, job_queue
from webapp.jobs import DIED
from webapp.launcher import Launcher, end, handle_of
from webapp.worker import Job

logger = logging.getLogger("segment_studio")


def work(url: str, jobs: Mapping[str, Job], launcher: Launcher) -> None:
    """Take runs until a signal says stop; those under way are finished first.

    Parameters
    ----------
    url : of the Redis.
    jobs : what may be run, by name; the queue cannot name anything else.
    launcher : starts their processes; its limits say how many work at once.
    """
    queue = job_queue(url)

    def run(key: str, attempt: int) -> None:
        see_through(launcher, jobs, key, attempt)

    queue.task(name=TASK)(run)
    launcher.wait_until_loaded()  # else the first run would be silent for as long, and taken for dead
    queue.Worker(
        hostname=f"{uuid.uuid4().hex[:8]}@{socket.gethostname()}",
        pool="threads",
        concurrency=launcher.limits.at_once,
        loglevel="WARNING",
        quiet=True,
        redirect_stdouts=False,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    ).start()


def see_through(launcher: Launcher, jobs: Mapping[str, Job], key: str, attempt: int) -> None:
    """Have one run worked on, giving signs of life; a message that comes twice is taken up once."""
    board = launcher.board
    if board.get(f"cancelled/{key}") or not board.claim(begun(key, attempt), True):
        return
    name, arguments = board.get(f"function/{key}"), board.get(f"arguments/{key}") or []
    job = jobs.get(name)
    if job is None:
        logger.error("A run asks for %s, which this worker does not know; servers and workers differ in version", name)
    else:
        board.beat(alive(key), ALIVE_SECONDS)
        _accompany(launcher.start(key, job, arguments), board, key)
    if board.get(key) is None and not board.get(f"cancelled/{key}"):
        board.claim(key, {"output": launcher.explain("failed", DIED, None, arguments)})


def _accompany(process: Any, board: Board, key: str) -> None:
    while process.is_alive():
        board.beat(alive(key), ALIVE_SECONDS)
        if board.get(f"cancelled/{key}"):
            end(handle_of(process.pid))
        process.join(BEAT_SECONDS)
