"""Whether clusters come back when customers are drawn anew: the bootstrap, for every method and k.

A cluster that hangs on a few customers, or on where a line happens to fall through a cloud, is another one in another
sample. Preparation and method both see the drawn customers alone. Source: Hennig (2007), "Cluster-wise assessment of
cluster stability", whose bounds are those of `health`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np

from pipeline import engine
from pipeline.clustering.agreement import jaccards, rand_index
from pipeline.clustering.labels import Labels, label_column, sample_of
from pipeline.clustering.methods import Method
from pipeline.clustering.preparation import Preparation
from pipeline.clustering.scaling import prepared
from pipeline.clustering.sweep import Clusters
from pipeline.parameters import Step, integer
from pipeline.threads import one_thread

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[float, str], None]
LabelsByKey = dict[tuple[str, int | None], Labels]
LARGEST = 5_000  # customers that the draws are made from; above that a sample of them
QUICK_STARTS = 3  # as many k-means starts as a draw needs: it is compared with a fit that had more


@dataclass(frozen=True)
class Stability(Step):
    """How often clusters are looked for anew."""

    NAME: ClassVar[str] = "stability"
    TITLE: ClassVar[str] = "Stability"
    HELP: ClassVar[str] = "Segments are looked for again among customers drawn anew, to see which of them come back."

    draws: int = integer(
        20,
        low=2,
        high=200,
        label="Draws",
        help="How often customers are drawn anew; more take longer and blur less.",
        flag="--stability-draws",
    )


def stability(
    customers: Path,
    labels: Path,
    clusters: Clusters,
    preparation: Preparation,
    methods: Sequence[Method],
    settings: Stability,
    target: Path,
    progress: Progress,
) -> dict[str, Any]:
    """Write how alike each cluster is to the most similar one of each draw, on average.

    Parameters
    ----------
    customers, labels : Parquet of the customers table and of the clusters stage.
    target : Parquet written: `method`, `k` (missing where the method decides), `cluster` and `jaccard` (0 to 1).

    Returns
    -------
    dict
        `evaluation`, for each method and k `ari`, the mean adjusted Rand index of draws and whole, and `weakest`, the
        smallest Jaccard similarity of its clusters (None where there is none); `draws`; `drawn_from`; `warnings`.
    """
    table, own = engine.read_parquet(customers), engine.read_parquet(labels)
    kept = sample_of(len(own), LARGEST, clusters.seed)
    own = own.iloc[kept].reset_index(drop=True)
    base = table.set_index("CustomerID").loc[own["CustomerID"]].reset_index()
    hasty = [quick(method) for method in methods]
    keys = [(method, k) for method in methods for k in (clusters.ks if method.TAKES_K else [None])]
    found: dict[tuple[str, int | None], list[tuple[float, Any]]] = {(method.NAME, k): [] for method, k in keys}
    with one_thread("scipy.linalg", "sklearn.cluster"):
        for draw in range(settings.draws):
            progress(draw / settings.draws, f"Looking for the segments again, draw {draw + 1} of {settings.draws}")
            drawn, again = resampled(base, clusters, preparation, hasty, clusters.seed + 1 + draw)
            for (name, k), labels_again in again.items():
                whole = own[label_column(name, k)].to_numpy()
                found[name, k].append(_alike(whole, drawn, labels_again))
    records = [_record(name, k, alike) for (name, k), alike in found.items()]
    engine.write_parquet(_table(found), target)
    progress(1.0, f"Drew {settings.draws} times from {len(own):,} customers")
    return {"evaluation": records, "draws": settings.draws, "drawn_from": len(own), "warnings": []}


def quick(method: Method) -> Method:
    """The method with as few random starts as a draw needs."""
    step = cast(Step, method)
    if "n_init" not in step.to_json():
        return method
    return cast(Method, step.with_settings(n_init=min(QUICK_STARTS, cast(int, step.to_json()["n_init"]))))


def resampled(
    base: pd.DataFrame, clusters: Clusters, preparation: Preparation, methods: Sequence[Method], seed: int
) -> tuple[Labels, LabelsByKey]:
    """Who is in a bootstrap sample, each once, and their clusters when everything sees the sample alone.

    Parameters
    ----------
    base : the customers table, all of them with recency, frequency and spend.

    Returns
    -------
    The rows of `base` that were drawn, ascending, and for each method and k the labels of these, as `clustered`.
    """
    drawn = np.sort(np.random.default_rng(seed).integers(0, len(base), len(base)))
    once, first = np.unique(drawn, return_index=True)
    found = clustered(base.iloc[drawn].reset_index(drop=True), clusters, preparation, methods)
    return once, {key: labels[first] for key, labels in found.items()}


def clustered(
    base: pd.DataFrame, clusters: Clusters, preparation: Preparation, methods: Sequence[Method]
) -> LabelsByKey:
    """For each method and every k that is possible the label of each row of `base`; numbers are in no order."""
    everyone = prepared(base, preparation)
    place, ready = np.argsort(everyone.rows), everyone.in_segments()
    distinct = len(np.unique(ready.matrix[: 10 * clusters.k_high], axis=0))
    ks = [k for k in clusters.ks if k <= distinct]
    return {
        (method.NAME, k): everyone.of_everyone(clustering.labels)[place]
        for method in methods
        for k, clustering in method.clusterings(ready, ks, clusters.seed, _unheard).items()
    }


def _alike(whole: Labels, drawn: Labels, again: Labels) -> tuple[float, Any]:
    k = int(whole.max(initial=-1)) + 1
    return rand_index(whole[drawn], again), jaccards(whole[drawn], again, k)


def _record(name: str, k: int | None, alike: list[tuple[float, Any]]) -> dict[str, Any]:
    mean = np.mean([own for _, own in alike], axis=0) if alike else np.array([])
    return {
        "method": name,
        "k": k,
        "ari": float(np.mean([ari for ari, _ in alike])) if alike else None,
        "weakest": float(mean.min()) if mean.size else None,
    }


def _table(found: dict[tuple[str, int | None], list[tuple[float, Any]]]) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {"method": name, "k": k, "cluster": cluster, "jaccard": float(value)}
        for (name, k), alike in found.items()
        if alike
        for cluster, value in enumerate(np.mean([own for _, own in alike], axis=0))
    ]
    return pd.DataFrame(rows, columns=["method", "k", "cluster", "jaccard"]).astype(
        {"k": "Int64", "cluster": "int64", "jaccard": "float64"}
    )


def _unheard(_: int) -> None:
    """Nobody is told of single fits."""
