"""Recency, frequency and monetary value: when, how often and how much each customer bought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import engine
from pipeline.money import in_currency, with_parts

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.engine import LazyTable


def rfm(transactions: LazyTable) -> pd.DataFrame:
    """RFM of every customer.

    Parameters
    ----------
    transactions : cleaned lines with CustomerID, InvoiceNo, InvoiceDate and TotalPrice.

    Returns
    -------
    Indexed by CustomerID, sorted: `Recency`, whole days from the customer's last purchase day to the last day in the
    transactions (0 for who bought on that day); `Frequency`, distinct invoices; `Monetary`, sum of TotalPrice.
    """
    import narwhals as nw
    import pandas as pd

    found = (
        with_parts(transactions)
        .group_by("CustomerID")
        .agg(
            nw.col("InvoiceDate").max().alias("LastPurchase"),
            nw.col("InvoiceNo").n_unique().alias("Frequency"),
            nw.col("Parts").sum().alias("Monetary"),
        )
    )
    customers = engine.collected(found).set_index("CustomerID").sort_index()
    last_day = customers["LastPurchase"].dt.normalize()
    return pd.DataFrame(
        {
            "Recency": (last_day.max() - last_day).dt.days.astype("int64"),
            "Frequency": customers["Frequency"].astype("int64"),
            "Monetary": in_currency(customers["Monetary"]),
        }
    )
