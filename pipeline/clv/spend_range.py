"""How far a customer's spend may come out: exact quantiles of what the two models foretell, without any drawing.

The story that would be drawn: the customer is still there with `probability_alive`; orders come at a rate ~
Gamma(r + x, alpha + T) until one leaves, with a chance ~ Beta(a, b + times at risk) after each; N orders together cost
Gamma(p N, nu) with nu ~ Gamma(q + p n, v + n m). Divided by v + n m, the cost of N orders is a beta prime variable that
no money enters any more, so customers of one x share one table of it, whatever their T, and each solves for their own
quantile there. Being solved and not drawn, a range needs no seed and does not depend on who else is in the file.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.clv.distinct import distinct_rows
from pipeline.clv.expectations import probability_alive
from pipeline.clv.forecast import Models, mean_is_unusable, spend_per_order
from pipeline.clv.gamma_gamma import GammaGamma
from pipeline.clv.histories import Histories
from pipeline.clv.likelihood import Floats
from pipeline.clv.order_counts import OrderCounts, order_counts

LOW, HIGH = 0.1, 0.9  # four of five customers come out between
STEPS_PER_WIDTH = 2.0  # of a table, in standard deviations of its narrowest part: chances are then right to 1e-4
MOST_STEPS = 2_000
LEFT_OUT = 1e-3  # chance of spending less than a table's start
KNOWN = 0.01  # spread, as a share, below which the cost of so many orders counts as known
ROWS_AT_A_TIME = 20_000  # bounds memory
NEWTON_STEPS = 6


class Table(NamedTuple):
    """The chance of spending more than some amounts, for customers of one x who are still there.

    Attributes
    ----------
    log_spend : logarithms of the amounts, in units of v + n m, evenly spaced, `(n_amounts,)`.
    chances : of more than that, `(n_ages, n_amounts)`, falling along each row.
    slopes : of the chances from one amount to the next, `(n_ages, n_amounts)`.
    """

    log_spend: Floats
    chances: Floats
    slopes: Floats


def spend_range(models: Models, histories: Histories, horizon: float) -> tuple[Floats, Floats]:
    """The spend within `horizon` (not discounted) that 10 % of such customers stay below, and 90 %; `(n_customers,)`.

    Where spend per order has no finite mean (see `mean_is_unusable`), each order counts as `spend_per_order`.
    """
    known = histories.spenders()
    orders, m = np.where(known, histories.orders, 0.0), np.where(known, histories.m, 0.0)
    (x, n, T, t_x), _, places = distinct_rows(histories.x, orders, histories.T, histories.t_x)
    exceeded = _chance_if_alive(models, Histories(x, t_x, T, n, n))
    multiples, per_order = np.zeros((2, len(x))), np.zeros(len(x), dtype=bool)
    unusable = mean_is_unusable(models.spend, histories)
    for rows in _alike(x, n):
        ages, age_of = np.unique(T[rows], return_inverse=True)
        counts = order_counts(models.purchases, float(x[rows.start]), ages, horizon)
        spend = None if unusable else _table(models.spend, counts, float(n[rows.start]))
        per_order[rows] = spend is None
        for multiple, chance in zip(multiples, exceeded, strict=True):
            wanted = _counted(counts, age_of, chance[rows]) if spend is None else _solved(spend, age_of, chance[rows])
            multiple[rows] = np.where(chance[rows] < counts.at_least[age_of, 0], wanted, 0.0)
    unit = np.where(per_order[places], spend_per_order(models.spend, histories), models.spend.v + orders * m)
    low, high = multiples[:, places] * unit
    return low, high


def _chance_if_alive(models: Models, histories: Histories) -> Floats:
    """The chance with which either end is exceeded by a customer who is still there, at most 1; `(2, n_customers)`."""
    alive = np.maximum(probability_alive(models.purchases, histories), 1e-300)
    return np.minimum(np.array([[1 - LOW], [1 - HIGH]]) / alive, 1.0)


def _alike(x: Floats, n: Floats) -> Iterator[slice]:
    """Stretches of sorted rows that have the same x and n, none too long to work on at a time."""
    changes = np.flatnonzero((np.diff(x) != 0) | (np.diff(n) != 0)) + 1
    edges = np.union1d(np.append(changes, len(x)), np.arange(0, len(x), ROWS_AT_A_TIME))
    return (slice(int(start), int(stop)) for start, stop in itertools.pairwise(edges))


def _table(spend: GammaGamma, counts: OrderCounts, n: float) -> Table | None:
    """The table over the amounts that matter; None where the cost of so many orders is as good as known."""
    from scipy.special import betainc, betaincinv, betaln, expit, log_expit

    p, beyond = spend.p, spend.q + spend.p * n
    few, many = _usual(counts)
    if np.sqrt(1 / (p * few) + 1 / beyond) < KNOWN:
        return None
    start = _log_odds(float(betaincinv(p * few, beyond, LEFT_OUT)))
    end = max(-_log_odds(float(betaincinv(beyond, p * many, (1 - HIGH) / 2))), start + 1)
    step = np.sqrt(1 / (p * many) + 1 / beyond) / STEPS_PER_WIDTH
    steps = int(min(max((end - start) / step, 2), MOST_STEPS))
    amounts = np.linspace(start, end, steps + 1, dtype=np.float64)
    shapes = (p * (counts.least + counts.most) / 2)[:, None]
    more = betainc(beyond, shapes, expit(-amounts))
    density = np.exp(shapes * log_expit(amounts) + beyond * log_expit(-amounts) - betaln(shapes, beyond))
    return Table(amounts, counts.chances @ more, counts.chances @ density * -(amounts[1] - amounts[0]))


def _log_odds(share: float) -> float:
    """The logit, finite also where a share is nothing or everything to floating point."""
    inside = min(max(share, 1e-300), 1 - 1e-16)
    return float(np.log(inside) - np.log1p(-inside))


def _usual(counts: OrderCounts) -> tuple[float, float]:
    """A count that hardly any who order at all stay below, and one that few exceed, whatever their age."""
    share = counts.at_least / np.maximum(counts.at_least[:, :1], 1e-300)
    share[:, 0] = 1.0
    few = counts.least[np.flatnonzero(share.min(axis=0) >= 1 - LEFT_OUT)[-1]]
    rare = np.flatnonzero(counts.at_least.max(axis=0) <= (1 - HIGH) / 2)
    return float(few), float(counts.most[rare[0]] if len(rare) else counts.most[-1])


def _counted(counts: OrderCounts, age_of: NDArray[np.intp], chance: Floats) -> Floats:
    """The number of orders that is exceeded with at most this chance, `(n_rows,)`."""
    rungs = (counts.at_least[age_of] > chance[:, None]).sum(axis=1)
    return np.asarray(np.append(0.0, counts.most)[rungs], dtype=np.float64)


def _solved(table: Table, age_of: NDArray[np.intp], chance: Floats) -> Floats:
    """The spend that is exceeded with this chance, in units of v + n m, `(n_rows,)`: a cubic through the table."""
    ages, amounts = table.chances.shape
    rising = (np.arange(ages)[:, None] * 2 - table.chances).ravel()
    before = np.searchsorted(rising, age_of * 2 - chance) - age_of * amounts
    cell = np.clip(before - 1, 0, amounts - 2)
    left, right = table.chances[age_of, cell], table.chances[age_of, cell + 1]
    slope_left, slope_right = table.slopes[age_of, cell], table.slopes[age_of, cell + 1]
    square = 3 * (right - left) - 2 * slope_left - slope_right
    cube = 2 * (left - right) + slope_left + slope_right
    part = np.clip((left - chance) / np.maximum(left - right, 1e-300), 0, 1)
    for _ in range(NEWTON_STEPS):
        found = left + part * (slope_left + part * (square + part * cube))
        slope = slope_left + part * (2 * square + 3 * part * cube)
        part = np.clip(part - (found - chance) / np.minimum(slope, -1e-300), 0, 1)
    width = table.log_spend[1] - table.log_spend[0]
    spend: Floats = np.exp(table.log_spend[0] + (cell + part) * width)
    return spend
