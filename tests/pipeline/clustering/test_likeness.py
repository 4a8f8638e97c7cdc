"""The customers who are most like one are those that scikit-learn's brute force finds."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from pipeline.clustering.likeness import nearest_customers


@pytest.mark.parametrize("row", [0, 7, 499])
def test_the_nearest_customers_are_those_of_scikit_learn(row):
    matrix = np.random.default_rng(3).normal(size=(500, 8))
    found = nearest_customers(matrix, row, 6)
    known = NearestNeighbors(n_neighbors=7, algorithm="brute").fit(matrix)
    distances, rows = known.kneighbors(matrix[[row]])
    assert found.rows.tolist() == rows[0][1:].tolist()
    assert found.distances == pytest.approx(distances[0][1:])


def test_equally_near_customers_come_in_the_order_of_the_table():
    matrix = np.array([[0.0], [1.0], [-1.0], [1.0], [5.0]])
    assert nearest_customers(matrix, 0, 2).rows.tolist() == [1, 2]


def test_a_customer_is_not_like_themselves_though_others_are_the_same():
    matrix = np.zeros((3, 2))
    assert nearest_customers(matrix, 1, 5).rows.tolist() == [0, 2]
    assert nearest_customers(np.zeros((1, 2)), 0, 5).rows.tolist() == []
