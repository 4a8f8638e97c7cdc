"""`python -m benchmarks [FILE] [--quick]`: all sides in turns in one run, each in fresh processes.

Simulated shops of several sizes and FILE, which is Online Retail where it is at hand, go through the pipeline, on
DuckDB and once on Spark where PySpark and Java are installed, and through a plain script that does the same work. The
tables, the plot and the figures behind them are kept in `benchmarks/`. `--quick` leaves Spark out, does two small shops
twice, keeps nothing, and compares its ratios with `benchmarks/baseline.json`; `--new-baseline` takes them for the next
baseline.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks import regression
from benchmarks.agreement import Check, checks, findings
from benchmarks.processes import ROOT, Cost, cost_of
from benchmarks.records import RESULTS, Record, circumstances, keep, kept
from benchmarks.report import Row, checks_table, costs_table, median, save_report
from pipeline import engine
from pipeline.simulation import simulate_shop
from pipeline.stages import RESULTS as LAST_STAGE
from pipeline.stages import STAGES

REAL_FILE = ROOT.parent / "shared" / "data" / "online_retail.csv.gz"
REFERENCE, OURS = "reference", engine.DUCKDB
SIDES = (REFERENCE, OURS)
SHOPS, FEW_SHOPS = (1_000, 3_000, 9_000), (400, 1_200)  # customers
ABOUT = ("lines", "side", "stage")
BASELINE = RESULTS / "baseline.json"
Costs = dict[tuple[str, str], list[Cost]]
WHOLE_PROCESS = "whole fresh process"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, compare, print, keep; 1 where the two sides disagree or something got slower than the baseline."""
    asked = _arguments(arguments)
    repeats, threads = (2, 1) if asked.quick else (asked.repeats, asked.threads)  # more threads spin on a busy machine
    sides = SIDES if asked.quick or asked.new_baseline else (*SIDES, *_spark())
    records: list[Record] = []
    compared: list[Check] = []
    with tempfile.TemporaryDirectory(prefix="segment-studio-bench-") as folder:
        for source, name in _inputs(asked, Path(folder)):
            found, own = _one(source, name, sides, repeats, threads)
            records += [record | circumstances("benchmarks", arguments) for record in found]
            compared += own
            if not (asked.quick or asked.new_baseline):  # after each file, for the largest may take long
                save_report(keep(asked.results / "bench.json", records, ABOUT, anew=True), compared, asked.results)
    agrees = all(check.agrees for check in compared)
    if asked.new_baseline:
        keep(BASELINE, records, ABOUT, anew=True)
    elif asked.quick:
        return regression.told(records, kept(BASELINE)) or int(not agrees)
    return int(not agrees)


def _spark() -> Iterator[str]:
    """Spark, where it can be had; else a sentence says why not."""
    code = "from pipeline import engine\nwith engine.opened(): pass"
    try:
        cost_of(["-c", code], environment={engine.ENGINE: engine.SPARK})
    except RuntimeError as reason:
        said = str(reason).splitlines()[-1].partition(": ")[2]
        print(f"Spark is left out. {said}", file=sys.stderr)
    else:
        yield engine.SPARK


def _one(
    source: Path, name: str, sides: Sequence[str], repeats: int, threads: int | None
) -> tuple[list[Record], list[Check]]:
    """One file through all sides: the medians of all costs, and whether all found the same; both are printed."""
    with _workshop(source) as (workshop, warm_up):
        costs = measured(source, warm_up, workshop, sides, repeats, threads)
        found = {side: findings(workshop / side) for side in sides}
    compared = [
        check._replace(what=f"{name}, {side}: {check.what}")
        for side in sides[1:]
        for check in checks(found[REFERENCE], found[side])
    ]
    with source.open("rb") as stream:
        lines = sum(1 for _ in stream) - 1
    for side in sides[1:]:
        middle = f"{_times(side, repeats)} in turns, medians (of processor time the least)"
        print(f"\n{name}, {lines:,} lines, {side}; {middle}\n")
        print(costs_table([Row(what, costs[REFERENCE, what], costs[side, what]) for what in rows()]))
    print("\n" + checks_table(compared), flush=True)
    records = [
        {
            "input": name,
            "lines": lines,
            "side": side,
            "stage": stage,
            "repeats": _times(side, repeats),
            **median(each)._asdict(),
        }
        for (side, stage), each in costs.items()
        if each
    ]
    return records, compared


def _times(side: str, repeats: int) -> int:
    """How often a side runs: Spark once, because it takes minutes where the others take seconds."""
    return 1 if side == engine.SPARK else repeats


@contextmanager
def _workshop(source: Path) -> Iterator[tuple[Path, Path]]:
    """A folder for what the sides find, and a small file that goes through both first."""
    with tempfile.TemporaryDirectory(dir=source.parent) as folder:
        warm_up = Path(folder) / "warm_up.csv"
        simulate_shop(warm_up, 200, 1)
        yield Path(folder), warm_up


def measured(
    source: Path, warm_up: Path, workshop: Path, sides: Sequence[str], repeats: int, threads: int | None
) -> Costs:
    """Every repeat's costs by side and row; what each side found stands in `workshop`/<side>."""
    costs: Costs = defaultdict(list)
    for side in sides:
        (workshop / side).mkdir()
        cost_of(_whole_command(side, warm_up, workshop / "first"))  # compiles the sources, fills the disk's cache
    for repeat in range(repeats):
        for side in sides if repeat % 2 == 0 else reversed(sides):
            if repeat >= _times(side, repeats):
                continue
            print(f"{source.name}, repeat {repeat + 1} of {_times(side, repeats)}: {side}", file=sys.stderr)
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
    if side == REFERENCE:
        return ["-m", "benchmarks.reference", str(source), *output]
    recipe = ["--recipe", "classic", "--purchase-model", "bg_nbd", "--engine", side]
    return ["-m", "pipeline", "segment", str(source), *output, *recipe, "--data-dir", str(own)]


def rows() -> list[str]:
    """What is measured, in the order of the table."""
    return [*STAGES[: STAGES.index(LAST_STAGE) + 1], regression.WHOLE, WHOLE_PROCESS]


def _inputs(asked: argparse.Namespace, workshop: Path) -> Iterator[tuple[Path, str]]:
    """Every file to work on, unpacked, with its name for the report."""
    for customers in FEW_SHOPS if asked.quick else asked.shops:
        source = workshop / f"{customers}.csv"
        simulate_shop(source, customers, 1)
        yield source, f"A simulated shop of {customers:,} customers"
    file = asked.file or (REAL_FILE if REAL_FILE.is_file() and not asked.quick else None)
    if file is not None:
        unpacked = workshop / "file.csv"
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as packed, unpacked.open("wb") as target:
            shutil.copyfileobj(packed, target)
        yield unpacked, file.name


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "file", type=Path, nargs="?", help="Online Retail CSV, may be .gz; without it the real file where it is"
    )
    parser.add_argument("--quick", action="store_true", help="two small shops twice, compared with the baseline")
    parser.add_argument("--new-baseline", action="store_true", help="keep what is measured as the baseline")
    parser.add_argument("--shops", type=int, nargs="*", default=SHOPS, help="customers of the simulated shops")
    parser.add_argument("--repeats", type=int, default=3, help="how often each side runs")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the results are kept (benchmarks/)")
    parser.add_argument(
        "--threads",
        type=int,
        help="limit both sides' numerical threads: on a busy machine 1 is kinder to the reference",
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
