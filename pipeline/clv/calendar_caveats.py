"""What the calendar does to a forecast, in sentences: an unfinished month, a peak, growth, a file that begins late."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pipeline import formats
from pipeline.clv.backtest_histories import PurchaseDays
from pipeline.clv.backtest_tracking import expected_repeat_orders, repeat_orders
from pipeline.clv.beta_geometric import BetaGeometric
from pipeline.clv.likelihood import Floats
from pipeline.clv.regularity import Regularity, regularity

UNFINISHED_FROM = 4  # days missing at the end of the last month; fewer may be a weekend and a holiday
RECENT_DAYS = 56
PEAK = 1.25  # times the pace before
YEAR_DAYS = 365
LEAST_OVERLAP_DAYS = 28  # of two years, to compare the same days of both
GROWTH = 1.25
MONTH_DAYS = 30
MONTHS_AFTER = 5
OLDER = 1.5  # times the newcomers of the best of the months after
TOO_LOW = -0.05  # relative error from which on every past test says that totals come out too low
CHRISTMAS = ((11, 15), (1, 10))  # from a November's day to a January's
RHYTHM = 1.25
BURSTS = 0.8


class Missed(NamedTuple):
    """By how much the totals of past tests missed, as relative errors, and how many days they looked ahead."""

    ahead_days: int
    low: float
    high: float


class Peak(NamedTuple):
    """A last stretch of the file in which customers came back more often than the model itself expects.

    Attributes
    ----------
    orders : how many times they came back in it.
    above : how much more that is than at their usual pace; 0.27 is 27 % more.
    is_tested : whether a past test stood on such a peak too.
    """

    orders: float
    above: float
    is_tested: bool


def peak_at_the_end(days: PurchaseDays, parameters: BetaGeometric, cutoffs: Sequence[int]) -> Peak | None:
    """The peak on which a file ends, if it does: that more customers make more orders is none.

    Parameters
    ----------
    days : purchase days or weeks, as the model counts them.
    parameters : the model as fitted to all of them.
    cutoffs : the days on which the past tests stood, in days since the first of `days`.
    """
    came = np.cumsum(repeat_orders(days, days.last_day), dtype=np.float64)
    expected = expected_repeat_orders(days, parameters, days.last_day)

    def lately(total: Floats, end: int) -> float:
        return float(total[end] - total[end - RECENT_DAYS])

    if days.last_day < 3 * RECENT_DAYS:
        return None
    last, *others = [lately(came, end) / lately(expected, end) for end in (days.last_day, *cutoffs)]
    if last < PEAK:
        return None
    return Peak(lately(came, days.last_day), last - 1, any(height >= PEAK for height in others))


def calendar_caveats(
    days: PurchaseDays,
    counted: PurchaseDays,
    peak: Peak | None,
    cutoffs: Sequence[int],
    missed: Missed | None = None,
) -> list[str]:
    """Sentences on what the dates of the purchases say against a forecast; empty where nothing does.

    Parameters
    ----------
    days : every customer's purchase days.
    counted : the same, or purchase weeks, as the model counts them.
    peak : as `peak_at_the_end` found it.
    cutoffs : the days on which the past tests stood, in days since the first of `counted`.
    missed : what came of them; None where there were none.
    """
    return [
        *_unfinished_month(days.date(days.last_day)),
        *([_peak(counted, peak, cutoffs, missed)] if peak else []),
        *_growth(days),
        *_older_than_the_file(days),
        *_rhythm(regularity(days)),
    ]


def _unfinished_month(last: datetime.date) -> list[str]:
    next_month = (last.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    if (next_month - last).days <= UNFINISHED_FROM:
        return []
    return [f"The last month ends on {formats.date(last)}, so its figures are not those of a whole month."]


def _peak(days: PurchaseDays, peak: Peak, cutoffs: Sequence[int], missed: Missed | None) -> str:
    quieter = bool(cutoffs) and not peak.is_tested
    return (
        f"The file ends on a peak{_at_christmas(days.date(days.last_day))}: in its last {RECENT_DAYS // 7} weeks "
        f"customers came back {formats.count(peak.orders)} times, {formats.whole_share(peak.above)} more than at "
        "their usual pace. A forecast from here leans high"
        + ("; none of the past tests stood on such a peak." if quieter else ".")
        + (_no_reason_to_raise(days, cutoffs, missed, peak.above) if quieter and missed else "")
    )


def _no_reason_to_raise(days: PurchaseDays, cutoffs: Sequence[int], missed: Missed, above: float) -> str:
    """What to make of tests that came out too low because they looked into the peak out of which the forecast looks."""
    if missed.high > TOO_LOW or max(cutoffs) + missed.ahead_days <= days.last_day - RECENT_DAYS:
        return ""
    return (
        " They looked into it, so that their totals came out too low is no reason to raise this one: where ordinary "
        f"months follow, it is too high, by these {formats.whole_share(above)} or more."
    )


def _at_christmas(last: datetime.date) -> str:
    begins, ends = CHRISTMAS
    return " at Christmas" if (last.month, last.day) >= begins or (last.month, last.day) <= ends else ""


def _growth(days: PurchaseDays) -> list[str]:
    both = days.last_day + 1 - YEAR_DAYS
    if both < LEAST_OVERLAP_DAYS:
        return []
    window = min(both, YEAR_DAYS)
    now, then = (int(_between(days, end - window, end).sum()) for end in (days.last_day, days.last_day - YEAR_DAYS))
    ratio = now / max(then, 1)
    if 1 / GROWTH < ratio < GROWTH:
        return []
    return [
        f"The shop {'grew' if ratio > 1 else 'shrank'}: {formats.count(now)} orders in the last {window} days against "
        f"{formats.count(then)} in the same days a year before. The forecast takes each customer's pace to stay, and "
        "counts nobody yet to come."
    ]


def _older_than_the_file(days: PurchaseDays) -> list[str]:
    first = days.day[days.starts]
    newcomers = np.bincount(first // MONTH_DAYS, minlength=MONTHS_AFTER + 1)
    later = newcomers[1 : MONTHS_AFTER + 1]
    if days.last_day < MONTH_DAYS * (MONTHS_AFTER + 1) or newcomers[0] < OLDER * later.max():
        return []
    return [
        f"{formats.count(newcomers[0])} of {formats.count(len(first))} customers first appear in the first "
        f"{MONTH_DAYS} days of the file, against {formats.count(later.min())} to {formats.count(later.max())} in each "
        f"of the next {MONTHS_AFTER} months: many had bought before the file begins, so they count as newer than they "
        "are."
    ]


def _rhythm(found: Regularity | None) -> list[str]:
    if found is None or not (found.low > RHYTHM or found.high < BURSTS):
        return []
    regular, customers = formats.number(found.k, 2), formats.count(found.customers)
    told = f"(regularity {regular} by the gaps of {customers} customers; 1 is chance)"
    if found.low > RHYTHM:
        return [
            f"Customers buy on a rhythm {told}, while the forecast takes every day to be as likely: who is overdue by "
            "their own rhythm has left more surely than it says."
        ]
    return [
        f"Customers buy in bursts {told}, while the forecast takes every day to be as likely: who has been silent for "
        "long may come back more often than it says."
    ]


def _between(days: PurchaseDays, after: int, until: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.asarray((days.day > after) & (days.day <= until))
