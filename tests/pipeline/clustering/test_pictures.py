"""The map and the tree: equal to scikit-learn and to the clusters that are shown, the same from run to run."""

import itertools

import numpy as np
import pytest
from sklearn.decomposition import PCA

from pipeline.clustering.dendrogram import DRAWN, dendrogram
from pipeline.clustering.hierarchical import Hierarchical
from pipeline.clustering.preparation import Preparation
from pipeline.clustering.projection import in_words, projection
from pipeline.clustering.scaling import prepared

KS = (2, 3, 4, 5)


@pytest.fixture(scope="module")
def ready(shop_customers):
    return prepared(shop_customers(300, seed=3), Preparation())


@pytest.fixture(scope="module")
def cuts(ready):
    found = Hierarchical().clusterings(ready, KS, 42, lambda k: None)
    return {k: clustering.labels for k, clustering in found.items()}


def test_the_map_is_that_of_scikit_learn_up_to_its_side(ready):
    flat, reference = projection(ready), PCA(2).fit(ready.matrix)
    there = reference.transform(ready.matrix)
    assert np.allclose(np.abs(flat.coordinates), np.abs(there), atol=1e-9)
    assert flat.explained == pytest.approx(reference.explained_variance_ratio_)
    assert (flat.loadings.max(axis=1) == np.abs(flat.loadings).max(axis=1)).all()


def test_the_order_of_customers_does_not_turn_the_map_over(ready):
    turned = ready._replace(matrix=ready.matrix[::-1])
    assert np.allclose(projection(turned).coordinates[::-1], projection(ready).coordinates, atol=1e-9)


def test_one_feature_makes_a_line_and_no_feature_differing_a_point(ready):
    line = projection(ready._replace(matrix=ready.matrix[:, :1], columns=ready.columns[:1]))
    assert (line.coordinates[:, 1] == 0).all()
    assert line.explained == (1.0, 0.0)
    assert not projection(ready._replace(matrix=np.zeros_like(ready.matrix))).coordinates.any()


def test_directions_are_told_by_what_weighs_most():
    columns = ("Recency", "Frequency", "Monetary", "CatShare_Bags")
    assert in_words((-0.7, 0.6, 0.1, 0.35), columns) == "ordered more recently, more orders, more Bags"
    assert in_words((0.1, 0.2, 0.1, -0.2), columns) == "more orders"


def test_every_cut_of_the_drawn_tree_has_its_k_branches_in_the_segments_of_ward(ready, cuts):
    tree = dendrogram(ready.matrix, cuts, 42)
    assert sum(leaf["size"] for leaf in tree["leaves"]) == len(ready.matrix)
    assert len(tree["links"]) == DRAWN
    assert len(tree["leaves"]) == DRAWN + 1
    for k in KS:
        assert sum(link["height"] > tree["cuts"][str(k)] for link in tree["links"]) == k - 1
        sizes = np.zeros(k)
        for leaf in tree["leaves"]:
            sizes[leaf["segments"][str(k)]] += leaf["size"]
        assert sizes.tolist() == np.bincount(cuts[k]).tolist()
        side_by_side = [leaf["segments"][str(k)] for leaf in tree["leaves"]]
        assert sum(left != right for left, right in itertools.pairwise(side_by_side)) == k - 1


def test_branches_start_where_their_groups_were_made(ready, cuts):
    tree = dendrogram(ready.matrix, cuts, 42)
    heights = [link["height"] for link in tree["links"]]
    assert heights == sorted(heights)
    assert all(link["from_left"] <= link["height"] >= link["from_right"] for link in tree["links"])
    assert all(link["left"] < link["right"] for link in tree["links"])


def test_a_handful_of_customers_has_its_whole_tree(ready):
    tree = dendrogram(ready.matrix[:4], {2: np.array([0, 0, 1, 1])}, 42)
    assert [leaf["size"] for leaf in tree["leaves"]] == [1] * 4
    assert len(tree["links"]) == 3
