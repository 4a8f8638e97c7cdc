"""Any files -> one typed table of transactions, written once, with an account of how each was read."""

# ruff: noqa: S608  (nothing that a file or a person says is ever spliced into SQL, but for the quoted path)

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import engine, formats
from pipeline.errors import ReadingError
from pipeline.reading.assumptions import assumptions
from pipeline.reading.columns import doubled
from pipeline.reading.containers import Part
from pipeline.reading.files import Source, named
from pipeline.reading.interpretation import Interpretation, interpreted, typed_sql
from pipeline.reading.settings import Reading
from pipeline.reading.tables import tables

if TYPE_CHECKING:
    import duckdb

__all__ = ["Reading", "read_transactions"]

SHOWN_REJECTED = 5
Progress = Callable[[float, str], None]


def read_transactions(
    source: Source, settings: Reading, target: Path, progress: Progress, rejected: Path | None = None
) -> dict[str, Any]:
    """Read files of invoice lines and write them as one typed Parquet table.

    Parameters
    ----------
    source : a CSV file, a workbook, a Parquet file, or an archive of these; or several. Each member, sheet and file is
        understood by itself.
    settings : how to read them; what is `auto` is found out from the whole file.
    target : the Parquet file to write: one row per data line with File (its name), Line (number of the line in the file
        where the row starts), InvoiceNo, StockCode, Description, Quantity and UnitPrice (doubles; null where not a
        number or beyond 1e11), InvoiceDate (null where unreadable), CustomerID, Country (null where empty). Texts are
        trimmed, but for Description.
    progress : told the share done (0 to 1) and a sentence.
    rejected : the Parquet file to write what is no row to, where that is wanted: File, Line, Lines (how many), Reason,
        Text (as in the file, up to a million characters).

    Returns
    -------
    dict
        `parts`: for each file, member or sheet its `name`, `interpretation`, `lines`, `accepted` and `rejected`;
        `interpretation` of the first; `lines` = `accepted` (rows written) + `rejected` (lines that are no rows), of
        all; `rejected_examples`
        (file, line, lines, reason, text); `warnings` (sentences).

    Raises
    ------
    ReadingError
        If a file is not a readable table of transactions; the sentence says which, and what to do.
    """
    files = named(source)
    progress(0.0, "Finding out how the file is written")
    with tempfile.TemporaryDirectory(prefix="segment-studio-") as folder:
        reader = _Reader(settings, Path(folder))
        for place, (name, path) in enumerate(files.items()):
            reader.read(name, path, len(files) > 1, _share(progress, place, len(files)))
        reader.join(target, rejected)
    facts = _facts(reader.parts, reader.left_out)
    progress(1.0, f"Read {_counted(facts['accepted'])}")
    return facts


class _Reader:
    """Reads file after file, and part after part of each, into tables of their own, and joins these at the end."""

    def __init__(self, settings: Reading, folder: Path) -> None:
        self.settings, self.folder = settings, folder
        self.parts: list[dict[str, Any]] = []
        self.left_out: list[str] = []
        self.rows: list[Path] = []
        self.rejects: list[Path] = []

    def read(self, name: str, path: Path, is_one_of_many: bool, progress: Progress) -> None:
        """Read every part of a file. Raises `ReadingError`, with the part's name where there is more than one."""
        called = name if is_one_of_many else ""
        try:
            with tables(name, path, self.settings) as found:
                self.left_out += found.left_out
                for place, part in enumerate(found.parts):
                    called = part.name if is_one_of_many or len(found.parts) > 1 else ""
                    self.read_part(part, _share(progress, place, len(found.parts)))
        except ReadingError as reason:
            raise (reason.of(called) if called else reason) from None

    def read_part(self, part: Part, progress: Progress) -> None:
        """Read one table."""
        rows, rejects = (self.folder / f"{kind}-{len(self.parts)}" for kind in ("rows", "rejects"))
        with interpreted(part, self.settings) as (duck, understood):
            progress(0.5, f"Reading {_counted(understood.account.accepted)} of {part.name}")
            _write(duck, "FROM rejects", part.name, rejects)
            if _write(duck, typed_sql(understood), part.name, rows) != understood.account.accepted:
                raise ReadingError("The file changed while it was read; give it again when it is complete.")
            self.parts.append(_part_facts(part.name, understood))
        self.rows.append(rows)
        self.rejects.append(rejects)

    def join(self, target: Path, rejected: Path | None) -> None:
        """Write what was read as one table, and what was rejected as another."""
        engine.join_end_to_end(self.rows, target)
        if rejected is not None:
            engine.join_end_to_end(self.rejects, rejected)


