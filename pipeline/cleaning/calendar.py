"""Which days are part of the shop's time: typing mistakes years away, and a last month that the file cuts short."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pipeline.cleaning.settings import Cleaning

if TYPE_CHECKING:
    import narwhals as nw

Trade = Sequence[tuple[dt.date, int]]  # days on which something was sold, in order, each with its number of orders
FEW_ORDERS = 1000  # a stretch of time with one order in so many, or with a single one, is no trade of its own
LEAST_ORDERS = 20  # with fewer, nothing can be said about which of them are far from the others
USUAL_PAUSE_DAYS = 3  # a weekend and a holiday


@dataclass(frozen=True)
class Calendar:
    """The days that do not count: implausible stretches (first and last day each), and all after the last full month.

    What the settings do not ask for is empty.
    """

    implausible: tuple[tuple[dt.date, dt.date], ...] = ()
    end: dt.date | None = None

    def is_implausible(self, day: str) -> nw.Expr:
        """Whether the day in a column lies in an implausible stretch."""
        import narwhals as nw

        inside = [nw.col(day).is_between(first, last) for first, last in self.implausible]
        return nw.any_horizontal(nw.lit(False), *inside, ignore_nulls=True)

    def is_after_the_end(self, day: str) -> nw.Expr:
        """Whether the day in a column is after the last one that counts."""
        import narwhals as nw

        return nw.col(day) > self.end if self.end else nw.lit(False)


def calendar(trade: Trade, settings: Cleaning) -> Calendar:
    """The days that these settings leave out of a trade."""
    stretches = implausible(trade, settings.implausible_days) if settings.implausible_dates else ()
    plausible = [(day, orders) for day, orders in trade if not _within(day, stretches)]
    end = end_of_full_months(plausible) if settings.partial_month else None
    return Calendar(stretches, end)


def implausible(trade: Trade, gap_days: int) -> tuple[tuple[dt.date, dt.date], ...]:
    """Stretches of time with hardly an order that a gap of more than `gap_days` without any keeps from the rest."""
    stretches: list[list[tuple[dt.date, int]]] = [[]]
    for (day, orders), before in zip(trade, [None, *(day for day, _ in trade)], strict=False):
        if before is not None and (day - before).days > gap_days:
            stretches.append([])
        stretches[-1].append((day, orders))
    total = sum(orders for _, orders in trade)
    few = max(1, total // FEW_ORDERS) if total >= LEAST_ORDERS else 0
    return tuple((each[0][0], each[-1][0]) for each in stretches if each and sum(orders for _, orders in each) <= few)


def end_of_full_months(trade: Trade) -> dt.date | None:
    """The last day of the last month that the trade covers to its end; None without any trade."""
    if not trade:
        return None
    last = trade[-1][0]
    month_end = end_of_month(last)
    return last.replace(day=1) - dt.timedelta(days=1) if (month_end - last).days > usual_pause(trade) else month_end


def last_month(trade: Trade) -> dict[str, Any]:
    """How far the last month goes: `month`, `days_traded`, `last_day`, `is_partial` and `last_full_month` (ISO)."""
    last, end = trade[-1][0], end_of_full_months(trade)
    assert end is not None
    return {
        "month": last.isoformat()[:7],
        "days_traded": sum(day >= last.replace(day=1) for day, _ in trade),
        "last_day": last.isoformat(),
        "is_partial": end < last,
        "last_full_month": end.isoformat()[:7] if end >= trade[0][0] else None,
    }


def end_of_month(day: dt.date) -> dt.date:
    """The last day of a day's month."""
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


def usual_pause(trade: Trade) -> int:
    """Days that may pass without a sale and mean nothing: nine in ten pauses are no longer."""
    gaps = sorted((later - earlier).days for (earlier, _), (later, _) in pairwise(trade))
    return max(USUAL_PAUSE_DAYS, gaps[len(gaps) * 9 // 10]) if gaps else USUAL_PAUSE_DAYS


def _within(day: dt.date, stretches: Sequence[tuple[dt.date, dt.date]]) -> bool:
    return any(first <= day <= last for first, last in stretches)
