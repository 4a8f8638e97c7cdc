"""What people pack tables into, taken apart: .gz, .zip, workbooks and Parquet files, each into parts that are texts.

Nothing that a container says of itself is trusted: what comes out of it is counted while it comes out.
"""

# ruff: noqa: S608  (nothing that a file or a person says is ever spliced into SQL, but for the quoted paths)

from __future__ import annotations

import gzip
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from pipeline import engine
from pipeline.errors import ReadingError
from pipeline.reading.workbook import LINE_BREAK, sheets

if TYPE_CHECKING:
    import duckdb

CHUNK = 4 * 2**20
UNPACKED_BYTES = 8 * 2**30  # always allowed
SHARE_OF_DISK = 0.5  # of what is free: allowed too, as a hundred million lines are 10 GB of text
MOST_UNPACKED_RATIO = 100  # sales pack to a tenth or so; a line said over and over packs to a thousandth
UNPACKED_FREELY_BYTES = 64 * 2**20  # so little does no harm, whatever it was packed to
MOST_MEMBERS = 1_000
MOST_ROWS_A_BYTE = 20  # of a Parquet file beyond `ROWS_FREELY`
ROWS_FREELY = 1_000_000
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
NOT_READ = {"word/": "a Word document", "ppt/": "a presentation"}


@dataclass(frozen=True)
class Part:
    """One table of a file, as a text.

    Attributes
    ----------
    name : the file's name, and behind it that of the member or sheet where it is one of those.
    path : the text.
    format : what it came in, in words.
    is_ours : whether we wrote the text: UTF-8, commas, a line for each row, dates year first.
    is_sheet : whether it is one of a workbook's sheets, of which some may hold something else.
    """

    name: str
    path: Path
    format: str = "CSV"
    is_ours: bool = False
    is_sheet: bool = False


class Allowance:
    """How much may come out of one file: more is no sales, but an accident or an attack on memory and disk."""

    def __init__(self, path: Path, what: str, most: int | None = None) -> None:
        self.what, self.spent, self.most = what, 0, most or most_unpacked_bytes()
        self.by_ratio = max(UNPACKED_FREELY_BYTES, MOST_UNPACKED_RATIO * path.stat().st_size)

    def spend(self, size: int) -> None:
        """Count what came out. Raises `ReadingError` when it is too much."""
        self.spent += size
        if self.spent > self.most:
            raise ReadingError(
                f"The {self.what} unpacks to more than {self.most / 2**30:.0f} GiB; "
                "unpack it and give the part that is needed."
            )
        if self.spent > self.by_ratio:
            raise ReadingError(
                f"The {self.what} unpacks to more than {MOST_UNPACKED_RATIO} times its size, as no sales do; "
                "if it is meant so, unpack it and give the CSV file itself."
            )

    def copy(self, packed: IO[bytes], plain: IO[bytes]) -> None:
        """Copy all that comes out of a stream."""
        while chunk := packed.read(CHUNK):
            self.spend(len(chunk))
            plain.write(chunk)


def most_unpacked_bytes() -> int:
    """What may be unpacked from one file: half of what is free where it goes, and 8 GiB whatever is free."""
    return max(UNPACKED_BYTES, int(SHARE_OF_DISK * shutil.disk_usage(tempfile.gettempdir()).free))


@contextmanager
def parts(name: str, path: Path) -> Iterator[list[Part]]:
    """The tables in a file, in its order; what had to be unpacked for them goes when the context closes.

    Raises
    ------
    ReadingError
        If it is damaged, encrypted, nested, or unpacks to more than sales do.
    """
    with tempfile.TemporaryDirectory(prefix="segment-studio-") as folder:
        found = _taken_apart(Part(name, path), Path(folder), _OUTERMOST)
        if not found:
            raise ReadingError("The file holds no table; give one with a row per invoice line.")
        yield found


def kind_of(path: Path) -> str | None:
    """What a file has to be taken apart as, by its first bytes; None where it is no container."""
    with path.open("rb") as stream:
        head = stream.read(512)
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return "zip"
    if head.startswith(OLD_OFFICE):
        return "old office"
    if head.startswith((b"PAR1", b"PARE")):
        return "parquet"
    return "tar" if head[257:262] == b"ustar" else None


