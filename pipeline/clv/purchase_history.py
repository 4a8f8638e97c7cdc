"""Transactions -> what the value models see of each customer: repeat purchase days, their span, and what they spent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import engine
from pipeline.store import Facts

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.engine import LazyTable


def purchase_history(transactions: Path, target: Path) -> Facts:
    """Write the purchase history of every customer, as defined in Fader, Hardie and Lee (2005) and in `lifetimes`.

    Parameters
    ----------
    transactions : Parquet file of cleaned lines with CustomerID, InvoiceDate and TotalPrice.
    target : the Parquet file to write, one row per CustomerID, sorted: `frequency`, days with a purchase after the
        first one (several invoices on one day count once); `recency`, days from the first to the last purchase; `T`,
        days from the first purchase to the last day of the transactions; `monetary_value`, mean spend of a repeat
        purchase day, 0 where there is none.

    Returns
    -------
    `purchase_days`, all days with a purchase summed over customers.
    """
    with engine.connection() as duck:
        lines = engine.scan(duck, transactions)
        history = _history(lines)
    engine.write_parquet(history, target)
    return {"purchase_days": int((history["frequency"] + 1).sum())}


def _history(lines: LazyTable) -> pd.DataFrame:
    import narwhals as nw
    import pandas as pd

    daily = (
        lines.with_columns(nw.col("InvoiceDate").dt.truncate("1d").alias("Day"))
        .group_by("CustomerID", "Day")
        .agg(nw.col("TotalPrice").sum())
    )
    spans = daily.group_by("CustomerID").agg(
        nw.col("Day").min().alias("FirstDay"),
        nw.col("Day").max().alias("LastDay"),
        nw.len().alias("Days"),
        nw.col("TotalPrice").sum().alias("AllMoney"),
    )
    firsts = daily.rename({"TotalPrice": "FirstMoney"})
    joined = spans.join(firsts, left_on=["CustomerID", "FirstDay"], right_on=["CustomerID", "Day"], how="inner")
    repeat = (nw.col("AllMoney") - nw.col("FirstMoney")).cast(nw.Float64)
    found = engine.collected(joined.with_columns(repeat.alias("RepeatMoney"))).sort_values(
        "CustomerID", ignore_index=True
    )
    frequency = found["Days"].astype("int64") - 1
    return pd.DataFrame(
        {
            "CustomerID": found["CustomerID"],
            "frequency": frequency,
            "recency": (found["LastDay"] - found["FirstDay"]).dt.days.astype("int64"),
            "T": (found["LastDay"].max() - found["FirstDay"]).dt.days.astype("int64"),
            "monetary_value": (found["RepeatMoney"] / frequency.where(frequency > 0, 1)).where(frequency > 0, 0.0),
        }
    )
