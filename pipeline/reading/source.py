"""Bytes that somebody calls a CSV -> a UTF-8 text file that a CSV reader can be told about, or a refusal."""

from __future__ import annotations

import codecs
import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from unicodedata import category

from pipeline.errors import ReadingError
from pipeline.reading.containers import Part
from pipeline.reading.letters import likeliest

CHUNK = 4 * 2**20
CONTROLS = bytes({*range(2, 32)} - {*b"\t\n\v\f\r\x1a\x1e\x1f"})  # bytes that no text has; \x01 stands between columns
NOT_TEXT = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"%!PS", "a PostScript document"),
)
HEAD_BYTES = 256 * 1024
_BEFORE = r"(?:\s|<!--.*?-->|<\?xml[^>]*>)*"
_HTML = re.compile(rf"{_BEFORE}(?:<!doctype\s+html\b|<(?:html|head|body|table)(?:\s[^>]*)?>(?!\s*[,;|]))", re.I | re.S)
_JSON = re.compile(r'\s*(?:(?:\[\s*)?\{\s*"[^"\r\n]*"\s*:|\[\s*\[\s*["\d])')
_VALUE = r'(?:"(?:[^"\\\r\n]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)'
_VALUES = re.compile(rf"\[(?:\s*{_VALUE}\s*,){{3}}")  # as a list begins that is longer than what was looked at
_BITMAP = re.compile(rb"BM.{4}\x00{4}.{2}\x00{2}", re.S)
NO_TEXT = 0.03  # a larger share of the first bytes that no text has is no accident
LEAST_ASCII = (
    0.05  # of the bytes of a table in a single-byte encoding: delimiters, line ends, digits of dates and money
)


@dataclass(frozen=True)
class SourceText:
    """A file ready for the CSV reader.

    Attributes
    ----------
    path : UTF-8 text whose lines all end alike (LF or CRLF).
    part : where it is from.
    workshop : a folder for what is made of it on the way, which goes with the text.
    encoding : what the file as given is written in; empty where we wrote the text.
    line_count : lines of the file, blank ones and the unfinished last one included.
    strays : number and text of each line that was emptied, because its quotation mark is never closed.
    replaced_bytes : bytes that are not of the encoding and are read as the replacement character.
    """

    path: Path
    workshop: Path
    part: Part
    encoding: str
    line_count: int
    replaced_bytes: int = 0
    strays: tuple[tuple[int, str], ...] = ()


@dataclass
class _Scan:
    """What one pass over the bytes tells."""

    size: int = 0
    feeds: int = 0
    returns: int = 0
    pairs: int = 0
    zeros: int = 0
    is_utf8: bool = True
    last: int = 10

    @property
    def line_count(self) -> int:
        return self.feeds + (self.last != 10)

    @property
    def ends_alike(self) -> bool:
        return self.returns == 0 or (self.returns == self.pairs == self.feeds)


@contextmanager
def source_text(part: Part, encoding: str) -> Iterator[SourceText]:
    """A part as UTF-8 text: itself where it is that already, else a copy that goes when the context closes.

    Parameters
    ----------
    part : a table of a file, unpacked.
    encoding : a value of the setting `reading.encoding`; `auto` decides from every byte of the file.

    Raises
    ------
    ReadingError
        If the file is empty, no text, or not in the encoding that was told.
    """
    with tempfile.TemporaryDirectory(prefix="segment-studio-") as spill:
        if part.is_ours:
            yield SourceText(part.path, Path(spill), part, "", _scan(part.path).line_count)
            return
        _refuse_other_formats(part.path)
        scan = _scan(part.path)
        found = _encoding(part.path, scan) if encoding == "auto" else encoding
        with part.path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
        refuse_binary(head, found)
        refuse_other_text(head.decode(found, "replace"))
        text = SourceText(part.path, Path(spill), part, found, scan.line_count)
        if found == "utf-8" and scan.is_utf8 and scan.ends_alike and not scan.zeros:
            yield text
        else:
            yield _rewritten(text, Path(spill) / "rewritten", strictly=encoding != "auto")


def _refuse_other_formats(path: Path) -> None:
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n") and path.stat().st_size <= len(head):
        raise ReadingError("The file is empty; give a CSV file with one row per invoice line.")
    if kind := other_format(head):
        raise ReadingError(f"The file is {kind}, not CSV text; export it as CSV and give that file.")


