"""Customers as points: who is drawn, where, and what a point says."""

import numpy as np
import pandas as pd
import pytest

from webapp import points

FLAT = points.Axis("Recency", "days")
LOG = points.Axis("Monetary", "money", log=True, floor=50, money=True)


def crowd(size: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "CustomerID": [str(number) for number in range(size)],
            "Segment": [0] * 30 + [1] * (size - 30),
            "Recency": np.arange(size),
            "Frequency": 1,
            "Monetary": 10.0,
            "CLV_6m": 1.0,
            "PrimaryCountry": "France",
        }
    )


def test_every_customer_is_a_point_of_its_segments_colour(customers, names):
    (cloud,) = points.cloud(customers, FLAT, LOG, names).data
    assert list(cloud.marker.color) == customers["Segment"].tolist()
    assert cloud.x.tolist() == customers["Recency"].tolist()
    assert cloud.y.tolist() == customers["Monetary"].clip(lower=50).tolist()


def test_values_below_a_log_axis_are_told_as_they_are(customers, names):
    (cloud,) = points.cloud(customers, FLAT, LOG, names).data
    assert cloud.customdata[:, 2].tolist() == customers["Monetary"].tolist()


def test_equal_counts_are_drawn_apart_but_never_as_another_count(customers, names):
    orders = points.Axis("Frequency", "orders", log=True, floor=1, spread=0.06)
    (cloud,) = points.cloud(customers, FLAT, orders, names).data
    assert len(set(cloud.y.tolist())) == len(customers)
    assert np.round(cloud.y[-3:]).tolist() == [1, 1, 1]
    assert cloud.customdata[-3:, 1].tolist() == [1, 1, 1]


def test_a_point_names_its_customer_and_country_even_where_it_is_unknown(customers, names):
    (cloud,) = points.cloud(customers, FLAT, LOG, names).data
    assert cloud.text[-2:].tolist() == ["12353 · Germany", "12354 · Unknown"]


@pytest.mark.parametrize(("size", "kind"), [(2_999, "scatter"), (3_000, "scattergl")])
def test_many_points_are_drawn_by_the_graphics_card(size, kind):
    assert {trace.type for trace in points.cloud(crowd(size), FLAT, LOG, {0: "Few", 1: "Many"}).data} == {kind}


def test_a_crowd_is_drawn_as_a_sample_that_leaves_no_small_segment_out():
    everyone = crowd(50_000)
    shown = points.drawn(everyone)
    assert abs(len(shown) - points.DRAWN_AT_MOST) < 60
    assert (shown["Segment"] == 0).sum() == 30
    assert shown.equals(points.drawn(everyone))
    assert points.counted(len(shown), len(everyone)) == f"{len(shown):,} of 50,000 customers drawn"


def test_a_base_that_fits_is_drawn_whole(customers):
    assert points.drawn(customers) is customers
    assert points.counted(8, 8) == "8 customers"
