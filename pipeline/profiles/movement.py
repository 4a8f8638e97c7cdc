"""Who moved between segments from one day to another, who of them only by a hair, and how many had to be expected.

Time alone moves customers: `Recency` grows by a day with every day without an order, `Frequency` and `Monetary` never
fall. So a customer near a border crosses it sooner or later, and back with the next order. One customer's move counts
only if it would also have been one with either day a week sooner or later and the same orders. How many go from one
segment to another is told only where it is not what `steady` expects of customers who go on as before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline import formats
from pipeline.profiles.moves import flows, ordered
from pipeline.profiles.steady import Steady

if TYPE_CHECKING:
    import datetime

    import pandas as pd

NOT_YET = -3  # the label of who had not bought yet on the earlier day
NOT_YET_NAME = "Not a customer yet"
MORE, FEWER = "▲", "▼"
TOLD = 4  # flows beyond what is expected that are told in words
USUAL_DAYS, LEAST_DAYS = 90, 30  # between the two days where nobody names them, and where a file is short
BORDER_DAYS = 7  # a week, because shops have weekdays: any less would tell a Saturday from a Monday


class Movement(NamedTuple):
    """How customers moved.

    Attributes
    ----------
    customers : one row per customer of the later day, by CustomerID: Before (`NOT_YET` for who is new) and After, the
        segments on both days; Firm, whether a customer of the earlier day changed, and not only by a hair.
    steady : what would be expected without a change; None where it is not known.
    """

    customers: pd.DataFrame
    steady: Steady | None = None

    @property
    def known(self) -> int:
        """How many were customers on the earlier day already."""
        return int((self.customers["Before"] != NOT_YET).sum())

    @property
    def new(self) -> int:
        """How many became customers between the two days."""
        return len(self.customers) - self.known

    @property
    def changed(self) -> int:
        """How many of the known are in another segment, by however little."""
        both = self.customers
        return int(((both["Before"] != NOT_YET) & (both["Before"] != both["After"])).sum())

    @property
    def moved(self) -> int:
        """How many of them moved for sure: those who are `Firm`."""
        return int(self.customers["Firm"].sum())

    def flows(self) -> pd.DataFrame:
        """Before, After and Customers, of every pair of segments that anybody is in."""
        return flows(self.customers["Before"], self.customers["After"])

    def beyond(self) -> pd.DataFrame:
        """The flows between different segments that no chance explains, the farthest from what is expected first.

        Returns
        -------
        Before, After, Customers; Expected, Low and High without a change.
        """
        if self.steady is None:
            return self.flows().iloc[:0].assign(Expected=0.0, Low=0.0, High=0.0)
        found = self.flows()
        both = found[found["Before"] != NOT_YET].merge(self.steady.flows, on=["Before", "After"], how="outer")
        whole = both.fillna(0.0).astype({"Customers": "int64"})
        outside = (whole["Customers"] < np.floor(whole["Low"])) | (whole["Customers"] > np.ceil(whole["High"]))
        told = whole[outside & (whole["Before"] != whole["After"])]
        far = (told["Customers"] - told["Expected"]).abs().sort_values(ascending=False, kind="stable")
        ranked: pd.DataFrame = told.loc[far.index].reset_index(drop=True)
        return ranked

    def matrix(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """How many went from each segment (rows) to each (columns), in their order, and what is beyond chance.

        Returns
        -------
        Customers, missing where nobody went that way; and of the same shape `MORE` or `FEWER` where more or fewer went
        than had to be expected, else an empty text.
        """
        import pandas as pd

        found = self.flows()
        rows, columns = ordered(found["Before"]), ordered(found["After"])
        crossed = found.pivot_table(index="Before", columns="After", values="Customers", fill_value=0, aggfunc="sum")
        marks = pd.DataFrame("", index=rows, columns=columns)
        for flow in self.beyond().to_dict("records"):
            if flow["After"] in marks.columns:
                marks.loc[flow["Before"], flow["After"]] = MORE if flow["Customers"] > flow["Expected"] else FEWER
        return crossed.reindex(index=rows, columns=columns), marks

    @property
    def widest(self) -> float:
        """How many went between the two different segments that most went between; 1 where nobody did."""
        found = self.flows()
        moving = found.loc[found["Before"] != found["After"], "Customers"]
        return float(moving.max() if len(moving) else 1)

    def sentences(self, earlier: datetime.date, later: datetime.date) -> list[str]:
        """How many moved, how many of these moves are noise, and what time does by itself."""
        then, now = formats.date(earlier.isoformat()), formats.date(later.isoformat())
        if not self.known:
            return [f"Nobody was a customer on {then} yet, so nobody can have moved."]
        by_a_hair = self.changed - self.moved
        return [
            f"Of {formats.plural(self.known, 'customer')} on {then}, {formats.count(self.moved)} "
            f"({formats.share(self.moved / self.known)}) had moved to another segment by {now}; "
            f"{formats.count(self.new)} became customers in between.",
            f"{formats.count(by_a_hair)} more ({formats.share(by_a_hair / self.known)}) are in another segment only "
            f"by a hair: with either day {BORDER_DAYS} days sooner or later and the same orders they would not be. "
            "The list leaves them out.",
            *self._noise(),
        ]

    def _noise(self) -> list[str]:
        if self.steady is None:
            return []
        low, high = formats.count(self.steady.low), formats.count(self.steady.high)
        is_more, is_less = self.changed > self.steady.high, self.changed < self.steady.low
        beside = "more than the" if is_more else "fewer than the" if is_less else "about as many as the"
        return [
            f"In all {formats.count(self.changed)} are in another segment: {beside} {low} to {high} to be expected had "
            "everyone gone on ordering as before, since time passes and orders add up."
        ]

    def told_beyond(self, names: Mapping[int, str]) -> list[str]:
        """The largest flows that no chance explains, a sentence each; one that there are none, where there are none.

        Parameters
        ----------
        names : segment -> its name.
        """
        if self.steady is None:
            return []
        found = self.beyond()
        if found.empty:
            return ["Between no two segments did more or fewer move than chance explains."]
        return [
            f"{'More' if row['Customers'] > row['Expected'] else 'Fewer'} than expected went from "
            f"{names[row['Before']]} to {names[row['After']]}: {formats.count(row['Customers'])} instead of "
            f"{formats.count(np.floor(row['Low']))} to {formats.count(np.ceil(row['High']))}."
            for row in found.head(TOLD).to_dict("records")
        ]


def movement(
    before: pd.Series[int],
    after: pd.Series[int],
    near_before: Sequence[pd.Series[int]],
    near_after: Sequence[pd.Series[int]],
    steady: Steady | None = None,
) -> Movement:
    """The movement between two days.

    Parameters
    ----------
    before, after : the segment of each customer of the earlier and of the later day, by CustomerID.
    near_before, near_after : the same of the same customers in the same order, had the day been a little sooner or
        later.
    steady : what would be expected without a change.
    """
    import pandas as pd

    place = before.index.get_indexer(after.index)

    def earlier(labels: pd.Series[int]) -> NDArray[np.intp]:
        return np.append(labels.to_numpy(), NOT_YET)[place]  # who was no customer yet has the place -1

    starts = [earlier(labels) for labels in (before, *near_before)]
    ends = [labels.to_numpy() for labels in (after, *near_after)]
    firm = np.logical_and.reduce([start != end for start in starts for end in ends]) & (place >= 0)
    return Movement(pd.DataFrame({"Before": starts[0], "After": after, "Firm": firm}), steady)
