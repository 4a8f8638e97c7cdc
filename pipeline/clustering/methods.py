"""The clustering methods there are. A new one is a file here and a line in `METHODS`."""

from __future__ import annotations

from pipeline.clustering.gaussian_mixture import GaussianMixture
from pipeline.clustering.hierarchical import Hierarchical
from pipeline.clustering.kmeans import KMeans

Method = KMeans | Hierarchical | GaussianMixture

METHODS: dict[str, type[KMeans] | type[Hierarchical] | type[GaussianMixture]] = {
    method.NAME: method for method in (KMeans, Hierarchical, GaussianMixture)
}
