"""Why a number is what it is: sentences against cases worked out by hand."""

from datetime import date

import pytest

from pipeline.clv import reasons as told_by
from pipeline.clv.reasons import Evidence
from pipeline.formats import SPACE

REGULAR = Evidence(
    days=13,
    first=date(2011, 1, 3),
    last=date(2011, 11, 29),
    today=date(2011, 12, 9),
    own_order=400.0,
    usual_order=380.0,
    reckoned_order=395.0,
    expected_orders=4.2,
    value=1_600.0,
)


def reasons(*asked):
    """The sentences, whose numbers no line tears, with plain spaces."""
    return [each.replace(SPACE, " ") for each in told_by.reasons(*asked)]


def test_a_regular_who_is_on_time_is_told_by_pace_and_money():
    when, money = reasons(REGULAR)
    assert when == (
        "They ordered on 13 days from 3 Jan 2011 to 29 Nov 2011, every 28 days on average; the last order is 10 days "
        "old, so nothing is late."
    )
    assert money == (
        "A day with orders of theirs, the first left out, is worth £400 on average; 4.20 orders in 6 months at £395 "
        "make £1,659, or £1,600 as later sales count a little less."
    )


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (date(2012, 1, 1), "33 days old, so nothing is late"),
        (date(2012, 2, 7), "70 days old, 2.5 times that gap, so fewer orders are expected than before"),
        (date(2012, 3, 8), "100 days old, 3.6 times that gap, so they may have left, and few orders are expected"),
    ],
)
def test_silence_is_measured_in_the_customers_own_gaps(today, told):
    assert told in reasons(REGULAR._replace(today=today))[0]


def test_an_order_on_the_last_day_is_not_told_as_silence():
    told = reasons(REGULAR._replace(today=REGULAR.last))[0]
    assert told.endswith("every 28 days on average, the last time on the day the data ends.")


def test_a_one_time_buyer_counts_like_the_others_who_came_once():
    once = REGULAR._replace(days=1, first=REGULAR.last, own_order=None, reckoned_order=380.0, expected_orders=0.4)
    when, money = reasons(once._replace(value=152.0))
    assert when.startswith("They have ordered on one day only, 29 Nov 2011, 10 days before the data ends")
    assert money == (
        "Nothing is known yet of what a repeat order of theirs is worth, so it counts £380; 0.40 orders in 6 months at "
        "£380 make £152."
    )


def test_an_order_value_drawn_towards_everybodys_is_told_with_both():
    (_, money) = reasons(REGULAR._replace(own_order=900.0, reckoned_order=700.0, value=4.2 * 700))
    assert money == (
        "A day with orders of theirs, the first left out, is worth £900 on average and one of all customers £380, so "
        "£700 is expected; 4.20 orders in 6 months at £700 make £2,940."
    )


def test_orders_are_told_finely_enough_that_the_sum_can_be_made():
    (_, money) = reasons(REGULAR._replace(reckoned_order=78_000.0, expected_orders=1.2168, value=1.2168 * 78_000))
    assert "1.22 orders in 6 months at £78,000 make £94,910" in money
    (_, money) = reasons(REGULAR._replace(expected_orders=24.317, value=24.317 * 395))
    assert "24.3 orders in 6 months" in money


def test_amounts_and_days_are_written_as_the_caller_writes_them():
    when, money = reasons(REGULAR, lambda amount: f"{amount:.0f} EUR", lambda day: day.isoformat())
    assert "from 2011-01-03 to 2011-11-29" in when
    assert "400 EUR on average" in money
