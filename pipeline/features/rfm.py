"""Recency, frequency and monetary value: when, how often and how much each customer bought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import engine

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.engine import LazyTable


def rfm(baskets: LazyTable) -> pd.DataFrame:
    """RFM of every customer.

    Parameters
    ----------
    baskets : with CustomerID, InvoiceNo, Day and TotalPrice.

    Returns
    -------
    Indexed by CustomerID, sorted: `Recency`, whole days from the customer's last purchase day to the last day in the
    transactions (0 for who bought on that day); `Frequency`, distinct invoices; `Monetary`, sum of TotalPrice.
    """
    import narwhals as nw
    import pandas as pd

    found = baskets.group_by("CustomerID").agg(
        nw.col("Day").max().alias("LastDay"),
        nw.col("InvoiceNo").n_unique().alias("Frequency"),
        nw.col("TotalPrice").sum().alias("Monetary"),
    )
    customers = (
        engine.collected(found.with_columns(nw.col("Monetary").cast(nw.Float64))).set_index("CustomerID").sort_index()
    )
    return pd.DataFrame(
        {
            "Recency": (customers["LastDay"].max() - customers["LastDay"]).dt.days.astype("int64"),
            "Frequency": customers["Frequency"].astype("int64"),
            "Monetary": customers["Monetary"],
        }
    )
