"""What one report is about: finished results seen through one method, and the words for its segments."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.clustering.methods import METHODS
from pipeline.clv.lifetime_value import LifetimeValue
from pipeline.profiles.summary import segment_summary
from pipeline.standing import Standing

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.reading.files import Source
    from pipeline.results import Segmentation


@dataclass(frozen=True)
class Subject:
    """One data set, one recipe, one method.

    Attributes
    ----------
    segmentation : the finished results.
    title : what the data set is called.
    source : the files it was read from.
    method, k : the segments that are shown; no k where the method finds its own number.
    made : when the report is written.
    named : segment -> its name; those left out go by their number.
    since, until : the days (ISO) between which movement is told; empty is as usual.
    stood : where customers stood on any day, if it is at hand already.
    """

    segmentation: Segmentation
    title: str
    source: Source
    method: str
    k: int | None
    made: datetime.datetime
    named: Mapping[int, str]
    since: str = ""
    until: str = ""
    stood: Standing | None = None

    @cached_property
    def customers(self) -> pd.DataFrame:
        """One row per customer, with `Segment`; customers without one are left out."""
        everyone = self.segmentation.customers()
        return everyone.assign(Segment=self.segmentation.labels(self.method, self.k)).dropna(subset="Segment")

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row per segment, as `pipeline.profiles.summary` describes it."""
        return segment_summary(self.customers.drop(columns="Segment"), self.customers["Segment"])

    @cached_property
    def names(self) -> dict[int, str]:
        """Every segment's name."""
        found = self.segmentation.named(self.method, self.k)
        return {number: self.named.get(number, each.name) for number, each in found.items()}

    @cached_property
    def standing(self) -> Standing:
        """Where customers stood on any day."""
        return self.stood or Standing(self.segmentation)

    @cached_property
    def names_on_any_day(self) -> dict[int, str]:
        """The name of every segment that anybody can be in on any day."""
        return {**self.standing.names(self.method, self.k), **self.names}

    @property
    def months(self) -> int:
        """How far ahead value is added up."""
        return self.segmentation.recipe.step(LifetimeValue).horizon_months

    @property
    def value(self) -> str:
        """The column of the value within the horizon."""
        return f"CLV_{self.months}m"

    @property
    def total(self) -> Mapping[str, float | None]:
        """What all customers together are expected to spend within the horizon: expected, low, high (money)."""
        total: Mapping[str, float | None] = self.segmentation.models()[f"total_{self.months}m"]
        return total

    @property
    def method_title(self) -> str:
        """The method's name for people."""
        return METHODS[self.method].TITLE
