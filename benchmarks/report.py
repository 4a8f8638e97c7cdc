"""The benchmark's tables in Markdown, and its plot."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.agreement import Check
from benchmarks.drawing import Panel, save
from benchmarks.processes import Cost
from benchmarks.records import Record, told
from pipeline.report.plots import linear, logarithmic
from pipeline.stages import STAGES


class Row(NamedTuple):
    """One line of the table: what was measured, and each repeat's cost; none where one side lacks it."""

    what: str
    reference: Sequence[Cost]
    ours: Sequence[Cost]


def costs_table(rows: Sequence[Row]) -> str:
    """Median seconds and peak memory of both, how many times less ours takes, and processor time where it is known.

    What only ours does stands without a comparison; it counts in the sum of ours all the same.
    """
    lines = [
        "| | reference s | ours s | faster | reference MB | ours MB | less memory | processor s |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    return "\n".join([*lines, *map(_line, rows)])


def _line(row: Row) -> str:
    after = median(row.ours)
    if not row.reference:
        return f"| {row.what} (ours only) | | {after.seconds:.2f} | | | {after.peak_memory_mb:.0f} | | |"
    before = median(row.reference)
    return (
        f"| {row.what} | {before.seconds:.2f} | {after.seconds:.2f} | {before.seconds / after.seconds:.1f}x "
        f"| {before.peak_memory_mb:.0f} | {after.peak_memory_mb:.0f} "
        f"| {before.peak_memory_mb / after.peak_memory_mb:.1f}x | {_processor(before, after)} |"
    )


def checks_table(checks: Sequence[Check]) -> str:
    """What was compared, what came out, and whether both sides agree."""
    lines = ["| same result? | | |", "|---|---|---|"]
    lines += [f"| {check.what} | {check.found} | {'yes' if check.agrees else '**NO**'} |" for check in checks]
    return "\n".join(lines)


def _processor(before: Cost, after: Cost) -> str:
    if math.isnan(before.cpu_seconds + after.cpu_seconds):
        return ""
    return f"{before.cpu_seconds:.1f} / {after.cpu_seconds:.1f} = {before.cpu_seconds / after.cpu_seconds:.1f}x"


def median(costs: Sequence[Cost]) -> Cost:
    """The medians of seconds and memory, and the least of processor time, to which other work can only add."""
    middle = Cost(*map(statistics.median, zip(*costs, strict=True)))
    return middle._replace(cpu_seconds=min(cost.cpu_seconds for cost in costs))


def save_report(records: Sequence[Record], checks: Sequence[Check], folder: Path) -> None:
    """Write `bench.md` and `bench.svg`: stages, engines and sizes beside the plain script."""
    _plot(records, folder / "bench.svg")
    parts = [
        "# Stages, engines and sizes beside a plain script",
        "Made by `python -m benchmarks` (`make bench`): every file through the plain script "
        "of `benchmarks/reference.py` and through the pipeline on each engine, in fresh processes in turns. "
        "Processor seconds, and the most memory in MB while the stage ran, Java's with Spark. What only the pipeline "
        "does has no reference; clusters also hold its density, RFM grid and everybody's silhouette.",
        "![Processor seconds and memory by lines](bench.svg)",
        stages_table(records),
        "## Whether both found the same",
        checks_table(checks),
        "## How it was measured",
        told(records),
    ]
    (folder / "bench.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def stages_table(records: Sequence[Record]) -> str:
    """Every stage beside every size and side."""
    columns = sorted({(record["lines"], record["side"] != "reference", record["side"]) for record in records})
    heads = [f"{side}, {lines:,} lines" for lines, _, side in columns]
    written = [f"| | {' | '.join(heads)} |", "|---|" + "---:|" * len(columns)]
    by_key = {(record["lines"], record["side"], record["stage"]): record for record in records}
    ours = dict.fromkeys(record["stage"] for record in records if record["side"] != "reference")
    for stage in sorted(ours, key=lambda stage: STAGES.index(stage) if stage in STAGES else len(STAGES)):
        found = [by_key.get((lines, side, stage)) for lines, _, side in columns]
        cells = [f"{each['cpu_seconds']:.2f} s, {each['peak_memory_mb']:,.0f}" if each else "" for each in found]
        written.append(f"| {stage} | {' | '.join(cells)} |")
    return "\n".join(written)


def _plot(records: Sequence[Record], target: Path) -> None:
    whole = sorted((record for record in records if record["stage"] == "all"), key=lambda record: record["lines"])
    sides = sorted({record["side"] for record in whole}, key=lambda side: (side != "reference", side))
    sizes = [record["lines"] for record in whole]
    across = logarithmic(min(sizes), max(sizes), lambda lines: f"{lines:,.0f}")

    def panel(title: str, name: str) -> Panel:
        series = {
            side: [(record["lines"], record[name]) for record in whole if record["side"] == side] for side in sides
        }
        up = linear(1.05 * max(record[name] for record in whole), lambda value: f"{value:,.0f}")
        return Panel(title, across, up, "lines in the file", series)

    panels = [panel("Processor seconds, all stages", "cpu_seconds"), panel("Peak memory, MB", "peak_memory_mb")]
    save(target, "Processor seconds and peak memory by lines", panels)
