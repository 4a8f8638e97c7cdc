"""Runs a command in a process of its own and says how long it took and how much memory it held."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
LAUNCHER = Path(__file__).with_name("launcher.py")
THREAD_LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


class Cost(NamedTuple):
    """Wall time, peak resident memory in 10**6 bytes, and processor time, which a busy machine does not stretch."""

    seconds: float
    peak_memory_mb: float
    cpu_seconds: float = float("nan")


def cost_of(arguments: Sequence[str], threads: int | None = None) -> Cost:
    """Run `python <arguments>` from the project's root; `threads` limits what numerical libraries start.

    Raises
    ------
    RuntimeError
        If it fails, with what it wrote to stderr.
    """
    with tempfile.NamedTemporaryFile("r") as cost:
        launch = [sys.executable, "-I", "-S", str(LAUNCHER), cost.name, sys.executable, *arguments]
        environment = os.environ | {name: str(threads) for name in THREAD_LIMITS if threads}
        finished = subprocess.run(launch, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if finished.returncode:
            raise RuntimeError(f"python {' '.join(arguments)} failed:\n{finished.stderr[-3000:]}")
        return Cost(*map(float, cost.read().split()))
