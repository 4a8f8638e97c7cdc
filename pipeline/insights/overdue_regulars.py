"""Regular customers who are silent for far longer than their own rhythm explains."""

from __future__ import annotations

import math

import numpy as np

from pipeline.audience.choice import Choice
from pipeline.formats import count, money, plural
from pipeline.insights.chance import above
from pipeline.insights.insight import Floats, Insight, Shop

ORDERS = 5
"""From which on a customer has a rhythm of its own."""

GAPS = 4.0
"""Own usual gaps of silence: far longer than usual."""

MORE = 1.5
"""Times as many as by chance: below, most of them are just late."""

LEAST_GAPS = 4  # between days with orders: whose tell how uneven gaps are
DRAWS, SEED = 4_000, 7


def overdue_regulars(shop: Shop) -> list[Insight]:
    """Chance is every regular on their own rhythm, with gaps as uneven as the gaps of this shop's regulars."""
    choice = Choice(frequency=f"{ORDERS}-", overdue=f"{GAPS:g}-")
    regular, late = shop.left_by(Choice(frequency=choice.frequency)), shop.left_by(choice)
    evenness = gap_shape(shop)
    if late.empty or evenness is None:
        return []
    own = shop.history.loc[regular.index, ["frequency", "T"]].to_numpy(dtype=np.float64)
    chances = chance_of_silence(own[:, 0], own[:, 1], evenness, shop.pace)
    usual, spread = float(chances.sum()), math.sqrt(float((chances * (1 - chances)).sum()))
    if len(late) < MORE * usual or len(late) - 0.5 - usual < above() * spread:
        return []
    ahead = float(late["CLV_6m"].sum())
    told = (
        f"{plural(len(late), 'customer')} with {ORDERS} orders or more {'has' if len(late) == 1 else 'have'} been "
        f"silent for {GAPS:g} of their own usual gaps or longer; {money(ahead)} is expected of them in the next six "
        "months."
    )
    chance = (
        f"With each on their own rhythm, and gaps as uneven as they are here, {count(usual)} of the "
        f"{count(len(regular))} with as many orders would be that late."
    )
    step = "Ask them why, by name, before they have settled elsewhere."
    filters = {"frequency": choice.frequency, "overdue": choice.overdue}
    return [Insight("overdue_regulars", told, step, chance, ahead, len(late) / max(usual, 1e-9), filters)]


def gap_shape(shop: Shop) -> float | None:
    """The shape k of regulars' gaps: 1 is chance, above 1 a rhythm, below 1 bursts; None where nobody tells.

    Parts that gaps of shape k are of their sum follow a Dirichlet law, so that their squares add up to
    (k + 1) / (n k + 1) on average for n gaps, whatever a customer's pace. The shape taken is the least even one that
    the spread among customers allows at `CHANCE`, so that nobody is called late for want of data.
    """
    place, day = shop.places, shop.days["Day"]
    gap = day.diff().dt.days.to_numpy(dtype=np.float64)
    inside = (place >= 0) & (np.roll(place, 1) == place) & (np.arange(len(place)) > 0)
    squares = np.bincount(place[inside], gap[inside] ** 2, minlength=len(shop.customers))
    sums = np.bincount(place[inside], gap[inside], minlength=len(shop.customers))
    counts = np.bincount(place[inside], minlength=len(shop.customers)).astype(np.float64)
    known = counts >= LEAST_GAPS
    if not known.any():
        return None
    own, n = squares[known] / sums[known] ** 2, counts[known]
    shapes = np.geomspace(0.1, 20.0, 200)
    by_shape = np.array([((k + 1) / (n * k + 1)).sum() for k in shapes])
    spread = np.array([_spread(k, n) for k in shapes])
    return float(np.interp(-float(own.sum()), -(by_shape - above() * spread), shapes))


def _spread(k: float, n: Floats) -> float:
    """The standard deviation of the customers' summed squares, added up, under shape k for n gaps each."""
    a = n * k
    fourth = k * (k + 1) * (k + 2) * (k + 3) * n + k**2 * (k + 1) ** 2 * n * (n - 1)
    variance = fourth / (a * (a + 1) * (a + 2) * (a + 3)) - ((k + 1) / (a + 1)) ** 2
    return math.sqrt(max(float(variance.sum()), 0.0))


def chance_of_silence(x: Floats, T: Floats, shape: float, pace: tuple[float, float]) -> Floats:
    """How likely each customer is at least `GAPS` usual gaps late on any day, `(n_customers,)`.

    Parameters
    ----------
    x, T : repeat days, and days since the first order; who has never repeated is given 1, since they have no rhythm.
    shape : of the gaps.
    pace : r and alpha: the usual gap is (alpha + t_x) / (r + x), as in `pipeline.clv.expectations.overdue`.
    """
    (r, alpha), rng = pace, np.random.default_rng(SEED)
    late, chances = GAPS * (alpha + T) / (np.maximum(T, 1e-9) * (r + x + GAPS)), np.ones(len(x))
    for repeats in np.unique(x[x > 0]):
        silence = rng.gamma(shape + 1, size=DRAWS) * rng.random(DRAWS)  # a day falls into long gaps more often
        part = np.sort(silence / (silence + rng.gamma(shape * repeats, size=DRAWS)))
        of_these = x == repeats
        chances[of_these] = 1 - np.searchsorted(part, late[of_these]) / DRAWS
    return chances
