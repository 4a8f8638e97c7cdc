"""What every clustering method gives back, and the numbers its clusters go by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.intp]
Tick = Callable[[int], None]  # called with k before the clusters for k are looked for; may raise CancelledError

LARGEST_EXACT = 50_000  # customers up to which Ward and silhouettes look at every pair
SAMPLE = 20_000  # of which size a sample stands in for all customers above that


NOISE = -1  # the label of customers whom a method puts in no cluster
KEY_ACCOUNTS = -2  # the label of customers who were set aside before clusters were looked for
GROUP_NAMES = {NOISE: "In no segment", KEY_ACCOUNTS: "Key accounts"}  # what are no clusters, for people


class Clustering(NamedTuple):
    """One method's clusters for one k.

    Attributes
    ----------
    labels : the cluster of each customer, from 0, in no particular order, or `NOISE`, `(n_customers,)`.
    details : what the method alone can say of this k, for JSON: an information criterion, whether it settled.
    model : what assigns any customer to these clusters, for JSON; the method's `assigned` reads it.
    names : the name of each label, of a method whose clusters are defined by name; else None.
    """

    labels: Labels
    details: dict[str, float | bool | int]
    model: dict[str, Any]
    names: tuple[str, ...] | None = None


def label_column(method: str, k: int | None) -> str:
    """The column of a method's labels for one k: `kmeans_4`; `hdbscan` where the method decides on k itself."""
    return method if k is None else f"{method}_{k}"


def numbers_by_value(labels: Labels, monetary: Floats) -> Labels:
    """The number of each label, `(labels.max() + 1,)`: from 0 without gaps, by descending mean of `monetary`.

    So a segment keeps its number from run to run. Clusters of equal mean go by their first customer; a label that
    nobody has comes after all others.
    """
    clusters = int(labels.max(initial=NOISE)) + 1
    member = labels >= 0
    sizes = np.bincount(labels[member], minlength=clusters)
    sums = np.bincount(labels[member], monetary[member], minlength=clusters)
    means = np.where(sizes > 0, sums / np.maximum(sizes, 1), -np.inf)
    first = np.full(clusters, len(labels))
    np.minimum.at(first, labels[member], np.flatnonzero(member))
    numbers = np.empty(clusters, dtype=np.intp)
    numbers[np.lexsort((first, -means))] = np.arange(clusters)
    return numbers


def renumbered(labels: Labels, numbers: Labels) -> Labels:
    """The labels under other numbers; `NOISE` and `KEY_ACCOUNTS` stay."""
    if not len(numbers):
        return labels
    return np.where(labels >= 0, numbers[np.maximum(labels, 0)], labels)


def nearest(matrix: Floats, centres: Floats) -> Labels:
    """For every customer the place of the nearest centre, `(n_customers,)`."""
    lengths = (centres**2).sum(axis=1)
    found: Labels = np.argmin(lengths - 2 * matrix @ centres.T, axis=1)
    return found


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
