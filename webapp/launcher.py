"""Starts the processes that jobs run in, from a fork server that has loaded their libraries, and ends them."""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from webapp.board import Board
from webapp.worker import Explain, Job, Limits, perform

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
        if METHOD == "forkserver":
            self._context.set_forkserver_preload(["webapp.worker", *self.preload])
        self._starting = threading.Lock()

    def warm_up(self, whole: bool = False) -> None:
        """Start the fork server now, while nobody waits; on request wait until it has loaded everything."""
        if METHOD == "forkserver":
            from multiprocessing import forkserver

            forkserver.ensure_running()
        if whole:
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
