"""What every clustering method gives back, and the numbers its clusters go by."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.intp]
Tick = Callable[[int], None]  # called with k before the clusters for k are looked for; may raise CancelledError

LARGEST_EXACT = 50_000  # customers up to which Ward and silhouettes look at every pair
SAMPLE = 20_000  # of which size a sample stands in for all customers above that


class Clustering(NamedTuple):
    """One method's clusters for one k.

    Attributes
    ----------
    labels : the cluster of each customer, from 0, in no particular order, `(n_customers,)`.
    details : what the method alone can say of this k, for JSON: an information criterion, whether it settled.
    """

    labels: Labels
    details: dict[str, float | bool | int]


def numbered_by_value(labels: Labels, monetary: Floats) -> Labels:
    """The same clusters numbered from 0 without gaps, by descending mean of `monetary`.

    So a segment keeps its number from run to run. Clusters of equal mean go by their first customer.
    """
    _, first, places = np.unique(labels, return_index=True, return_inverse=True)
    means = np.bincount(places, monetary) / np.bincount(places)
    numbers = np.empty(len(first), dtype=np.intp)
    numbers[np.lexsort((first, -means))] = np.arange(len(first))
    return numbers[places]


def distinct_customers(matrix: Floats, most: int) -> int:
    """How many different rows there are, counted no further than `most`; no more clusters than these can be found."""
    seen: set[bytes] = set()
    for row in matrix:
        seen.add(row.tobytes())
        if len(seen) >= most:
            break
    return len(seen)


def sample_of(customers: int, size: int, seed: int) -> Labels:
    """The places of `size` customers drawn without repetition, in ascending order; of all where there are fewer."""
    if customers <= size:
        return np.arange(customers)
    drawn: Labels = np.sort(np.random.default_rng(seed).choice(customers, size, replace=False))
    return drawn
