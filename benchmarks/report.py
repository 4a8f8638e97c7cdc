"""The benchmark's tables, in Markdown."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.agreement import Check
from benchmarks.processes import Cost


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
    after = _median(row.ours)
    if not row.reference:
        return f"| {row.what} (ours only) | | {after.seconds:.2f} | | | {after.peak_memory_mb:.0f} | | |"
    before = _median(row.reference)
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


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(*map(statistics.median, zip(*costs, strict=True)))
