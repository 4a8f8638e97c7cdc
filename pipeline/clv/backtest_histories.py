"""What was known on a past day, and what came after it: every cut-off from one pass over the lines."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline import engine
from pipeline.clv.histories import Histories
from pipeline.clv.likelihood import Floats

Integers = NDArray[np.int64]


class PurchaseDays(NamedTuple):
    """Every customer's days with a purchase, by customer and day; `customer` numbers customers from 0 without gaps.

    Attributes
    ----------
    customer, day, money : `(n_purchase_days,)`; `day` in days since `first_date`, `money` of all orders of that day.
    starts : where each customer begins, `(n_customers,)`.
    first_date : the first day of the file.
    """

    customer: Integers
    day: Integers
    money: Floats
    starts: Integers
    first_date: datetime.date

    @property
    def last_day(self) -> int:
        """The last day of the file, in days since the first."""
        return int(self.day.max())

    def date(self, day: int) -> datetime.date:
        """The date of a day."""
        return self.first_date + datetime.timedelta(days=day)


class Holdout(NamedTuple):
    """What customers did between two days: orders (days with a purchase) and their money, each `(n_customers,)`."""

    orders: Floats
    spend: Floats


def purchase_days(transactions: Path) -> PurchaseDays:
    """Read cleaned lines (CustomerID, InvoiceDate, TotalPrice) as days with a purchase."""
    import narwhals as nw

    with engine.connection() as duck:
        daily = (
            engine.scan(duck, transactions)
            .with_columns(nw.col("InvoiceDate").dt.truncate("1d").alias("Day"))
            .group_by("CustomerID", "Day")
            .agg(nw.col("TotalPrice").sum().cast(nw.Float64).alias("Money"))
            .sort("CustomerID", "Day")
        )
        found = engine.collected(daily)
    is_first = (found["CustomerID"] != found["CustomerID"].shift()).to_numpy(dtype=bool)
    first = found["Day"].min()
    return PurchaseDays(
        customer=np.cumsum(is_first) - 1,
        day=(found["Day"] - first).dt.days.to_numpy(dtype=np.int64),
        money=found["Money"].to_numpy(dtype=np.float64),
        starts=np.flatnonzero(is_first),
        first_date=first.date(),
    )


def seen(days: PurchaseDays, cutoff: int) -> NDArray[np.bool_]:
    """Which customers had bought by the end of a day, `(n_customers,)`."""
    return np.asarray(days.day[days.starts] <= cutoff)


def histories_until(days: PurchaseDays, cutoff: int) -> Histories:
    """The purchase histories as they stood at the end of a day, of the customers seen by then.

    On the last day of the file they are those of the purchase history table.
    """
    known, customers = days.day <= cutoff, len(days.starts)
    counts = np.bincount(days.customer[known], minlength=customers)
    money = np.bincount(days.customer[known], days.money[known], minlength=customers)
    who = counts > 0
    first = days.starts[who]
    x = (counts[who] - 1).astype(np.float64)
    latest = days.day[first + counts[who] - 1]
    began = days.day[first]
    mean = np.where(x > 0, money[who] - days.money[first], 0.0) / np.maximum(x, 1)
    return Histories(x, (latest - began).astype(np.float64), (cutoff - began).astype(np.float64), mean, x)


def happened(days: PurchaseDays, after: int, until: int, who: NDArray[np.bool_]) -> Holdout:
    """What some customers did from the day after `after` to the end of `until`."""
    within, customers = (days.day > after) & (days.day <= until), len(days.starts)
    orders = np.bincount(days.customer[within], minlength=customers)
    spend = np.bincount(days.customer[within], days.money[within], minlength=customers)
    return Holdout(orders[who].astype(np.float64), np.asarray(spend[who], dtype=np.float64))
