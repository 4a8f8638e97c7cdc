"""What the calendar does to a forecast, in sentences: an unfinished month, a peak, growth, a file that begins late."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np

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
CHRISTMAS = ((11, 15), (1, 10))  # from a November's day to a January's
RHYTHM = 1.25
BURSTS = 0.8


def calendar_caveats(
    days: PurchaseDays, counted: PurchaseDays, parameters: BetaGeometric, cutoffs: Sequence[int]
) -> list[str]:
    """Sentences on what the dates of the purchases say against a forecast; empty where nothing does.

    Parameters
    ----------
    days : every customer's purchase days.
    counted : the same, or purchase weeks, as the model counts them.
    parameters : the model as fitted to all of them.
    cutoffs : the days on which the past tests stood, in days since the first of `counted`.
    """
    return [
        *_unfinished_month(days.date(days.last_day)),
        *_peak(counted, parameters, cutoffs),
        *_growth(days),
        *_older_than_the_file(days),
        *_rhythm(regularity(days)),
    ]


def _unfinished_month(last: datetime.date) -> list[str]:
    next_month = (last.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    if (next_month - last).days <= UNFINISHED_FROM:
        return []
    return [f"The last month ends on {last.day} {last:%B %Y}, so its figures are not those of a whole month."]


def _peak(days: PurchaseDays, parameters: BetaGeometric, cutoffs: Sequence[int]) -> list[str]:
    """A peak is more than the model itself expects: that more customers make more orders is none."""
    came = np.cumsum(repeat_orders(days, days.last_day), dtype=np.float64)
    expected = expected_repeat_orders(days, parameters, days.last_day)

    def lately(total: Floats, end: int) -> float:
        return float(total[end] - total[end - RECENT_DAYS])

    if days.last_day < 3 * RECENT_DAYS:
        return []
    heights = [lately(came, end) / lately(expected, end) for end in (days.last_day, *cutoffs)]
    if heights[0] < PEAK:
        return []
    weeks, higher = RECENT_DAYS // 7, round(100 * (heights[0] - 1))
    quieter = bool(cutoffs) and max(heights[1:]) < PEAK
    return [
        f"The file ends on a peak{_at_christmas(days.date(days.last_day))}: in its last {weeks} weeks customers came "
        f"back {lately(came, days.last_day):,.0f} times, {higher} % more than at their usual pace. A forecast from "
        "here leans high" + ("; none of the past tests stood on such a peak." if quieter else ".")
    ]


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
        f"The shop {'grew' if ratio > 1 else 'shrank'}: {now:,} orders in the last {window} days against {then:,} in "
        "the same days a year before. The forecast takes each customer's pace to stay, and counts nobody yet to come."
    ]


def _older_than_the_file(days: PurchaseDays) -> list[str]:
    first = days.day[days.starts]
    newcomers = np.bincount(first // MONTH_DAYS, minlength=MONTHS_AFTER + 1)
    later = newcomers[1 : MONTHS_AFTER + 1]
    if days.last_day < MONTH_DAYS * (MONTHS_AFTER + 1) or newcomers[0] < OLDER * later.max():
        return []
    return [
        f"{newcomers[0]:,} of {len(first):,} customers first appear in the first {MONTH_DAYS} days of the file, "
        f"against {later.min():,} to {later.max():,} in each of the next {MONTHS_AFTER} months: many had bought before "
        "the file begins, so they count as newer than they are."
    ]


def _rhythm(found: Regularity | None) -> list[str]:
    if found is None or not (found.low > RHYTHM or found.high < BURSTS):
        return []
    told = f"(regularity {found.k:.2f} by the gaps of {found.customers:,} customers; 1 is chance)"
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
