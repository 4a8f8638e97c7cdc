"""What the CSV reader did not take for rows: mended where nothing is lost by it, else kept as rejected, whole."""

# ruff: noqa: S608  (nothing that a file or a person says is ever spliced into SQL, but for the quoted paths)

from __future__ import annotations

import csv
from array import array
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.reading.dialect import Dialect

if TYPE_CHECKING:
    import duckdb

BLOCK_BYTES = 2**20
FETCHED = 5_000
SHOWN = 5
LONGEST_EXAMPLE = 160
LONGEST_TEXT = 2**20  # characters of one stretch that are kept
MENDABLE = ("missing columns", "too many columns")
NOTE = "a note, not a row"
REASONS = {
    "unquoted value": "quotation mark never closed",
    "invalid state": "a quotation mark where none may stand",
    "maximum line size": "longer than any row",
}


@dataclass(frozen=True)
class Rejected:
    """A stretch of the file that is no row: its first line, how many lines it takes up, why, and how it starts."""

    line: int
    lines: int
    reason: str
    text: str


@dataclass
class Fates:
    """What became of the stretches that the reader did not take for rows, and of rows that are none.

    Attributes
    ----------
    mended : rows too short or too long by empty cells only, of `mended_lines` lines, in the table `mended_<name>`.
    blank : lines with nothing in them but spaces and delimiters.
    rejected : stretches that are no rows, of `rejected_lines` lines, in the table `rejects_<name>`.
    first_lines, counts : where every stretch starts, in the file's order, and how many lines it has.
    """

    duck: duckdb.DuckDBPyConnection
    name: str
    width: int
    mended: int = 0
    mended_lines: int = 0
    blank: int = 0
    rejected: int = 0
    rejected_lines: int = 0
    longest: int = 1
    examples: list[Rejected] = field(default_factory=list)
    first_lines: array[int] = field(default_factory=lambda: array("q"))
    counts: array[int] = field(default_factory=lambda: array("q"))
    waiting: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: {"mended": [], "rejects": []})

    def __post_init__(self) -> None:
        columns = {
            "rejects": "Line BIGINT, Lines BIGINT, Reason VARCHAR, Text VARCHAR",
            "mended": ", ".join(["Line BIGINT", *(f"c{place} VARCHAR" for place in range(self.width))]),
        }
        for table, named in columns.items():
            self.duck.execute(f"CREATE OR REPLACE TEMP TABLE {table}_{self.name} ({named})")

    def flush(self) -> None:
        """Write what waits to the tables."""
        for table, rows in self.waiting.items():
            if rows:
                lists = [list(column) for column in zip(*rows, strict=True)]
                selected = ", ".join("unnest(?)" for _ in lists)
                self.duck.execute(f"INSERT INTO {table}_{self.name} SELECT {selected}", lists)
                rows.clear()

    def took(self, line: int) -> bool:
        """Whether a line is part of a stretch."""
        place = bisect(self.first_lines, line) - 1
        return place >= 0 and line < self.first_lines[place] + self.counts[place]

    def mend(self, line: int, lines: int, cells: Sequence[str]) -> None:
        """Take a stretch for a row after all."""
        self.waiting["mended"].append((line, *(cell or None for cell in cells)))
        self.mended += 1
        self.mended_lines += lines
        self._take(line, lines)

    def skip(self, line: int, lines: int) -> None:
        """Pass over a stretch with nothing in it."""
        self.blank += lines
        self._take(line, lines)

    def reject(self, line: int, lines: int, reason: str, text: str, *, is_gap: bool = True) -> None:
        """Keep a stretch that is no row; `is_gap` unless the reader took it for one and counted it."""
        self.waiting["rejects"].append((line, lines, reason, text[:LONGEST_TEXT]))
        self.rejected += 1
        self.rejected_lines += lines
        self.longest = max(self.longest, lines)
        self.examples = sorted(
            [*self.examples, Rejected(line, lines, reason, text[:LONGEST_EXAMPLE])], key=lambda each: each.line
        )[:SHOWN]
        if is_gap:
            self._take(line, lines)

    def reject_strays(self, strays: Sequence[tuple[int, str]]) -> None:
        """Keep lines that were taken out before the text was read, which the reader passed over as blank."""
        for line, text in strays:
            self.reject(line, 1, REASONS["unquoted value"], text)
        ordered = sorted(zip(self.first_lines, self.counts, strict=True))
        self.first_lines, self.counts = (array("q", [each[place] for each in ordered]) for place in (0, 1))
        self.flush()

    def _take(self, line: int, lines: int) -> None:
        self.first_lines.append(line)
        self.counts.append(lines)


def judge(path: Path, form: Dialect, least_cells: int, fates: Fates) -> None:
    """Decide on every stretch that the last scan rejected.

    A row that is too short is mended if its missing cells come after the first `least_cells`; one that is too long if
    the cells beyond the headings are empty.
    """
    for line, text, reason in _stretches(fates.duck, path):
        lines = text.count("\n") + 1
        cells = _cells(text, form) if reason in MENDABLE else []
        filled = sum(bool(cell.strip()) for cell in cells)
        if cells and not filled:
            fates.skip(line, lines)
        elif filled and least_cells <= len(cells) and not any(cell.strip() for cell in cells[fates.width :]):
            fates.mend(line, lines, (cells + [""] * fates.width)[: fates.width])
        elif filled == 1 and lines == 1 and len(cells) < fates.width:
            fates.reject(line, lines, NOTE, text)
        else:
            fates.reject(line, lines, REASONS.get(reason, reason), text)
        if len(fates.first_lines) % FETCHED == 0:
            fates.flush()
    fates.flush()


def _cells(text: str, form: Dialect) -> list[str]:
    """The cells of a stretch that is one row, else an empty list.

    Several lines only where marks are doubled: with backslashes, `csv` takes a stray mark for the end of a cell.
    """
    if "\n" in text and form.escape == "\\":
        return []
    try:
        rows = list(form.reader(text, strict=True))
    except csv.Error:
        return []
    return rows[0] if len(rows) == 1 else []


def _stretches(duck: duckdb.DuckDBPyConnection, path: Path) -> Iterator[tuple[int, str, str]]:
    """The number of its first line, its text and the reader's reason, for each stretch, in the file's order."""
    ends = "chr(13) || chr(10)"
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE stretches AS
        WITH texts AS (SELECT line_byte_position - 1 AS start, any_value(csv_line) AS text,
            lower(min(error_type)) AS reason FROM rejected GROUP BY ALL),
        bare AS (SELECT *, ltrim(text, {ends}) AS body FROM texts)
        SELECT start + strlen(text) - strlen(body) AS start, rtrim(body, {ends}) AS text, reason FROM bare
        ORDER BY start""")
    line, place, page = 1, 0, "SELECT * FROM stretches WHERE rowid >= ? AND rowid < ? ORDER BY rowid"
    with path.open("rb") as stream:
        for first in count(0, FETCHED):
            rows = duck.execute(page, [first, first + FETCHED]).fetchall()
            if not rows:
                return
            for start, text, reason in rows:
                while place < start and (block := stream.read(min(start - place, BLOCK_BYTES))):
                    line += block.count(b"\n")
                    place += len(block)
                yield line, text, reason
