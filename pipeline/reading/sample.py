"""Some rows of a file from all over it, at once however large it is: what can be judged before the whole is read."""

from __future__ import annotations

import codecs
import csv
import gzip
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pipeline.reading.dialect import Dialect
from pipeline.reading.source import HEAD_BYTES, refuse_binary, refuse_other_text

STRETCH_BYTES = 32 * 1024
STRETCHES = 8
JUDGED_ROWS = 600
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Glance:
    """Pieces of a file's text: its head, and stretches spread evenly over the rest, cut at line ends.

    Attributes
    ----------
    head : the first characters.
    stretches : later pieces, in order.
    whole : whether the head is all there is.
    packed : whether the file is packed, so that nothing behind its head can be seen without unpacking all before it.
    """

    head: str
    stretches: tuple[str, ...]
    whole: bool
    packed: bool = False

    def rows(self, form: Dialect) -> list[list[str]]:
        """Rows with a cell under each heading: those of the head, then those of the stretches."""
        found = self.first_rows(form)
        for stretch in self.stretches:
            found += _rows(stretch, form, len(form.headings), 0)
        return found

    def first_rows(self, form: Dialect) -> list[list[str]]:
        """The rows of the head, which follow each other."""
        return _rows(self.head, form, len(form.headings), form.header_rows)

    def judged(self, form: Dialect) -> list[list[str]]:
        """As many of the rows as are enough to tell what a column holds, from all over the file."""
        rows = self.rows(form)
        return rows[:: max(len(rows) // JUDGED_ROWS, 1)]


def glance(path: Path, encoding: str) -> Glance:
    """Look at a text file, plain or packed with gzip.

    Parameters
    ----------
    encoding : a value of the setting `reading.encoding`; with `auto`, UTF-8 unless the bytes speak against it.

    Raises
    ------
    ReadingError
        If it is no text, or a web page, JSON or another XML document.
    """
    with path.open("rb") as stream:
        is_packed = stream.read(2) == b"\x1f\x8b"
    if is_packed:
        with gzip.open(path) as packed:
            head, more = packed.read(HEAD_BYTES), bool(packed.read(1))
        pieces: list[bytes] = []
    else:
        head, pieces = _pieces(path)
        more = path.stat().st_size > len(head)
    codec = _codec([head, *pieces]) if encoding == "auto" else encoding
    refuse_binary(head, codec)
    texts = [_text(piece, codec) for piece in pieces]
    start = _text(head, codec).removeprefix("\ufeff")
    refuse_other_text(start)
    return Glance(_whole_lines(start, first=True, last=not more), tuple(map(_inner_lines, texts)), not more, is_packed)


def _pieces(path: Path) -> tuple[bytes, list[bytes]]:
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
        step = max((size - len(head)) // STRETCHES, STRETCH_BYTES)
        starts = range(len(head), size, step)
        pieces = []
        for start in starts:
            stream.seek(start - start % 2)  # UTF-16 has two bytes a letter
            pieces.append(stream.read(STRETCH_BYTES))
    return head, pieces


def _codec(pieces: Sequence[bytes]) -> str:
    head = pieces[0]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16-le" if head.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    if head[1::2].count(0) > 0.2 * len(head):
        return "utf-16-le"
    if head[0::2].count(0) > 0.2 * len(head):
        return "utf-16-be"
    torn = sum(_text(piece[4:-4], "utf-8").count("\ufffd") for piece in pieces)
    return "cp1252" if torn > len(pieces) else "utf-8"


def _text(piece: bytes, codec: str) -> str:
    return piece.decode(codec, errors="replace")


def _whole_lines(text: str, first: bool, last: bool) -> str:
    """The text without the piece of a line at its start or end."""
    ends = list(_LINE_END.finditer(text))
    start = 0 if first or not ends else ends[0].end()
    end = len(text) if last or not ends else ends[-1].end()
    return text[start:end].replace("\x00", "")


def _inner_lines(text: str) -> str:
    return _whole_lines(text, first=False, last=False)


def _rows(text: str, form: Dialect, width: int, skipped: int) -> list[list[str]]:
    rows = islice(_parsed(text, form), skipped, None)
    return [cells for cells in rows if len(cells) == width and any(cell.strip() for cell in cells)]


def _parsed(text: str, form: Dialect) -> Iterator[list[str]]:
    try:
        yield from form.reader(text)
    except csv.Error:  # an endless cell: the rows up to here are what can be judged
        return
