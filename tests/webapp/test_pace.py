"""Lately against before is said in words that tell what is compared with what."""

import pytest

from webapp import markup, pace
from webapp.pace import Pace


@pytest.mark.parametrize(
    ("recent", "before", "told"),
    [
        (195_700.0, 10_000.0, "£195.7 k in the last 90 days, 20 times the £10.0 k of the 90 days before"),
        (2_500.0, 1_000.0, "£2,500 in the last 90 days, 2.5 times the £1,000 of the 90 days before"),
        (1_310.0, 1_000.0, "£1,310 in the last 90 days, 31 % more than the £1,000 of the 90 days before"),
        (880.0, 1_000.0, "£880 in the last 90 days, 12 % less than the £1,000 of the 90 days before"),
        (1_001.0, 1_000.0, "£1,001 in the last 90 days, as much as the £1,000 of the 90 days before"),
        (0.0, 1_000.0, "£0 in the last 90 days, 100 % less than the £1,000 of the 90 days before"),
        (500.0, 0.0, "£500 in the last 90 days, nothing in the 90 days before"),
        (0.0, 0.0, ""),
        (500.0, None, ""),
    ],
)
def test_a_trend_is_told_in_money_and_in_times_where_it_more_than_doubled(recent, before, told):
    sentence = Pace(["2011-12"], [recent], [1], recent, before, {}).sentence()
    assert sentence.replace("\N{NO-BREAK SPACE}", " ") == told.replace("£195.7 k", "£196 k")


def test_a_month_that_is_not_covered_whole_is_paler_and_says_what_of_it_is():
    own = Pace(["2011-11", "2011-12"], [900.0, 300.0], [9, 3], 0.0, None, {"2011-12": "until 9 Dec 2011"})
    for drawn in (pace.bars(own, "Revenue by month"), pace.buyer_bars(own, "Customers by month")):
        html = markup.source(drawn)
        whole, part = html.replace("\N{NO-BREAK SPACE}", " ").split("<span")[1:]
        assert 'title="Nov 2011: ' in whole and "pale" not in whole
        assert 'title="Dec 2011, until 9 Dec 2011: ' in part and 'class="pale"' in part
        assert "(Dec 2011, until 9 Dec 2011)" in html.replace("\N{NO-BREAK SPACE}", " ").split("<span")[0]
