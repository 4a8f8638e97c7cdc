"""On Online Retail the classic way equals a plain scikit-learn script."""

import numpy as np
import pandas as pd
import pytest

from pipeline import engine
from pipeline.clustering.gaussian_mixture import GaussianMixture
from pipeline.clustering.hierarchical import Hierarchical
from pipeline.clustering.kmeans import KMeans
from pipeline.clustering.preparation import Preparation
from pipeline.clustering.sweep import Clusters, sweep
from pipeline.threads import one_thread

CLASSIC = Preparation(scaling="standard", country_weight=1.0, product_mix_weight=1.0)
KS = range(2, 9)


def silent(share, sentence):
    assert sentence


@pytest.fixture(scope="module")
def ours(real_tables, tmp_path_factory):
    target = tmp_path_factory.mktemp("classic")
    methods = [KMeans(), Hierarchical(), GaussianMixture(covariance_type="full")]
    facts = sweep(
        real_tables.customers,
        Clusters(),
        CLASSIC,
        methods,
        target,
        silent,
    )
    return engine.read_parquet(target / "labels"), pd.DataFrame(facts["evaluation"]).set_index(["method", "k"])


@pytest.fixture(scope="module")
def plain(real_tables):
    """The script a person would write, before any fit."""
    from sklearn.preprocessing import StandardScaler

    customers = engine.read_parquet(real_tables.customers)
    shares = [name for name in customers if name.startswith("CatShare_")]
    columns = ["Recency", "Frequency", "Monetary", "IsUK", *shares]
    return StandardScaler().fit_transform(customers[columns].astype(float))


def silhouette(matrix, labels):
    from sklearn.metrics import silhouette_score

    with one_thread("scipy.linalg", "sklearn.cluster"):
        return silhouette_score(matrix, labels)


@pytest.mark.parametrize("k", KS)
def test_ward_labels_and_silhouettes_are_those_of_scikit_learn(ours, plain, k):
    from sklearn.cluster import AgglomerativeClustering

    labels, evaluation = ours
    theirs = AgglomerativeClustering(k, linkage="ward").fit_predict(plain)
    mine = labels[f"hierarchical_{k}"].to_numpy()
    assert len(np.unique(np.column_stack([theirs, mine]), axis=0)) == k
    assert evaluation.loc[("hierarchical", k), "silhouette"] == pytest.approx(silhouette(plain, theirs), abs=1e-8)


@pytest.mark.parametrize("k", KS)
def test_k_means_inertia_is_not_above_scikit_learn(ours, plain, k):
    from sklearn.cluster import KMeans as Plain

    labels, evaluation = ours
    with one_thread("scipy.linalg", "sklearn.cluster"):
        theirs = Plain(k, n_init=10, random_state=42).fit(plain)
    mine = evaluation.loc[("kmeans", k)]
    assert mine["inertia"] <= theirs.inertia_ * (1 + 1e-9)
    assert mine["silhouette"] == pytest.approx(silhouette(plain, labels[f"kmeans_{k}"]), abs=1e-8)


@pytest.mark.parametrize("k", KS)
def test_a_mixture_is_not_less_likely_than_scikit_learn(ours, plain, k):
    from sklearn.mixture import GaussianMixture as Plain

    _, evaluation = ours
    with one_thread("scipy.linalg", "sklearn.cluster"):
        theirs = Plain(k, random_state=42).fit(plain)
    assert evaluation.loc[("gaussian_mixture", k), "mean_log_likelihood"] >= theirs.lower_bound_ - 1e-9


def test_the_default_way_makes_no_cluster_of_whales_or_of_a_flag(real_tables, tmp_path):
    methods = [KMeans(), GaussianMixture()]
    facts = sweep(
        real_tables.customers,
        Clusters(),
        Preparation(),
        methods,
        tmp_path,
        silent,
    )
    customers, labels = engine.read_parquet(real_tables.customers), engine.read_parquet(tmp_path / "labels")
    assert min(record["smallest"] for record in facts["evaluation"]) > 200
    for k in KS:
        abroad = (1 - customers["IsUK"]).groupby(labels[f"kmeans_{k}"]).mean()
        assert abroad.max() < 0.3
