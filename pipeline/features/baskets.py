"""Lines -> baskets: what the features need and nothing else, so that the lines are read once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.engine import LazyTable


def baskets(transactions: LazyTable, categories: LazyTable) -> LazyTable:
    """The money of each customer's invoice, day, country and category.

    Parameters
    ----------
    transactions : cleaned lines with CustomerID, InvoiceNo, InvoiceDate, Description, Country and TotalPrice.
    categories : Description and Category, one row per distinct description.

    Returns
    -------
    CustomerID, InvoiceNo, Day (the date at midnight), Country (null where none is valid), Category and TotalPrice, an
    exact decimal as in the lines: sums of it are the same in whatever order an engine adds them.
    """
    import narwhals as nw

    lines = transactions.select(
        "CustomerID",
        "InvoiceNo",
        "Country",
        "TotalPrice",
        nw.col("Description").fill_null(""),
        nw.col("InvoiceDate").dt.truncate("1d").alias("Day"),
    )
    keys = ("CustomerID", "InvoiceNo", "Day", "Country", "Category")
    return lines.join(categories, on="Description", how="left").group_by(*keys).agg(nw.col("TotalPrice").sum())
