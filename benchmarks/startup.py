"""`python -m benchmarks.startup [--repeats 5]`: from `python app.py` to its first page, and what a job's start costs.

Each start is a fresh process on an empty data directory; the first page is its document, its layout and its list of
callbacks. Beside it stands a process that only imports Dash, so that a busy machine is told from a slow start. Which
heavy libraries the page server has loaded is read from its memory map. A job is one that finds nothing to do, from its
call to its result at hand: the first one is asked for as soon as a server says its address, then more. What a server
holds is measured after these: by then jobs' libraries are loaded, and nobody is there.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import psutil

from benchmarks.processes import cost_of
from benchmarks.records import RESULTS, Record, circumstances, keep, told
from benchmarks.studio import served
from pipeline.stages import RESULTS as RESULTS_STAGE
from webapp import ids

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


class Jobs(NamedTuple):
    """Seconds from a job's call to its result at hand, of the first one of a new server and of more after it.

    `held_mb` is what the server holds when they have ended, with the process that has loaded the libraries of jobs, in
    10**6 bytes; memory that processes share is divided among them (proportional set size).
    """

    first: float
    others: list[float]
    held_mb: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, keep, print."""
    asked = _arguments(arguments)
    starts = [started() for _ in range(asked.repeats)]
    jobs = [jobs_started(1) for _ in range(asked.repeats)]
    record = summary(starts, jobs) | circumstances("benchmarks.startup", arguments) | {"repeats": asked.repeats}
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


def jobs_started(more: int) -> Jobs:
    """Start a server, have it do a job at once and more after it, and see what it holds then."""
    with tempfile.TemporaryDirectory(prefix="segment-studio-bench-") as folder, served(Path(folder)) as (url, pid):
        with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as page:
            named = re.search(r'"end_id":"([^"]+)"', page.read().decode())
        assert named is not None, "Dash names each loaded page"
        first, *others = [_job_seconds(url, {"endId": named[1]}) for _ in range(1 + more)]
        return Jobs(first, others, _held_mb(psutil.Process(pid)))


def _held_mb(server: psutil.Process) -> float:
    held = 0
    for process in (server, *server.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):  # the last job's own, which has just ended
            held += process.memory_full_info().pss
    return held / 1e6


def _job_seconds(url: str, page: Mapping[str, str]) -> float:
    """Of a run of a data set that there is not, asked for and asked after as a page does."""
    output, request = {"id": ids.RUN_RESULT, "property": "data"}, {"id": ids.RUN_JOB, "property": "data"}
    job = {
        "output": f"{ids.RUN_RESULT}.data",
        "outputs": output,
        "inputs": [request | {"value": {"data": "none", "until": RESULTS_STAGE}}],
        "changedPropIds": [f"{ids.RUN_JOB}.data"],
    }
    before = time.perf_counter()
    answer = _answer(url, job, page)
    handles = {name: answer[name] for name in ("cacheKey", "job")}
    while "response" not in answer:
        if time.perf_counter() - before > PATIENCE_SECONDS:
            raise TimeoutError("A job that has nothing to do has not ended.")
        time.sleep(ASK_SECONDS)
        answer = _answer(url, job, {**page, **handles})
    return time.perf_counter() - before


def _answer(url: str, asked: Record, query: Mapping[str, str]) -> Record:
    address = f"{url}/_dash-update-component?{urlencode(query)}"
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(address, json.dumps(asked).encode(), headers)
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        told: Record = json.load(answer)
    return told


def summary(starts: Sequence[Start], jobs: Sequence[Jobs]) -> Record:
    """Medians of all starts, first jobs and jobs after them; every library that any start had loaded."""
    middle = {
        name: statistics.median(getattr(each, name) for each in starts) for name in Start._fields if name != "loaded"
    }
    named = {name for each in starts for name in each.loaded}
    return middle | {
        "loaded": [name for name in HEAVY if name in named],
        "first_job": statistics.median(each.first for each in jobs),
        "next_job": statistics.median(seconds for each in jobs for seconds in each.others),
        "held_mb": statistics.median(each.held_mb for each in jobs),
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
        "the first job, asked for at once": f"{record['first_job']:.2f} s",
        "the job after it": f"{record['next_job']:.3f} s",
        "memory of all its processes when nobody is there": f"{record['held_mb']:.0f} MB",
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
    parser.add_argument("--repeats", type=int, default=5, help="how many starts, each once more for jobs")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the table is written (benchmarks/)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
