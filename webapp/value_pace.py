"""How the expected value of any group of customers went on, as the finished models see it month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from dash import html
from dash.development.base_component import Component

from pipeline.clv.backtest_cutoffs import LEAST_KNOWN_DAYS
from webapp import components, formats, pace
from webapp.finished import Finished

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLD = "Average CLV by month"
MODELS = "by today’s models"


def averages(results: Finished, members: NDArray[np.bool_]) -> dict[str, float]:
    """The average CLV of those `members` who had bought by then: day (ISO) -> money, from the first that had one.

    Parameters
    ----------
    members : `(n_customers,)` in the order of `results.customers`.
    """
    known = results.past_values.to_numpy()[members]
    there = ~np.isnan(known)
    counts, sums = there.sum(axis=0), np.where(there, known, 0).sum(axis=0, dtype=np.float64)
    days = zip(results.past_values.columns, sums, counts, strict=True)
    return {day: float(total / count) for day, total, count in days if count}


def trend(results: Finished, members: NDArray[np.bool_]) -> list[Component]:
    """Small upright bars of the averages and what they are; nothing where none of the members ever paid."""
    found = averages(results, members)
    if not found:
        return []
    written = [formats.month(day) for day in list(found)[:-1]] + [formats.date(list(found)[-1])]
    first, *later = found
    words = f"{formats.money(found[first])} as of {written[0]}, {MODELS}" if later else MODELS.capitalize()
    note = components.term(words, explanation(results))
    return [pace.upright(written, list(found.values()), formats.money, TOLD), html.Div(note, className="kpi-note")]


def explanation(results: Finished) -> str:
    """What the bars are, in words."""
    first, last = results.past_values.columns[[0, -1]]
    since = f" Bars begin in {formats.month(first)} at the earliest" if first != last else " There is one bar only"
    return (
        "What today's models make of what was known at the end of each month, and on the last day: not the forecasts "
        f"that were made then. Of the customers shown, those who had bought by then.{since}: with less than "
        f"{LEAST_KNOWN_DAYS} days of orders in the file hardly anybody has had the time to come back."
    )
