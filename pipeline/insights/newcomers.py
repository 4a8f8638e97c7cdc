"""Whether customers who came lately are worth as much as those who came before them were at the same age."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.audience.choice import Choice
from pipeline.formats import plural, share
from pipeline.insights.chance import FEWEST, bound
from pipeline.insights.insight import Floats, Insight, Shop

if TYPE_CHECKING:
    import pandas as pd

NEW_DAYS = 90
"""Since the first order: who counts as a newcomer."""

SETTLING_DAYS = 90
"""At the start of a file most who order for the first time in it have ordered before; they are no newcomers."""

YEAR = 365
SEED = 7
NORMAL_95 = 1.959963984540054


class Start(NamedTuple):
    """What each of some customers had done by a given age: spent (money), and whether they had ordered again."""

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
    """Newcomers at their age against earlier newcomers, each at the age of one of them.

    Earlier ones are those of the same weeks a year before, where the file reaches back so far, else all of them.
    """
    tenure = shop.customers["Tenure"]
    settled = tenure <= tenure.max() - SETTLING_DAYS
    last_year = settled & tenure.between(YEAR, YEAR + NEW_DAYS)
    in_season = int(last_year.sum()) >= FEWEST
    written = f"0-{NEW_DAYS}"
    new, old = shop.left_by(Choice(first=written)), shop.customers[last_year if in_season else settled & (tenure > 90)]
    if min(len(new), len(old)) < FEWEST:
        return []
    now = started(shop, new, new["Tenure"].to_numpy(dtype=np.float64))
    then = started(shop, old, _ages(new["Tenure"].to_numpy(dtype=np.float64), len(old)))
    apart = difference(now, then)
    if max(abs(apart.spending), abs(apart.returning)) < bound(2):
        return []
    return [_told(now, then, apart, in_season, written)]


def started(shop: Shop, customers: pd.DataFrame, ages: Floats) -> Start:
    """What these customers had done by these ages (days since the first order, one for each)."""
    place = np.full(len(shop.customers), -1)
    place[shop.customers.index.get_indexer(customers.index)] = np.arange(len(customers))
    row = np.where(shop.places() >= 0, place[shop.places()], -1)
    ago = (shop.days["Day"].max() - shop.days["Day"]).dt.days.to_numpy(dtype=np.float64)
    tenure = customers["Tenure"].to_numpy(dtype=np.float64)
    counts = (row >= 0) & (tenure[row] - ago <= ages[row])
    spent = np.bincount(row[counts], shop.days["Revenue"].to_numpy()[counts], minlength=len(customers))
    orders = np.bincount(row[counts], minlength=len(customers))
    return Start(spent.astype(np.float64), (orders > 1).astype(np.float64))


def difference(now: Start, then: Start) -> Difference:
    """Both compared by means, of the logarithm of spend and of who has ordered again."""
    logs = [np.log1p(np.maximum(start.spent, 0.0)) for start in (now, then)]
    gap, error = float(logs[0].mean() - logs[1].mean()), _error(*logs)
    again = float(now.again.mean() - then.again.mean()) / _error(now.again, then.again)
    ratio, low, high = np.exp([gap, gap - NORMAL_95 * error, gap + NORMAL_95 * error]).tolist()
    return Difference(ratio, low, high, gap / error, again)


def _error(first: Floats, second: Floats) -> float:
    return max(float(np.sqrt(first.var(ddof=1) / len(first) + second.var(ddof=1) / len(second))), 1e-12)


def _ages(of_new: Floats, n: int) -> Floats:
    """The ages of newcomers for `n` others, each as often as among them, by lot."""
    ranks = np.random.default_rng(SEED).permutation(n)
    ages: Floats = np.sort(of_new)[(ranks * len(of_new)) // n]
    return ages


def _told(now: Start, then: Start, apart: Difference, in_season: bool, written: str) -> Insight:
    whom = "those of the same weeks a year before" if in_season else "earlier newcomers"
    by_spend = abs(apart.spending) >= bound(2)
    more = (apart.spending if by_spend else apart.returning) > 0
    what = "worth more" if more else "worth less"
    if not by_spend:
        what = "coming back more often" if more else "coming back less often"
    told = (
        f"The {plural(len(now.spent), 'customer')} who first ordered in the last {NEW_DAYS} days are {what} than "
        f"{whom} were at the same age: a typical one has spent {_percent(apart.ratio)} (95 % range: "
        f"{_percent(apart.low)} to {_percent(apart.high)}), and {share(float(now.again.mean()))} have ordered "
        f"again, then {share(float(then.again.mean()))}."
    )
    if by_spend:
        worth = abs(1 - 1 / apart.ratio) * float(now.spent.sum())
    else:
        order = float(np.median(now.spent))
        worth = abs(float(now.again.mean() - then.again.mean())) * len(now.spent) * order
    season = "" if in_season else " The season may have a part in it: the file has no earlier one to compare with."
    chance = f"So far apart or farther is chance in less than one of 100 such comparisons.{season}"
    step = (
        "Find out where they came from, and get more from there." if more else "Check where these customers come from."
    )
    return Insight("newcomers", told, step, chance, worth, apart.ratio, {"first": written})


def _percent(ratio: float) -> str:
    return f"{abs(100 * (ratio - 1)):.0f} % {'more' if ratio >= 1 else 'less'}"
