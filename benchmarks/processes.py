"""Runs a command in a process of its own and says how long it took and how much memory it held."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import psutil

ROOT = Path(__file__).parent.parent
LAUNCHER = Path(__file__).with_name("launcher.py")
THREAD_LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
SAMPLE_SECONDS = 0.2  # each look takes some milliseconds; the process's own peak is the system's


class Cost(NamedTuple):
    """Wall time, peak resident memory in 10**6 bytes, and processor time, which a busy machine does not stretch.

    `peak_memory_mb` is that of the process as the system counts it, or of it and all that it started together where
    that was more; the latter is sampled.
    """

    seconds: float
    peak_memory_mb: float
    cpu_seconds: float = float("nan")


def cost_of(
    arguments: Sequence[str],
    threads: int | None = None,
    *,
    is_heard: bool = False,
    spills_to: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Cost:
    """Run `python <arguments>` from the project's root.

    Parameters
    ----------
    threads : limits what numerical libraries start.
    is_heard : whether what it says on stderr, its progress, is passed on.
    spills_to : the folder for its temporary files.
    environment : variables that it gets besides this process's own.

    Raises
    ------
    RuntimeError
        If it fails, with what it wrote to stderr.
    """
    with tempfile.NamedTemporaryFile("r") as cost, tempfile.TemporaryFile("w+") as said:
        launch = [sys.executable, "-I", "-S", str(LAUNCHER), cost.name, sys.executable, *arguments]
        given = os.environ | {name: str(threads) for name in THREAD_LIMITS if threads} | dict(environment or {})
        given |= {"TMPDIR": str(spills_to)} if spills_to else {}
        heard = None if is_heard else said
        process = subprocess.Popen(launch, cwd=ROOT, env=given, stdout=subprocess.DEVNULL, stderr=heard)
        with process, tree_cost(process.pid) as tree:
            process.wait()
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"python {' '.join(arguments)} failed:\n{said.read()[-3000:]}")
        seconds, own_mb, cpu_seconds = map(float, cost.read().split())
        return Cost(seconds, max(own_mb, tree.peak_memory_mb), max(cpu_seconds, sum(tree.spent.values())))


@dataclass
class Tree:
    """A process and all that it started: the most resident memory in 10**6 bytes that they held together, and the
    processor seconds of each by its number.

    What they share counts once for each, so memory is never too little. Of what nobody waits for, such as Spark's Java,
    the system tells no processor time afterwards.
    """

    peak_memory_mb: float = 0.0
    spent: dict[int, float] = field(default_factory=dict)

    def look(self, root: psutil.Process) -> None:
        """Note what they hold and have spent by now."""
        held = 0
        for process in (root, *root.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):  # it ended meanwhile
                held += process.memory_info().rss
                times = process.cpu_times()
                self.spent[process.pid] = times.user + times.system
        self.peak_memory_mb = max(self.peak_memory_mb, held / 1e6)


@contextmanager
def tree_cost(pid: int) -> Iterator[Tree]:
    """What a process and all that it starts take while the block runs, by looking again and again."""
    tree, over = Tree(), threading.Event()

    def watch() -> None:
        while not over.wait(SAMPLE_SECONDS):
            with suppress(psutil.NoSuchProcess):
                tree.look(psutil.Process(pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield tree
    finally:
        over.set()
        watcher.join()
