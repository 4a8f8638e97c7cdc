"""`python -m benchmarks [FILE] [--quick]`: both sides interleaved in one run, each in fresh processes."""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import shutil
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from benchmarks.agreement import checks, findings
from benchmarks.processes import ROOT, Cost, cost_of
from benchmarks.report import Row, checks_table, costs_table
from pipeline.segmentation import RESULTS, STAGES
from pipeline.simulation import simulate_shop

REAL_FILE = ROOT.parent / "shared" / "data" / "online_retail.csv.gz"
SIDES = ("reference", "ours")
Costs = dict[tuple[str, str], list[Cost]]
WHOLE_PROCESS = "whole fresh process"


def main() -> int:
    """Measure, compare, print; the exit code is 1 when the two sides disagree."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="segment-studio-bench-") as folder:
        workshop = Path(folder)
        source, name = _input(asked.file, asked.quick, workshop)
        warm_up = workshop / "warm_up.csv"
        simulate_shop(warm_up, 800, 1)
        repeats = 1 if asked.quick else asked.repeats
        costs = measured(source, warm_up, workshop, repeats, asked.threads)
        compared = checks(*(findings(workshop / side) for side in SIDES))
    limit = f"threads limited to {asked.threads}" if asked.threads else f"{os.cpu_count()} cores"
    print(f"{name}; {repeats} interleaved repeats, medians; {limit}; Python {platform.python_version()}\n")
    print(costs_table([Row(what, costs["reference", what], costs["ours", what]) for what in _rows()]))
    print("\n" + checks_table(compared))
    return 0 if all(check.agrees for check in compared) else 1


def measured(source: Path, warm_up: Path, workshop: Path, repeats: int, threads: int | None) -> Costs:
    """Every repeat's costs by side and row; what each side found stands in `workshop`/<side>."""
    costs: Costs = defaultdict(list)
    for side in SIDES:
        (workshop / side).mkdir()
        cost_of(_whole_command(side, warm_up, workshop / "first"))  # compiles the sources, fills the disk's cache
    for repeat in range(repeats):
        for side in SIDES if repeat % 2 == 0 else reversed(SIDES):
            print(f"repeat {repeat + 1} of {repeats}: {side}", file=sys.stderr)
            cost_of(["-m", "benchmarks.child", side, str(source), str(warm_up), str(workshop / side)], threads)
            for stage, cost in json.loads((workshop / side / "measures.json").read_text()).items():
                costs[side, stage].append(Cost(**cost))
            costs[side, WHOLE_PROCESS].append(
                cost_of(_whole_command(side, source, workshop / f"whole-{repeat}"), threads)
            )
    return costs


def _whole_command(side: str, source: Path, folder: Path) -> list[str]:
    """The command a person would type; the folder is new, so nothing is cached."""
    own = folder / side
    own.mkdir(parents=True)
    output = ["--output", str(own / "segments.csv")]
    if side == "reference":
        return ["-m", "benchmarks.reference", str(source), *output]
    recipe = ["--recipe", "classic", "--purchase-model", "bg_nbd"]
    return ["-m", "pipeline", "segment", str(source), *output, *recipe, "--data-dir", str(own)]


def _rows() -> list[str]:
    return [*STAGES[: STAGES.index(RESULTS) + 1], "all", WHOLE_PROCESS]


def _input(asked: Path | None, quick: bool, workshop: Path) -> tuple[Path, str]:
    """The file to work on, unpacked, and its name for the report."""
    source = workshop / "input.csv"
    if asked is None and not quick and REAL_FILE.is_file():
        asked = REAL_FILE
    if asked is None:
        customers = 600 if quick else 4_000
        simulate_shop(source, customers, 1)
        return source, f"A simulated shop of {customers:,} customers"
    if asked.suffix != ".gz":
        return asked.resolve(), asked.name
    with gzip.open(asked) as packed, source.open("wb") as unpacked:
        shutil.copyfileobj(packed, unpacked)
    return source, asked.name


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "file", type=Path, nargs="?", help="Online Retail CSV, may be .gz; without it the real file where it is"
    )
    parser.add_argument("--quick", action="store_true", help="once, on a small simulated shop unless FILE is given")
    parser.add_argument("--repeats", type=int, default=5, help="how often each side runs")
    parser.add_argument(
        "--threads",
        type=int,
        help="limit both sides' numerical threads: on a busy machine 1 is kinder to the reference",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
