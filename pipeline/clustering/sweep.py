"""Every method's clusters for every k, computed together: afterwards a change of k or method is a look-up."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from pipeline import engine, formats
from pipeline.clustering.approximation import approximations
from pipeline.clustering.evaluation import (
    Clusterings,
    customer_silhouettes,
    evaluation,
    measured_customers,
    silhouette_table,
)
from pipeline.clustering.labels import (
    Clustering,
    Labels,
    distinct_customers,
    label_column,
    numbers_by_value,
    renumbered,
)
from pipeline.clustering.methods import Method
from pipeline.clustering.preparation import Preparation
from pipeline.clustering.scaling import Prepared, prepared
from pipeline.errors import NotEnoughDataError, SettingError
from pipeline.parameters import Step, integer
from pipeline.threads import one_thread

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[float, str], None]

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
    target : the folder for three Parquet tables:
        `labels`, CustomerID and, for each method and k, its `label_column`: the cluster, numbered from 0 by descending
        mean Monetary, -1 for a customer in none, or -2 for a key account. Rows in the order of `customers`, less those
        without recency, frequency or spend;
        `models`, with method, k (missing where the method decides) and model, which is JSON: see `assigned_numbers`;
        `silhouettes`, CustomerID and under each `label_column` the customer's silhouette, missing for who is in no
        cluster. Up to `LARGEST_EXACT` customers all are there, above that a sample.

    Returns
    -------
    dict
        `evaluation`, one record for each method and k (None where the method decides): `clusters` (found),
        `silhouette`, `inertia`, `calinski_harabasz`, `davies_bouldin` (of the customers who are in a cluster),
        `smallest` and `largest` (customers), `in_none` (customers in no cluster) and what the method tells;
        `features`; `preparation`, the `Scales`; `key_accounts`, how many were set aside; `customers`, all others, and
        their `inertia_of_one` cluster; `warnings`.

    Raises
    ------
    NotEnoughDataError
        If there are not more customers than clusters.
    """

    def comparing(share: float) -> None:
        progress(FITTED + (MEASURED - FITTED) * share, "Comparing the clusters")

    progress(0.0, "Putting customers on one scale")
    with one_thread("scipy.linalg", "sklearn.cluster"):
        everyone = prepared(engine.read_parquet(customers), preparation)
        ready = everyone.in_segments()
        _check_enough(ready, clusters)
        found = _clusterings(ready, clusters, methods, progress)
        drawn = measured_customers(len(ready.matrix), clusters.seed)
        values = customer_silhouettes(ready.matrix[drawn], found, drawn, comparing)
        records = evaluation(ready, found, values)
    engine.write_parquet(_label_table(everyone, found), target / "labels")
    engine.write_parquet(_model_table(ready, found), target / "models")
    engine.write_parquet(silhouette_table(ready, drawn, values), target / "silhouettes")
    progress(1.0, f"Found clusters for k = {clusters.k_low} to {clusters.k_high}")
    warnings = [*ready.warnings, *_set_aside(everyone), *_warnings(records, methods, len(ready.matrix))]
    return {"evaluation": records, **_described(everyone, ready), "warnings": warnings}


def assigned_numbers(written: str, method: type[Method], ready: Prepared) -> Labels:
    """The segments of any customers under a fitted model: the numbers of the fit, -1 or -2, `(n_customers,)`.

    Parameters
    ----------
    written : JSON of `model`, which the method reads, `numbers`, the number of each of its labels, and `names`.
    """
    model = json.loads(written)
    labels = method.assigned(model["model"], ready.in_segments())
    return ready.of_everyone(renumbered(labels, np.array(model["numbers"], dtype=np.intp)))


def _check_enough(ready: Prepared, clusters: Clusters) -> None:
    if len(ready.matrix) <= clusters.k_high:
        raise NotEnoughDataError(
            f"Clusters need more customers than clusters: there are {len(ready.matrix):,} customers, and up to "
            f"{clusters.k_high} clusters are to be tried (clusters.k_high); add transactions or lower it."
        )


