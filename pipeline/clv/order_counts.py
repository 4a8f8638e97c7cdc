"""How many orders a customer who is still there may place: the chance of at least 1, 2, 3 and so on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.clv.beta_geometric import BetaGeometric
from pipeline.clv.likelihood import Floats

NEGLIGIBLE = 1e-5  # chance of so many orders or more that is left out
FEW = 8  # counts are looked at by so many at a time,
COUNTED_SINGLY = 64  # above this in blocks that grow by
GROWTH = 1.02
MOST_ORDERS = 2.0**40


class OrderCounts(NamedTuple):
    """Chances of order counts for customers of one x, given that they are still there.

    Attributes
    ----------
    least, most : 1 and 1, 2 and 2, and so on; above `COUNTED_SINGLY` the ends of blocks; each `(n_counts,)`.
    chances : of a count within each block, `(n_ages, n_counts)`.
    at_least : of so many orders or more, `(n_ages, n_counts)`.
    """

    least: Floats
    most: Floats
    chances: Floats
    at_least: Floats


def order_counts(parameters: BetaGeometric, x: float, T: Floats, horizon: float) -> OrderCounts:
    """What customers with `x` repeat purchases and ages `T`, `(n_ages,)`, may order within `horizon`."""
    ladder, columns = _ladder(), []
    rungs = ladder[:-1]  # each block ends where the next begins
    for first in range(0, len(rungs), FEW):
        columns.append(_at_least(parameters, x, T, horizon, rungs[first : first + FEW]))
        if columns[-1][:, -1].max() < NEGLIGIBLE:
            break
    at_least = np.concatenate(columns, axis=1)
    beyond = np.append(at_least[:, 1:], np.zeros((len(T), 1)), axis=1)
    chances = np.maximum(at_least - beyond, 0.0)
    matters = chances.max(axis=0) > NEGLIGIBLE / 100
    matters[0] = True
    counts = np.flatnonzero(matters)
    return OrderCounts(ladder[counts], ladder[counts + 1] - 1, chances[:, counts], at_least[:, counts])


def _at_least(parameters: BetaGeometric, x: float, T: Floats, horizon: float, orders: Floats) -> Floats:
    """The chance of so many orders or more, `(n_ages, n_counts)`.

    The rate, ~ Gamma(r + x, alpha + T), must bring them, and the customer must not leave after any but the last, with
    a chance ~ Beta(a, b + times at risk); the two are independent.
    """
    from scipy.special import betainc, gammaln

    r, alpha, a, b = parameters
    stayed = b + float(parameters.times_at_risk(np.array([x]))[0])
    log_stays = gammaln(stayed + orders - 1) - gammaln(stayed) + gammaln(a + stayed) - gammaln(a + stayed + orders - 1)
    brought = betainc(orders, r + x, (horizon / (alpha + T + horizon))[:, None])
    chances: Floats = np.exp(log_stays) * brought
    return chances


def _ladder() -> Floats:
    """1, 2, 3 and so on, then counts that grow by `GROWTH`."""
    steps = int(np.log(MOST_ORDERS / COUNTED_SINGLY) / np.log(GROWTH))
    above = np.round(COUNTED_SINGLY * GROWTH ** np.arange(steps))
    return np.unique(np.concatenate([np.arange(1.0, COUNTED_SINGLY), above]))
