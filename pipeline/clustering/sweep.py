"""Every method's clusters for every k, computed together: afterwards a change of k or method is a look-up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from pipeline import engine
from pipeline.clustering import quality
from pipeline.clustering.labels import (
    LARGEST_EXACT,
    SAMPLE,
    Clustering,
    distinct_customers,
    numbered_by_value,
    sample_of,
)
from pipeline.clustering.methods import Method
from pipeline.clustering.scaling import Preparation, Prepared, prepared
from pipeline.errors import NotEnoughDataError, SettingError
from pipeline.parameters import Step, integer
from pipeline.threads import one_thread

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[float, str], None]
Clusterings = dict[tuple[str, int], Clustering]

FITTED, MEASURED = 0.7, 0.95  # shares of the stage after which all clusters are found, and judged


@dataclass(frozen=True)
class Clusters(Step):
    """How many clusters are shown, and which numbers of clusters are tried."""

    NAME: ClassVar[str] = "clusters"
    TITLE: ClassVar[str] = "Clusters"
    HELP: ClassVar[str] = "Every method is run for every number of clusters in the range, so that they can be compared."

    n_clusters: int = integer(
        4,
        low=2,
        high=12,
        label="Number of segments (k)",
        help="How many segments customers are divided into; any number within the range tried.",
        flag="--k",
        looked_up=True,
    )
    k_low: int = integer(
        2, low=2, high=12, label="Smallest k tried", help="Where the comparison of k starts.", flag="--k-low"
    )
    k_high: int = integer(
        8, low=2, high=12, label="Largest k tried", help="Where the comparison of k ends.", flag="--k-high"
    )
    seed: int = integer(
        42,
        low=0,
        high=2**31 - 1,
        label="Seed",
        help="Decides every random start; the same seed gives the same segments.",
        flag="--seed",
    )

    def check_together(self) -> None:
        """Raise `SettingError` unless k_low <= n_clusters <= k_high."""
        if self.k_low > self.k_high:
            raise SettingError(
                f"Smallest k tried (clusters.k_low) is {self.k_low}, above largest k tried (clusters.k_high), which is "
                f"{self.k_high}; change one of them."
            )
        if not self.k_low <= self.n_clusters <= self.k_high:
            raise SettingError(
                f"Number of segments (clusters.n_clusters) is {self.n_clusters}, outside the range tried, which runs "
                f"from clusters.k_low = {self.k_low} to clusters.k_high = {self.k_high}; change one of them."
            )

    @property
    def ks(self) -> range:
        """The numbers of clusters tried."""
        return range(self.k_low, self.k_high + 1)


def sweep(
    customers: Path,
    clusters: Clusters,
    preparation: Preparation,
    methods: Sequence[Method],
    target: Path,
    progress: Progress,
) -> dict[str, Any]:
    """Write every customer's cluster for every method and k. The result does not depend on `clusters.n_clusters`.

    Parameters
    ----------
    customers : Parquet of the customers table.
    target : Parquet written: `CustomerID` and, for each method and k, `<method>_<k>`: the cluster, numbered from 0 by
        descending mean Monetary. Rows in the order of `customers`, less those without recency, frequency or spend.

    Returns
    -------
    dict
        `evaluation`, one record for each method and k: `clusters` (found), `silhouette`, `inertia`,
        `calinski_harabasz`, `smallest` and `largest` (customers) and what the method tells; `features`; `warnings`.

    Raises
    ------
    NotEnoughDataError
        If there are not more customers than clusters.
    """
    progress(0.0, "Putting customers on one scale")
    with one_thread("scipy.linalg", "sklearn.cluster"):
        ready = prepared(engine.read_parquet(customers), preparation)
        _check_enough(ready, clusters)
        found = _clusterings(ready, clusters, methods, progress)
        evaluation = _evaluation(ready, found, clusters.seed, progress)
    engine.write_parquet(_table(ready, found), target)
    progress(1.0, f"Found clusters for k = {clusters.k_low} to {clusters.k_high}")
    return {
        "evaluation": evaluation,
        "features": list(ready.columns),
        "customers": len(ready.matrix),
        "warnings": ready.warnings + _warnings(evaluation, len(ready.matrix)),
    }


def _check_enough(ready: Prepared, clusters: Clusters) -> None:
    if len(ready.matrix) <= clusters.k_high:
        raise NotEnoughDataError(
            f"Clusters need more customers than clusters: there are {len(ready.matrix):,} customers, and up to "
            f"{clusters.k_high} clusters are to be tried (clusters.k_high); add transactions or lower it."
        )


def _clusterings(ready: Prepared, clusters: Clusters, methods: Sequence[Method], progress: Progress) -> Clusterings:
    """All clusters, under (method, k), numbered by value."""
    distinct = distinct_customers(ready.matrix, clusters.k_high)
    possible = [k for k in clusters.ks if k <= distinct]
    alike = Clustering(np.unique(ready.matrix, axis=0, return_inverse=True)[1].ravel(), {}) if not possible else None
    found: Clusterings = {}
    for place, method in enumerate(methods):

        def tick(k: int, place: int = place, title: str = method.TITLE) -> None:
            share = (place + (k - clusters.k_low) / len(clusters.ks)) / len(methods)
            progress(0.05 + (FITTED - 0.05) * share, f"{title}: looking for {k} clusters")

        own = method.clusterings(ready.matrix, possible, clusters.seed, tick) if possible else {}
        for k in clusters.ks:
            clustering = own.get(min(k, distinct), alike)
            assert clustering is not None
            labels = numbered_by_value(clustering.labels, ready.monetary)
            found[method.NAME, k] = clustering._replace(labels=labels)
    return found


def _evaluation(ready: Prepared, found: Clusterings, seed: int, progress: Progress) -> list[dict[str, Any]]:
    drawn = sample_of(len(ready.matrix), len(ready.matrix) if len(ready.matrix) <= LARGEST_EXACT else SAMPLE // 2, seed)

    def tell(share: float) -> None:
        progress(FITTED + (MEASURED - FITTED) * share, "Comparing the clusters")

    tell(0.0)
    judged = [np.unique(clustering.labels[drawn], return_inverse=True)[1] for clustering in found.values()]
    silhouettes = quality.silhouettes(ready.matrix[drawn], judged, tell)
    return [
        _record(ready, method, k, clustering, silhouette)
        for ((method, k), clustering), silhouette in zip(found.items(), silhouettes, strict=True)
    ]


def _record(ready: Prepared, method: str, k: int, clustering: Clustering, silhouette: float | None) -> dict[str, Any]:
    sizes = np.bincount(clustering.labels)
    within = quality.inertia(ready.matrix, clustering.labels)
    return {
        "method": method,
        "k": k,
        "clusters": len(sizes),
        "silhouette": silhouette,
        "inertia": within,
        "calinski_harabasz": quality.calinski_harabasz(ready.matrix, clustering.labels, within),
        "smallest": int(sizes.min()),
        "largest": int(sizes.max()),
        **clustering.details,
    }


def _table(ready: Prepared, found: Clusterings) -> pd.DataFrame:
    import pandas as pd

    order = np.argsort(ready.rows)
    columns = {f"{method}_{k}": clustering.labels[order] for (method, k), clustering in found.items()}
    return pd.DataFrame({"CustomerID": ready.customer_ids[order], **columns})


def _warnings(evaluation: Sequence[dict[str, Any]], n_customers: int) -> list[str]:
    sentences = []
    fewer = [f"{each['method']} k = {each['k']}" for each in evaluation if each["clusters"] < each["k"]]
    if fewer:
        sentences.append(f"Fewer clusters than asked for were found, as customers are too alike: {', '.join(fewer)}.")
    unsettled = [str(each["k"]) for each in evaluation if each.get("converged") is False]
    if unsettled:
        sentences.append(f"The Gaussian mixture did not settle for k = {', '.join(unsettled)}; its clusters are rough.")
    if n_customers > LARGEST_EXACT:
        sentences.append(
            f"With more than {LARGEST_EXACT:,} customers, hierarchical clusters are those of a sample of {SAMPLE:,} "
            f"(everyone else joins the nearest centre) and silhouettes those of {SAMPLE // 2:,} customers."
        )
    return sentences
