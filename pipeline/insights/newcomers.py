"""Whether customers who came lately are worth as much as those who came before them were at the same age."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.audience.choice import Choice
from pipeline.formats import plural, share, whole_share
from pipeline.insights.chance import FEWEST, bound
from pipeline.insights.insight import Floats, Insight, Shop

if TYPE_CHECKING:
    import pandas as pd

NEW_DAYS = 90
"""Since the first order: who counts as a newcomer."""

SETTLING_DAYS = 90
"""At the start of a file most who order for the first time in it have ordered before; they are no newcomers."""

YEAR = 365
NORMAL_95 = 1.959963984540054


class Start(NamedTuple):
    """How customers began, one number each: the logarithm of 1 and their spend, and whether they ordered again.

    Of earlier customers both are means over the ages that newcomers have, so that no draw decides.
    """

    spent: Floats
    again: Floats


class Difference(NamedTuple):
    """Newcomers against earlier ones: the ratio of what a typical one spends, its 95 % range, and both distances."""

    ratio: float
    low: float
    high: float
    spending: float
    returning: float


def newcomers(shop: Shop) -> list[Insight]:
    """Newcomers at their age against earlier newcomers at the same ages.

    Earlier ones are those of the same weeks a year before, where the file reaches back so far, else all of them.
    """
    tenure = shop.customers["Tenure"]
    settled = tenure <= tenure.max() - SETTLING_DAYS
    last_year = settled & tenure.between(YEAR, YEAR + NEW_DAYS)
    in_season = int(last_year.sum()) >= FEWEST
    written = f"0-{NEW_DAYS}"
    new = shop.left_by(Choice(first=written))
    old = shop.customers[last_year if in_season else settled & (tenure > NEW_DAYS)]
    if min(len(new), len(old)) < FEWEST:
        return []
    now, then = started(shop, new, None), started(shop, old, new["Tenure"].to_numpy(dtype=np.float64))
    apart = difference(now, then)
    if max(abs(apart.spending), abs(apart.returning)) < bound(2):
        return []
    return [_told(new["Monetary"], now, then, apart, in_season, written)]


def started(shop: Shop, customers: pd.DataFrame, ages: Floats | None) -> Start:
    """How these customers began, until any of these ages (days since the first order), or until now for None.

    What a customer has at an age is the sum of the steps up to it: a step at age a counts for the ages from a on.
    """
    places = shop.places
    own = shop.days[(places >= 0) & shop.customers.index.isin(customers.index)[places]]
    row = customers["CustomerID"].searchsorted(own["CustomerID"])
    ago = (shop.days["Day"].max() - own["Day"]).dt.days.to_numpy(dtype=np.float64)
    age = customers["Tenure"].to_numpy(dtype=np.float64)[row] - ago
    reached = np.ones(len(own)) if ages is None else 1 - np.searchsorted(np.sort(ages), age, side="left") / len(ages)
    by = own.groupby("CustomerID")["Revenue"]
    logs = np.log1p(np.maximum(by.cumsum().to_numpy(dtype=np.float64), 0.0))
    order = by.cumcount().to_numpy()
    steps = np.where(order > 0, logs - np.concatenate([[0.0], logs[:-1]]), logs)
    spent, again = (np.bincount(row, each * reached, minlength=len(customers)) for each in (steps, order == 1))
    return Start(spent.astype(np.float64), again.astype(np.float64))


def difference(now: Start, then: Start) -> Difference:
    """Both compared by their means."""
    gap, error = float(now.spent.mean() - then.spent.mean()), _error(now.spent, then.spent)
    again = float(now.again.mean() - then.again.mean()) / _error(now.again, then.again)
    ratio, low, high = np.exp([gap, gap - NORMAL_95 * error, gap + NORMAL_95 * error]).tolist()
    return Difference(ratio, low, high, gap / error, again)


def _error(first: Floats, second: Floats) -> float:
    return max(float(np.sqrt(first.var(ddof=1) / len(first) + second.var(ddof=1) / len(second))), 1e-12)


def _told(
    spent: pd.Series[float], now: Start, then: Start, apart: Difference, in_season: bool, written: str
) -> Insight:
    whom = "those of the same weeks a year before" if in_season else "earlier newcomers"
    by_spend = abs(apart.spending) >= bound(2)
    more = (apart.spending if by_spend else apart.returning) > 0
    what = "worth more" if more else "worth less"
    if not by_spend:
        what = "coming back more often" if more else "coming back less often"
    told = (
        f"The {plural(len(spent), 'customer')} who first ordered in the last {NEW_DAYS} days are {what} than "
        f"{whom} were at the same age: a typical one has spent {_percent(apart.ratio)} (95\N{NO-BREAK SPACE}% range: "
        f"{_percent(apart.low)} to {_percent(apart.high)}), and {share(float(now.again.mean()))} have ordered "
        f"again, then {share(float(then.again.mean()))}."
    )
    if by_spend:
        worth = abs(1 - 1 / apart.ratio) * float(spent.sum())
    else:
        worth = abs(float(now.again.mean() - then.again.mean())) * float(spent.median()) * len(spent)
    season = "" if in_season else " The season may have a part in it: the file has no earlier one to compare with."
    chance = f"So far apart or farther is chance in less than one of 100 such comparisons.{season}"
    step = (
        "Find out where they came from, and get more from there." if more else "Check where these customers come from."
    )
    stake = "gained" if more else "lost"
    return Insight("newcomers", told, step, chance, worth, apart.ratio, {"first": written}, stake=stake)


def _percent(ratio: float) -> str:
    return f"{whole_share(abs(ratio - 1))} {'more' if ratio >= 1 else 'less'}"
