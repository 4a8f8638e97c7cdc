"""K-means: clusters around centres, the smallest sum of squared distances of several starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from pipeline.clustering.labels import LARGEST_EXACT, Clustering, Labels, Tick, nearest, sample_of
from pipeline.parameters import Step, integer

if TYPE_CHECKING:
    from pipeline.clustering.scaling import Prepared


@dataclass(frozen=True)
class KMeans(Step):
    """K-means by Lloyd's algorithm from k-means++ starts."""

    NAME: ClassVar[str] = "kmeans"
    TITLE: ClassVar[str] = "K-means"
    COLUMN: ClassVar[str] = "Cluster_KMeans"
    TAKES_K: ClassVar[bool] = True
    HELP: ClassVar[str] = "Compact clusters around centres; the steadiest of the three on most shops."

    n_init: int = integer(
        10,
        low=1,
        high=50,
        label="Starts",
        help="From how many random starts the best clusters are kept; more take longer and depend less on luck.",
        flag="--kmeans-starts",
    )

    def clusterings(self, ready: Prepared, ks: Sequence[int], seed: int, tick: Tick) -> dict[int | None, Clustering]:
        """Clusters for every k of `ks`. The model: `centres`, `(k, n_features)`.

        Above `LARGEST_EXACT` customers the starts are tried on as many of them; from the best, all are clustered.
        """
        from sklearn.cluster import KMeans as Lloyd

        started = ready.matrix[sample_of(len(ready.matrix), LARGEST_EXACT, seed)]
        found: dict[int | None, Clustering] = {}
        for k in ks:
            tick(k)
            fit = Lloyd(n_clusters=k, n_init=self.n_init, random_state=seed).fit(started)
            if len(started) < len(ready.matrix):
                fit = Lloyd(n_clusters=k, n_init=1, init=fit.cluster_centers_).fit(ready.matrix)
            found[k] = Clustering(fit.labels_.astype("intp"), {}, {"centres": fit.cluster_centers_.tolist()})
        return found

    @staticmethod
    def assigned(model: dict[str, Any], ready: Prepared) -> Labels:
        """The cluster of each customer: the one of the nearest centre."""
        return nearest(ready.matrix, np.array(model["centres"]))