def other_format(head: bytes) -> str:
    """What a file is by its first bytes, where that is known and no text; else an empty text."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if _BITMAP.match(start):
        return "a bitmap image (BMP)"
    return next((kind for magic, kind in NOT_TEXT if start.startswith(magic)), "")


def refuse_binary(head: bytes, encoding: str) -> None:
    """Refuse a file whose first bytes are no text in this encoding, as of a picture or a program.

    Raises
    ------
    ReadingError
        If too many of them mean no letter, digit or sign.
    """
    if encoding.startswith("utf-16"):
        text = head.decode(encoding, "replace")[:-1]
        wrong, whole = sum(category(each) in ("Cn", "Co", "Cs") or each == "\ufffd" for each in text), len(text)
    else:
        wrong, whole = len(head) - len(head.translate(None, CONTROLS + b"\x00")), len(head)
    if wrong > max(2, NO_TEXT * whole):
        raise ReadingError(
            f"The file is not text (of its first {whole:,} characters {wrong:,} are no letters, digits or signs); "
            "export it as CSV and give that file."
        )
    plain = len(head.translate(None, bytes(range(128, 256))))
    if not encoding.startswith("utf") and plain < LEAST_ASCII * len(head):
        raise ReadingError(
            f"The file is not text (of its first {len(head):,} characters only {plain:,} are digits, plain letters, "
            "delimiters or line ends, of which every table has many); export it as CSV and give that file."
        )


def refuse_other_text(start: str) -> None:
    """Refuse text that is no table by its first characters: a web page, JSON, another XML document.

    Raises
    ------
    ReadingError
        With what to give instead. A heading in brackets, and HTML or JSON in a cell, are no reason.
    """
    start = start.removeprefix("\ufeff")
    if _HTML.match(start):
        raise ReadingError("The file is a web page (HTML), not CSV text; download the CSV itself and give that file.")
    if start.lstrip().startswith("<?xml "):
        raise ReadingError("The file is an XML document, not CSV text; export it as CSV and give that file.")
    if _is_json(start):
        raise ReadingError(
            "The file is JSON, not CSV text; export it as CSV, with one row per invoice line, and give that file."
        )


def _is_json(start: str) -> bool:
    """Whether nothing but JSON begins here; behind a heading that is JSON stands a delimiter."""
    text = start.lstrip()
    has_fields = _JSON.match(text) is not None
    if not has_fields and not text.startswith("["):
        return False
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):  # goes on behind what was looked at, or is damaged
        return has_fields or _VALUES.match(text) is not None
    rest = text[end:].lstrip(" \t\r")
    return (has_fields and rest.startswith("\n")) or rest.lstrip()[:1] in ("", "{", "[")


def _scan(path: Path) -> _Scan:
    scan = _Scan()
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            scan.size += len(chunk)
            scan.feeds += chunk.count(b"\n")
            scan.zeros += chunk.count(b"\x00")
            if returns := chunk.count(b"\r"):
                scan.returns += returns
                scan.pairs += chunk.count(b"\r\n")
            scan.pairs += scan.last == 13 and chunk[0] == 10
            scan.last = chunk[-1]
            if scan.is_utf8:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    scan.is_utf8 = False
    return scan


def _encoding(path: Path, scan: _Scan) -> str:
    with path.open("rb") as stream:
        head = stream.read(CHUNK)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if scan.zeros:
        return _encoding_with_zeros(path, head, scan)
    if scan.is_utf8 or _is_damaged_utf8(path):
        return "utf-8"
    return likeliest(path, old_mac=scan.feeds == 0 and scan.returns > 1)


def _encoding_with_zeros(path: Path, head: bytes, scan: _Scan) -> str:
    """UTF-16 without its mark has a zero beside nearly every letter; anything else with zeros is no text."""
    if head[1::2].count(0) > 0.4 * len(head) / 2 and head[0::2].count(0) < 0.01 * len(head):
        return "utf-16-le"
    if head[0::2].count(0) > 0.4 * len(head) / 2 and head[1::2].count(0) < 0.01 * len(head):
        return "utf-16-be"
    controls = len(head) - len(head.translate(None, CONTROLS))
    if scan.zeros < 0.02 * scan.size and controls < 0.01 * len(head):
        return "utf-8" if scan.is_utf8 else likeliest(path, old_mac=False)
    raise ReadingError(
        f"The file is not text ({scan.zeros:,} of its {scan.size:,} bytes are zero); "
        "export it as CSV and give that file."
    )


def _is_damaged_utf8(path: Path) -> bool:
    """Whether bad bytes are rare among good multi-byte letters: a file cut or joined, not one in another encoding."""
    good = bad = 0
    for text in _decoded(path, "utf-8"):
        wrong = text.count("\ufffd")
        bad += wrong
        good += len(text) - len(text.encode("ascii", "ignore")) - wrong
    return good > 10 * bad


def _decoded(path: Path, encoding: str, errors: str = "replace") -> Iterator[str]:
    with path.open(encoding=encoding, errors=errors, newline=None) as stream:
        while text := stream.read(CHUNK):
            yield text


def _rewritten(text: SourceText, target: Path, strictly: bool) -> SourceText:
    """The text as UTF-8 with LF line ends and without zeros, which the CSV reader would choke on."""
    lines = replaced = 0
    ended = True
    codec = "utf-8-sig" if text.encoding == "utf-8" else text.encoding
    try:
        with target.open("w", encoding="utf-8", newline="\n") as stream:
            for piece in _decoded(text.path, codec, "strict" if strictly else "replace"):
                replaced += piece.count("\ufffd")
                lines += piece.count("\n")
                ended = piece.endswith("\n")
                stream.write(piece.replace("\x00", ""))
    except UnicodeError as reason:
        raise ReadingError(
            f"The file is not written in {text.encoding} ({reason}); set Encoding (reading.encoding) to auto."
        ) from None
    return replace(text, path=target, line_count=lines + (not ended), replaced_bytes=replaced)


def head_of(path: Path, characters: int) -> str:
    """The first characters of a UTF-8 file, without its byte order mark."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        return stream.read(characters)
