"""Customers with the same history say the same to a likelihood: each distinct row is worked out once, with a weight."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LARGEST = 2.0**62


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
    order = _order(columns)
    ordered = tuple(column[order] for column in columns)
    starts = np.zeros(len(order), dtype=bool)
    starts[:1] = True
    for column in ordered:
        starts[1:] |= column[1:] != column[:-1]
    places = np.empty(len(order), dtype=np.intp)
    places[order] = np.cumsum(starts) - 1
    weights = np.bincount(places, minlength=int(starts.sum())).astype(np.float64)
    return Distinct(tuple(column[starts] for column in ordered), weights, places)


def thinned(columns: tuple[Floats, ...], weights: Floats, most: int) -> tuple[tuple[Floats, ...], Floats]:
    """Some `most` of weighted, sorted rows, evenly picked so that every region keeps its share; and their weights."""
    reached = np.cumsum(weights)
    picked = np.searchsorted(reached, (np.arange(most) + 0.5) * (reached[-1] / most))
    places, times = np.unique(picked, return_counts=True)
    return tuple(column[places] for column in columns), times.astype(np.float64)


def _order(columns: tuple[Floats, ...]) -> NDArray[np.intp]:
    """The order that sorts the rows; whole numbers, as days and counts are, are sorted as one number a row."""
    widths = [float(column.max(initial=0.0)) + 1 for column in columns]
    whole = all(column.min(initial=0.0) >= 0 and (column == np.floor(column)).all() for column in columns)
    if not whole or np.prod(widths) > LARGEST:
        return np.lexsort(columns[::-1])
    row = np.zeros(len(columns[0]), dtype=np.int64)
    for column, width in zip(columns, widths, strict=True):
        row = row * np.int64(width) + column.astype(np.int64)
    return np.argsort(row)