def _taken_apart(part: Part, folder: Path, known: Mapping[str, Callable[[Part, Path], list[Part]]]) -> list[Part]:
    kind = kind_of(part.path)
    if kind is None:
        return [part]
    if kind not in known:
        raise (
            _nested(part)
            if kind != "tar"
            else ReadingError(
                f"{part.name} is an archive of a kind that is not read; unpack it and give the files that are in it."
            )
        )
    nest = Path(tempfile.mkdtemp(dir=folder))
    return known[kind](part, nest)


def _nested(part: Part) -> ReadingError:
    return ReadingError(f"{part.name} is an archive inside another; unpack it and give the files that are in it.")


def _gunzipped(part: Part, folder: Path) -> list[Part]:
    plain = folder / "unpacked"
    try:
        with gzip.open(part.path) as packed, plain.open("wb") as target:
            Allowance(part.path, ".gz file").copy(packed, target)  # type: ignore[arg-type]
    except (EOFError, zlib.error, gzip.BadGzipFile) as reason:
        raise ReadingError(f"The .gz file is damaged or cut short ({reason}); pack it again.") from None
    inner = _taken_apart(replace(part, path=plain), folder, _INNER)
    return [replace(each, format=f"{each.format} packed with gzip") for each in inner]


def _unzipped(part: Part, folder: Path) -> list[Part]:
    """The members of an archive, or the sheets of what is a workbook."""
    with _opened(part) as archive:
        return _members(part, archive, folder) if _checked(part, archive) else _weighed_sheets(part, archive, folder)


def _inner_workbook(part: Part, folder: Path) -> list[Part]:
    """The sheets of a workbook inside an archive; any other archive there is refused."""
    with _opened(part) as archive:
        if _checked(part, archive):
            raise _nested(part)
        return _weighed_sheets(part, archive, folder)


@contextmanager
def _opened(part: Part) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(part.path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeError, ValueError) as reason:
        raise ReadingError(f"{part.name} is a damaged archive ({reason}); pack or save it again.") from None


def _checked(part: Part, archive: zipfile.ZipFile) -> bool:
    """Whether an archive is one of files, rather than a workbook. Raises `ReadingError` where it is neither."""
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if any(info.flag_bits & 1 for info in infos):
        raise ReadingError(f"{part.name} is protected by a password; pack or save it without one.")
    if len(infos) > MOST_MEMBERS or sum(info.compress_size for info in infos) > part.path.stat().st_size:
        raise ReadingError(f"{part.name} holds more than it can ({len(infos):,} files); give the files themselves.")
    for start, kind in NOT_READ.items():
        if any(each.startswith(start) for each in names):
            raise ReadingError(f"The file is {kind}, not a table; export the table as CSV and give that file.")
    return not _is_workbook(archive, names)


def _members(part: Part, archive: zipfile.ZipFile, folder: Path) -> list[Part]:
    allowance, found = Allowance(part.path, "archive"), []
    for place, info in enumerate(archive.infolist()):
        if not info.is_dir() and not _is_litter(info.filename):
            target = folder / str(place)  # never the member's own name: that may lead anywhere
            with archive.open(info) as packed, target.open("wb") as plain:
                allowance.copy(packed, plain)
            member = Part(f"{part.name}/{info.filename}", target, "CSV in a ZIP archive")
            found += _taken_apart(member, folder, _INNER)
    return found


def _weighed_sheets(part: Part, archive: zipfile.ZipFile, folder: Path) -> list[Part]:
    """The sheets of a workbook, unpacked to nowhere first: that is how much another program would hold in memory."""
    allowance = Allowance(part.path, "workbook", UNPACKED_BYTES)
    for info in archive.infolist():
        with archive.open(info) as packed:
            while chunk := packed.read(CHUNK):
                allowance.spend(len(chunk))
    return _sheets(part, folder)


def _is_litter(name: str) -> bool:
    """What systems put beside the files that a person packed."""
    last = name.rsplit("/", 1)[-1]
    return name.startswith("__MACOSX/") or last in (".DS_Store", "Thumbs.db", "desktop.ini") or last.startswith("._")


