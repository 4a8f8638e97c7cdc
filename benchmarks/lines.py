"""`python -m benchmarks.lines [--lines 1 10 100]`: from a file of many lines to customers with value and segments.

A simulated shop is repeated with other invoices, and after every fourth time with other customers, until it has as many
millions of lines as asked for, as CSV and as Parquet. Each file goes through `python -m pipeline segment`, the command
that a person would type, with its progress on stderr and so much memory for its tables. What it took is kept in
`benchmarks/lines.json`, and table and plot beside it are drawn from all that is kept there, so that sizes can be
measured one at a time. The exit code is 1 where a run held more memory than `--within-mb`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.drawing import Panel, save
from benchmarks.processes import cost_of
from benchmarks.records import RESULTS, Record, circumstances, keep, told
from pipeline import engine
from pipeline.report.plots import linear, logarithmic
from pipeline.simulation import simulate_shop

PATTERN_CUSTOMERS = 2_000
ROUNDS_A_CUSTOMER = 4  # so that one has about as many lines as in Online Retail
PART_LINES = 4_000_000
OTHERS = (
    "InvoiceNo || lpad(round::VARCHAR, 6, '0') AS InvoiceNo, "
    f"CustomerID || lpad((round // {ROUNDS_A_CUSTOMER})::VARCHAR, 6, '0') AS CustomerID"
)
FORMATS = {"csv": "HEADER", "parquet": "FORMAT parquet"}
ABOUT = ("kind", "millions")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, keep, draw; the exit code is 1 where a run held too much."""
    asked = _arguments(arguments)
    held = []
    with tempfile.TemporaryDirectory(prefix="segment-studio-bench-", dir=asked.folder) as folder:
        pattern = Path(folder) / "pattern.csv"
        simulate_shop(pattern, PATTERN_CUSTOMERS, 1)
        for kind, millions in ((kind, millions) for millions in asked.lines for kind in asked.formats):
            found = measured(pattern, kind, millions, asked.memory_mb)
            record = {**found, **circumstances("benchmarks.lines", arguments), "memory_mb": asked.memory_mb}
            draw(keep(asked.results / "lines.json", [record], ABOUT), asked.results, asked.within_mb)
            held.append(record["peak_memory_mb"])
    if max(held) > asked.within_mb:
        print(f"A run held {max(held):,.0f} MB, more than {asked.within_mb:,}.", file=sys.stderr)
        return 1
    return 0


def measured(pattern: Path, kind: str, millions: float, memory_mb: int) -> Record:
    """Make a file of so many lines beside the pattern, run it in fresh processes, and remove what it left."""
    print(f"{millions:g} million lines, {kind}", file=sys.stderr)
    with tempfile.TemporaryDirectory(dir=pattern.parent) as folder:
        source, output = Path(folder) / f"lines.{kind}", Path(folder) / "segments.csv"
        customers = repeated(pattern, source, round(millions * 1e6))
        command = ["-m", "pipeline", "segment", str(source), "--output", str(output)]
        where = ["--data-dir", str(Path(folder) / "data"), "--memory-mb", str(memory_mb)]
        cost = cost_of([*command, *where], is_heard=True, spills_to=Path(folder))
        stages = json.loads(output.with_suffix(".manifest.json").read_text())["stages"]
    return {"kind": kind, "millions": millions, "customers": customers, **cost._asdict(), "stages": stages}


