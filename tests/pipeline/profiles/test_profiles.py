"""What is said of a segment follows from its customers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.profiles.summary import segment_summary
from pipeline.profiles.traits import traits


@pytest.fixture
def customers():
    return pd.DataFrame(
        {
            "CustomerID": list("abcdef"),
            "Recency": [1, 3, 100, 120, 300, 360],
            "Frequency": [20, 10, 4, 3, 1, 1],
            "Monetary": [6000.0, 2000.0, 1000.0, 500.0, 300.0, 200.0],
            "CLV_6m": [900.0, 500.0, 100.0, 50.0, 0.0, 10.0],
            "IsUK": [1, 1, 0, 0, 1, 1],
            "CatShare_Bags": [0.1, 0.1, 0.1, 0.1, 0.8, 0.9],
            "CatShare_Other": [0.9, 0.9, 0.9, 0.9, 0.2, 0.1],
        }
    )


@pytest.fixture
def labels():
    return pd.Series([0, 0, 1, 1, 2, 2])


def test_a_segment_is_counted_summed_and_averaged(customers, labels):
    summary = segment_summary(customers, labels)
    assert summary["Segment"].tolist() == [0, 1, 2]
    first = summary.iloc[0]
    assert (first["Customers"], first["Revenue"]) == (2, 8000.0)
    assert first["CustomerShare"] == pytest.approx(1 / 3)
    assert first["RevenueShare"] == pytest.approx(0.8)
    assert (first["Recency"], first["Frequency"], first["Monetary"], first["CLV_6m"]) == (2, 15, 4000, 700)
    assert first["MedianCLV_6m"] == 700
    assert summary["CatShare_Bags"].tolist() == pytest.approx([0.1, 0.1, 0.85])


def test_traits_say_what_sets_a_segment_apart(customers, labels):
    assert segment_summary(customers, labels)["Traits"].tolist() == [
        "very recent, frequent, high spend",
        "outside the UK",
        "long quiet, one order, low spend, mostly Bags",
    ]
    assert traits(customers, customers) == "typical"


def test_a_few_who_differ_make_the_words_say_mostly(customers):
    quiet, others = customers.iloc[[4, 5] * 3], customers.head(4)
    base = pd.concat([others] * 6 + [quiet])
    assert traits(quiet, base) == "long quiet, one order, lowest spend, in the UK, mostly Bags"
    with_one_more = pd.concat([quiet, customers.tail(1).assign(Frequency=4, Monetary=20_000.0)])
    assert "mostly one order, mostly low spend" in traits(with_one_more, base)


@given(numbers=st.lists(st.integers(0, 4), min_size=6, max_size=6))
def test_segments_add_up_to_all_customers(numbers):
    base = pd.DataFrame(
        {"Recency": range(6), "Frequency": range(1, 7), "Monetary": np.arange(6.0) + 1, "CLV_6m": np.arange(6.0)}
    )
    summary = segment_summary(base, pd.Series(numbers))
    assert summary["Customers"].sum() == 6
    assert summary["CustomerShare"].sum() == pytest.approx(1)
    assert summary["RevenueShare"].sum() == pytest.approx(1)
    assert summary["Revenue"].sum() == base["Monetary"].sum()
    assert summary["Segment"].tolist() == sorted(set(numbers))


def test_labels_go_by_position_and_missing_ones_belong_nowhere(customers, labels):
    filtered = customers.iloc[[0, 2, 4]]
    summary = segment_summary(filtered, pd.Series([0, None, 2], index=[9, 8, 7]))
    assert summary["Customers"].tolist() == [1, 1]
    with pytest.raises(ValueError, match="2 labels for 3 customers"):
        segment_summary(filtered, labels.head(2))


def test_customers_and_labels_are_left_as_they_were(customers, labels):
    before = customers.copy(deep=True), labels.copy(deep=True)
    segment_summary(customers, labels)
    pd.testing.assert_frame_equal(customers, before[0])
    pd.testing.assert_series_equal(labels, before[1])


def test_no_customers_are_no_segments(customers):
    empty = segment_summary(customers.head(0), pd.Series([], dtype=int))
    assert len(empty) == 0
    assert "RevenueShare" in empty


def test_customers_worth_nothing_make_no_division_by_nothing(customers, labels):
    summary = segment_summary(customers.assign(CLV_6m=0.0, Monetary=0.0), labels)
    assert summary["RevenueShare"].tolist() == [0, 0, 0]
