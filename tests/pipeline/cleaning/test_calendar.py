"""Which days are part of the shop's time."""

import datetime as dt

import pytest

from pipeline.cleaning.calendar import end_of_full_months, implausible, last_month, usual_pause

DAY = dt.timedelta(days=1)


def _trade(first, last, every=1, orders=5):
    days = range(0, (last - first).days + 1, every)
    return [(first + number * DAY, orders) for number in days]


STEADY = _trade(dt.date(2022, 1, 1), dt.date(2022, 12, 31))


@pytest.mark.parametrize("typo", [dt.date(1900, 1, 1), dt.date(2099, 5, 5)])
def test_a_lone_order_beyond_the_gap_is_implausible(typo):
    assert implausible(sorted([*STEADY, (typo, 1)]), 365) == ((typo, typo),)


def test_several_typing_mistakes_are_found_each_by_itself():
    typos = [dt.date(1900, 1, 1), dt.date(2026, 1, 1), dt.date(2099, 5, 5)]
    assert implausible(sorted([*STEADY, *((typo, 1) for typo in typos)]), 365) == tuple((each, each) for each in typos)


def test_a_second_time_of_trade_a_near_order_and_a_handful_of_orders_are_plausible():
    again = _trade(dt.date(2026, 1, 1), dt.date(2026, 3, 1))
    assert implausible([*STEADY, *again], 365) == ()
    assert implausible([*STEADY, (dt.date(2023, 12, 31), 1)], 365) == ()
    assert implausible([(dt.date(2000, 1, 1), 1), (dt.date(2022, 1, 1), 5)], 365) == ()
    assert implausible([], 365) == ()


@pytest.mark.parametrize(
    ("last", "every", "end"),
    [
        (dt.date(2022, 11, 30), 1, dt.date(2022, 11, 30)),
        (dt.date(2022, 11, 27), 1, dt.date(2022, 11, 30)),
        (dt.date(2022, 11, 26), 1, dt.date(2022, 10, 31)),
        (dt.date(2022, 11, 26), 7, dt.date(2022, 11, 30)),
        (dt.date(2022, 2, 28), 1, dt.date(2022, 2, 28)),
        (dt.date(2022, 12, 31), 1, dt.date(2022, 12, 31)),
    ],
)
def test_a_month_is_full_when_no_more_days_are_missing_than_pauses_usually_last(last, every, end):
    trade = [*_trade(dt.date(2022, 1, 1), last - DAY, every), (last, 5)]
    assert end_of_full_months(trade) == end


def test_without_any_trade_no_month_is_full_and_one_day_is_a_partial_month_of_its_own():
    assert end_of_full_months([]) is None
    assert last_month([(dt.date(2022, 5, 4), 3)]) == {
        "month": "2022-05",
        "days_traded": 1,
        "last_day": "2022-05-04",
        "is_partial": True,
        "last_full_month": None,
    }


def test_a_shop_that_opens_once_a_week_pauses_for_a_week():
    assert usual_pause(_trade(dt.date(2022, 1, 1), dt.date(2022, 6, 1), every=7)) == 7
    assert usual_pause(STEADY) == 3
