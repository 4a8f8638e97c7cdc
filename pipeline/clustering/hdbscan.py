"""HDBSCAN: clusters where customers lie close together; whoever lies apart is in none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from pipeline.clustering.labels import NOISE, SAMPLE, Clustering, Floats, Labels, Tick, sample_of
from pipeline.parameters import Step, integer, number

if TYPE_CHECKING:
    from pipeline.clustering.scaling import Prepared

EXAMPLES = 1_000  # customers by whom others are assigned: the model stays a text of some hundred kilobytes


@dataclass(frozen=True)
class DensityClusters(Step):
    """Clusters by density, of any shape and in a number that the data decide (Campello, Moulavi and Sander, 2013)."""

    NAME: ClassVar[str] = "hdbscan"
    TITLE: ClassVar[str] = "Density (HDBSCAN)"
    COLUMN: ClassVar[str] = "Cluster_HDBSCAN"
    TAKES_K: ClassVar[bool] = False
    HELP: ClassVar[str] = "Finds crowds, as many as there are; customers between them are in no segment."

    smallest_share: float = number(
        0.02,
        low=0.001,
        high=0.5,
        step_size=0.001,
        label="Smallest crowd",
        help="As a share of all customers: fewer who lie close together are no segment.",
        flag="--hdbscan-smallest",
    )
    neighbours: int = integer(
        10,
        low=2,
        high=200,
        label="Neighbours",
        help="How many close neighbours make a customer part of a crowd; more leave more customers in no segment.",
        flag="--hdbscan-neighbours",
    )

    def clusterings(self, ready: Prepared, ks: Sequence[int], seed: int, tick: Tick) -> dict[int | None, Clustering]:
        """One clustering, under None: the number of clusters is found, not asked for.

        The model: `examples`, customers drawn from all, `(n_examples, n_features)`, and their `labels`; others are
        what the nearest example is. `details` tell as `assigned_alike` for which share of all customers that is so.
        Above `SAMPLE` customers the clusters are those of a sample, and everyone else is assigned by it; `details`
        then hold `sampled_customers`.
        """
        from sklearn.cluster import HDBSCAN

        tick(min(ks))
        matrix, exact = ready.matrix, len(ready.matrix) <= SAMPLE
        sampled = matrix[sample_of(len(matrix), SAMPLE, seed)]
        smallest = max(2, round(self.smallest_share * len(sampled)))
        neighbours = min(self.neighbours, len(sampled))
        fit = HDBSCAN(min_cluster_size=smallest, min_samples=neighbours, copy=True).fit(sampled)
        own = fit.labels_.astype(np.intp)
        examples = sample_of(len(sampled), EXAMPLES, seed)
        model = {"examples": sampled[examples].tolist(), "labels": own[examples].tolist()}
        alike = {"assigned_alike": float(np.mean(_as_the_nearest(model, sampled) == own))}
        if exact:
            return {None: Clustering(own, alike, model)}
        details = {**alike, "sampled_customers": SAMPLE}
        return {None: Clustering(_as_the_nearest(model, matrix), details, model)}

    @staticmethod
    def assigned(model: dict[str, Any], ready: Prepared) -> Labels:
        """The cluster of each customer, or `NOISE`: that of the nearest example."""
        return _as_the_nearest(model, ready.matrix)


def _as_the_nearest(model: dict[str, Any], matrix: Floats) -> Labels:
    from sklearn.neighbors import KNeighborsClassifier

    if not model["examples"]:
        return np.full(len(matrix), NOISE, dtype=np.intp)
    nearest = KNeighborsClassifier(n_neighbors=1).fit(np.array(model["examples"]), model["labels"])
    found: Labels = nearest.predict(matrix).astype(np.intp)
    return found
