"""Orders over several lines whose number, customer, date or country stand on the first line only.

Shopify, WooCommerce and pivoted Excel sheets leave these cells blank on an order's further lines.
"""

# ruff: noqa: S608  (only our own column names and positions are ever spliced into SQL)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

OF_THE_ORDER = ("InvoiceNo", "InvoiceDate", "CustomerID", "Country")
PATTERN = 0.8  # so many of all further lines of orders must have blanks that the first line fills


def fills_from_first_line(rows: Sequence[Sequence[str]], columns: Mapping[str, int]) -> bool:
    """Whether rows that follow each other show the pattern; a cell that is missing here and there is no pattern.

    Parameters
    ----------
    rows : the first rows of the file.
    columns : canonical name -> position.
    """
    if "InvoiceNo" not in columns:
        return False
    further = filled = 0
    first: dict[str, str] = {}
    for row in rows:
        cells = {name: row[columns[name]].strip() for name in OF_THE_ORDER if name in columns}
        if _starts_order(cells, first):
            first = cells
        elif first:
            further += 1
            filled += any(first[name] and not cells[name] for name in ("InvoiceDate", "CustomerID"))
    return filled > 0 and filled >= PATTERN * further


def _starts_order(cells: Mapping[str, str], first: Mapping[str, str]) -> bool:
    if cells["InvoiceNo"]:
        return cells["InvoiceNo"] != first.get("InvoiceNo")
    return bool(cells["InvoiceDate"] or cells["CustomerID"])


def fill_from_first_line(duck: duckdb.DuckDBPyConnection, columns: Mapping[str, int]) -> int:
    """Make `filled`, the rows of `lined` with the blanks of an order's further lines filled from its first.

    Returns
    -------
    How many lines had their date or customer filled.
    """
    cell = {name: f"nullif(trim(c{columns[name]}), '')" for name in OF_THE_ORDER if name in columns}
    named = ", ".join(f"{text} AS {name}" for name, text in cell.items())
    before = "last_value(InvoiceNo IGNORE NULLS) OVER (ORDER BY Line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    starts = (
        f"CASE WHEN InvoiceNo IS NULL THEN InvoiceDate IS NOT NULL OR CustomerID IS NOT NULL "
        f"ELSE InvoiceNo IS DISTINCT FROM {before} END"
    )
    replaced = ", ".join(
        f"coalesce({name}, first_value({name}) OVER (PARTITION BY order_place ORDER BY Line)) AS c{columns[name]}"
        for name in cell
    )
    duck.execute(f"""
        CREATE OR REPLACE TEMP TABLE filled AS
        WITH named AS (SELECT *, {named} FROM lined),
        started AS (SELECT *, {starts} AS starts FROM named),
        numbered AS (SELECT *, sum(starts::INTEGER) OVER (ORDER BY Line) AS order_place FROM started)
        SELECT * EXCLUDE ({", ".join(cell)}, starts, order_place) REPLACE ({replaced}),
            InvoiceDate IS NULL OR CustomerID IS NULL AS had_blanks
        FROM numbered ORDER BY Line""")
    date, customer = (f"c{columns[name]}" for name in ("InvoiceDate", "CustomerID"))
    row = duck.execute(
        f"SELECT count(*) FROM filled WHERE had_blanks AND {date} IS NOT NULL AND {customer} IS NOT NULL"
    ).fetchone()
    assert row is not None
    return int(row[0])
