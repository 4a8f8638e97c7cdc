"""Any file -> one typed table of transactions, written once, with an account of how it was read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.errors import ReadingError
from pipeline.reading.columns import doubled
from pipeline.reading.interpretation import Interpretation, interpreted, typed_sql
from pipeline.reading.settings import Reading

__all__ = ["Reading", "read_transactions"]

SHOWN_REJECTED = 5
Progress = Callable[[float, str], None]


def read_transactions(source: Path, settings: Reading, target: Path, progress: Progress) -> dict[str, Any]:
    """Read a file of invoice lines and write them as typed Parquet.

    Parameters
    ----------
    source : a CSV file, or one packed with gzip.
    settings : how to read it; what is `auto` is found out from the whole file.
    target : the Parquet file to write: one row per data line with Line (number of the line in the file where the row
        starts), InvoiceNo, StockCode, Description, Quantity and UnitPrice (doubles; null where not a number or beyond
        1e11), InvoiceDate (null where unreadable), CustomerID, Country (null where empty). Texts are trimmed, but for
        Description.
    progress : told the share done (0 to 1) and a sentence.

    Returns
    -------
    dict
        `interpretation`; `lines` = `accepted` (rows written) + `rejected` (lines that are no rows); `rejected_examples`
        (line, lines, reason, text); `warnings` (sentences).

    Raises
    ------
    ReadingError
        If the file is not a readable table of transactions; the sentence says what to do.
    """
    progress(0.0, "Finding out how the file is written")
    with interpreted(source, settings) as (duck, understood):
        progress(0.5, f"Reading {understood.account.accepted:,} lines")
        written = str(target).replace("'", "''")
        copied = duck.execute(
            f"COPY ({typed_sql(duck, understood)}) TO '{written}' (FORMAT parquet, COMPRESSION lz4_raw)"
        )
        rows = copied.fetchone()
        if rows is None or rows[0] != understood.account.accepted:
            raise ReadingError("The file changed while it was read; give it again when it is complete.")
    progress(1.0, f"Read {understood.account.accepted:,} lines")
    return _facts(understood)


def _facts(understood: Interpretation) -> dict[str, Any]:
    account = understood.account
    return {
        "interpretation": understood.to_json(),
        "lines": account.accepted + account.rejected_lines,
        "accepted": account.accepted,
        "rejected": account.rejected_lines,
        "rejected_examples": [
            {"line": each.line, "lines": each.lines, "reason": each.reason, "text": each.text}
            for each in account.rejected[:SHOWN_REJECTED]
        ],
        "warnings": _warnings(understood),
    }


def _warnings(understood: Interpretation) -> list[str]:
    account, text, dates = understood.account, understood.text, understood.dates
    found = []
    if account.rejected:
        first = account.rejected[0]
        found.append(
            f"Left out because they are no rows: {_counted(account.rejected_lines)} of "
            f"{account.accepted + account.rejected_lines:,}, the first being line {first.line} ({first.reason})."
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
        found.append(f"Letters that are not {text.encoding} and are shown as \ufffd: {text.replaced_bytes:,}.")
    for name, places in doubled(understood.dialect.headings, understood.columns).items():
        taken = understood.columns[name]
        heading = understood.dialect.headings[taken].strip()
        found.append(
            f"{len(places)} columns are headed {heading!r}; the one taken for {name} is column {taken + 1} of the file."
        )
    for name, loss in (
        ("Description", "all revenue counts as Other"),
        ("Country", "every customer's country is Unknown"),
    ):
        if name not in understood.columns:
            found.append(f"The file has no column for {name}, so {loss}.")
    return found


def _counted(lines: int) -> str:
    return f"{lines:,} line" if lines == 1 else f"{lines:,} lines"
