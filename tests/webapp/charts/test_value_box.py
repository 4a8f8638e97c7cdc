"""Boxes hold the quantiles of expected value."""

import pytest

from webapp.charts import value_box


def test_each_segment_has_a_box_of_its_own_quantiles(customers, names):
    drawn = value_box.figure(customers, names)
    boxes = [trace for trace in drawn.data if trace.type == "box"]
    assert [box.name for box in boxes] == list(names.values())
    lapsed = customers.loc[customers["Segment"] == 2, "CLV_6m"]
    assert boxes[2].median[0] == lapsed.median() == 12.5
    assert boxes[2].q3[0] == lapsed.quantile(0.75)
    assert boxes[2].lowerfence[0] == value_box.FLOOR


def test_the_diamond_is_the_average_and_its_tooltip_tells_all(customers, names):
    *boxes, diamonds = value_box.figure(customers, names).data
    assert list(diamonds.x) == [box.x[0] for box in boxes]
    assert diamonds.y.tolist() == [3500, 400, 26.25]
    assert "Segment 2 · lapsed" in diamonds.text[2]
    assert "Average: £26.25" in diamonds.text[2]


def test_the_table_tells_true_values_where_the_drawing_stops_at_the_floor(customers):
    assert value_box.spread(customers).loc[2, "Lowest 5 %"] == pytest.approx(0.75)
