"""The clustering methods there are. A new one is a file here and a line in `METHODS`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from pipeline.clustering.gaussian_mixture import GaussianMixture
from pipeline.clustering.hdbscan import DensityClusters
from pipeline.clustering.hierarchical import Hierarchical
from pipeline.clustering.kmeans import KMeans
from pipeline.clustering.labels import Clustering, Labels, Tick
from pipeline.clustering.rfm_grid import RFMGrid

if TYPE_CHECKING:
    from pipeline.clustering.scaling import Prepared


class Method(Protocol):
    """What every clustering method is: a step of the recipe with its settings, and these.

    Attributes
    ----------
    NAME, TITLE, HELP : as of every step.
    COLUMN : the column of the public table that holds its labels.
    TAKES_K : whether it looks for as many clusters as it is asked for; else it has one clustering, under None.
    """

    NAME: ClassVar[str]
    TITLE: ClassVar[str]
    HELP: ClassVar[str]
    COLUMN: ClassVar[str]
    TAKES_K: ClassVar[bool]

    def clusterings(self, ready: Prepared, ks: Sequence[int], seed: int, tick: Tick) -> dict[int | None, Clustering]:
        """Clusters for every k of `ks`, or one clustering under None."""

    @staticmethod
    def assigned(model: dict[str, Any], ready: Prepared) -> Labels:
        """The cluster of each customer under a fitted model, `(n_customers,)`."""


METHODS = {method.NAME: method for method in (KMeans, Hierarchical, GaussianMixture, DensityClusters, RFMGrid)}
K_METHODS = tuple(name for name, method in METHODS.items() if method.TAKES_K)
