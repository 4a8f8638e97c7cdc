"""Clusters beside plain scikit-learn: both sides find the same, and what is worse is told."""

import numpy as np
import pytest
from sklearn.datasets import make_blobs

from benchmarks import clusters, clusters_child


@pytest.fixture(scope="module")
def matrix():
    return make_blobs(300, n_features=3, centers=4, random_state=1)[0]


@pytest.fixture(scope="module")
def sides(matrix):
    import pandas as pd

    made = {"reference": clusters_child.reference(matrix), "ours": clusters_child.ours(matrix)}
    return {
        side: {"costs": [], "labels": labels, "records": pd.DataFrame(records).set_index(["method", "k"]).sort_index()}
        for side, (labels, records) in made.items()
    }


def test_both_sides_have_every_method_and_k(sides):
    assert set(sides["ours"]["labels"]) == set(sides["reference"]["labels"])
    assert len(sides["ours"]["labels"]) == 21


def test_ward_and_all_measures_are_those_of_scikit_learn(sides):
    checks = {check.what: check for check in clusters._checks("few", sides["reference"], sides["ours"])}
    for what in ("Ward labels", "silhouette", "calinski_harabasz", "davies_bouldin"):
        assert checks[f"few: {what}"].agrees
    assert checks["few: Ward labels"].found == "7 of 7 k identical"


def test_worse_clusters_are_told(sides):
    records = sides["ours"]["records"].copy()
    records["inertia"] *= 1.01
    checks = clusters._checks("few", sides["reference"], {**sides["ours"], "records": records})
    assert [check.what for check in checks if not check.agrees] == ["few: k-means inertia, ours by theirs"]


def test_customers_drawn_again_are_alike_but_never_the_same(matrix):
    more = clusters.resampled(matrix, 1_000, seed=1)
    assert len(np.unique(more, axis=0)) == 1_000
    assert np.allclose(more.mean(axis=0), matrix.mean(axis=0), atol=0.2 * matrix.std(axis=0).max())
    assert np.array_equal(more, clusters.resampled(matrix, 1_000, seed=1))
