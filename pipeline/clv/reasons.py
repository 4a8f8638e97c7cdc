"""Why a customer's number is what it is, in sentences that speak of orders, dates and money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from pipeline import formats
from pipeline.wording import day_in_words, pounds

ON_TIME, LATE = 1.2, 3.0  # silence in usual gaps: up to the first nothing is late, from the second they may be gone
ALIKE = 0.05  # amounts closer than this share are told as one


class Evidence(NamedTuple):
    """What the models saw of one customer, and what they made of it.

    Attributes
    ----------
    days : days with an order.
    first, last, today : the first and the last of them, and the last day of the data.
    own_order : mean value of the customer's days with orders that the spend model looks at; None where there are none.
    usual_order : the same of all customers who have any.
    reckoned_order : what the next order is taken to be worth.
    expected_orders, value : of the months ahead; `value` in money, discounted.
    months : how many months ahead.
    first_counts : whether `own_order` includes the first day; all orders of a day count as one.
    """

    days: int
    first: date
    last: date
    today: date
    own_order: float | None
    usual_order: float
    reckoned_order: float
    expected_orders: float
    value: float
    months: int = 6
    first_counts: bool = False

    @property
    def usual_gap(self) -> float:
        """Mean days from one order to the next; 0 where there is only one."""
        return (self.last - self.first).days / max(self.days - 1, 1)

    @property
    def silence(self) -> int:
        """Days since the last order."""
        return (self.today - self.last).days


def reasons(
    seen: Evidence, money: Callable[[float], str] = pounds, day: Callable[[date], str] = day_in_words
) -> list[str]:
    """Two sentences: how often and how lately the customer ordered, and how that becomes money.

    Parameters
    ----------
    money, day : write amounts and days for people.
    """
    return [_only_once(seen, day) if seen.days == 1 else _pace(seen, day), _money(seen, money)]


def _only_once(seen: Evidence, day: Callable[[date], str]) -> str:
    return (
        f"They have ordered on one day only, {day(seen.last)}, {formats.days(seen.silence)} before the data ends, so "
        "they count like everyone who came once and was last seen that long ago."
    )


def _pace(seen: Evidence, day: Callable[[date], str]) -> str:
    pace = (
        f"They ordered on {formats.count(seen.days)} days from {day(seen.first)} to {day(seen.last)}, every "
        f"{formats.days(seen.usual_gap)} on average"
    )
    if not seen.silence:
        return f"{pace}, the last time on the day the data ends."
    gaps = seen.silence / seen.usual_gap
    if gaps <= ON_TIME:
        return f"{pace}; the last order is {formats.days(seen.silence)} old, so nothing is late."
    late = f"{pace}; the last order is {formats.days(seen.silence)} old, {formats.number(gaps)} times that gap, so "
    if gaps < LATE:
        return f"{late}fewer orders are expected than before."
    return f"{late}they may have left, and few orders are expected."


def _money(seen: Evidence, money: Callable[[float], str]) -> str:
    orders = formats.number(seen.expected_orders, 2 if seen.expected_orders < 9.995 else 1)
    sum_of = f"{orders} orders in {seen.months} months at {money(seen.reckoned_order)} make {money(seen.value)}"
    before = seen.expected_orders * seen.reckoned_order
    if abs(before - seen.value) > 0.001 * max(before, 0.01):
        sum_of = sum_of.replace(" make ", f" make {money(before)}, or ") + " as later sales count a little less"
    return f"{_per_order(seen, money)}; {sum_of}."


def _per_order(seen: Evidence, money: Callable[[float], str]) -> str:
    if seen.own_order is None:
        return (
            f"Nothing is known yet of what a repeat order of theirs is worth, so it counts {money(seen.reckoned_order)}"
        )
    days = "A day with orders of theirs" if seen.first_counts else "A day with orders of theirs, the first left out,"
    own = f"{days} is worth {money(seen.own_order)} on average"
    if abs(seen.reckoned_order / seen.own_order - 1) < ALIKE:
        return own
    return f"{own} and one of all customers {money(seen.usual_order)}, so {money(seen.reckoned_order)} is expected"
