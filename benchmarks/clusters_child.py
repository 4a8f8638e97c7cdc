"""One side's clusters of prepared customers, measured inside a process that has loaded everything.

    python -m benchmarks.clusters_child reference|part|ours CUSTOMERS.npz RESULTS.npz

Three methods for k = 2..8 with silhouette, Calinski-Harabasz and Davies-Bouldin of each: `reference` by plain
scikit-learn one after another, `part` only what of that any machine can do with many customers (k-means and the
Gaussian mixture, no silhouettes), `ours` by the pipeline. A few customers go first, so that first calls are left out.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.clustering.labels import Floats, Labels
from pipeline.measurement import Measurement

KS = range(2, 9)
SEED = 42
WARM_UP = 300
SHAPE = "spherical"
Found = tuple[dict[str, Labels], list[dict[str, Any]]]  # labels by method and k, and what is said of them


def reference(matrix: Floats, whole: bool = True) -> Found:
    """By scikit-learn, the way its documentation does it."""
    from sklearn.cluster import AgglomerativeClustering, KMeans
    from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score
    from sklearn.mixture import GaussianMixture

    labels, records = {}, []
    for k in KS:
        means = KMeans(k, n_init=10, random_state=SEED).fit(matrix)
        mixture = GaussianMixture(k, covariance_type=SHAPE, random_state=SEED).fit(matrix)
        found = {"kmeans": means.labels_, "gaussian_mixture": mixture.predict(matrix)}
        if whole:
            found["hierarchical"] = AgglomerativeClustering(k, linkage="ward").fit_predict(matrix)
        for method, own in found.items():
            record = {
                "method": method,
                "k": k,
                "silhouette": float(silhouette_score(matrix, own)) if whole else None,
                "calinski_harabasz": float(calinski_harabasz_score(matrix, own)),
                "davies_bouldin": float(davies_bouldin_score(matrix, own)),
            }
            labels[f"{method}_{k}"] = own
            own_words = {"kmeans": {"inertia": means.inertia_}, "gaussian_mixture": {}, "hierarchical": {}}[method]
            likely = {"mean_log_likelihood": mixture.score(matrix)} if method == "gaussian_mixture" else {}
            records.append({**record, **own_words, **likely})
    return labels, records


def part(matrix: Floats) -> Found:
    """What of `reference` needs no pairs of customers."""
    return reference(matrix, whole=False)


def ours(matrix: Floats) -> Found:
    """By the pipeline, as its stage does it."""
    from pipeline.clustering.evaluation import customer_silhouettes, evaluation, measured_customers
    from pipeline.clustering.labels import label_column
    from pipeline.clustering.methods import K_METHODS, METHODS
    from pipeline.clustering.scaling import Prepared
    from pipeline.threads import one_thread

    everyone = np.arange(len(matrix))
    columns = tuple(f"column {place}" for place in range(matrix.shape[1]))
    ready = Prepared(everyone.astype(object), everyone, matrix[:, 0], matrix, columns, [], {}, {})
    with one_thread("scipy.linalg", "sklearn.cluster"):
        found = {
            (name, k): clustering
            for name in K_METHODS
            for k, clustering in METHODS[name]().clusterings(ready, list(KS), SEED, _unheard).items()
        }
        drawn = measured_customers(len(matrix), SEED)
        values = customer_silhouettes(matrix[drawn], found, drawn, _unheard)
        records = evaluation(ready, found, values)
    return {label_column(*key): clustering.labels for key, clustering in found.items()}, records


def _unheard(_: float) -> None:
    """Nobody is told how far it is."""


def main(side: str, source: str, target: str) -> None:
    with np.load(source) as kept:
        matrix = kept["matrix"]
    work = {"reference": reference, "part": part, "ours": ours}[side]
    work(matrix[:WARM_UP])
    with Measurement() as measurement:
        labels, records = work(matrix)
    np.savez(target, **{name: own.astype(np.int8) for name, own in labels.items()})
    Path(target).with_suffix(".json").write_text(json.dumps({"cost": measurement.to_json(), "records": records}))


if __name__ == "__main__":
    main(*sys.argv[1:])
