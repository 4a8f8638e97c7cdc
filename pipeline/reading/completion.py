"""What a file leaves out and its other columns tell: the order of a line, its pieces and its price."""

# ruff: noqa: S608  (only our own column names are ever spliced into SQL)

from __future__ import annotations

from collections.abc import Mapping

from pipeline.reading.columns import CANONICAL

# A line is a return if either its amount or its pieces are negative; both are then, and the price of a piece never is.
_SIGN = "(CASE WHEN Amount < 0 OR Quantity < 0 THEN -1 ELSE 1 END)"
_WITH_PIECES = {
    "Quantity": f"{_SIGN} * abs(Quantity)",
    "UnitPrice": "abs(Amount) / nullif(abs(Quantity), 0)",
    "Amount": f"{_SIGN} * abs(Amount)",
}
_ONE_PIECE = {
    "Quantity": "CASE WHEN Amount < 0 THEN -1.0 WHEN Amount >= 0 THEN 1.0 END",
    "UnitPrice": "abs(Amount)",
}


def completed_sql(typed: str, columns: Mapping[str, int]) -> str:
    """SQL: the typed rows with InvoiceNo, Quantity and UnitPrice worked out where the file does not have them.

    Parameters
    ----------
    typed : SQL of the rows with `Line` and every canonical column, null where the file has none.
    columns : which of them the file has.
    """
    values = completed(columns, "strftime(InvoiceDate, '%Y-%m-%d')")
    if all(name == value for name, value in values.items()):
        return typed
    selected = ", ".join(f"{value} AS {name}" for name, value in values.items())
    return f"SELECT Line, {selected} FROM ({typed}) AS typed"


def completed(columns: Mapping[str, int], day: str) -> dict[str, str]:
    """SQL of each canonical column, from the typed ones; `day` is that of InvoiceDate's day as text."""
    values = {name: name for name in CANONICAL}
    if "InvoiceNo" not in columns:
        values["InvoiceNo"] = f"CustomerID || ' ' || {day}"
    if "Amount" in columns:
        values |= _WITH_PIECES if "Quantity" in columns else _ONE_PIECE
    return values
