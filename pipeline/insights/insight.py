"""An insight, and what the rules that find insights are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.audience.choice import Choice
    from pipeline.store import Facts

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


DOUBTFUL = "in doubt"
LEDGER, RULES, PRICES, MONTHS = PLACES = ("ledger", "cleaning", "odd-prices", "glance")
"""Parts of the account of the data: what each rule took, its settings, prices far from usual, and its months."""


class Insight(NamedTuple):
    """One thing that stands out.

    Attributes
    ----------
    rule : the name of the rule that found it.
    sentence : what was found, with its numbers.
    step : what to do next.
    chance : what chance alone would give, or why chance has no part in it.
    money : how much it is about, for the ranking.
    evidence : the number that the sentence rests on, such as a share from 0 to 1.
    filters : parts of a `Choice` that leave exactly the customers the sentence counts; empty where it counts none.
    customer : the CustomerID of the one it is about; empty where it is about several or about lines of the file.
    segment : the segment it is about, where `filters` do not say so.
    stake : what that money is, in a word or two: at stake, to gain, in doubt.
    place : which part of the account of the data shows it, one of `PLACES`; empty where customers do.
    """

    rule: str
    sentence: str
    step: str
    chance: str
    money: float
    evidence: float
    filters: Mapping[str, int | str] = {}
    customer: str = ""
    segment: int | None = None
    stake: str = "at stake"
    place: str = ""


@dataclass(frozen=True)
class Shop:
    """What rules look at.

    Attributes
    ----------
    customers : one row per customer, sorted by CustomerID: the features, what is expected, and `Segment`.
    names : segment -> its name.
    days : CustomerID, Day, Orders, Revenue: one row per customer and day with orders, sorted.
    history : aligned with `customers`: frequency (x, repeat days) and T (days since the first order).
    pace : r and alpha of the purchase model: how many orders go with how many days before any are known.
    cleaned, checked : what the stages `cleaning` and `check` reported.
    """

    customers: pd.DataFrame
    names: Mapping[int, str]
    days: pd.DataFrame
    history: pd.DataFrame
    pace: tuple[float, float]
    cleaned: Facts = field(default_factory=dict)
    checked: Facts = field(default_factory=dict)

    def segments(self) -> dict[int | str, Mask]:
        """Who is in each segment, `(n_customers,)`; groups that are no segments are left out."""
        numbers = self.customers["Segment"]
        return {int(number): (numbers == number).to_numpy() for number in sorted(numbers.unique()) if number >= 0}

    def left_by(self, choice: Choice) -> pd.DataFrame:
        """The customers that these filters leave: whatever a sentence counts is counted as its link shows it."""
        from pipeline.audience.choice import chosen

        return chosen(self.customers, choice)

    def oddities(self, name: str) -> Any:
        """What `pipeline.data_check.oddities` found under this name; None where it was not looked for."""
        return self.checked.get("oddities", {}).get(name)

    @cached_property
    def places(self) -> NDArray[np.intp]:
        """The row in `customers` of each row in `days`, -1 for who is not there."""
        import pandas as pd

        found: NDArray[np.intp] = pd.Index(self.customers["CustomerID"]).get_indexer(pd.Index(self.days["CustomerID"]))
        return found


Find = Callable[[Shop], list[Insight]]


@dataclass(frozen=True)
class Rule:
    """One kind of insight.

    Attributes
    ----------
    name : in one word.
    find : the insights of this kind in a shop, none where chance explains what is there.
    of_segments : whether it looks at segments; all others say the same whatever the segments are.
    """

    name: str
    find: Find
    of_segments: bool = False
