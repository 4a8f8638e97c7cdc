"""Findings tell what is there, and nothing that shuffled customers would tell as well."""

import numpy as np
import pandas as pd
import pytest

from pipeline.profiles.findings import dealt, distances, findings

NAMES = {0: "Champions", 1: "At risk", 2: "Hibernating", -1: "In no segment"}


@pytest.fixture(scope="module")
def customers():
    rng = np.random.default_rng(4)
    segment = np.repeat([0, 1, 2, -1], [300, 200, 480, 20])
    toys = rng.random(1000) < np.where(segment == 0, 0.2, 0.5)
    abroad = rng.random(1000) < 0.15
    level = np.select([segment == 0, segment == 1], [6.5, 6.5], 4.5) + 0.8 * abroad
    return pd.DataFrame(
        {
            "Segment": segment,
            "Recency": rng.exponential(np.where(segment == 1, 150.0, 40.0)).round(),
            "Monetary": np.exp(rng.normal(level, 0.5)),
            "CLV_6m": rng.exponential(100.0, 1000),
            "PrimaryCountry": np.where(abroad, "Germany", "United Kingdom"),
            "CatShare_Toys": np.where(toys, 0.3, 0.0),
            "CatShare_Bags": np.where(rng.random(1000) < 0.5, 0.3, 0.0),
        }
    )


def test_what_was_planted_is_told_with_the_filters_that_show_it(customers):
    told = findings(customers, NAMES)
    by = {tuple(each.filters.items()): each.sentence for each in told}
    assert "“At risk” spent more than others" in by[("segment", 1),]
    assert "have bought toys" in by[("segment", 0),]
    assert "Customers in Germany spend more" in by[("country", "Germany"),]
    assert [each.money for each in told] == sorted((each.money for each in told), reverse=True)


def test_concentration_is_told_with_the_range_that_shows_those_customers(customers):
    rng = np.random.default_rng(8)
    orders = np.where(rng.random(1000) < 0.05, 5_000.0, 10.0)
    few = customers.assign(Monetary=orders * 3)
    (told,) = [each for each in findings(few, NAMES, orders=np.repeat(orders, 3)) if "monetary" in each.filters]
    low = float(told.filters["monetary"].removesuffix("-"))
    shown = few[few["Monetary"] >= low]
    assert 0 < len(shown) <= len(few)
    top = few["Monetary"].nlargest(100).sum()
    assert told.money == pytest.approx(top)
    assert f"{100 * top / few['Monetary'].sum():.0f} % of the revenue" in told.sentence


def test_orders_that_fall_to_customers_by_chance_are_not_called_concentrated(customers):
    rng = np.random.default_rng(9)
    orders = np.exp(rng.normal(4.0, 1.2, 4000))
    telling = 0
    for _ in range(40):
        by_lot = customers.assign(Monetary=dealt(orders, len(customers), rng))
        telling += any("monetary" in each.filters for each in findings(by_lot, NAMES, orders=orders))
    assert telling <= 3  # 1 % each


def test_shuffled_customers_tell_nothing(customers):
    rng = np.random.default_rng(5)
    kept = ["Segment", "PrimaryCountry"]
    telling = 0
    for _ in range(100):
        shuffled = customers.assign(
            **{name: rng.permutation(customers[name].to_numpy()) for name in customers if name not in kept}
        )
        telling += bool(findings(shuffled, NAMES))
    assert telling <= 6  # three families of 1 % each: 3 expected


def test_the_distance_of_a_group_drawn_by_lot_is_about_one_standard_error():
    rng = np.random.default_rng(6)
    values = rng.exponential(1.0, (400, 1))
    drawn = [distances(values, {0: rng.permutation(400) < 150})[0][0] for _ in range(1000)]
    assert np.std(drawn) == pytest.approx(1.0, abs=0.07)


def test_few_customers_or_files_without_products_and_countries_tell_less_and_break_nothing(customers):
    assert findings(customers.head(60), NAMES) == []
    bare = customers.drop(columns=["PrimaryCountry", "CatShare_Toys", "CatShare_Bags"])
    assert [tuple(each.filters) for each in findings(bare, NAMES)] == [("segment",)]
