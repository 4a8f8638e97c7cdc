"""Ward's hierarchical clusters: one tree, cut at every k."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from pipeline.clustering.agreement import rand_index
from pipeline.clustering.labels import SAMPLE, Clustering, Floats, Labels, Tick, nearest, sample_of
from pipeline.clustering.quality import centres_of, inertia
from pipeline.clustering.ward import GROUPS, exact_tree, grouped_tree, tree_cuts, ward_tree
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

        Above `LARGEST_EXACT` customers the tree is made in two steps, see `ward`; `details` then hold
        `grouped_customers`, the number of small groups it joins, and what that costs, see `nearness`.
        """
        tick(min(ks))
        tree = ward_tree(ready.matrix, seed)
        told = {} if tree.exact else nearness(ready.matrix, ks, seed)
        found: dict[int | None, Clustering] = {}
        for k, cut in tree_cuts(tree, ks).items():
            centres = centres_of(ready.matrix, cut)
            alike = {"assigned_alike": float(np.mean(nearest(ready.matrix, centres) == cut))}
            details = alike if tree.exact else {**alike, "grouped_customers": len(tree.sizes), **told[k]}
            found[k] = Clustering(cut, details, {"centres": centres.tolist()})
        return found

    @staticmethod
    def assigned(model: dict[str, Any], ready: Prepared) -> Labels:
        """The cluster of each customer: the one of the nearest centre."""
        return nearest(ready.matrix, np.array(model["centres"]))


def nearness(matrix: Floats, ks: Sequence[int], seed: int) -> dict[int, dict[str, float]]:
    """How near the tree in two steps comes to the exact one, on `SAMPLE` of these customers, where both can be made.

    Returns
    -------
    dict
        k -> `exact_ari`, the adjusted Rand index of the two, and `exact_inertia`, the inertia over that of the exact.
    """
    drawn = matrix[sample_of(len(matrix), SAMPLE, seed)]
    exact, grouped = tree_cuts(exact_tree(drawn), ks), tree_cuts(grouped_tree(drawn, GROUPS, seed), ks)
    return {
        k: {
            "exact_ari": rand_index(exact[k], grouped[k]),
            "exact_inertia": inertia(drawn, grouped[k]) / max(inertia(drawn, exact[k]), 1e-12),
        }
        for k in ks
    }
