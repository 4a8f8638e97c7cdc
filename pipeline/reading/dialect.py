"""How a text is cut into cells, and where its headings stand: the way in which most of our columns are found."""

from __future__ import annotations

import contextlib
import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from pipeline.errors import ReadingError
from pipeline.reading.columns import NEEDED, mapped

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
RARE_DELIMITERS = ("^", "~", "\x01", "\x1f", "¦", ":")  # tried where none of the usual ones finds our columns
TITLE_ROWS = 20  # headings are looked for this far down, under a title or a note
SAMPLE_ROWS = 200
SAMPLE_CHARACTERS = 256 * 1024


@dataclass(frozen=True)
class Dialect:
    """How the text is cut into cells.

    Attributes
    ----------
    delimiter : the character between two columns.
    headings : the cells of the heading row, as in the file; of two rows, if the headings are split over two.
    header_row : its line in the file, from 1.
    header_lines : lines down to the end of the heading row.
    header_rows : rows down to the heading row, blank lines included, which the reader skips.
    quote : what stands around a cell that may hold delimiters; empty where nothing does.
    escape : what stands before a quotation mark inside such a cell: another one, or a backslash.
    in_pieces : whether the reader may cut the file into pieces for several threads. Not where a quotation mark is never
        closed: a thread that starts behind it takes for rows what another takes for one endless cell.
    """

    delimiter: str
    headings: tuple[str, ...]
    header_row: int
    header_lines: int
    header_rows: int
    quote: str = '"'
    escape: str = '"'
    in_pieces: bool = True

    def reader(self, text: str, strict: bool = False) -> Iterator[list[str]]:
        """The rows of a piece of text, cut in this way; if `strict`, an error where marks make no sense."""
        doubled = self.escape != "\\"
        return csv.reader(
            io.StringIO(text, newline=""),
            delimiter=self.delimiter,
            quotechar=self.quote or None,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            doublequote=doubled,
            escapechar=None if doubled else "\\",
            strict=strict,
        )


def dialect(sample: str, delimiter: str, told: Mapping[str, str]) -> Dialect:
    """The dialect of a file.

    Parameters
    ----------
    sample : the start of the file.
    delimiter : a value of the setting `reading.delimiter`.
    told : canonical name -> heading, as a person told it.

    Raises
    ------
    ReadingError
        If no line of the sample has any cells.
    """
    allowed = tuple(DELIMITERS.values()) if delimiter == "auto" else (DELIMITERS[delimiter],)
    best = _best(sample, allowed, told)
    if delimiter == "auto" and (best is None or not _finds_all(best, told)):
        rare = _best(sample, RARE_DELIMITERS, told)
        best = rare if rare and _finds_all(rare, told) else best
    if best is None:
        raise ReadingError("The file has no headings; give a CSV file with one row per invoice line.")
    return _as_wide_as_rows(replace(best, quote=_quote(sample, best)), sample)


def other_quotings(form: Dialect) -> Iterator[Dialect]:
    """The same dialect with its quotation marks understood in other ways."""
    for quote, escape in (('"', '"'), ('"', "\\"), ("", "")):
        if (quote, escape) != (form.quote, form.escape):
            yield replace(form, quote=quote, escape=escape, in_pieces=True)


def _best(sample: str, delimiters: Sequence[str], told: Mapping[str, str]) -> Dialect | None:
    candidates = [candidate for character in delimiters for candidate in _candidates(sample, character)]
    return max(candidates, key=lambda candidate: _worth(candidate, told), default=None)


def _finds_all(candidate: Dialect, told: Mapping[str, str]) -> bool:
    found = mapped(candidate.headings, told)
    return all(name in found for name in NEEDED)


def _worth(candidate: Dialect, told: Mapping[str, str]) -> tuple[int, int, bool, int, int]:
    found = mapped(candidate.headings, told)
    needed = sum(name in found for name in NEEDED)
    lines = candidate.header_lines - candidate.header_row
    return needed, len(found), lines == 0, len(candidate.headings), -candidate.header_row


def _candidates(sample: str, delimiter: str) -> list[Dialect]:
    """Each of the first rows as headings, and each two rows that stand below each other as headings split in two."""
    rows = _first_rows(sample, Dialect(delimiter, (), 1, 1, 1))
    found = []
    for place, (number, first, last, cells) in enumerate(rows):
        found.append(Dialect(delimiter, tuple(cells), first, last, number))
        if place + 1 < len(rows) and rows[place + 1][1] == last + 1 and len(cells) > 2:
            number, _, last, below = rows[place + 1]
            if len(below) == len(cells):
                both = tuple(f"{upper} {lower}".strip() for upper, lower in zip(cells, below, strict=True))
                found.append(Dialect(delimiter, both, first, last, number))
    return found


def _first_rows(sample: str, form: Dialect) -> list[tuple[int, int, int, list[str]]]:
    """The first rows that are not blank: number of the row, its first and last line, its cells."""
    reader = form.reader(sample)
    found: list[tuple[int, int, int, list[str]]] = []
    before = 0
    try:
        for number, cells in enumerate(reader, start=1):
            lines = reader.line_num  # type: ignore[attr-defined]
            if any(cell.strip() for cell in cells):
                found.append((number, before + 1, lines, cells))
            before = lines
            if len(found) >= TITLE_ROWS:
                break
    except csv.Error:  # an endless cell: under this delimiter the rows up to here are all there is
        return found
    return found


def _quote(sample: str, form: Dialect) -> str:
    """A single quotation mark where most rows have cells that begin and end with one, as their headings may."""
    lines = [line for line in sample.splitlines()[form.header_lines : form.header_lines + SAMPLE_ROWS] if line.strip()]
    wrapped = [
        sum(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in map(str.strip, line.split(form.delimiter)))
        for line in lines
    ]
    return "'" if sum(count > 1 for count in wrapped) > 0.9 * len(lines) > 0 else form.quote


def _as_wide_as_rows(form: Dialect, sample: str) -> Dialect:
    """With headings for as many columns as the rows have: some tools end every row, or only the headings, with a
    delimiter, and some number the rows in a first column that has no heading.
    """
    if form.quote == "'":
        form = replace(form, headings=tuple(heading.strip().strip("'") for heading in form.headings))
    rows = _sample_rows(form, sample)
    widths = Counter(map(len, rows))
    width, headings = widths.most_common(1)[0][0] if widths else len(form.headings), form.headings
    beyond = [row[len(headings) :] for row in rows if len(row) == width]
    if width > len(headings) and not any(cell.strip() for cells in beyond for cell in cells):
        return replace(form, headings=headings + ("",) * (width - len(headings)))
    if width == len(headings) + 1 and _are_numbered([row[0] for row in rows if len(row) == width]):
        return replace(form, headings=("", *headings))
    if width < len(headings) and not any(heading.strip() for heading in headings[width:]):
        return replace(form, headings=headings[:width])
    return form


def _sample_rows(form: Dialect, sample: str) -> list[list[str]]:
    """Rows under the headings that are in the sample as a whole."""
    rows: list[list[str]] = []
    with contextlib.suppress(csv.Error):  # an endless cell
        rows.extend(islice(form.reader(sample), form.header_rows, form.header_rows + SAMPLE_ROWS))
    whole = rows if len(rows) == SAMPLE_ROWS or sample.endswith("\n") else rows[:-1] or rows
    return [row for row in whole if row]


def _are_numbered(cells: Sequence[str]) -> bool:
    numbers = [int(cell) for cell in cells if cell.strip().isdecimal()]
    return len(numbers) == len(cells) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
