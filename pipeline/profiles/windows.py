"""When: the weeks in which to reach a segment, and who of it is overdue."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

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
                f"No best time: left alone, their next orders come from {formats.date(self.start)} on, spread over "
                "more than half a year."
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