def _is_workbook(archive: zipfile.ZipFile, names: Sequence[str]) -> bool:
    if any(name.lower() in ("xl/workbook.xml", "xl/workbook.bin") for name in names):
        return True
    if "mimetype" not in names:
        return False
    with archive.open("mimetype") as stream:
        return stream.read(100).startswith(b"application/vnd.oasis.opendocument.spreadsheet")


def _sheets(part: Part, folder: Path) -> list[Part]:
    written = sheets(part.path, folder)
    return [Part(f"{part.name}/{name}", path, "Excel workbook", True, True) for name, path in written.items()]


def _old_workbook(part: Part, folder: Path) -> list[Part]:
    with part.path.open("rb") as stream:
        seen = b""
        while chunk := stream.read(CHUNK):
            if ENCRYPTED_PACKAGE in seen[-64:] + chunk:
                raise ReadingError(f"{part.name} is protected by a password; save it without one.")
            seen = chunk
    return _sheets(part, folder)


def _parquet_rows(part: Part, folder: Path) -> list[Part]:
    """The rows of a Parquet file as text: numbers and dates in the one spelling that is never ambiguous."""
    import duckdb

    target, table = folder / "rows", f"read_parquet('{_quoted(part.path)}', binary_as_string = true)"
    try:
        with engine.connection() as duck:
            columns = [row[:2] for row in duck.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()]
            named = f"{table} AS t({', '.join(f'c{place}' for place in range(len(columns)))})"
            _weigh_parquet(duck, part, named, columns)
            headings = ", ".join("?" for _ in columns)
            rows = ", ".join(_spelled(f"c{place}", kind) for place, (_, kind) in enumerate(columns))
            duck.execute(
                f"COPY (SELECT {headings} UNION ALL SELECT {rows} FROM {named}) TO '{_quoted(target)}' "
                "(FORMAT csv, HEADER false, DELIMITER ',', QUOTE '\"', ESCAPE '\"')",
                [heading for heading, _ in columns],
            )
    except duckdb.Error as reason:
        said = str(reason).partition("\n")[0].replace(str(part.path), part.name)
        raise ReadingError(f"{part.name} is damaged or encrypted ({said}); write the Parquet file again.") from None
    return [replace(part, path=target, format="Parquet", is_ours=True)]


def _weigh_parquet(duck: duckdb.DuckDBPyConnection, part: Part, table: str, columns: Sequence[tuple[str, str]]) -> None:
    counted = duck.execute("SELECT num_rows FROM parquet_file_metadata(?)", [str(part.path)]).fetchone()
    rows = int(counted[0]) if counted else 0
    if rows > max(ROWS_FREELY, MOST_ROWS_A_BYTE * part.path.stat().st_size):
        raise ReadingError(f"{part.name} says that it has {rows:,} rows, more than so small a file of sales can hold.")
    texts = " + ".join(
        ["0", *(f"coalesce(strlen(c{place}), 0)" for place, (_, kind) in enumerate(columns) if kind == "VARCHAR")]
    )
    weighed = duck.execute(f"SELECT coalesce(sum({texts}), 0) FROM {table}").fetchone()
    Allowance(part.path, "Parquet file").spend(int(weighed[0]) if weighed else 0)


def _spelled(cell: str, kind: str) -> str:
    """SQL: a typed value as text; whole numbers without decimals, which customers' numbers never have."""
    if kind in ("DOUBLE", "FLOAT"):
        whole = f"{cell} = floor({cell}) AND abs({cell}) < 1e15"
        return f"CASE WHEN isnan({cell}) THEN NULL WHEN {whole} THEN {cell}::BIGINT::VARCHAR ELSE {cell}::VARCHAR END"
    if kind == "VARCHAR":
        return f"replace(replace({cell}, chr(13) || chr(10), chr(10)), chr(10), '{LINE_BREAK}')"
    return f"{cell}::VARCHAR"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


_INNER = {"zip": _inner_workbook, "old office": _old_workbook, "parquet": _parquet_rows}
_OUTERMOST = _INNER | {"gzip": _gunzipped, "zip": _unzipped}
