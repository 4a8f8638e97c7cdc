"""One customer's timeline: orders as dots, the chance over time, the window of the next order."""

import pandas as pd
import pytest

from webapp.charts import customer_timeline

DAY = pd.Timestamp


@pytest.fixture
def orders() -> pd.DataFrame:
    return pd.DataFrame({"Day": [DAY("2011-01-10"), DAY("2011-03-10")], "Orders": [1, 2], "Money": [25.0, 100.0]})


@pytest.fixture
def chances() -> pd.DataFrame:
    days = pd.date_range("2011-01-10", "2011-04-01")
    return pd.DataFrame({"Day": days, "ChanceToBuy": 0.2})


def test_dots_grow_with_the_money_and_stand_on_their_days(orders, chances):
    window = {"25": DAY("2011-04-10"), "50": DAY("2011-05-01"), "75": DAY("2011-06-20")}
    line, dots, bar, middle = customer_timeline.figure(orders, chances, window).data
    assert len(line.x) == 82
    assert list(dots.marker.size) == [15, 30]
    assert dots.text[1] == "<b>10\u00a0Mar\u00a02011</b><br>2 orders, £100.00"
    assert line.text[0] == "10\u00a0Jan\u00a02011"
    assert list(bar.x) == [window["25"], window["75"]]
    assert list(middle.x) == [window["50"]]
    assert "50 %: by 1\u00a0May\u00a02011" in bar.text[0]


def test_a_next_order_that_is_not_in_sight_draws_no_window(orders, chances):
    nothing = {"25": None, "50": None, "75": None}
    assert len(customer_timeline.figure(orders, chances, nothing).data) == 2


def test_the_axis_reaches_the_end_of_a_window_that_is_as_long_as_the_past(orders, chances):
    window = {"25": DAY("2011-04-10"), "50": DAY("2011-05-01"), "75": DAY("2011-06-20")}
    drawn = customer_timeline.figure(orders, chances, window)
    assert pd.Timestamp(drawn.layout.xaxis.range[1]) > window["75"]
    assert not drawn.layout.annotations


def test_a_window_that_the_axis_does_not_reach_ends_in_an_arrow_with_its_day(orders, chances):
    far = {"25": DAY("2011-04-10"), "50": DAY("2011-05-01"), "75": DAY("2012-10-16")}
    drawn = customer_timeline.figure(orders, chances, far)
    _, _, bar, _, arrow = drawn.data
    assert arrow.marker.symbol == "triangle-right"
    assert bar.x[1] == arrow.x[0] < DAY(drawn.layout.xaxis.range[1]) < DAY("2011-08-01")
    (written,) = drawn.layout.annotations
    assert written.text == "75 %: by 16\u00a0Oct\u00a02012"


def test_a_window_without_an_end_stays_within_a_bounded_axis_and_says_so(orders, chances):
    open_ended = {"25": DAY("2011-04-10"), "50": DAY("2050-01-01"), "75": None}
    drawn = customer_timeline.figure(orders, chances, open_ended)
    assert pd.Timestamp(drawn.layout.xaxis.range[1]) < DAY("2011-08-01")
    assert len(drawn.data) == 4
    assert drawn.layout.annotations[0].text == "50 %: by 1\u00a0Jan\u00a02050<br>75 %: not in sight"


def test_a_window_that_begins_beyond_the_axis_is_an_arrow_alone(orders, chances):
    late = {"25": DAY("2012-04-10"), "50": DAY("2013-01-01"), "75": DAY("2014-01-01")}
    drawn = customer_timeline.figure(orders, chances, late)
    assert [trace.mode for trace in drawn.data] == ["lines", "markers", "markers"]
    assert drawn.layout.annotations[0].text.count("<br>") == 2


def test_the_table_holds_the_latest_order_first(orders):
    table = customer_timeline.readable(orders)
    assert table["Day"].tolist() == ["10\u00a0Mar\u00a02011", "10\u00a0Jan\u00a02011"]
    assert table["Spent"].tolist() == ["£100.00", "£25.00"]
