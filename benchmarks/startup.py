"""`python -m benchmarks.startup [--repeats 5]`: from `python app.py` to its first page, and what a job's start costs.

Each start is a fresh process on an empty data directory; the first page is its document, its layout and its list of
callbacks. Beside it stands a process that only imports Dash, so that a busy machine is told from a slow start. Which
heavy libraries the page server has loaded is read from its memory map. A job is one that does nothing, from its call to
its result at hand: the first one of a server that nobody looked at, and then more.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import psutil

from benchmarks.processes import ROOT, cost_of
from benchmarks.records import RESULTS, Record, circumstances, keep, told
from benchmarks.studio import served

HEAVY = ("numpy", "pandas", "pyarrow", "duckdb", "scipy", "sklearn")
PARTS = ("/", "/_dash-layout", "/_dash-dependencies")
ASK_SECONDS = 0.005
PATIENCE_SECONDS = 60


class Start(NamedTuple):
    """One start: seconds to the address and to the first page, the server's processor time then, what it had loaded."""

    address: float
    page: float
    cpu_seconds: float
    loaded: tuple[str, ...]
    dash: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, keep, print."""
    asked = _arguments(arguments)
    if asked.jobs:
        print(*jobs_started(asked.repeats))
        return 0
    starts = [started() for _ in range(asked.repeats)]
    command = [sys.executable, "-m", "benchmarks.startup", "--jobs", "--repeats", str(asked.repeats)]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    first, *others = map(float, said.split())
    record = (
        summary(starts, first, others) | circumstances("benchmarks.startup", arguments) | {"repeats": asked.repeats}
    )
    (record,) = keep(asked.results / "startup.json", [{"what": "startup"} | record], ["what"])
    (asked.results / "startup.md").write_text(written(record), encoding="utf-8")
    print(table(record))
    return 0


def started() -> Start:
    """Start the server, ask for the first page, look at what it has loaded, and end it."""
    dash = cost_of(["-c", "import dash"]).seconds
    with tempfile.TemporaryDirectory(prefix="segment-studio-bench-") as folder:
        before = time.perf_counter()
        with served(Path(folder)) as (url, pid):
            address = time.perf_counter() - before
            for part in PARTS:
                with urllib.request.urlopen(url + part, timeout=PATIENCE_SECONDS) as answer:
                    answer.read()
            page = time.perf_counter() - before
            server = psutil.Process(pid)
            spent = server.cpu_times()
            return Start(address, page, spent.user + spent.system, loaded(server), dash)


def loaded(process: psutil.Process) -> tuple[str, ...]:
    """Which of the heavy libraries a process has loaded: their compiled parts are in its memory map."""
    mapped = [Path(each.path).parts for each in process.memory_maps()]
    return tuple(name for name in HEAVY if any(name in parts or f"_{name}" in parts for parts in mapped))


def nothing() -> str:
    """A job that does nothing."""
    return "done"


def jobs_started(repeats: int) -> list[float]:
    """Seconds from a job's call to its result at hand: of the first one of a new manager, and of more after it."""
    from benchmarks import startup
    from webapp.settings import Server
    from webapp.workforce import job_manager
    from webapp.workspace import Workspace

    with tempfile.TemporaryDirectory(prefix="segment-studio-bench-") as folder:
        manager = job_manager(Server(data_dir=folder), Workspace(Path(folder)))
        job = manager.make_job_fn(startup.nothing, progress=False)
        seconds = []
        for _ in range(repeats + 1):
            before = time.perf_counter()
            key = manager.build_cache_key(startup.nothing, [], [], None)
            manager.call_job_fn(key, job, [], {})
            while not manager.result_ready(key):
                if time.perf_counter() - before > PATIENCE_SECONDS:
                    raise TimeoutError("A job that does nothing has not ended.")
                time.sleep(ASK_SECONDS)
            seconds.append(time.perf_counter() - before)
        return seconds


def summary(starts: Sequence[Start], first: float, others: Sequence[float]) -> Record:
    """Medians of all starts and of the jobs after the first; every library that any start had loaded."""
    middle = {
        name: statistics.median(getattr(each, name) for each in starts) for name in Start._fields if name != "loaded"
    }
    named = {name for each in starts for name in each.loaded}
    return middle | {
        "loaded": [name for name in HEAVY if name in named],
        "first_job": first,
        "next_job": statistics.median(others),
        "page_by_dash": statistics.median(each.page / each.dash for each in starts),
    }


def table(record: Record) -> str:
    """The measures in Markdown."""
    rows = {
        "`python app.py` to its address": f"{record['address']:.2f} s",
        "to the first page answered": f"{record['page']:.2f} s, processor {record['cpu_seconds']:.2f} s",
        "`import dash` alone": f"{record['dash']:.2f} s",
        "the first page by that": f"{record['page_by_dash']:.2f} times as long",
        "heavy libraries in the page server then": ", ".join(record["loaded"]) or "none",
        "the first job of a server that nobody looked at": f"{record['first_job']:.2f} s",
        "every further job": f"{record['next_job']:.3f} s",
    }
    return "\n".join(["| | |", "|---|---|", *(f"| {what} | {found} |" for what, found in rows.items())])


def written(record: Record) -> str:
    """The file beside the benchmark."""
    parts = [
        "# Start-up",
        f"Made by `python -m benchmarks.startup`; medians of {record['repeats']}, while the load of the machine was "
        f"{record['load']:g}.",
        table(record),
        told([record]),
    ]
    return "\n\n".join(parts) + "\n"


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5, help="how many starts, and how many jobs after the first")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the table is written (benchmarks/)")
    parser.add_argument("--jobs", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
