"""The real server and the real browser for the benchmarks that need them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.processes import ROOT

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def served(data_dir: Path) -> Iterator[tuple[str, int]]:
    """Serve the app on a data directory; its address and the server's process number."""
    command = [sys.executable, "app.py", "--port", "0", "--data-dir", str(data_dir)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    with server.stdout as said:
        try:
            yield said.readline().split()[-1], server.pid
        finally:
            server.terminate()
            server.wait(20)


def browser() -> str:
    """Where Chromium or Chrome is."""
    named = (os.environ.get("CHROMIUM", ""), *BROWSERS)
    found = next((path for path in map(shutil.which, filter(None, named)) if path), None)
    if found is None:
        raise SystemExit("There is no Chromium or Chrome here; install one or name it in the variable CHROMIUM.")
    return found
