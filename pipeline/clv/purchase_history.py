"""Transactions -> what the value models see of each customer: repeat purchase days, their span, and what they spent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import engine
from pipeline.store import Facts

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd

    from pipeline.engine import LazyTable


WEEKDAYS = range(1, 8)  # Monday is 1


def purchase_history(transactions: Path, time_unit: str, target: Path) -> Facts:
    """Write the purchase history of every customer, as defined in Fader, Hardie and Lee (2005) and in `lifetimes`.

    Parameters
    ----------
    transactions : Parquet file of cleaned lines with CustomerID, InvoiceDate and TotalPrice.
    time_unit : "day", or "week": then all purchases from a Monday to a Sunday are one, as with `freq="W"` of lifetimes,
        and the times below, still in days, are whole weeks.
    target : the Parquet file to write, one row per CustomerID, sorted: `frequency`, days with a purchase after the
        first one (several invoices on one day count once); `recency`, days from the first to the last purchase; `T`,
        days from the first purchase to the last day of the transactions; `monetary_value`, mean spend of a repeat
        purchase day, 0 where there is none; `average_order`, mean spend of any purchase day, the first included.

    Returns
    -------
    `purchase_days`, all days (weeks) with a purchase summed over customers; `last_day` of the transactions, ISO.
    """
    with engine.opened() as tables:
        lines = tables.scan(transactions)
        history, last_day = _history(lines, time_unit), _last_day(lines)
    engine.write_parquet(history, target)
    return {"purchase_days": int((history["frequency"] + 1).sum()), "last_day": last_day}


def purchases(lines: LazyTable, time_unit: str) -> LazyTable:
    """What each customer spent on each day (week) with a purchase: CustomerID, Day (its first moment), TotalPrice.

    A day on which a customer was only given something is none: the models of spend know no spend of 0.
    """
    import narwhals as nw

    dated = lines.filter(nw.col("TotalPrice") > 0).with_columns(_period(time_unit).alias("Day"))
    return dated.group_by("CustomerID", "Day").agg(nw.col("TotalPrice").sum())


def _last_day(lines: LazyTable) -> str:
    import narwhals as nw

    latest = engine.collected(lines.select(nw.col("InvoiceDate").max()))["InvoiceDate"].iloc[0]
    return str(latest.date())


def _period(time_unit: str) -> nw.Expr:
    """The first moment of the day, or of the week, in which a line was bought."""
    import narwhals as nw

    day = nw.col("InvoiceDate").dt.truncate("1d")
    if time_unit == "day":
        return day
    weekday = day.dt.weekday() % 7  # narwhals calls a Sunday 7 on DuckDB and 0 on Spark
    mondays = [nw.when(weekday == number % 7).then(day.dt.offset_by(f"-{number - 1}d")) for number in WEEKDAYS]
    return nw.coalesce(*mondays)


def _history(lines: LazyTable, time_unit: str) -> pd.DataFrame:
    import narwhals as nw
    import pandas as pd

    daily = purchases(lines, time_unit)
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
            "average_order": found["AllMoney"].astype("float64") / (frequency + 1),
        }
    )
