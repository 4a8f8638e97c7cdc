"""Clusters drawn anew: groups that are there come back, a cloud cut into pieces does not."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import engine
from pipeline.clustering.agreement import jaccards, overlap, rand_index
from pipeline.clustering.kmeans import KMeans
from pipeline.clustering.methods import METHODS
from pipeline.clustering.preparation import Preparation
from pipeline.clustering.stability import Stability, stability
from pipeline.clustering.suggestion import elbow, suggestion
from pipeline.clustering.sweep import Clusters, sweep

KMEANS = (KMeans(),)
LABELS = st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 3)), min_size=1, max_size=40)


def silent(share, sentence):
    assert 0 <= share <= 1
    assert sentence


@pytest.fixture
def tested(tmp_path):
    """A function: customers -> the Jaccard table and the facts of sweep and stability."""

    def run(customers, methods=KMEANS, draws=6):
        source, labels = tmp_path / "customers.parquet", tmp_path / "labels"
        engine.write_parquet(customers, source)
        clusters, preparation = Clusters(k_high=6), Preparation(country_weight=0.0, product_mix_weight=0.0)
        swept = sweep(source, clusters, preparation, methods, tmp_path, silent)
        target, settings = tmp_path / "jaccards", Stability(draws=draws)
        facts = stability(source, labels, clusters, preparation, methods, settings, target, silent)
        return engine.read_parquet(target), swept, facts

    return run


def groups(shop_customers, centres, spread, size=100):
    """Customers in `centres` groups that differ in recency, frequency and spend."""
    random = np.random.default_rng(3)
    place = np.repeat(np.arange(centres), size)
    base = shop_customers(centres * size)
    around = random.normal(0, spread, (centres * size, 3))
    angle = 2 * np.pi * place / centres
    turned = np.stack([np.cos(angle), np.sin(angle), np.cos(angle)], axis=1) + around
    return base.assign(
        Recency=200 + 60 * turned[:, 0], Frequency=20 + 6 * turned[:, 1], Monetary=2_000 + 500 * turned[:, 2]
    )


def chosen(swept, facts, customers):
    stable = [row for row in facts["evaluation"] if row["method"] == "kmeans"]
    return suggestion(swept["evaluation"], stable, customers)


@pytest.mark.parametrize("centres", [3, 5])
def test_groups_that_are_there_come_back_and_their_number_is_suggested(tested, shop_customers, centres):
    table, swept, facts = tested(groups(shop_customers, centres, 0.04))
    found = table[table["k"] == centres]
    assert len(found) == centres
    assert (found["jaccard"] > 0.95).all()
    assert chosen(swept, facts, centres * 100).k == centres
    assert not chosen(swept, facts, centres * 100).provisional


def test_pieces_of_one_cloud_do_not_come_back(tested, shop_customers):
    random = np.random.default_rng(1)
    cloud = random.normal(0, 1, (300, 3)) * 50 + 500
    customers = shop_customers(300).assign(Recency=cloud[:, 0], Frequency=cloud[:, 1], Monetary=cloud[:, 2])
    table, _, facts = tested(customers)
    weakest = {row["k"]: row["weakest"] for row in facts["evaluation"]}
    assert weakest[5] < 0.75
    assert weakest[6] < 0.75
    assert np.allclose([table.loc[table["k"] == k, "jaccard"].min() for k in weakest], list(weakest.values()))


def test_every_method_is_tested_and_the_same_seed_gives_the_same(tested, shop_customers):
    methods = [method() for method in METHODS.values()]
    table, _, facts = tested(shop_customers(120), methods, draws=2)
    again, _, same = tested(shop_customers(120), methods, draws=2)
    pd.testing.assert_frame_equal(table, again)
    assert facts == same
    assert {row["method"] for row in facts["evaluation"]} == set(METHODS)
    assert table["jaccard"].between(0, 1).all()
    assert facts["drawn_from"] == 120


def test_customers_all_alike_are_tested_without_harm(tested, shop_customers):
    alike = pd.concat([shop_customers(1)] * 30, ignore_index=True)
    alike = alike.assign(CustomerID=[f"{number:03}" for number in range(30)])
    _, _, facts = tested(alike)
    assert all(row["ari"] is None or row["ari"] <= 1 for row in facts["evaluation"])


@settings(deadline=None)
@given(rows=LABELS)
def test_overlap_is_the_share_of_customers_in_both_of_those_in_either(rows):
    one, other = (np.array(column) for column in zip(*rows, strict=True))
    found = overlap(one, other)
    for cluster in range(one.max(initial=-1) + 1):
        for against in range(other.max(initial=-1) + 1):
            here, there = one == cluster, other == against
            either = (here | there).sum()
            assert found[cluster, against] == pytest.approx((here & there).sum() / either if either else 0.0)
    own = jaccards(one, one, int(one.max(initial=-1)) + 1)
    assert all(own[number] == 1.0 for number in set(one.tolist()) - {-1})


def test_the_rand_index_is_one_for_the_same_clusters_under_other_names():
    assert rand_index(np.array([0, 0, 1, 2]), np.array([2, 2, 0, 1])) == 1.0


def test_the_elbow_is_where_the_line_bends():
    assert elbow([2, 3, 4, 5, 6], [100, 60, 20, 18, 16]) == 4
    assert elbow([2, 3, 4, 5, 6], [100, 20, 18, 16, 14]) == 3
    assert elbow([2], [10]) == 2
    assert elbow([2, 3, 4], [5, 5, 5]) == 2


def records(smallest):
    inertias = [100, 50, 30, 28, 26]
    return [
        {"k": k, "inertia": inertia, "smallest": size}
        for k, inertia, size in zip(range(2, 7), inertias, smallest, strict=True)
    ]


def weakest(*values):
    return [{"k": k, "weakest": value} for k, value in zip(range(2, 7), values, strict=True)]


def test_the_most_segments_that_all_come_back_and_are_large_enough_are_suggested():
    sizes = [400, 300, 200, 100, 60]
    assert suggestion(records(sizes), weakest(0.99, 0.95, 0.9, 0.88, 0.4), 1000).k == 5
    assert suggestion(records([400, 300, 200, 10, 5]), weakest(0.99, 0.95, 0.9, 0.88, 0.9), 1000).k == 4
    valid = suggestion(records(sizes), weakest(0.8, 0.8, 0.76, 0.7, 0.4), 1000)
    assert valid.k == 4
    assert "fairly well" in valid.reason
    doubtful = suggestion(records(sizes), weakest(0.5, 0.6, 0.4, 0.3, 0.2), 1000)
    assert doubtful.k == 3
    assert doubtful.reason.startswith("No number of segments holds")


def test_before_the_test_the_suggestion_is_the_bend_and_says_so():
    found = suggestion(records([400, 300, 200, 100, 60]), None, 1000)
    assert (found.k, found.provisional) == (4, True)
    assert "has not been tested yet" in found.reason
