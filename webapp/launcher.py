"""Starts the processes that jobs run in, from a fork server that has loaded their libraries, and ends them."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from webapp.board import Board
from webapp.worker import Explain, Job, Limits, perform

ROOT = Path(__file__).parent.parent
PRELOAD = ("webapp.preload",)
"""What the jobs of the app need loaded."""

METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


@dataclass
class Launcher:
    """Starts jobs on this machine; the processes are daemons and end with this one.

    Parameters
    ----------
    board : where a job finds what is asked and leaves its output.
    places : a directory of this machine, for the locks by which no more jobs than allowed work at once.
    explain : makes an output of a job that ended badly; see `jobs.Jobs`.
    environment : variables set in every job's process.
    limits : see `Limits`.
    preload : modules that the fork server imports once, so that no job waits for them.
    """

    board: Board
    places: Path
    explain: Explain
    environment: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    preload: Sequence[str] = ()

    def __post_init__(self) -> None:
        self.places.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._context: Any = multiprocessing.get_context(METHOD)
        _preload(self.preload)
        self._starting = threading.Lock()

    def wait_until_loaded(self) -> None:
        """Come back when the fork server has loaded everything."""
        first = self._context.Process(target=_nothing, daemon=True)
        first.start()
        first.join()

    def start(self, key: str, job: Job, arguments: list[Any]) -> Any:
        """The process that works on a job from now on."""
        order = (self.board, self.places, key, job, arguments, dict(self.environment), self.limits, self.explain)
        with self._starting:
            process = self._context.Process(target=perform, args=order, daemon=True)
            process.start()
        return process


def begin_loading(preload: Sequence[str]) -> None:
    """Start the fork server now, so that the first job waits less for its libraries, or not at all.

    Python 3.11 does not tell it where modules are, and it skips in silence what it does not find.
    """
    _preload(preload)
    if METHOD == "forkserver":
        from multiprocessing import forkserver

        known = os.environ.get("PYTHONPATH")
        os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), *([known] if known else [])])
        forkserver.ensure_running()


def _preload(modules: Sequence[str]) -> None:
    if METHOD == "forkserver":
        multiprocessing.get_context(METHOD).set_forkserver_preload(["webapp.worker", *modules])


def _nothing() -> None:
    """The work of the first process, which is there for what must be loaded before it."""


def handle_of(pid: int) -> str:
    """A process's number with the moment it began, since numbers are given again."""
    with contextlib.suppress(psutil.Error):
        return f"{pid}-{psutil.Process(pid).create_time():.2f}"
    return f"{pid}-0"


def process_of(handle: str | None) -> psutil.Process | None:
    """The living process of a handle, if it still lives."""
    pid, _, began = str(handle).partition("-")
    if not pid.isdigit():
        return None
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(int(pid))
        if f"{process.create_time():.2f}" == began and process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None


def end(handle: str | None) -> None:
    """Kill the process of a handle with all it started; none that has ended meanwhile is missed."""
    process = process_of(handle)
    if process is None:
        return
    with contextlib.suppress(psutil.Error):
        for child in process.children(recursive=True):
            child.kill()
    with contextlib.suppress(psutil.Error):
        process.kill()
        process.wait(1)
