"""Customers with the same history say the same to a likelihood: each distinct row is worked out once, with a weight."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Distinct(NamedTuple):
    """Distinct rows of some columns.

    Attributes
    ----------
    columns : the columns at the distinct rows, each `(n_distinct,)`.
    weights : how many rows are alike, `(n_distinct,)`.
    places : for every original row its distinct row, `(n_rows,)`; `columns[i][places]` is the original column.
    """

    columns: tuple[Floats, ...]
    weights: Floats
    places: NDArray[np.intp]


def distinct_rows(*columns: Floats) -> Distinct:
    """The distinct rows of columns of one length, sorted by the first column, then the second, and so on."""
    order = np.lexsort(columns[::-1])
    ordered = tuple(column[order] for column in columns)
    starts = np.zeros(len(order), dtype=bool)
    starts[:1] = True
    for column in ordered:
        starts[1:] |= column[1:] != column[:-1]
    places = np.empty(len(order), dtype=np.intp)
    places[order] = np.cumsum(starts) - 1
    weights = np.bincount(places, minlength=int(starts.sum())).astype(np.float64)
    return Distinct(tuple(column[starts] for column in ordered), weights, places)