def _clusterings(ready: Prepared, clusters: Clusters, methods: Sequence[Method], progress: Progress) -> Clusterings:
    """All clusters, under (method, k), labelled as each method does."""
    distinct = distinct_customers(ready.matrix, clusters.k_high)
    possible = [k for k in clusters.ks if k <= distinct]
    found: Clusterings = {}
    for place, method in enumerate(methods):

        def tick(k: int, place: int = place, method: Method = method) -> None:
            share = (place + (k - clusters.k_low) / len(clusters.ks)) / len(methods)
            sought = f"{k} clusters" if method.TAKES_K else "its segments"
            progress(0.05 + (FITTED - 0.05) * share, f"{method.TITLE}: looking for {sought}")

        own = method.clusterings(ready, possible, clusters.seed, tick) if possible else {}
        for k in clusters.ks if method.TAKES_K else [None]:
            nearest = k if k is None else min(k, distinct)
            found[method.NAME, k] = own[nearest] if nearest in own else _alike(ready)
    return found


def _alike(ready: Prepared) -> Clustering:
    """Everyone who is the same in one cluster, where there are fewer different customers than clusters."""
    centres, labels = np.unique(ready.matrix, axis=0, return_inverse=True)
    return Clustering(labels.ravel(), {}, {"centres": centres.tolist()})


def _label_table(everyone: Prepared, found: Clusterings) -> pd.DataFrame:
    import pandas as pd

    order, monetary = np.argsort(everyone.rows), everyone.in_segments().monetary
    columns = {
        label_column(method, k): renumbered(clustering.labels, numbers_by_value(clustering.labels, monetary))
        for (method, k), clustering in found.items()
    }
    by_row = {name: everyone.of_everyone(labels)[order] for name, labels in columns.items()}
    return pd.DataFrame({"CustomerID": everyone.customer_ids[order], **by_row})


def _model_table(ready: Prepared, found: Clusterings) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for (method, k), clustering in found.items():
        numbers = numbers_by_value(clustering.labels, ready.monetary)
        model = {"model": clustering.model, "numbers": numbers.tolist(), "names": clustering.names}
        rows.append({"method": method, "k": k, "model": json.dumps(model)})
    return pd.DataFrame(rows).astype({"k": "Int64"})


def _described(everyone: Prepared, ready: Prepared) -> dict[str, Any]:
    """What was clustered: the columns, their scales, how many customers, and how far they lie from their middle."""
    return {
        "features": list(ready.columns),
        "preparation": ready.fitted,
        "key_accounts": len(everyone.key_accounts),
        "customers": len(ready.matrix),
        "inertia_of_one": float(((ready.matrix - ready.matrix.mean(axis=0)) ** 2).sum()),
    }


def _set_aside(everyone: Prepared) -> list[str]:
    aside = everyone.key_accounts
    if not len(aside):
        return []
    share = everyone.monetary[aside].sum() / everyone.monetary.sum()
    who = f"{formats.plural(len(aside), 'key account')} {'is' if len(aside) == 1 else 'are'}"
    return [f"{who} set aside from the segments, with {formats.whole_share(share)} of all spend."]


def _warnings(evaluation: Sequence[dict[str, Any]], methods: Sequence[Method], n_customers: int) -> list[str]:
    sentences = []
    titles = {method.NAME: method.TITLE for method in methods}
    fewer = [f"{titles[each['method']]} k = {each['k']}" for each in evaluation if each["clusters"] < (each["k"] or 0)]
    if fewer:
        sentences.append(f"Fewer clusters than asked for were found, as customers are too alike: {', '.join(fewer)}.")
    unsettled = [str(each["k"]) for each in evaluation if each.get("converged") is False]
    if unsettled:
        sentences.append(f"The Gaussian mixture did not settle for k = {', '.join(unsettled)}; its clusters are rough.")
    return [*sentences, *approximations(evaluation, titles, n_customers)]
