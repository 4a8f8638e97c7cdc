"""Ward's hierarchical clusters: one tree, cut at every k."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from pipeline.clustering.labels import LARGEST_EXACT, SAMPLE, Clustering, Floats, Labels, Tick, nearest, sample_of
from pipeline.parameters import Step

if TYPE_CHECKING:
    from pipeline.clustering.scaling import Prepared


@dataclass(frozen=True)
class Hierarchical(Step):
    """Agglomerative clusters that merge where the within-cluster sum of squares grows least (Ward, 1963)."""

    NAME: ClassVar[str] = "hierarchical"
    TITLE: ClassVar[str] = "Hierarchical (Ward)"
    COLUMN: ClassVar[str] = "Cluster_Hierarchical"
    TAKES_K: ClassVar[bool] = True
    HELP: ClassVar[str] = "A tree of ever larger clusters; those for k are those for k + 1 with two of them merged."

    def clusterings(self, ready: Prepared, ks: Sequence[int], seed: int, tick: Tick) -> dict[int | None, Clustering]:
        """Clusters for every k of `ks`. The model: `centres`, the means of the clusters, `(k, n_features)`.

        A tree says nothing of customers who are not in it, so these join the nearest centre. `details` tell as
        `assigned_alike` which share of the tree's own customers that would put where they are.

        Above `LARGEST_EXACT` customers the tree is that of a sample of `SAMPLE`, and everyone else joins the nearest
        centre; `details` then hold `sampled_customers`.
        """
        tick(min(ks))
        exact = len(ready.matrix) <= LARGEST_EXACT
        sampled = ready.matrix if exact else ready.matrix[sample_of(len(ready.matrix), SAMPLE, seed)]
        found: dict[int | None, Clustering] = {}
        for k, cut in tree_cuts(merges(sampled), ks).items():
            centres = np.stack([sampled[cut == label].mean(axis=0) for label in range(k)])
            alike = {"assigned_alike": float(np.mean(nearest(sampled, centres) == cut))}
            labels = cut if exact else nearest(ready.matrix, centres)
            details = alike if exact else {**alike, "sampled_customers": SAMPLE}
            found[k] = Clustering(labels, details, {"centres": centres.tolist()})
        return found

    @staticmethod
    def assigned(model: dict[str, Any], ready: Prepared) -> Labels:
        """The cluster of each customer: the one of the nearest centre."""
        return nearest(ready.matrix, np.array(model["centres"]))


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
