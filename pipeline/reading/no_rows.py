"""Rows that the reader took and that are none: notes and totals under the rows, headings repeated, rows in one cell."""

# ruff: noqa: S608  (nothing that a file or a person says is ever spliced into SQL but the delimiter, quoted)

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline.reading.dialect import Dialect
from pipeline.reading.ragged import REASONS, Rejected

if TYPE_CHECKING:
    import duckdb

LAST_ROWS = 20  # notes and totals under the rows are looked for this far up
UNDER_THE_ROWS = "a note or total under the rows"
HEADINGS_AGAIN = "the headings again"
TOTALS = ("total", "totals", "grand total", "sum", "summe", "gesamt", "gesamtsumme", "total général", "totale", "suma")


def rows_that_are_none(
    duck: duckdb.DuckDBPyConnection, form: Dialect, columns: Mapping[str, int], swallowed: Sequence[int]
) -> dict[Rejected, int]:
    """Which of the rows in the view `numbered(c0, c1, ..., place, Line)` are none, and why: each with its `place`.

    Parameters
    ----------
    columns : canonical name -> position.
    swallowed : places of rows of which `swallowed_rows` told.
    """
    date, customer = columns["InvoiceDate"], columns["CustomerID"]
    again = duck.execute(
        f"SELECT * FROM numbered WHERE c{date} = ? AND c{customer} = ?", [form.headings[date], form.headings[customer]]
    ).fetchall()
    found = {row[-2]: (HEADINGS_AGAIN, row) for row in again}
    found |= {row[-2]: (UNDER_THE_ROWS, row) for row in _notes(duck, columns)}
    if swallowed:
        rows = duck.execute("SELECT * FROM numbered WHERE list_contains(?, place)", [list(swallowed)]).fetchall()
        found |= {row[-2]: (REASONS["unquoted value"], row) for row in rows}
    return {_rejected(row, reason, form): place for place, (reason, row) in found.items()}


def swallowed_rows(duck: duckdb.DuckDBPyConnection, form: Dialect) -> tuple[int, ...]:
    """Rows of the view `kept` with a cell of several lines and as many delimiters as a row: a stray mark opened it."""
    delimiter, most = form.delimiter.replace("'", "''"), len(form.headings) - 1
    swallowed = " OR ".join(
        f"(contains(c{place}, chr(10)) AND length(c{place}) - length(replace(c{place}, '{delimiter}', '')) >= {most})"
        for place in range(len(form.headings))
    )
    rows = duck.execute(f"SELECT place FROM kept WHERE {swallowed} ORDER BY place").fetchall()
    return tuple(place for (place,) in rows)


def _notes(duck: duckdb.DuckDBPyConnection, columns: Mapping[str, int]) -> Iterator[tuple[Any, ...]]:
    """The last rows, from below, for as long as they have no date and name neither an order nor a customer."""
    last = duck.execute(
        f"SELECT * FROM numbered WHERE place >= (SELECT max(place) - {LAST_ROWS} FROM kept) ORDER BY place DESC"
    ).fetchall()
    for row in last:
        words = [cell.strip() for cell in row[:-2] if cell and cell.strip()]
        known = [row[columns[name]] for name in ("InvoiceNo", "CustomerID") if name in columns]
        is_total = any(word.strip(" :.").casefold() in TOTALS for word in words)
        if row[columns["InvoiceDate"]] or (any(known) and not is_total):
            return
        if words:
            yield row


def _rejected(row: Sequence[Any], reason: str, form: Dialect) -> Rejected:
    text = form.delimiter.join(cell or "" for cell in row[:-2])
    return Rejected(row[-1], text.count("\n") + 1, reason, text)
