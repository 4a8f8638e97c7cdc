"""What was known on a past day, and what came after it: every cut-off from one pass over the lines."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline import engine
from pipeline.clv.histories import Histories
from pipeline.clv.likelihood import Floats
from pipeline.clv.purchase_history import purchases

if TYPE_CHECKING:
    import pandas as pd

Integers = NDArray[np.int64]
UNIT_DAYS = {"day": 1, "week": 7}


class PurchaseDays(NamedTuple):
    """Every customer's days with a purchase, by customer and day; `customer` numbers customers from 0 without gaps.

    Where purchases are counted by the week, a week stands for its days: every `day` is a Monday.

    Attributes
    ----------
    customer, day, money : `(n_purchase_days,)`; `day` in days since `first_date`, `money` of all orders of that day.
    starts : where each customer begins, `(n_customers,)`.
    first_date : the first day of the file.
    unit : how many days count as one, 1 or 7.
    """

    customer: Integers
    day: Integers
    money: Floats
    starts: Integers
    first_date: datetime.date
    unit: int = 1

    @property
    def last_day(self) -> int:
        """The last day (the Monday of the last week) of the file, in days since the first."""
        return int(self.day.max())

    def date(self, day: int) -> datetime.date:
        """The date on which a day (the week that begins on it) ends."""
        return self.first_date + datetime.timedelta(days=day + self.unit - 1)


class Holdout(NamedTuple):
    """What customers did between two days: orders (days with a purchase) and their money, each `(n_customers,)`."""

    orders: Floats
    spend: Floats


def purchase_days(transactions: Path, time_unit: str = "day") -> PurchaseDays:
    """Read cleaned lines (CustomerID, InvoiceDate, TotalPrice) as days, or weeks ("week"), with a purchase."""
    import narwhals as nw

    with engine.opened() as tables:
        counted = purchases(tables.scan(transactions), time_unit).with_columns(
            Money=nw.col("TotalPrice").cast(nw.Float64), IsFirst=nw.col("Day") == nw.col("Day").min().over("CustomerID")
        )
        in_order = counted.sort("CustomerID", "Day")  # which tells customers apart, in an eighth of their texts' memory
        return numbered(engine.collected(in_order.select("Day", "Money", "IsFirst")), time_unit)


def numbered(days: pd.DataFrame, time_unit: str) -> PurchaseDays:
    """The purchase days of a table, in numbers.

    Parameters
    ----------
    days : Day (of a week its Monday), Money and IsFirst (of the customer), sorted by customer and day, each pair once.
    """
    is_first = days["IsFirst"].to_numpy(dtype=bool)
    first = days["Day"].min()
    return PurchaseDays(
        customer=np.cumsum(is_first) - 1,
        day=(days["Day"] - first).dt.days.to_numpy(dtype=np.int64),
        money=days["Money"].to_numpy(dtype=np.float64),
        starts=np.flatnonzero(is_first),
        first_date=first.date(),
        unit=UNIT_DAYS[time_unit],
    )


def every_nth(days: PurchaseDays, most: int) -> PurchaseDays:
    """At most so many customers: all of them, or every second, third and so on in the order of their numbers."""
    step = -(-len(days.starts) // most)
    if step <= 1:
        return days
    kept = days.customer % step == 0
    customer = days.customer[kept] // step
    starts = np.flatnonzero(np.diff(customer, prepend=-1))
    return days._replace(customer=customer, day=days.day[kept], money=days.money[kept], starts=starts)


def seen(days: PurchaseDays, cutoff: int) -> NDArray[np.bool_]:
    """Which customers had bought by the end of a day, `(n_customers,)`."""
    return np.asarray(days.day[days.starts] <= cutoff)


def histories_until(days: PurchaseDays, cutoff: int, spend_from: str = "repeat") -> Histories:
    """The purchase histories as they stood at the end of a day, of the customers seen by then.

    On the last day of the file they are those of the purchase history table; `spend_from` as in `histories_of`.
    """
    known, customers = days.day <= cutoff, len(days.starts)
    counts = np.bincount(days.customer[known], minlength=customers)
    money = np.bincount(days.customer[known], days.money[known], minlength=customers)
    who = counts > 0
    first = days.starts[who]
    x = (counts[who] - 1).astype(np.float64)
    latest = days.day[first + counts[who] - 1]
    began = days.day[first]
    t_x, T = (latest - began).astype(np.float64), (cutoff - began).astype(np.float64)
    if spend_from == "all":
        return Histories(x, t_x, T, money[who] / (x + 1), x + 1)
    repeats = np.where(x > 0, money[who] - days.money[first], 0.0)
    return Histories(x, t_x, T, repeats / np.maximum(x, 1), x)


def happened(days: PurchaseDays, after: int, until: int, who: NDArray[np.bool_]) -> Holdout:
    """What some customers did from the day after `after` to the end of `until`."""
    within, customers = (days.day > after) & (days.day <= until), len(days.starts)
    orders = np.bincount(days.customer[within], minlength=customers)
    spend = np.bincount(days.customer[within], days.money[within], minlength=customers)
    return Holdout(orders[who].astype(np.float64), np.asarray(spend[who], dtype=np.float64))
