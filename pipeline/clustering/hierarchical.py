"""Ward's hierarchical clusters: one tree, cut at every k."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from pipeline.clustering.labels import LARGEST_EXACT, SAMPLE, Clustering, Floats, Labels, Tick, sample_of
from pipeline.parameters import Step


@dataclass(frozen=True)
class Hierarchical(Step):
    """Agglomerative clusters that merge where the within-cluster sum of squares grows least (Ward, 1963)."""

    NAME: ClassVar[str] = "hierarchical"
    TITLE: ClassVar[str] = "Hierarchical (Ward)"
    COLUMN: ClassVar[str] = "Cluster_Hierarchical"
    HELP: ClassVar[str] = "A tree of ever larger clusters; those for k are those for k + 1 with two of them merged."

    def clusterings(self, matrix: Floats, ks: Sequence[int], seed: int, tick: Tick) -> dict[int, Clustering]:
        """Clusters for every k of `ks`; `matrix` is `(n_customers, n_features)`.

        Above `LARGEST_EXACT` customers the tree is that of a sample of `SAMPLE`, and everyone else joins the nearest
        centre; `details` then hold `sampled_customers`.
        """
        tick(min(ks))
        if len(matrix) <= LARGEST_EXACT:
            cuts = tree_cuts(merges(matrix), ks)
            return {k: Clustering(cuts[k], {}) for k in ks}
        sampled = matrix[sample_of(len(matrix), SAMPLE, seed)]
        cuts = tree_cuts(merges(sampled), ks)
        return {k: Clustering(nearest(matrix, sampled, cuts[k]), {"sampled_customers": SAMPLE}) for k in ks}


def merges(matrix: Floats) -> Labels:
    """Which two clusters merge at each step, `(n_customers - 1, 2)`, lowest first.

    Customer i is cluster i; step j makes cluster n_customers + j. Memory grows with the customers, not their pairs.
    """
    from fastcluster import linkage_vector

    tree = linkage_vector(matrix, method="ward")
    steps: Labels = tree[:, :2].astype(np.intp)
    return steps


def tree_cuts(steps: Labels, ks: Sequence[int]) -> dict[int, Labels]:
    """The clusters that are left when k remain, for every k: labels from 0, `(n_customers,)` each."""
    n_customers = len(steps) + 1
    cuts = {}
    for k in ks:
        parent = np.arange(2 * n_customers - k)
        for side in (0, 1):
            parent[steps[: n_customers - k, side]] = np.arange(n_customers, 2 * n_customers - k)
        while not np.array_equal(further := parent[parent], parent):
            parent = further
        cuts[k] = np.unique(parent[:n_customers], return_inverse=True)[1]
    return cuts


def nearest(matrix: Floats, sampled: Floats, labels: Labels) -> Labels:
    """For every customer the cluster whose centre, the mean of its sampled customers, is nearest."""
    centres = np.stack([sampled[labels == label].mean(axis=0) for label in range(labels.max() + 1)])
    lengths = (centres**2).sum(axis=1)
    nearest_centre: Labels = np.argmin(lengths - 2 * matrix @ centres.T, axis=1)
    return nearest_centre
