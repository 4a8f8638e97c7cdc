"""K-means: clusters around centres, the smallest sum of squared distances of several starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from pipeline.clustering.labels import Clustering, Floats, Tick
from pipeline.parameters import Step, integer


@dataclass(frozen=True)
class KMeans(Step):
    """K-means by Lloyd's algorithm from k-means++ starts."""

    NAME: ClassVar[str] = "kmeans"
    TITLE: ClassVar[str] = "K-means"
    COLUMN: ClassVar[str] = "Cluster_KMeans"
    HELP: ClassVar[str] = "Compact clusters around centres; the steadiest of the three on most shops."

    n_init: int = integer(
        10,
        low=1,
        high=50,
        label="Starts",
        help="From how many random starts the best clusters are kept; more take longer and depend less on luck.",
        flag="--kmeans-starts",
    )

    def clusterings(self, matrix: Floats, ks: Sequence[int], seed: int, tick: Tick) -> dict[int, Clustering]:
        """Clusters for every k of `ks`; `matrix` is `(n_customers, n_features)`."""
        from sklearn.cluster import KMeans as Lloyd

        found = {}
        for k in ks:
            tick(k)
            fit = Lloyd(n_clusters=k, n_init=self.n_init, random_state=seed).fit(matrix)
            found[k] = Clustering(fit.labels_.astype("intp"), {})
        return found