def _share(progress: Progress, place: int, of: int) -> Progress:
    return lambda share, sentence: progress((place + share) / of, sentence)


def _write(duck: duckdb.DuckDBPyConnection, table: str, name: str, target: Path) -> int:
    """Write a table with the file's name on each row; how many rows it has."""
    written = str(target).replace("'", "''")
    options = f"FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE {engine.ROW_GROUP_ROWS}"
    copied = duck.execute(f"COPY (SELECT ? AS File, * FROM ({table})) TO '{written}' ({options})", [name]).fetchone()
    assert copied is not None
    return int(copied[0])


def _part_facts(name: str, understood: Interpretation) -> dict[str, Any]:
    account = understood.account
    return {
        "name": name,
        "interpretation": understood.to_json(),
        "lines": account.accepted + account.rejected_lines,
        "accepted": account.accepted,
        "rejected": account.rejected_lines,
        "rejected_examples": [
            {"file": name, "line": each.line, "lines": each.lines, "reason": each.reason, "text": each.text}
            for each in account.examples
        ],
        "warnings": _warnings(understood),
    }


def _facts(parts: Sequence[dict[str, Any]], left_out: Sequence[str]) -> dict[str, Any]:
    """The facts of all parts together; what is said of several at once is said once."""
    examples = [example for part in parts for example in part["rejected_examples"]]
    said = list(dict.fromkeys(sentence for part in parts for sentence in part["warnings"]))
    whose = {sentence: [part["name"] for part in parts if sentence in part["warnings"]] for sentence in said}
    return {
        "interpretation": parts[0]["interpretation"],
        "parts": [{k: v for k, v in part.items() if k not in ("rejected_examples", "warnings")} for part in parts],
        **{count: sum(part[count] for part in parts) for count in ("lines", "accepted", "rejected")},
        "rejected_examples": examples[:SHOWN_REJECTED],
        "warnings": [
            sentence if len(names) == len(parts) else f"{', '.join(names)}: {sentence}"
            for sentence, names in whose.items()
        ]
        + list(left_out),
    }


def _warnings(understood: Interpretation) -> list[str]:
    account, text, dates = understood.account, understood.text, understood.dates
    found = []
    if account.rejected:
        first = account.examples[0]
        found.append(
            f"Left out because they are no rows: {_counted(account.rejected_lines)} of "
            f"{formats.count(account.accepted + account.rejected_lines)}, the first being line {first.line} "
            f"({first.reason})."
        )
    if account.unexplained:
        found.append(
            f"{_counted(abs(account.unexplained))} of the file could not be accounted for; check its quotation marks."
        )
    if dates.unreadable_lines:
        found.append(f"Dates that cannot be read, such as {dates.example!r}: {_counted(dates.unreadable_lines)}.")
    found += [
        f"Values of {each.column} that are no number or too large, such as {each.example!r}: {_counted(each.lines)}."
        for each in understood.unread
    ]
    if text.replaced_bytes:
        found.append(
            f"Letters that are not {text.encoding} and are shown as \ufffd: {formats.count(text.replaced_bytes)}."
        )
    for name, places in doubled(understood.dialect.headings, understood.columns).items():
        taken = understood.columns[name]
        heading = understood.dialect.headings[taken].strip()
        found.append(
            f"{len(places)} columns are headed {heading!r}; the one taken for {name} is column {taken + 1} of the file."
        )
    return [*found, *assumptions(understood)]


def _counted(lines: int) -> str:
    return formats.plural(lines, "line")
