"""Who stands inside an outline that was drawn in a chart, on the chart's own scales."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audience import outlines
from pipeline.audience.choice import Choice, chosen, in_words
from webapp.charts import monetary_value, recency_frequency

ORDERS, VALUE = outlines.PLANES["outline_orders"], outlines.PLANES["outline_value"]
PLACES = st.floats(1, 300).map(lambda value: round(value, 2))


def people(**columns):
    length = len(next(iter(columns.values())))
    return pd.DataFrame({"CustomerID": [str(place) for place in range(length)], **columns})


def by_winding(point, corners):
    """Inside or not by the turns of the outline around a point, an independent way; None on an edge's height."""
    turns = 0
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if point[1] in (y1, y2):
            return None
        side = (x2 - x1) * (point[1] - y1) - (point[0] - x1) * (y2 - y1)
        if abs(side) < 1e-6:
            return None
        turns += (y1 < point[1] < y2 and side > 0) - (y2 < point[1] < y1 and side < 0)
    return turns % 2 == 1


def test_a_triangle_leaves_out_what_its_box_holds():
    customers = people(Recency=[10, 80, 40, 90], Frequency=[2, 9, 3, 2])
    corners = outlines.parsed("0_1~100_1~0_10", ORDERS)
    assert outlines.inside(customers, corners, ORDERS).tolist() == [True, False, True, False]


def test_an_edge_is_straight_on_the_scale_that_is_drawn():
    customers = people(Monetary=[100.0, 100.0], CLV_6m=[90.0, 110.0])
    corners = outlines.parsed("1_1~10000_10000~10000_1", VALUE)
    assert outlines.inside(customers, corners, VALUE).tolist() == [True, False]
    bent = people(Recency=[50, 50], Frequency=[9, 11])
    assert outlines.inside(bent, outlines.parsed("0_1~100_100~100_1", ORDERS), ORDERS).tolist() == [True, False]


def test_what_is_below_the_scale_is_where_it_is_drawn():
    customers = people(Monetary=[50.0, 50.0], CLV_6m=[0.0, 3.0])
    low = outlines.parsed("10_0.5~100_0.5~100_1.5~10_1.5", VALUE)
    assert outlines.inside(customers, low, VALUE).tolist() == [True, False]


@given(st.lists(st.tuples(PLACES, PLACES), min_size=3, max_size=12), st.tuples(PLACES, PLACES))
def test_inside_is_what_turning_around_the_point_says(corners, point):
    onto = [(math.log10(x), math.log10(y)) for x, y in corners]
    expected = by_winding((math.log10(point[0]), math.log10(point[1])), onto)
    if expected is None:
        return
    written = outlines.settled("~".join(f"{x}_{y}" for x, y in corners), VALUE)
    found = outlines.inside(people(Monetary=[point[0]], CLV_6m=[point[1]]), outlines.parsed(written, VALUE), VALUE)
    assert found.tolist() == [expected]


@pytest.mark.parametrize(
    "asked",
    [
        "",
        None,
        "junk",
        "1_1~2_2",
        "1_1~2_2~x_3",
        "1_1~2_0~3_3",
        "1_1~2_2~1e9_3",
        "~".join(["1_1"] * 61),
        "1_1~2_2~nan_1",
    ],
)
def test_what_is_no_outline_of_the_chart_counts_as_none(asked):
    assert outlines.settled(asked, ORDERS) == ""


def test_an_outline_is_written_short_and_the_same_again():
    assert outlines.settled("-5.50_1.0~100_1~0.000_10.250", ORDERS) == "-5.5_1~100_1~0_10.25"
    assert outlines.settled("-5.5_1~100_1~0_10.25", ORDERS) == "-5.5_1~100_1~0_10.25"


def test_outlines_know_the_scales_of_the_charts_they_are_drawn_in():
    for plane, chart in ((ORDERS, recency_frequency), (VALUE, monetary_value)):
        assert plane.title == chart.TITLE
        customers = people(
            Recency=[1, 200], Frequency=[1, 50], Monetary=[0.5, 900.0], CLV_6m=[0.0, 70.0], Segment=[0, 0],
            PrimaryCountry=["France", "France"],
        )  # fmt: skip
        figure = chart.figure(customers, {0: "All"})
        for side, axis, drawn in ((plane.across, figure.layout.xaxis, "x"), (plane.upwards, figure.layout.yaxis, "y")):
            assert side.log == (axis.type == "log")
            if side.log and side.measure != "frequency":
                assert min(figure.data[0][drawn]) == max(side.floor, 0.0)


def test_an_outline_narrows_with_the_other_filters_and_is_told():
    customers = people(
        Recency=[10, 10, 90], Frequency=[2, 3, 2], CLV_6m=[5.0, 50.0, 50.0], Monetary=[9.0, 9.0, 9.0],
        PrimaryCountry=["France"] * 3, Segment=[0, 0, 1],
    )  # fmt: skip
    choice = Choice(min_clv=20.0, outline_orders="0_1~50_1~50_10~0_10")
    assert chosen(customers, choice)["CustomerID"].tolist() == ["1"]
    assert in_words(choice, {}, lambda amount: f"£{amount:.0f}") == {
        "min_clv": "CLV of £20 or more",
        "outline_orders": "inside the outline in Recency × Frequency",
    }
