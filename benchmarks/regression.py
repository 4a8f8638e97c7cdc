"""`python -m benchmarks.regression NOW BASELINE`: what got slower, by ratios that a busy machine leaves alone.

Both files are what `python -m benchmarks` keeps. Compared are: the processor time and the memory of each stage and of
all, ours by the plain reference's of the same run; each stage's share of our whole processor time; and what a line
takes in the largest file by what it takes in the smallest. Seconds are never compared. The exit code is 1 where
something got slower, with a sentence for each.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.records import Record, kept

REFERENCE, WHOLE = "reference", "all"
LONG_ENOUGH = 0.2  # seconds of processor time of each of two figures: what is shorter is noise
LONG_SHARE = 0.05  # of the whole: a stage below it is not looked at by its share


class Kind(NamedTuple):
    """A kind of ratio: its words, and how many times larger than in the baseline it may be."""

    words: str
    tolerance: float


TIME = Kind("of the reference's processor time", 2.0)
MEMORY = Kind("of the reference's memory", 1.3)
SHARE = Kind("of our whole processor time", 2.0)
SLOPE = Kind("times the processor time a line takes in the smallest file", 2.0)


class Ratio(NamedTuple):
    """One figure: of what kind, of what, and how large."""

    kind: Kind
    what: str
    value: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what got slower; 1 where anything did."""
    now, baseline = map(Path, sys.argv[1:] if arguments is None else arguments)
    return told(kept(now), kept(baseline))


def told(now: Sequence[Record], baseline: Sequence[Record]) -> int:
    """Print what got slower since the baseline; 1 where anything did, or where nothing can be compared."""
    compared = set(_by_name(now)) & set(_by_name(baseline))
    if not compared:
        print("There is nothing to compare: no file of the baseline was measured now.", file=sys.stderr)
        return 1
    sentences = slower(now, baseline)
    print("\n".join(sentences) or f"Nothing got slower: {len(compared)} ratios are within what is allowed.")
    return 1 if sentences else 0


def slower(now: Sequence[Record], baseline: Sequence[Record]) -> list[str]:
    """A sentence for each ratio that is larger than its kind allows."""
    before = _by_name(baseline)
    return [
        f"{ratio.what}: {ratio.value:.2f} {ratio.kind.words}, {before[name].value:.2f} in the baseline; that is "
        f"{ratio.value / before[name].value:.1f} times as much, and {ratio.kind.tolerance:g} times are allowed."
        for name, ratio in _by_name(now).items()
        if name in before and ratio.value > ratio.kind.tolerance * before[name].value
    ]


def ratios(records: Sequence[Record]) -> Iterator[Ratio]:
    """All ratios of one run."""
    inputs = sorted({record["lines"] for record in records})
    sides = sorted({record["side"] for record in records} - {REFERENCE})
    for side in sides:
        for lines in inputs:
            own, theirs = (_stages(records, each, lines) for each in (side, REFERENCE))
            yield from _by_reference(f"{side}, {lines:,} lines", own, theirs)
            yield from _shares(f"{side}, {lines:,} lines", own)
        yield from _slopes(side, {lines: _stages(records, side, lines) for lines in inputs})


def _by_reference(where: str, own: dict[str, Record], theirs: dict[str, Record]) -> Iterator[Ratio]:
    for stage in own.keys() & theirs.keys():
        what, (ours, plain) = f"{stage} ({where})", (own[stage], theirs[stage])
        if min(ours["cpu_seconds"], plain["cpu_seconds"]) >= LONG_ENOUGH:
            yield Ratio(TIME, what, ours["cpu_seconds"] / plain["cpu_seconds"])
        yield Ratio(MEMORY, what, ours["peak_memory_mb"] / plain["peak_memory_mb"])


def _shares(where: str, own: dict[str, Record]) -> Iterator[Ratio]:
    if WHOLE in own:
        for stage, record in own.items():
            share = record["cpu_seconds"] / own[WHOLE]["cpu_seconds"]
            if stage != WHOLE:
                yield Ratio(SHARE, f"{stage} ({where})", max(share, LONG_SHARE))


def _slopes(side: str, by_lines: dict[int, dict[str, Record]]) -> Iterator[Ratio]:
    smallest, largest = min(by_lines), max(by_lines)
    if smallest < largest:
        for stage in by_lines[smallest].keys() & by_lines[largest].keys():
            few, many = (by_lines[lines][stage]["cpu_seconds"] for lines in (smallest, largest))
            if min(few, many) >= LONG_ENOUGH:
                slope = many / largest / (few / smallest)
                yield Ratio(SLOPE, f"{stage} ({side}, {largest:,} lines by {smallest:,})", slope)


def _stages(records: Sequence[Record], side: str, lines: int) -> dict[str, Record]:
    return {record["stage"]: record for record in records if (record["side"], record["lines"]) == (side, lines)}


def _by_name(records: Sequence[Record]) -> dict[tuple[str, str], Ratio]:
    return {(ratio.kind.words, ratio.what): ratio for ratio in sorted(ratios(records), key=lambda ratio: ratio.what)}


if __name__ == "__main__":
    sys.exit(main())
