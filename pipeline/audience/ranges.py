"""Ranges of measures, as a box drawn in a chart gives them and an address carries them: `0-60`, `5-`, `-30`."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

MEASURES = {
    "recency": "Recency",
    "frequency": "Frequency",
    "monetary": "Monetary",
    "clv": "CLV_6m",
    "overdue": "Overdue",
    "first": "Tenure",
}
"""Part of an address -> the column of the customers table that it narrows."""

_WRITTEN = re.compile(r"(?P<low>\d+(?:\.\d+)?)?-(?P<high>\d+(?:\.\d+)?)?")


class Range(NamedTuple):
    """From `low` to `high`, both within; None is open."""

    low: float | None
    high: float | None

    def holds(self, values: pd.Series[float]) -> pd.Series[bool]:
        """Which of these values lie in the range."""
        within: pd.Series[bool] = (values >= (-math.inf if self.low is None else self.low)) & (
            values <= (math.inf if self.high is None else self.high)
        )
        return within

    def __str__(self) -> str:
        low, high = ("" if end is None else f"{end:.2f}".rstrip("0").rstrip(".") for end in self)
        return f"{low}-{high}"


def parsed(asked: Any) -> Range | None:
    """The range that a text asks for; None where it asks for none that makes sense."""
    found = _WRITTEN.fullmatch(str(asked or "").strip())
    ends = [float(end) if end else None for end in found.group("low", "high")] if found else [None, None]
    low, high = ends
    if (low is None and high is None) or (low is not None and high is not None and low > high):
        return None
    return Range(low, high)


def settled(asked: Any) -> str:
    """The text as an address carries it; empty where it is no range."""
    found = parsed(asked)
    return "" if found is None else str(found)
