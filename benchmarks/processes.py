"""Runs a command in a process of its own and says how long it took and how much memory it held."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import psutil

ROOT = Path(__file__).parent.parent
LAUNCHER = Path(__file__).with_name("launcher.py")
THREAD_LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
SAMPLE_SECONDS = 0.05


class Cost(NamedTuple):
    """Wall time, peak resident memory in 10**6 bytes, and processor time, which a busy machine does not stretch.

    `peak_memory_mb` is that of the process as the system counts it, or of it and all that it started together where
    that was more; the latter is sampled.
    """

    seconds: float
    peak_memory_mb: float
    cpu_seconds: float = float("nan")


def cost_of(
    arguments: Sequence[str], threads: int | None = None, *, is_heard: bool = False, spills_to: Path | None = None
) -> Cost:
    """Run `python <arguments>` from the project's root.

    Parameters
    ----------
    threads : limits what numerical libraries start.
    is_heard : whether what it says on stderr, its progress, is passed on.
    spills_to : the folder for its temporary files.

    Raises
    ------
    RuntimeError
        If it fails, with what it wrote to stderr.
    """
    with tempfile.NamedTemporaryFile("r") as cost, tempfile.TemporaryFile("w+") as said:
        launch = [sys.executable, "-I", "-S", str(LAUNCHER), cost.name, sys.executable, *arguments]
        environment = os.environ | {name: str(threads) for name in THREAD_LIMITS if threads}
        environment |= {"TMPDIR": str(spills_to)} if spills_to else {}
        heard = None if is_heard else said
        process = subprocess.Popen(launch, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=heard)
        with process, tree_memory(process.pid) as peak:
            process.wait()
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"python {' '.join(arguments)} failed:\n{said.read()[-3000:]}")
        seconds, own_mb, cpu_seconds = map(float, cost.read().split())
        return Cost(seconds, max(own_mb, peak[0]), cpu_seconds)


@contextmanager
def tree_memory(pid: int) -> Iterator[list[float]]:
    """In the list, the most resident memory in 10**6 bytes that a process and all that it started held together.

    What they share counts once for each, so it is never too little.
    """
    most, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(SAMPLE_SECONDS):
            with suppress(psutil.NoSuchProcess):
                most[0] = max(most[0], _resident(psutil.Process(pid)) / 1e6)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield most
    finally:
        over.set()
        watcher.join()


def _resident(root: psutil.Process) -> int:
    held = 0
    for process in (root, *root.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):  # it ended meanwhile
            held += process.memory_info().rss
    return held
