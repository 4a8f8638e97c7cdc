"""The finished model on any day: that of the results on the last one, and the same rule on all."""

import datetime

import numpy as np
import pandas as pd
import pytest

from pipeline import segmentation
from pipeline.clustering.methods import METHODS
from pipeline.errors import PipelineError
from pipeline.model_file import model
from pipeline.recipe import BALANCED
from pipeline.scoring import placed
from pipeline.simulation import simulate_shop
from pipeline.standing import Standing
from pipeline.store import Store

CHOICES = [(name, 4 if method.TAKES_K else None) for name, method in METHODS.items()]


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A small shop in which big spenders are set aside, so that every kind of group is there."""
    folder = tmp_path_factory.mktemp("standing")
    simulate_shop(folder / "shop.csv", customers=400, seed=21)
    recipe = BALANCED.with_settings({"preparation": {"key_accounts": "share", "key_accounts_share": 0.02}})
    return segmentation.run(folder / "shop.csv", recipe, Store(folder / "cache"))


@pytest.fixture(scope="module")
def standing(done):
    return Standing(done)


@pytest.mark.parametrize("method, k", CHOICES)
def test_on_the_last_day_everyone_is_where_scoring_the_same_file_puts_them(done, standing, method, k):
    known, column = model(done), method if k is None else f"{method}_{k}"
    scored = placed(done.table("features", "customers"), known, [column]).labels.set_index("CustomerID")[column]
    pd.testing.assert_series_equal(standing.segments(standing.last, method, k), scored, check_names=False)


@pytest.mark.parametrize("method", ["kmeans", "gaussian_mixture", "rfm_grid"])
def test_methods_with_a_rule_for_everyone_put_customers_where_the_page_has_them(standing, method):
    assert standing.as_in_the_results(method, None if method == "rfm_grid" else 4) == 1


@pytest.mark.parametrize("method, k", CHOICES)
def test_everyone_is_somewhere_on_both_days_and_movers_are_those_who_count_as_moved(done, standing, method, k):
    earlier, later = standing.last - datetime.timedelta(days=120), standing.last - datetime.timedelta(days=15)
    moved = standing.movement(earlier, later, method, k)
    assert moved.flows()["Customers"].sum() == len(standing.customers(later))
    assert moved.known == len(standing.customers(earlier))
    listed = standing.movers(earlier, later, method, k, done.customers()[["CustomerID", "CLV_6m"]])
    assert len(listed) == moved.moved > 0
    assert (listed["Before"] != listed["After"]).all()
    assert listed["CLV_6m"].is_monotonic_decreasing
    assert (listed["OrdersSince"] >= 0).all() and (listed["SpentSince"] >= 0).all()


def test_who_moved_without_an_order_has_waited_all_the_while(done, standing):
    earlier, later = standing.last - datetime.timedelta(days=120), standing.last
    listed = standing.movers(earlier, later, "rfm_grid", None, done.customers()[["CustomerID", "CLV_6m"]])
    waited = listed[listed["OrdersSince"] == 0]
    assert len(waited) and (waited["Recency"] >= 120).all() and (waited["SpentSince"] == 0).all()


def test_who_came_back_had_not_ordered_for_as_long_before_the_first_day_as_lies_between_the_two(done, standing):
    earlier, later = standing.last - datetime.timedelta(days=60), standing.last
    listed = standing.movers(earlier, later, "rfm_grid", None, done.customers()[["CustomerID", "CLV_6m"]])
    days = done.days()
    since = pd.Timestamp(earlier)
    lately = set(days.loc[(days["Day"] > since - pd.Timedelta(days=60)) & (days["Day"] <= since), "CustomerID"])
    ordered = set(days.loc[(days["Day"] > since) & (days["Day"] <= pd.Timestamp(later)), "CustomerID"])
    expected = [each in ordered and each not in lately for each in listed["CustomerID"]]
    assert listed["CameBack"].tolist() == [int(each) for each in expected]
    assert 0 < listed["CameBack"].sum() < (listed["OrdersSince"] > 0).sum()


def test_key_accounts_are_those_above_the_limit_as_of_each_day(done, standing):
    limit = done.facts("clusters")["preparation"]["key_accounts_above"]
    day = standing.last - datetime.timedelta(days=200)
    spent = standing.customers(day).set_index("CustomerID")["Monetary"]
    aside = standing.segments(day, "kmeans", 4) == -2
    np.testing.assert_array_equal(aside, spent.reindex(aside.index) > limit)


def test_days_that_are_none_or_in_the_wrong_order_are_told_in_a_sentence(standing):
    for typed, words in (("yesterday", "is not a day"), ("1999-01-01", "is not in the file, which runs from")):
        with pytest.raises(PipelineError, match=words):
            standing.day(typed)
    with pytest.raises(PipelineError, match="must come before"):
        standing.between(str(standing.last), str(standing.first))
    with pytest.raises(PipelineError, match="no segments of 'kmeans' with 99"):
        standing.segments(standing.last, "kmeans", 99)


@pytest.mark.parametrize("method, k", CHOICES)
def test_in_a_shop_whose_customers_are_steady_no_flow_is_told_as_more_than_chance(standing, method, k):
    later = standing.last - datetime.timedelta(days=15)
    moved = standing.movement(later - datetime.timedelta(days=100), later, method, k)
    assert moved.changed > 20
    assert moved.steady.low - 5 <= moved.changed <= moved.steady.high + 5
    assert len(moved.beyond()) <= 1
