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


def test_a_window_without_an_end_stays_within_a_bounded_axis(orders, chances):
    open_ended = {"25": DAY("2011-04-10"), "50": DAY("2050-01-01"), "75": None}
    drawn = customer_timeline.figure(orders, chances, open_ended)
    assert pd.Timestamp(drawn.layout.xaxis.range[1]) < DAY("2011-08-01")


def test_the_table_holds_the_latest_order_first(orders):
    table = customer_timeline.readable(orders)
    assert table["Day"].tolist() == ["10\u00a0Mar\u00a02011", "10\u00a0Jan\u00a02011"]
    assert table["Spent"].tolist() == ["£100.00", "£25.00"]
