"""Preparations side by side: what comes of each is counted on known groups, and on what they foretell."""

import json

import numpy as np
import pandas as pd
import pytest

from pipeline import engine
from pipeline.clustering.kmeans import KMeans
from pipeline.clustering.preparation import Preparation
from pipeline.clustering.stability import clustered, resampled
from pipeline.clustering.sweep import Clusters
from pipeline.features.product_mix import ProductMix
from pipeline.profiles.foretelling import HORIZON, Later, explained, later
from pipeline.profiles.preparations import OFFERED, compared_with, judged
from pipeline.recipe import RECIPES

CLUSTERS, METHODS = Clusters(k_low=2, k_high=4, n_clusters=3), [KMeans()]


@pytest.fixture(scope="module")
def grouped():
    """Three groups far apart by spend, the middle one abroad, and one customer who spends a thousand times as much."""
    random = np.random.default_rng(0)
    group = np.repeat([0, 1, 2], 60)
    spend = np.array([10.0, 1e3, 1e5])[group] * random.lognormal(0, 0.1, 180)
    spend[-1] = 1e8
    return pd.DataFrame(
        {
            "CustomerID": [f"{number:04}" for number in range(180)],
            "Recency": np.array([300, 150, 10])[group] + random.integers(0, 9, 180),
            "Frequency": np.array([1, 8, 60])[group] + random.integers(0, 2, 180),
            "Monetary": spend,
            "CatShare_Bags": random.random(180),
            "IsUK": (group != 1).astype(int),
        }
    )


def _judged(customers, preparation, after=None, draws=3):
    shares = []
    rows = judged(customers, after, preparation, CLUSTERS, METHODS, draws, shares.append)
    assert shares == sorted(shares)
    assert json.loads(json.dumps(rows, allow_nan=False)) == rows
    return {row["k"]: row for row in rows}


def test_groups_that_are_there_come_back_in_their_sizes(grouped):
    found = _judged(grouped, Preparation())[3]
    assert found["sizes"] == pytest.approx([1 / 3] * 3, abs=0.01)
    assert found["ari"] > 0.98
    assert found["weakest"] > 0.95
    assert found["explained"] is None


def test_a_group_that_one_flag_explains_is_told(grouped):
    mild = _judged(grouped, Preparation())[3]
    assert mild["abroad"] == 1.0
    few = grouped.assign(IsUK=(np.arange(180) >= 10).astype(int), **dict.fromkeys(("Recency", "Frequency"), 5))
    flagged = few.assign(Monetary=np.random.default_rng(1).lognormal(5, 0.1, 180))
    loud = Preparation(scaling="standard", country_weight=5.0)
    assert _judged(flagged, loud)[2]["flags"] == [
        "100 % of this segment are outside the UK, 6 % of all: one flag explains it."
    ]


def test_whoever_is_set_aside_is_counted_apart(grouped):
    found = _judged(grouped, Preparation(key_accounts="share", key_accounts_share=0.006))[3]
    assert found["key_accounts"] == pytest.approx(1 / 180)
    assert sum(found["sizes"]) == pytest.approx(179 / 180)


def test_segments_explain_a_later_outcome_that_follows_them(grouped):
    follows = np.log(grouped["Monetary"].to_numpy())
    follows[-1] = follows[-2]
    noise = np.random.default_rng(2).normal(size=180)
    assert _judged(grouped, Preparation(), Later(grouped, follows))[3]["explained"] > 0.99
    assert _judged(grouped, Preparation(), Later(grouped, noise))[3]["explained"] < 0.1


def test_variance_explained_is_that_between_clusters():
    outcome = np.array([0.0, 0.0, 2.0, 2.0])
    assert explained(outcome, np.array([-2, -2, 1, 1])) == pytest.approx(1.0)
    assert explained(outcome, np.array([0, 1, 0, 1])) == pytest.approx(0.0)
    assert explained(np.ones(4), np.array([0, 1, 0, 1])) == 0.0


def test_labels_come_in_the_order_of_the_customers(grouped):
    shuffled = grouped.sample(frac=1, random_state=0)
    straight = clustered(grouped, CLUSTERS, Preparation(), METHODS)["kmeans", 3]
    mixed = clustered(shuffled, CLUSTERS, Preparation(), METHODS)["kmeans", 3]
    assert np.array_equal(straight[shuffled.index], mixed)


def test_each_customer_counts_once_in_a_resample(grouped):
    drawn, labels = resampled(grouped, CLUSTERS, Preparation(), METHODS, 5)
    assert len(np.unique(drawn)) == len(drawn) == len(labels["kmeans", 4])
    assert 0.5 < len(drawn) / len(grouped) < 0.75


@pytest.fixture(scope="module")
def lines():
    """Ten customers with an order every thirty days of a year, of as many pounds as their number."""
    days = pd.date_range("2011-01-01", periods=13, freq="30D")
    rows = [(f"{who:02}", day, float(who)) for who in range(1, 11) for day in days]
    table = pd.DataFrame(rows, columns=["CustomerID", "InvoiceDate", "TotalPrice"])
    return table.assign(
        InvoiceNo=table["CustomerID"] + table["InvoiceDate"].dt.strftime("%j"),
        StockCode="A",
        Description="red bag",
        Quantity=1,
        UnitPrice=table["TotalPrice"],
        Country="United Kingdom",
    )


def test_customers_stand_where_they_stood_and_spend_what_they_spent(lines, tmp_path):
    engine.write_parquet(lines, tmp_path / "lines.parquet")
    found = later(tmp_path / "lines.parquet", ProductMix())
    cut = lines["InvoiceDate"].max() - HORIZON
    after = lines[lines["InvoiceDate"] > cut].groupby("CustomerID")["TotalPrice"].sum()
    assert np.expm1(found.log_revenue) == pytest.approx(after[found.earlier["CustomerID"]].to_numpy())
    assert (found.earlier["Frequency"] == (lines["InvoiceDate"] <= cut).sum() / 10).all()
    engine.write_parquet(lines[lines["InvoiceDate"] > "2011-06-01"], tmp_path / "short.parquet")
    assert later(tmp_path / "short.parquet", ProductMix()) is None


def test_the_one_in_use_comes_first_and_the_delivered_ones_are_there():
    for name, recipe in RECIPES.items():
        offered = compared_with(recipe.step(Preparation))
        assert next(iter(offered)) == name
        assert set(offered) == set(OFFERED)
    own = compared_with(Preparation(country_weight=0.7))
    assert next(iter(own)) == "own"
    assert list(own)[1:] == list(OFFERED)
