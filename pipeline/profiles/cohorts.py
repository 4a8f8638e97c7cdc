"""How customers who first bought in the same month went on: who came back, and what each has brought since."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import datetime

    import pandas as pd
    from numpy.typing import NDArray


class Cohorts(NamedTuple):
    """Customers by the month of their first order, oldest first; columns are months after it, from 0.

    Attributes
    ----------
    sizes : customers of each cohort.
    retention : share of them who ordered in that month, 0 to 1; NaN where that month is not in the data yet.
    value : what each of them has brought up to the end of that month, on average; NaN like `retention`.
    partial : whether the data ends before the last month does: the last number of each row is then too low.
    """

    sizes: pd.Series[int]
    retention: pd.DataFrame
    value: pd.DataFrame
    partial: bool


def cohorts(days: pd.DataFrame, last_day: datetime.date) -> Cohorts:
    """Cohorts by calendar month.

    Parameters
    ----------
    days : CustomerID, Day, Revenue: a row per customer and day with orders.
    last_day : the last day that the data covers.
    """
    import pandas as pd

    month = _months(days)
    first = month.groupby(days["CustomerID"]).transform("min")
    placed = pd.DataFrame({"CustomerID": days["CustomerID"], "Cohort": first, "After": month - first})
    once = placed.drop_duplicates()
    buyers = pd.crosstab(once["Cohort"], once["After"])
    placed["Revenue"] = days["Revenue"]
    money = placed.pivot_table(index="Cohort", columns="After", values="Revenue", aggfunc="sum", fill_value=0.0)
    columns = range(last_day.year * 12 + last_day.month - int(first.min()))
    buyers, money = (table.reindex(columns=columns, fill_value=0) for table in (buyers, money))
    sizes = buyers[0]
    latest = last_day.year * 12 + last_day.month - 1
    seen = np.add.outer(buyers.index.to_numpy(), np.array(columns)) <= latest
    names = [_name(number) for number in buyers.index]
    retention = buyers.div(sizes, axis=0).where(seen).set_axis(names)
    value = money.cumsum(axis=1).div(sizes, axis=0).where(seen).set_axis(names)
    partial = pd.Timestamp(last_day) != pd.Timestamp(last_day) + pd.offsets.MonthEnd(0)
    return Cohorts(sizes.set_axis(names), retention, value, bool(partial))


def revenue_by_segment(days: pd.DataFrame, segments: NDArray[np.floating]) -> pd.DataFrame:
    """Revenue of each month (rows, such as 2011-03) from the customers of each segment (columns).

    Parameters
    ----------
    days : Day, Revenue.
    segments : the segment of the customer of each of the days, `(n_days,)`; where it is missing the day is left out.
    """
    placed = days[["Revenue"]].assign(Month=_months(days), Segment=segments)
    placed = placed.dropna(subset="Segment").astype({"Segment": "int64"})
    monthly = placed.pivot_table(index="Month", columns="Segment", values="Revenue", aggfunc="sum", fill_value=0.0)
    return monthly.set_axis([_name(number) for number in monthly.index])


def _months(days: pd.DataFrame) -> pd.Series[int]:
    """Months since the year 0: they subtract, and are told apart far quicker than texts."""
    months: pd.Series[int] = days["Day"].dt.year * 12 + days["Day"].dt.month - 1
    return months


def _name(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02d}"