def repeated(pattern: Path, target: Path, lines: int) -> int:
    """Write the pattern over and over, with other customers and invoices each time; the number of customers.

    The file is made in parts: DuckDB keeps the order of lines, and to do so holds all that comes of one table of a few
    thousand lines in memory until it is written.
    """
    with engine.connection() as duck, tempfile.TemporaryDirectory(dir=target.parent) as folder:
        duck.execute(
            "CREATE OR REPLACE TEMP TABLE pattern AS SELECT *, row_number() OVER () AS line "
            "FROM read_csv(?, all_varchar = true)",
            [str(pattern)],
        )
        found = duck.execute("SELECT count(*), count(DISTINCT CustomerID) FROM pattern").fetchone()
        assert found is not None
        own_lines, customers = map(int, found)
        times = -(-lines // own_lines)
        at_once = max(1, PART_LINES // own_lines)
        for first in range(0, times, at_once):
            duck.execute(
                f"COPY (SELECT * EXCLUDE (line, round) REPLACE ({OTHERS}) "
                f"FROM range({first}, {min(first + at_once, times)}) AS rounds(round), pattern "
                f"WHERE round * {own_lines} + line <= {lines} ORDER BY round, line) "
                f"TO '{folder}/{first:09}.parquet' (FORMAT parquet)"
            )
        duck.execute("DROP TABLE pattern")
        written = FORMATS[target.suffix.removeprefix(".")]
        duck.execute(f"COPY (SELECT * FROM read_parquet('{folder}/*.parquet')) TO '{target}' ({written})")
    return customers * -(-times // ROUNDS_A_CUSTOMER)


def draw(records: Sequence[Record], folder: Path, within_mb: int) -> None:
    """Write the table and the plot of all that is kept."""
    _plot(records, within_mb, folder / "lines.svg")
    written = [
        "# From lines to customers with value and segments",
        "Made by `python -m benchmarks.lines`; a row is one run of `python -m pipeline segment` on a simulated file, "
        "all stages that the pages need and the table of customers, in a fresh process. Memory is the most that the "
        "process and all that it started held together. On a machine shared with other work seconds say little; "
        "processor seconds are the measure.",
        "![Processor seconds a million lines and peak memory by number of lines](lines.svg)",
        table(records),
        flatness(records),
        "## Stage by stage",
        "Processor seconds a million lines, and the most memory in MB while the stage ran.",
        stages_table(records),
        "## How it was measured",
        told(records),
    ]
    (folder / "lines.md").write_text("\n\n".join(written) + "\n", encoding="utf-8")


def table(records: Sequence[Record]) -> str:
    """The runs as Markdown."""
    lines = [
        "| file | million lines | customers | MB for tables | seconds | processor s | processor s a million lines "
        "| peak MB | load |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {run['kind']} | {run['millions']:g} | {run['customers']:,} | {run['memory_mb']:,} | {run['seconds']:,.0f} "
        f"| {run['cpu_seconds']:,.0f} | {_slope(run):.1f} | {run['peak_memory_mb']:,.0f} | {run['load']:g} |"
        for run in records
    ]
    return "\n".join(lines)


def flatness(records: Sequence[Record]) -> str:
    """Of each format, what a million lines takes in the largest file against the smallest."""
    said = []
    for kind in FORMATS:
        runs = sorted((run for run in records if run["kind"] == kind), key=lambda run: run["millions"])
        if len(runs) > 1:
            small, large = runs[0], runs[-1]
            said.append(
                f"{kind}: a million lines of {large['millions']:g} take {_slope(large) / _slope(small):.2f} times the "
                f"processor time of {small['millions']:g}."
            )
    return " ".join(said)


def stages_table(records: Sequence[Record]) -> str:
    """Every stage beside every run."""
    names = list(dict.fromkeys(each["stage"] for run in records for each in run["stages"]))
    headings = [f"{run['kind']} {run['millions']:g}" for run in records]
    lines = [f"| stage | {' | '.join(headings)} |", "|---|" + "---:|" * len(records)]
    for name in names:
        cells = [
            f"{each['cpu_seconds'] / run['millions']:.2f} s, {each['peak_memory_mb']:,.0f}"
            for run in records
            for each in run["stages"]
            if each["stage"] == name
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _plot(records: Sequence[Record], within_mb: int, target: Path) -> None:
    sizes = [run["millions"] for run in records]
    across = logarithmic(min(sizes), max(sizes), lambda millions: f"{millions:g} M")
    seconds = {kind: [(run["millions"], _slope(run)) for run in records if run["kind"] == kind] for kind in FORMATS}
    memory = {
        kind: [(run["millions"], run["peak_memory_mb"]) for run in records if run["kind"] == kind] for kind in FORMATS
    }
    highest = max(within_mb, *(run["peak_memory_mb"] for run in records))
    save(
        target,
        "From lines to segments: processor seconds a million lines, and peak memory",
        [
            Panel(
                "Processor seconds a million lines",
                across,
                linear(1.05 * max(map(_slope, records)), lambda value: f"{value:g}"),
                "lines in the file",
                _without_empty(seconds),
            ),
            Panel(
                "Peak memory of all processes, MB",
                across,
                linear(1.05 * highest, lambda value: f"{value:,.0f}"),
                "lines in the file",
                _without_empty(memory),
                (within_mb, f"{within_mb:,} MB"),
            ),
        ],
    )


def _without_empty(series: dict[str, list[tuple[float, float]]]) -> dict[str, list[tuple[float, float]]]:
    return {name: points for name, points in series.items() if points}


def _slope(run: Record) -> float:
    slope: float = run["cpu_seconds"] / run["millions"]
    return slope


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=float, nargs="+", default=[1.0, 4.0], metavar="MILLIONS")
    parser.add_argument("--formats", nargs="+", default=list(FORMATS), choices=list(FORMATS))
    parser.add_argument("--memory-mb", type=int, default=1500, metavar="MB", help="for the tables of a run")
    parser.add_argument("--within-mb", type=int, default=4000, metavar="MB", help="what a run may hold in all")
    parser.add_argument("--folder", type=Path, help="where the files are made (a temporary folder)")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where table and plot are written (benchmarks/)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
