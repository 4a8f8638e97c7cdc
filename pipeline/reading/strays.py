"""Lines with a quotation mark that nothing closes: each is taken out by itself, so that it takes no others with it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from pipeline.reading.dialect import Dialect
from pipeline.reading.source import SourceText

MOST_LINES_A_CELL = 50  # of a cell that goes on over line ends; one that goes on longer was never meant to


def without_strays(text: SourceText, form: Dialect, target: Path) -> SourceText:
    """The text with every stray line emptied and named in `strays`; the numbers of all lines stay as they are."""
    strays: list[tuple[int, str]] = []
    with (
        text.path.open(encoding="utf-8-sig", errors="replace", newline="\n") as lines,
        target.open("w", encoding="utf-8", newline="") as written,
    ):
        for number, (line, is_stray) in enumerate(_judged(lines, form), start=1):
            if is_stray and number > form.header_lines:
                strays.append((number, line.rstrip("\r\n")))
                line = line[len(strays[-1][1]) :]  # its own end, as all lines must end alike
            written.write(line)
    return replace(text, path=target, strays=tuple(strays))


def _judged(lines: Iterator[str], form: Dialect) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it opens a cell that no line near it closes to a row."""
    waiting: list[str] = []
    while line := waiting.pop(0) if waiting else next(lines, ""):
        if line.count(form.quote) % 2 == 0 or not _is_open(line, form):
            yield line, False
            continue
        waiting += islice(lines, MOST_LINES_A_CELL - len(waiting))
        length = _row_length([line, *waiting], form)
        yield line, length == 0
        for _ in range(length - 1):
            yield waiting.pop(0), False


def _row_length(lines: list[str], form: Dialect) -> int:
    """How many of the lines are one row with a cell for each heading; 0 if none are."""
    row = ""
    for number, line in enumerate(lines, start=1):
        row += line
        if not _is_open(row, form):
            cells = _cells(row, form)
            return number if cells is not None and len(cells) == len(form.headings) else 0
    return 0


def _is_open(text: str, form: Dialect) -> bool:
    """Whether a text ends inside quotation marks."""
    try:
        list(form.reader(text, strict=True))
    except csv.Error as reason:
        return "unexpected end of data" in str(reason)
    return False


def _cells(row: str, form: Dialect) -> list[str] | None:
    try:
        rows = list(form.reader(row, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None
