"""Who moved between segments from one day to another, and who of them only by a hair.

Time alone moves customers: `Recency` grows by a day with every day without an order, `Frequency` and `Monetary` never
fall. So a customer near a border crosses it sooner or later, and back with the next order. A move counts only if it
would also have been one with either day a week sooner or later and the same orders; the others are told as what is to
be expected of customers on a border.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline import formats
from pipeline.profiles.moves import flows

if TYPE_CHECKING:
    import datetime

    import pandas as pd

NOT_YET = -3  # the label of who had not bought yet on the earlier day
NOT_YET_NAME = "Not a customer yet"
BORDER_DAYS = 7  # a week, because shops have weekdays: any less would tell a Saturday from a Monday


class Movement(NamedTuple):
    """How customers moved.

    Attributes
    ----------
    customers : one row per customer of the later day, by CustomerID: Before (`NOT_YET` for who is new) and After, the
        segments on both days; Firm, whether a customer of the earlier day changed, and not only by a hair.
    """

    customers: pd.DataFrame

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
        """Before, After and Customers of every pair of segments; who changed by a hair counts as having stayed."""
        both = self.customers
        went = both["Firm"] | (both["Before"] == NOT_YET)
        return flows(both["Before"], both["After"].where(went, both["Before"]))

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
            "That many are to be expected on a border, and they are not counted as moves.",
        ]


def movement(
    before: pd.Series[int],
    after: pd.Series[int],
    near_before: Sequence[pd.Series[int]],
    near_after: Sequence[pd.Series[int]],
) -> Movement:
    """The movement between two days.

    Parameters
    ----------
    before, after : the segment of each customer of the earlier and of the later day, by CustomerID.
    near_before, near_after : the same, had the day been a little sooner or later.
    """
    import pandas as pd

    known = before.reindex(after.index, fill_value=NOT_YET)
    starts = [known, *(near.reindex(after.index, fill_value=NOT_YET) for near in near_before)]
    ends = [after, *(near.reindex(after.index) for near in near_after)]
    firm = np.logical_and.reduce([(start != end).to_numpy() for start in starts for end in ends])
    firm &= (known != NOT_YET).to_numpy()
    return Movement(pd.DataFrame({"Before": known, "After": after, "Firm": firm}))
