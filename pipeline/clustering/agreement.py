"""How far two labelings of the same customers agree."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.clustering.labels import KEY_ACCOUNTS

Numbers = NDArray[np.integer[Any]]


def rand_index(one: Numbers, other: Numbers) -> float:
    """The adjusted Rand index: 1 for the same clusters, about 0 for clusters that have nothing to do with each other.

    Customers in no cluster count as a cluster of their own; key accounts, whom no method has a say in, do not count.
    Source: Hubert and Arabie (1985), as in scikit-learn.
    """
    from sklearn.metrics import adjusted_rand_score

    counted = (one != KEY_ACCOUNTS) & (other != KEY_ACCOUNTS)
    return float(adjusted_rand_score(one[counted], other[counted]))


def overlap(clusters: Numbers, others: Numbers) -> NDArray[np.float64]:
    """The Jaccard similarity of each cluster with each other one: shared customers over those in either.

    Labels are from 0; customers with a label below 0 are in no cluster. `(n_clusters, n_others)`.
    """
    rows, columns = int(clusters.max(initial=-1)) + 1, int(others.max(initial=-1)) + 1
    both = np.zeros((rows, columns))
    member = (clusters >= 0) & (others >= 0)
    np.add.at(both, (clusters[member], others[member]), 1)
    sizes = np.bincount(clusters[clusters >= 0], minlength=rows)
    other_sizes = np.bincount(others[others >= 0], minlength=columns)
    either = sizes[:, None] + other_sizes[None, :] - both
    found: NDArray[np.float64] = np.divide(both, either, out=np.zeros_like(both), where=either > 0)
    return found


def jaccards(clusters: Numbers, again: Numbers, k: int) -> NDArray[np.float64]:
    """For each of k clusters its similarity with the most similar one of `again`; 0 where nobody is left, `(k,)`."""
    found = np.zeros(k)
    similar = overlap(clusters, again)
    if similar.size:
        found[: len(similar)] = similar.max(axis=1)
    return found
