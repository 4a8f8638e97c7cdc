"""`python -m benchmarks.customers [--customers 1 10]`: what many customers take from the customers table on.

The customers of a small simulated shop are drawn again, each a little moved, until there are as many millions as asked
for. Then each step runs in a fresh process: value, clusters and pictures as the stages of the pipeline, the table of
segments as the command writes it, and the page server answering the Explore page: its first view, other filters and
numbers of segments, and the list sorted and turned over. What it took is kept in `benchmarks/customers.json`, and
`benchmarks/customers.md` is written from it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.processes import cost_of
from benchmarks.records import RESULTS, Record, circumstances, keep, told

STEPS = {
    "value": "value: models fitted, everybody valued",
    "clusters": "clusters: all methods, k = 2 to 8",
    "pictures": "pictures: map, tree, rules",
    "segments": "the table of segments as CSV",
    "explore": "the page server on Explore",
}
ABOUT = ("step", "millions")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, keep, write the table."""
    asked = _arguments(arguments)
    for millions in asked.customers:
        with tempfile.TemporaryDirectory(prefix="segment-studio-bench-", dir=asked.folder) as folder:
            _run(Path(folder), "tables", round(millions * 1e6), asked.memory_mb)
            for step in asked.steps:
                print(f"{millions:g} million customers: {step}", file=sys.stderr)
                cost, found = _run(Path(folder), step, round(millions * 1e6), asked.memory_mb)
                record: Record = {"step": step, "millions": millions, **cost, **found}
                record |= circumstances("benchmarks.customers", arguments)
                write(keep(asked.results / "customers.json", [record], ABOUT), asked.results)
    return 0


def _run(folder: Path, step: str, customers: int, memory_mb: int) -> tuple[dict[str, float], Record]:
    """One step in a process of its own; its cost and what it told."""
    command = ["-m", "benchmarks.customers_child", step, str(folder), str(customers), str(memory_mb)]
    cost = cost_of(command, is_heard=True, spills_to=folder)
    written = folder / f"{step}.json"
    return cost._asdict(), json.loads(written.read_text()) if written.is_file() else {}


def write(records: Sequence[Record], folder: Path) -> None:
    """The table of all that is kept, and of the pages' answers."""
    parts = [
        "# Many customers",
        "Made by `python -m benchmarks.customers`: customers of a simulated shop drawn again, each step in a fresh "
        "process. Memory is the most that the process held. On a machine shared with other work seconds say little; "
        "processor seconds are the measure.",
        table(records),
        "## What the Explore page asks of the server",
        "Each request once, one after the other; what the server held at most meanwhile, and what it holds after it.",
        *(answers(record) for record in records if record["step"] == "explore"),
        "## How it was measured",
        told(records),
    ]
    (folder / "customers.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def table(records: Sequence[Record]) -> str:
    """Every step beside every number of customers."""
    sizes = sorted({record["millions"] for record in records})
    heads = " | ".join(f"{size:g} M: s | processor s | peak MB" for size in sizes)
    lines = [f"| step | {heads} |", "|---|" + "---:|" * 3 * len(sizes)]
    by_key = {(record["step"], record["millions"]): record for record in records}
    for step, words in STEPS.items():
        cells = [_cells(by_key.get((step, size))) for size in sizes]
        lines.append(f"| {words} | {' | '.join(cells)} |")
    return "\n".join(lines)


def answers(record: Record) -> str:
    """The requests of one run of the page server."""
    lines = [
        f"| {record['millions']:g} million customers | s | processor s | peak MB | MB held after |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {each['what']} | {each['seconds']:.2f} | {each['cpu_seconds']:.2f} | {each['peak_memory_mb']:,.0f} "
        f"| {each['held_mb']:,} |"
        for each in record["answers"]
    ]
    return "\n".join(lines)


def _cells(record: dict[str, Any] | None) -> str:
    if record is None:
        return "| | "
    return f"{record['seconds']:,.0f} | {record['cpu_seconds']:,.0f} | {record['peak_memory_mb']:,.0f}"


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=float, nargs="+", default=[0.1, 1.0], metavar="MILLIONS")
    parser.add_argument("--steps", nargs="+", default=list(STEPS), choices=list(STEPS), help="in this order")
    parser.add_argument("--memory-mb", type=int, default=1500, metavar="MB", help="for DuckDB's tables")
    parser.add_argument("--folder", type=Path, help="where the tables are made (a temporary folder)")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where the table is written (benchmarks/)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
