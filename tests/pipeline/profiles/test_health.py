"""Health: a badge by what came back, and alarms that shuffled customers never raise."""

import numpy as np
import pandas as pd
import pytest

from pipeline.profiles.health import health


@pytest.fixture
def customers():
    random = np.random.default_rng(0)
    return pd.DataFrame({"Monetary": random.gamma(2.0, 300.0, 2_000), "IsUK": (random.random(2_000) < 0.9).astype(int)})


def quarters(customers):
    return np.arange(len(customers)) * 4 // len(customers)


def alarms(customers, labels, **known):
    found = health(customers, labels, known.get("jaccards"), known.get("silhouettes"), known.get("others", {}))
    return {number: list(own.alarms.values()) for number, own in found.items()}


def test_the_badge_follows_what_came_back(customers):
    labels = quarters(customers)
    found = health(customers, labels, {0: 0.9, 1: 0.7, 2: 0.3}, None, {})
    assert [own.badge for own in found.values()] == ["stable", "pattern", "doubtful", "untested"]
    assert health(customers, labels, None, None, {})[0].badge == "untested"


def test_shuffled_customers_raise_no_alarm(customers):
    for seed in range(20):
        labels = np.random.default_rng(seed).permutation(quarters(customers))
        silhouettes = np.random.default_rng(seed).normal(0.4, 0.1, len(customers))
        assert set(map(tuple, alarms(customers, labels, silhouettes=silhouettes).values())) == {()}


def test_a_flag_that_explains_a_segment_is_named_with_its_share(customers):
    labels = np.where(customers["IsUK"] == 1, 0, 1)
    found = alarms(customers, labels)
    assert found[0] == []
    assert found[1] == [
        f"100 % of this segment are outside the UK, {100 * labels.mean():.0f} % of all: one flag explains it."
    ]
    assert alarms(customers.drop(columns="IsUK"), labels) == {0: [], 1: []}


def test_few_customers_are_called_few_and_whales_are_called_by_their_revenue(customers):
    labels = np.zeros(len(customers), dtype=int)
    labels[:30] = 1
    rich = customers.assign(Monetary=customers["Monetary"].where(labels == 0, 20_000.0))
    small, whale = alarms(rich, labels)[1]
    assert small.startswith("Only 30 customers are in it")
    assert whale.startswith("1.5 % of the customers bring ")


def test_customers_on_the_border_are_told_where_they_are_many(customers):
    labels = quarters(customers)
    silhouettes = np.where(labels == 2, np.where(np.arange(len(labels)) % 2, 0.01, 0.5), 0.5)
    silhouettes[labels == 3] = np.nan
    found = health(customers, labels, None, silhouettes, {})
    assert found[2].alarms == {"Borderline": "50 % of its customers lie about as near to another segment."}
    assert found[0].borderline == 0.0
    assert found[3].borderline is None


def test_the_same_customers_under_another_method_are_good_news_and_no_alarm(customers):
    labels = quarters(customers)
    other = labels.copy()
    other[labels == 1] = 0
    found = health(customers, labels, None, None, {"Ward": (other, {0: "All", 2: "Best", 3: "Rest"})})
    assert found[2].twins == ["Ward finds nearly the same customers (100 %), as “Best”."]
    assert found[0].twins == []
    assert found[2].alarms == {}


def test_groups_that_are_no_segments_have_no_health(customers):
    labels = quarters(customers) - 2
    assert list(health(customers, labels, None, None, {})) == [0, 1]
