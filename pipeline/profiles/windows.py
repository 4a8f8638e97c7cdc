"""When: the weeks in which to reach a segment, who of it is overdue, and whether weekdays say anything."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline import formats

if TYPE_CHECKING:
    import pandas as pd

OVERDUE = 2.0  # times the customer's own typical gap
LONGEST_DAYS = 183  # a window longer than that is no help
REGULAR = 3  # orders from which on a customer has a typical gap of its own


class Window(NamedTuple):
    """When the customers of a segment order next, as the forecast has it.

    Attributes
    ----------
    start, end : medians of the days by which 25 % and 75 % of each customer's next orders have come; None where for
        half of the customers that day never comes.
    overdue : regular customers who have been away `OVERDUE` times their typical gap or longer.
    """

    start: datetime.date | None
    end: datetime.date | None
    overdue: int

    def sentence(self) -> str:
        """The window in words."""
        if self.start is None:
            return "Most of these customers are not expected to order again."
        if self.end is None or (self.end - self.start).days > LONGEST_DAYS:
            return (
                f"Best reached from {formats.date(self.start)} on; their next orders spread over more than half a year."
            )
        return f"Best reached between {formats.date(self.start)} and {formats.date(self.end)}."


def windows(value: pd.DataFrame, frequency: pd.Series[int], segments: pd.Series[int]) -> dict[int, Window]:
    """Segment -> its window; all three are aligned.

    Parameters
    ----------
    value : NextOrder_25 and NextOrder_75 (ISO dates, empty for never) and Overdue (typical gaps since the last order).
    frequency : orders.
    segments : the segment of each customer.
    """
    late = ((value["Overdue"] >= OVERDUE) & (frequency >= REGULAR)).to_numpy()
    found = {}
    for segment in sorted(segments.dropna().unique().tolist()):
        member = (segments == segment).to_numpy()
        ends = [_median_day(value.loc[member, f"NextOrder_{percent}"]) for percent in (25, 75)]
        found[int(segment)] = Window(ends[0], ends[1], int(late[member].sum()))
    return found


def _median_day(written: pd.Series[str]) -> datetime.date | None:
    """The median day, where who never orders counts as the latest of all."""
    ranked = sorted(written.fillna("").tolist(), key=lambda day: (day == "", day))
    middle = ranked[(len(ranked) - 1) // 2]
    return datetime.date.fromisoformat(middle) if middle else None


class WeekdaySignal(NamedTuple):
    """How often a customer's last order falls on the weekday they favoured before, and on everyone's favourite."""

    customers: int
    own_share: float
    common_share: float
    low: float
    high: float

    @property
    def tells(self) -> bool:
        """Whether the own weekday is better than everyone's beyond chance: the interval of the gain is above 0."""
        return self.low > 0

    def sentence(self) -> str:
        """What was found, in words."""
        own, common = formats.share(self.own_share), formats.share(self.common_share)
        hits = f"right {own} of the time, one weekday for all {common}"
        verdict = "so it is worth using" if self.tells else "so it does not help to choose a day for each customer"
        return f"Each customer's own favourite weekday is {hits}: {verdict}."


def weekday_signal(days: pd.DataFrame) -> WeekdaySignal | None:
    """Whether the weekday of past orders tells that of the last one, of customers with `REGULAR` days and more.

    The gain's 95 % interval is that of a mean of paired differences. None with fewer than 30 such customers.

    Parameters
    ----------
    days : CustomerID and Day, a row per customer and day with orders.
    """
    import pandas as pd

    ordered = days.sort_values(["CustomerID", "Day"])
    weekday = ordered["Day"].dt.day_of_week.to_numpy()
    last = ~ordered["CustomerID"].duplicated(keep="last").to_numpy()
    past_days = ordered[~last].groupby("CustomerID").size()
    regulars = past_days.index[past_days >= REGULAR - 1]
    if len(regulars) < 30:
        return None
    place = regulars.get_indexer(pd.Index(ordered["CustomerID"]))
    counted = np.zeros((len(regulars), 7))
    np.add.at(counted, (place[~last & (place >= 0)], weekday[~last & (place >= 0)]), 1.0)
    actual = np.zeros(len(regulars), dtype=np.int64)
    actual[place[last & (place >= 0)]] = weekday[last & (place >= 0)]
    return _compared(counted, actual)


def _compared(counted: NDArray[np.float64], actual: NDArray[np.int64]) -> WeekdaySignal:
    """Ties between own weekdays go to the one that more orders of all fall on."""
    common = counted.sum(axis=0)
    own = (counted + common / (common.sum() + 1)).argmax(axis=1) == actual
    everyone = actual == common.argmax()
    gain = own.astype(np.float64) - everyone
    error = 1.959964 * float(gain.std(ddof=1)) / np.sqrt(len(gain))
    mean = float(gain.mean())
    return WeekdaySignal(len(gain), float(own.mean()), float(everyone.mean()), mean - error, mean + error)
