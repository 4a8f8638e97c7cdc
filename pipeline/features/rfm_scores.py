"""Scores from 1 to 5 for recency, frequency and spend, and the names of their cells.

Equal values always have equal scores. (A third of a shop's customers may have one order: scores that number them by
their place in the file change with the order of its lines.)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Scores = NDArray[np.int8]

HIGHEST = 5
SCORES = {"Recency": "R_Score", "Frequency": "F_Score", "Monetary": "M_Score"}
SMALL_IS_GOOD = frozenset({"Recency"})
CELLS = {
    "Champions": ("54", "55"),
    "Loyal": ("34", "35", "44", "45"),
    "Potential loyalists": ("42", "43", "52", "53"),
    "New": ("51",),
    "Promising": ("41",),
    "Need attention": ("33",),
    "About to sleep": ("31", "32"),
    "Can't lose": ("15", "25"),
    "At risk": ("13", "14", "23", "24"),
    "Hibernating": ("11", "12", "21", "22"),
}
"""Segment -> its cells, a recency score (5 is most recent) and a frequency score (5 is most orders): each cell once."""
NAME_OF = {cell: name for name, cells in CELLS.items() for cell in cells}


class Scale(NamedTuple):
    """How one measure is scored.

    Attributes
    ----------
    edges : from which value on the score is at least 2, 3, 4 and 5, ascending; infinite where no value gets so far.
    small_is_good : whether the scores run the other way round.
    """

    edges: tuple[float, ...]
    small_is_good: bool = False

    def scores(self, values: Floats) -> Scores:
        """The score of each value, 1 to 5, also of values that the scale was not made from, `(n,)`."""
        reached = 1 + np.searchsorted(np.array(self.edges), np.asarray(values, dtype=np.float64), side="right")
        found: Scores = (HIGHEST + 1 - reached if self.small_is_good else reached).astype(np.int8)
        return found


def scale(values: Floats, small_is_good: bool = False) -> Scale:
    """The scale on which a fifth of these values gets each score, as far as equal values allow.

    A value's score follows from the share of all values below it, those equal to it counted half. NaN is left out.
    """
    kept = np.asarray(values, dtype=np.float64)
    distinct, counts = np.unique(kept[np.isfinite(kept)], return_counts=True)
    below = np.cumsum(counts) - counts
    standing = (below + counts / 2) / max(int(counts.sum()), 1)
    reached = np.minimum(HIGHEST, 1 + np.floor(HIGHEST * standing + 1e-12))
    found = [distinct[reached >= score] for score in range(2, HIGHEST + 1)]
    return Scale(tuple(float(reaching[0]) if len(reaching) else float("inf") for reaching in found), small_is_good)


def scales(measures: Mapping[str, Floats]) -> dict[str, Scale]:
    """The scales of Recency, Frequency and Monetary, by name."""
    return {name: scale(measures[name], name in SMALL_IS_GOOD) for name in SCORES}


def cell_names(recency: Scores, frequency: Scores) -> list[str]:
    """The segment of each customer by its two scores, `(n,)`."""
    return [NAME_OF[f"{r}{f}"] for r, f in zip(recency.tolist(), frequency.tolist(), strict=True)]
