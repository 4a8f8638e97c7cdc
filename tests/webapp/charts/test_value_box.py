"""Boxes hold the quantiles of expected value."""

import re

import pytest

from webapp import markup
from webapp.charts import value_box


def drawn(customers, names):
    return markup.source(value_box.boxes(customers, names, lambda segment: {"data-set": str(segment)}))


def test_each_segment_has_a_box_of_its_own_quantiles_that_filters(customers, names):
    html = drawn(customers, names)
    assert re.findall(r'data-set="(\d)"', html) == ["0", "1", "2"]
    assert re.findall(r'boxes-name">([^<]+)<', html) == list(names.values())
    lapsed = value_box.spread(customers).loc[2]
    assert (lapsed["Median"], lapsed["Upper quarter"]) == (12.5, 35.0)


def test_a_row_tells_the_average_and_all_quantiles(customers, names):
    told = re.findall(r'title="([^"]+)"', drawn(customers, names))[2]
    assert told.startswith("Segment 2 · lapsed; Average: £26.25; Lowest 5")


def test_a_larger_value_stands_further_to_the_right_and_none_leaves_the_row(customers, names):
    html = drawn(customers, names)
    medians, means = (
        [float(place) for place in re.findall(f'class="{kind}" style="left: ([\\d.]+)%', html)]
        for kind in ("median", "mean")
    )
    assert medians == sorted(medians, reverse=True)
    assert all(0 <= place <= 100 for place in medians + means)


def test_the_table_tells_true_values_where_the_drawing_stops_at_the_floor(customers):
    assert value_box.spread(customers).loc[2, "Lowest 5 %"] == pytest.approx(0.75)
