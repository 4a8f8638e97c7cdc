"""Axes and charts of the report put values where they belong."""

import re

import pytest

from pipeline.report.bars import Bar, Spread, bars, spreads
from pipeline.report.elements import Html, listed, tag
from pipeline.report.plots import Axis, Plot, columns, dots, linear, logarithmic
from pipeline.report.tables import heat


def test_text_is_escaped_and_markup_is_not():
    assert tag("p", "a < b", Html("<br>"), 3, None, title='"x" & y') == (
        '<p title="&quot;x&quot; &amp; y">a &lt; b<br>3</p>'
    )
    assert listed(["<a>"]) == "<ul><li>&lt;a&gt;</li></ul>"


@pytest.mark.parametrize(
    ("highest", "top", "step"), [(9, 10, 2.5), (100, 100, 25), (101, 150, 50), (0.8, 0.8, 0.2), (0, 1, 0.25)]
)
def test_a_linear_axis_has_round_steps_and_holds_the_highest_value(highest, top, step):
    axis = linear(highest, str)
    assert axis.high == pytest.approx(top)
    assert axis.ticks[1][0] == pytest.approx(step)
    assert axis.high >= highest


def test_equal_factors_are_equal_steps_of_a_log_axis():
    axis = logarithmic(1.0, 1000.0, str)
    assert [words for _, words in axis.ticks] == ["1.0", "10.0", "100.0", "1000.0"]
    places = [axis.share(value) for value, _ in axis.ticks]
    assert places[1] - places[0] == pytest.approx(places[3] - places[2])
    assert axis.share(0.0) == 0.0
    assert [value for value, _ in logarithmic(150, 6000, str).ticks] == [200, 500, 1000, 2000, 5000]


def test_dots_and_columns_stand_at_their_values():
    plot = Plot(Axis(0, 10, ()), Axis(0, 100, ()), height=234)
    (dot,) = re.findall(r'cx="([\d.]+)%" cy="([\d.]+)"', dots(plot, [(5, 50)], "#000000"))
    assert [float(part) for part in dot] == [50.0, 110.0]
    upright = Plot(Axis(-0.5, 1.5, ()), Axis(0, 100, ()), height=234)
    heights = re.findall(r'height="([\d.]+)"', columns(upright, [100, 25]))
    assert [float(each) for each in heights] == [200.0, 50.0]


def test_bars_never_leave_their_track():
    assert re.findall(r"width:([\d.]+)%", bars([Bar("a", 1.7, "x"), Bar("b", -1, "y")])) == ["100.00", "0.00"]


def test_a_spread_runs_from_its_lowest_to_its_highest_tenth():
    drawn = spreads([Spread("a", (0, 25, 50, 75, 100), "50", "#000000")], Axis(0, 100, ()))
    assert re.findall(r'"(thin|thick|mark)" style="left:([\d.]+)%', drawn) == [
        ("thin", "0.00"),
        ("thick", "25.00"),
        ("mark", "50.00"),
    ]


def test_a_factor_is_shaded_by_how_far_it_is_from_one():
    shown = heat("label", "Measure", ["a"], [("row", [1.0, 4.0, 0.5, float("nan")])])
    assert re.findall(r"rgba\((\d+),\d+,\d+,([\d.]+)\)", shown) == [("224", "0.00"), ("76", "0.55"), ("224", "0.28")]
    assert re.findall(r">([×–][\d.]*)<", shown) == ["×1.0", "×4.0", "×0.50", "–"]
