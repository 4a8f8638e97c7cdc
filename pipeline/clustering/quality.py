"""How good clusters are: silhouettes of many labelings in one pass over the distances, and sums of squares."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from pipeline.clustering.labels import Floats, Labels

BLOCK_BYTES = 16 * 2**20  # of distances held at a time


def silhouettes(
    matrix: Floats, labelings: Sequence[Labels], block_done: Callable[[float], None] | None = None
) -> list[float | None]:
    """The mean silhouette of every labeling, from -1 to 1; None where it has a single cluster.

    Parameters are those of `silhouette_values`.
    """
    values = silhouette_values(matrix, labelings, block_done)
    return [None if own is None else float(own.mean()) for own in values]


def silhouette_values(
    matrix: Floats, labelings: Sequence[Labels], block_done: Callable[[float], None] | None = None
) -> list[Floats | None]:
    """Every customer's silhouette in every labeling, from -1 to 1, `(n_customers,)`; None where it has one cluster.

    Parameters
    ----------
    matrix : `(n_customers, n_features)`.
    labelings : labels from 0 without gaps, `(n_customers,)` each.
    block_done : told the share of customers done, 0 to 1.

    Notes
    -----
    Rousseeuw (1987). Distances are Euclidean, taken once for all labelings. Summing them by cluster is one matrix
    product; labelings that merge clusters of another, as the cuts of a tree do, share its sums.
    """
    n_customers = len(matrix)
    families = _families(labelings)
    members = np.hstack([np.eye(int(finest.max()) + 1)[finest] for finest in families])
    own = [_Running(labels, families) for labels in labelings]
    lengths = np.einsum("ij,ij->i", matrix, matrix)
    right = np.vstack([-2 * matrix.T, np.ones(n_customers), lengths])
    size = max(1, BLOCK_BYTES // (8 * n_customers))
    for start in range(0, n_customers, size):
        rows = slice(start, min(start + size, n_customers))
        left = np.column_stack([matrix[rows], lengths[rows], np.ones(rows.stop - start)])
        distances = left @ right
        np.sqrt(np.maximum(distances, 0.0, out=distances), out=distances)
        distances[np.arange(rows.stop - start), np.arange(start, rows.stop)] = 0.0
        sums = distances @ members
        for each in own:
            each.add(sums, rows)
        if block_done is not None:
            block_done(rows.stop / n_customers)
    return [each.values if each.clusters > 1 else None for each in own]


class _Running:
    """One labeling's silhouettes so far."""

    def __init__(self, labels: Labels, families: Sequence[Labels]) -> None:
        self.labels, self.clusters = labels, int(labels.max()) + 1
        self.values: Floats = np.zeros(len(labels))
        self.sizes = np.bincount(labels, minlength=self.clusters).astype(np.float64)
        position = 0
        for finest in families:
            width = int(finest.max()) + 1
            merged = _merged(finest, labels)
            if merged is not None:
                self.columns, self.merge = slice(position, position + width), np.eye(self.clusters)[merged]
                return
            position += width

    def add(self, sums: Floats, rows: slice) -> None:
        if self.clusters == 1:
            return
        labels = self.labels[rows]
        by_cluster = sums[:, self.columns] @ self.merge
        here = np.arange(len(labels))
        others = self.sizes[labels] - 1
        within = by_cluster[here, labels] / np.maximum(others, 1)
        by_cluster /= self.sizes
        by_cluster[here, labels] = np.inf
        nearest = by_cluster.min(axis=1)
        larger = np.maximum(within, nearest)
        apart = (others > 0) & (larger > 0)
        np.divide(nearest - within, larger, out=self.values[rows], where=apart)


def _families(labelings: Sequence[Labels]) -> list[Labels]:
    """The labelings of which all others merge clusters."""
    families: list[Labels] = []
    for labels in sorted(labelings, key=lambda labels: -int(labels.max())):
        if all(_merged(finest, labels) is None for finest in families):
            families.append(labels)
    return families


def _merged(finer: Labels, coarser: Labels) -> Labels | None:
    """For each cluster of `finer` the cluster of `coarser` that holds it; None where one is split."""
    holder = np.zeros(int(finer.max()) + 1, dtype=np.intp)
    holder[finer] = coarser
    return holder if np.array_equal(holder[finer], coarser) else None


def centres_of(matrix: Floats, labels: Labels) -> Floats:
    """The mean of each cluster, for labels of any method, `(n_clusters, n_features)`."""
    sums = np.stack([np.bincount(labels, column) for column in matrix.T], axis=1)
    means: Floats = sums / np.maximum(np.bincount(labels), 1)[:, None]
    return means


def inertia(matrix: Floats, labels: Labels) -> float:
    """The within-cluster sum of squared distances to the cluster's mean, for labels of any method."""
    return float(((matrix - centres_of(matrix, labels)[labels]) ** 2).sum())


def davies_bouldin(matrix: Floats, labels: Labels) -> float | None:
    """How alike each cluster is to the one most like it, on average; smaller is better, None for a single cluster.

    Two clusters are alike by the mean distances to their own centres, over the distance of these centres. 0 where
    either is nil everywhere. Source: Davies and Bouldin (1979).
    """
    centres = centres_of(matrix, labels)
    if len(centres) < 2:
        return None
    to_own = np.sqrt(((matrix - centres[labels]) ** 2).sum(axis=1))
    within = np.bincount(labels, to_own) / np.maximum(np.bincount(labels), 1)
    between = np.sqrt(((centres[:, None] - centres[None]) ** 2).sum(axis=2))
    if np.allclose(within, 0) or np.allclose(between, 0):
        return 0.0
    between[between == 0] = np.inf
    return float(((within[:, None] + within[None]) / between).max(axis=1).mean())


def calinski_harabasz(matrix: Floats, labels: Labels, within: float) -> float | None:
    """Variance between clusters over variance within; None where either has no degrees of freedom.

    Source: Calinski and Harabasz (1974). `within` is the clusters' `inertia`.
    """
    clusters, n_customers = int(labels.max()) + 1, len(labels)
    if clusters < 2 or n_customers <= clusters or within == 0:
        return None
    total = float(((matrix - matrix.mean(axis=0)) ** 2).sum())
    return (total - within) / (clusters - 1) / (within / (n_customers - clusters))
