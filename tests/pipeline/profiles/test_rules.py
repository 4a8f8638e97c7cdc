"""Rules of segments: a known rule is found, and how far a rule holds is what a recount says."""

import numpy as np
import pandas as pd
import pytest

from pipeline.formats import write_amounts_in
from pipeline.profiles.rules import Condition, columns, counted, in_words, rules


@pytest.fixture(scope="module")
def shop():
    random = np.random.default_rng(5)
    bags = random.random(3000)
    return pd.DataFrame(
        {
            "Recency": random.integers(0, 373, 3000),
            "Frequency": random.integers(1, 20, 3000),
            "Monetary": random.lognormal(6, 1, 3000),
            "IsUK": (random.random(3000) < 0.8).astype(int),
            "CatShare_Bags": bags,
            "CatShare_Kitchen": 1 - bags,
        }
    )


def recounted(shop, rule, member):
    said = {">=": "ge", "<=": "le"}
    named = np.logical_and.reduce(
        [getattr(shop[column], said[side])(value) for column, side, value in rule["conditions"]]
    )
    return named.sum(), (named & member).sum() / member.sum(), (named & member).sum() / named.sum()


def test_a_known_rule_is_found_in_the_numbers_that_made_it(shop):
    member = (shop["Frequency"] >= 6) & (shop["Recency"] <= 40)
    rule = rules(columns(shop), np.where(member, 0, 1), 42)[0]
    assert {tuple(each) for each in rule["conditions"]} == {("Frequency", ">=", 6.0), ("Recency", "<=", 40.0)}
    assert (rule["covered"], rule["right"]) == (1.0, 1.0)


def test_a_cell_of_a_grid_has_its_whole_rule(shop):
    member = shop["Recency"].between(100, 200) & shop["Frequency"].between(5, 8)
    rule = rules(columns(shop), np.where(member, 0, 1), 42)[0]
    cell = {("Recency", ">=", 100.0), ("Recency", "<=", 200.0), ("Frequency", ">=", 5.0), ("Frequency", "<=", 8.0)}
    assert {tuple(each) for each in rule["conditions"]} == cell
    assert (rule["covered"], rule["right"]) == (1.0, 1.0)


def test_a_taste_and_a_country_are_found(shop):
    member = (shop["CatShare_Bags"] >= 0.5) & (shop["IsUK"] == 0)
    rule = rules(columns(shop), np.where(member, 0, 1), 42)[0]
    assert "outside the UK" in in_words(rule["conditions"]).lower().replace("uk", "UK")
    assert rule["covered"] > 0.99
    assert rule["right"] > 0.99


def test_coverage_and_precision_are_counted_after_rounding(shop):
    labels = np.digitize(shop["Monetary"] * (1 + shop["Frequency"]), [1500, 5000, 12345])
    found = rules(columns(shop), labels, 42)
    assert set(found) == {0, 1, 2, 3}
    for segment, rule in found.items():
        named, covered, right = recounted(shop, rule, labels == segment)
        assert (rule["named"], rule["covered"], rule["right"]) == (named, pytest.approx(covered), pytest.approx(right))
        assert all(float(f"{value:.2g}") == value for _, _, value in rule["conditions"])


def test_those_in_no_segment_get_no_rule_and_count_as_others(shop):
    labels = np.where(shop["Recency"] < 100, 0, -1)
    found = rules(columns(shop), labels, 42)
    assert set(found) == {0}
    assert found[0]["right"] == pytest.approx(1.0, abs=0.02)


def test_a_segment_of_everyone_needs_no_condition(shop):
    assert rules(columns(shop), np.zeros(3000, dtype=int), 42)[0] == {
        "conditions": [],
        "named": 3000,
        "covered": 1.0,
        "right": 1.0,
    }
    assert in_words([]) == "Everyone"


def test_counting_knows_members_and_others():
    known = columns(pd.DataFrame({"Recency": [1, 2, 3, 4], "Frequency": [1, 1, 2, 2], "Monetary": [1.0] * 4}))
    told = counted(known, np.array([True, False, True, False]), [Condition("Recency", "<=", 3.0)])
    assert told == {"named": 3, "covered": 1.0, "right": 2 / 3}


@pytest.mark.parametrize(
    ("conditions", "phrase"),
    [
        (
            [("Frequency", ">=", 6.0), ("Recency", "<=", 40.0)],
            "At least 6 orders and last order within 40 days",
        ),
        ([("Recency", ">=", 90.0), ("Frequency", "<=", 1.0)], "Last order 90 days ago or more and one order only"),
        (
            [("Monetary", ">=", 1000.0), ("IsUK", "<=", 0.0), ("CatShare_Bags", ">=", 0.5)],
            "Spent £1,000 or more, outside the UK and 50 % or more of spend on Bags",
        ),
        ([("Frequency", ">=", 2.0), ("Frequency", "<=", 4.0), ("IsUK", ">=", 1.0)], "2 to 4 orders and in the UK"),
        ([("CatShare_Toys", "<=", 0.0)], "Buys no Toys"),
    ],
)
def test_rules_read_as_people_speak(conditions, phrase):
    write_amounts_in("GBP")
    assert in_words(conditions).replace("\N{NO-BREAK SPACE}", " ") == phrase
