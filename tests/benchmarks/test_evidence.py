"""The figures behind the default recipe are what they are called."""

import numpy as np
import pytest

from benchmarks import evidence
from pipeline.clustering.kmeans import KMeans
from pipeline.clustering.preparation import Preparation


def test_a_cluster_found_again_counts_one_and_one_torn_in_half_counts_half():
    before, after = np.array([0, 0, 0, 0, 1, 1]), np.array([2, 2, 0, 0, 1, 1])
    assert evidence.jaccards(before, after, 3).tolist() == [0.5, 1.0, 0.0]
    assert evidence.rand_index(before, np.array([1, 1, 1, 1, 0, 0])) == 1.0


def test_variance_explained_is_that_between_clusters():
    outcome = np.array([0.0, 0.0, 2.0, 2.0])
    assert evidence.explained(outcome, np.array([0, 0, 1, 1])) == pytest.approx(1.0)
    assert evidence.explained(outcome, np.array([0, 1, 0, 1])) == pytest.approx(0.0)


def test_labels_come_in_the_order_of_the_customers(made_up):
    shuffled = made_up.sample(frac=1, random_state=0)
    straight = evidence.clusters(made_up, Preparation(), KMeans(), 1)[3]
    mixed = evidence.clusters(shuffled, Preparation(), KMeans(), 1)[3]
    assert np.array_equal(straight[shuffled.index], mixed)


def test_each_customer_counts_once_in_a_resample(made_up):
    drawn, labels = evidence.resampled(made_up, Preparation(), KMeans(), 5)
    assert len(np.unique(drawn)) == len(drawn) == len(labels[4])
    assert 0.5 < len(drawn) / len(made_up) < 0.75


@pytest.fixture
def made_up():
    import pandas as pd

    random = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "CustomerID": [f"{number:04}" for number in range(200)],
            "Recency": random.integers(0, 300, 200),
            "Frequency": random.integers(1, 20, 200),
            "Monetary": random.lognormal(5, 1, 200),
            "CatShare_Bags": random.random(200),
            "IsUK": random.integers(0, 2, 200),
        }
    )
