"""The life of a job's own process: wait for a place, work, leave the output; end when nobody is there for it."""

from __future__ import annotations

import contextlib
import json
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import connection
from pathlib import Path
from typing import IO, Any

from pipeline.errors import PipelineError
from webapp import incidents
from webapp.board import Board

TOO_LONG = "The run took longer than the time limit of the server and was stopped."
WATCH_SECONDS = 1.0
LESS_URGENT = 10  # how far a job stands back on a busy machine: people look at pages while it works

Outcome = Any
Explain = Callable[[str, str, str | None, Sequence[Any]], Outcome]


@dataclass(frozen=True)
class Limits:
    """How long a job may take, how long it goes on when no page asks for it any more, and how many run at once.

    A browser asks once a minute for a tab that has been hidden for long, so `orphan_seconds` is well above 60.
    """

    job_seconds: float = 3600.0
    orphan_seconds: float = 180.0
    at_once: int = 2


@dataclass(frozen=True)
class Job:
    """What a job's process is given. All of it can be pickled: the function is found by its importable name."""

    function: Callable[..., Outcome]
    reports_progress: bool


def perform(
    board: Board,
    places: Path,
    key: str,
    job: Job,
    arguments: list[Any],
    environment: Mapping[str, str],
    limits: Limits,
    explain: Explain,
) -> None:
    """The whole life of a job's process: wait for a place, work, leave the output on the board.

    Parameters
    ----------
    places : a directory of this machine, for the locks of `place`.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s")
    os.environ.update(environment)
    if hasattr(os, "nice"):  # a POSIX system
        os.nice(LESS_URGENT)

    def keep(output: Outcome) -> None:
        json.dumps(output, allow_nan=False)
        board.claim(key, {"output": output})  # the first end is the end: a run that was cancelled stays so

    def report(progress: Any) -> None:
        board.put(f"{key}-progress", list(progress) if isinstance(progress, list | tuple) else [progress])

    watch = Watch(key, board, limits, lambda: keep(explain("failed", TOO_LONG, None, arguments)))
    threading.Thread(target=watch.run, daemon=True).start()
    with place(places, limits.at_once):
        watch.working = True
        try:
            keep(job.function(*([report] if job.reports_progress else []), *arguments))
        except PipelineError as error:
            keep(explain("failed", str(error), None, arguments))
        except Exception as error:  # noqa: BLE001 - this is the one place: logged whole, told by its reference
            reference = incidents.record(error)
            keep(explain("failed", incidents.sentence(reference), reference, arguments))


class Watch:
    """Ends a job's process when its server is gone, when no page asks for it any more, or when it takes too long."""

    def __init__(self, key: str, board: Board, limits: Limits, give_up: Callable[[], None]) -> None:
        self.key, self.board, self.limits, self.give_up = key, board, limits, give_up
        self.working = False

    def run(self) -> None:
        """Look once a second, for ever."""
        server = multiprocessing.parent_process()
        assert server is not None, "a job's process has a parent"
        worked = 0.0
        while not connection.wait([server.sentinel], timeout=WATCH_SECONDS):
            worked += WATCH_SECONDS * self.working
            if worked > self.limits.job_seconds:
                self.give_up()
                break
            if not self._wanted():
                break
        os._exit(1)

    def _wanted(self) -> bool:
        """Whether a page asked lately. Where the board was away, pages have their time once more to ask."""
        seen, patience, began = f"seen/{self.key}", self.limits.orphan_seconds, time.monotonic()
        wanted = self.board.beats(seen, patience)
        if not wanted and time.monotonic() - began > WATCH_SECONDS:
            self.board.beat(seen, patience)
            return True
        return wanted


@contextlib.contextmanager
def place(directory: Path, places: int) -> Iterator[None]:
    """One of a few places to work in; waits for one. A process that dies gives its place back."""
    try:
        import fcntl
    except ImportError:  # not a POSIX system: no such lock, so no limit
        yield
        return
    with contextlib.ExitStack() as files:
        doors = [files.enter_context((directory / f"place-{n}.lock").open("w")) for n in range(places)]
        while not any(_entered(fcntl, door) for door in doors):
            time.sleep(0.1)
        yield


def _entered(fcntl: Any, door: IO[str]) -> bool:
    try:
        fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
