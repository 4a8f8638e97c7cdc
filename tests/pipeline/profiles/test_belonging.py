"""Why a customer is in a segment: conditions hold as the rule counts them, and limits of scores give those scores."""

import math

import numpy as np
import pandas as pd
import pytest

from pipeline.features.rfm_scores import scales
from pipeline.profiles.belonging import parts_of, place_in_words, scores_of


@pytest.fixture(scope="module")
def customers():
    random = np.random.default_rng(4)
    return pd.DataFrame(
        {
            "Recency": random.integers(0, 373, 400),
            "Frequency": random.geometric(0.4, 400),
            "Monetary": random.lognormal(6, 1, 400),
        }
    )


def test_each_part_of_a_rule_is_judged_by_itself():
    rule = [["Frequency", ">=", 6.0], ["Recency", "<=", 40.0], ["CatShare_Bags", ">=", 0.1]]
    parts = parts_of(rule, {"Frequency": 6, "Recency": 41, "CatShare_Bags": math.nan})
    assert [part.words for part in parts] == [
        "At least 6 orders",
        "Last order within 40\xa0days",
        "10\u00a0% or more of spend on Bags",
    ]
    assert [part.holds for part in parts] == [True, False, False]


def test_a_score_is_given_to_all_values_within_its_limits_and_to_no_other(customers):
    for row in range(0, 400, 37):
        for score in scores_of(customers, row):
            values = customers[score.measure].to_numpy(dtype=float)
            same = scales({name: customers[name].to_numpy(dtype=float) for name in customers})[score.measure]
            within = (values >= score.low) & (values < score.high)
            assert (same.scores(values)[within] == score.score).all()
            assert (same.scores(values)[~within] != score.score).all()
            assert within[row]


def test_the_border_is_told_and_what_was_not_measured_is_not():
    assert "nearer to another segment" in place_in_words(-0.1)
    assert "near the border" in place_in_words(0.1)
    assert "well inside" in place_in_words(0.5)
    assert place_in_words(math.nan) == ""
