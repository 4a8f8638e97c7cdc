"""The largest cancellations and returns by name, so that a person can look them up in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import engine
from pipeline.cleaning.rules import PLACES

if TYPE_CHECKING:
    from pipeline.engine import LazyTable

NAMED = 5


def examples(paired: LazyTable) -> dict[str, list[dict[str, Any]]]:
    """The largest returning lines of the rules `void`, `return` and `orphan`.

    Parameters
    ----------
    paired : the lines of customers and products with returns as netting leaves them.

    Returns
    -------
    For each rule at most five, by money: CustomerID, StockCode, InvoiceNo of the return, `money` (above 0); of a void
    also `cancels`, the invoice that it cancels, and `minutes`, how long after it.
    """
    return {rule: _largest(paired, rule) for rule in ("void", "return", "orphan")}


def _largest(paired: LazyTable, rule: str) -> list[dict[str, Any]]:
    import narwhals as nw

    returns = paired.filter(nw.col("place") == PLACES[rule], nw.col("money") < 0)
    largest = returns.sort("money", "customer", "product", "InvoiceNo", "InvoiceDate", "Line").head(NAMED)
    return [_named(row, rule) for row in engine.rows(largest)]


def _named(row: dict[str, Any], rule: str) -> dict[str, Any]:
    found = {
        "CustomerID": row["customer"],
        "StockCode": row["product"],
        "InvoiceNo": row["InvoiceNo"],
        "money": -float(row["money"]),
    }
    if rule != "void":
        return found
    minutes = round((row["InvoiceDate"] - row["bought"]).total_seconds() / 60)
    return {**found, "cancels": row["partner"], "minutes": minutes}
