"""Which delimiter, and on which line the headings stand: the pair under which most of our columns are found."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.errors import ReadingError
from pipeline.reading.columns import NEEDED, mapped

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
TITLE_ROWS = 20  # headings are looked for this far down, under a title or a note
SAMPLE_CHARACTERS = 256 * 1024


@dataclass(frozen=True)
class Dialect:
    """How the text is cut into cells.

    Attributes
    ----------
    delimiter : the character between two columns.
    headings : the cells of the heading row, as in the file.
    header_row : its line in the file, from 1.
    header_lines : lines down to the end of the heading row.
    header_rows : rows down to the heading row, blank lines included, which the reader skips.
    in_pieces : whether the reader may cut the file into pieces for several threads. Not where a quotation mark is never
        closed: a thread that starts behind it takes for rows what another takes for one endless cell.
    """

    delimiter: str
    headings: tuple[str, ...]
    header_row: int
    header_lines: int
    header_rows: int
    in_pieces: bool = True


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
    allowed = DELIMITERS.values() if delimiter == "auto" else [DELIMITERS[delimiter]]
    candidates = [candidate for character in allowed for candidate in _candidates(sample, character)]
    if not candidates:
        raise ReadingError("The file has no headings; give a CSV file with one row per invoice line.")
    return max(candidates, key=lambda candidate: _worth(candidate, told))


def _worth(candidate: Dialect, told: Mapping[str, str]) -> tuple[int, int, int, int]:
    found = mapped(candidate.headings, told)
    needed = sum(name in found for name in NEEDED)
    return needed, len(found), len(candidate.headings), -candidate.header_row


def _candidates(sample: str, delimiter: str) -> list[Dialect]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    found: list[Dialect] = []
    before = 0
    try:
        for rows, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                found.append(Dialect(delimiter, tuple(cells), before + 1, reader.line_num, rows))
            before = reader.line_num
            if len(found) >= TITLE_ROWS:
                break
    except csv.Error:  # an endless cell: under this delimiter the rows up to here are all there is
        return found
    return found
