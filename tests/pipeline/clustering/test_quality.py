"""Silhouettes in one pass equal scikit-learn's one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clustering import quality


def labelings(random, customers):
    eight = np.unique(random.integers(0, 8, customers), return_inverse=True)[1]
    return [eight, eight // 2, eight // 4, np.unique(random.integers(0, 3, customers), return_inverse=True)[1]]


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), customers=st.integers(12, 200), spread=st.sampled_from([1.0, 100.0]))
def test_silhouettes_equal_scikit_learn(seed, customers, spread):
    from sklearn.metrics import silhouette_score

    random = np.random.default_rng(seed)
    matrix = random.normal(size=(customers, 4)) * [1, spread, 0.1, 1]
    every = [labels for labels in labelings(random, customers) if 1 < len(np.unique(labels)) < customers]
    expected = [silhouette_score(matrix, labels) for labels in every]
    assert quality.silhouettes(matrix, every) == pytest.approx(expected, abs=1e-8)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), customers=st.integers(12, 200))
def test_each_customers_silhouette_and_davies_bouldin_equal_scikit_learn(seed, customers):
    from sklearn.metrics import davies_bouldin_score, silhouette_samples

    random = np.random.default_rng(seed)
    matrix = random.normal(size=(customers, 4)) * [1, 10, 0.1, 1]
    every = [labels for labels in labelings(random, customers) if 1 < len(np.unique(labels)) < customers]
    for labels, values in zip(every, quality.silhouette_values(matrix, every), strict=True):
        np.testing.assert_allclose(values, silhouette_samples(matrix, labels), atol=1e-6)
        expected = davies_bouldin_score(matrix, labels)
        loose = 1e-7 if np.bincount(labels).min() < 2 else 1e-9  # scikit-learn's own error for a lonely customer
        assert quality.davies_bouldin(matrix, labels) == pytest.approx(expected, abs=loose)
    assert quality.davies_bouldin(matrix, np.zeros(customers, dtype=int)) is None
    assert quality.davies_bouldin(np.ones((4, 2)), np.array([0, 0, 1, 1])) == 0.0


def test_blocks_change_nothing(monkeypatch):
    random = np.random.default_rng(0)
    matrix, every = random.normal(size=(101, 3)), labelings(random, 101)
    whole = quality.silhouettes(matrix, every)
    shares = []
    monkeypatch.setattr(quality, "BLOCK_BYTES", 8 * 101 * 7)
    assert quality.silhouettes(matrix, every, shares.append) == pytest.approx(whole, abs=1e-12)
    assert len(shares) == 15
    assert shares[-1] == 1.0


def test_a_single_cluster_has_no_silhouette_and_a_lonely_customer_counts_zero():
    matrix = np.array([[0.0], [1.0], [10.0]])
    alone = np.array([0, 0, 1])
    assert quality.silhouettes(matrix, [np.zeros(3, dtype=int), alone]) == [
        None,
        pytest.approx((9 / 10 + 8 / 9 + 0) / 3),
    ]


def test_equal_customers_in_different_clusters_count_zero():
    assert quality.silhouettes(np.ones((4, 2)), [np.array([0, 0, 1, 1])]) == [0.0]


def test_inertia_and_calinski_harabasz_equal_scikit_learn():
    from sklearn.cluster import KMeans
    from sklearn.metrics import calinski_harabasz_score

    matrix = np.random.default_rng(0).normal(size=(100, 3))
    fit = KMeans(4, n_init=2, random_state=0).fit(matrix)
    within = quality.inertia(matrix, fit.labels_)
    assert within == pytest.approx(fit.inertia_)
    score = quality.calinski_harabasz(matrix, fit.labels_, within)
    assert score == pytest.approx(calinski_harabasz_score(matrix, fit.labels_))
    assert quality.calinski_harabasz(matrix, np.zeros(100, dtype=int), within) is None
