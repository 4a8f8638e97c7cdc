"""Orders to come if nothing changes: drawn from the fitted purchase model, each customer at a rate of their own."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.clv.beta_geometric import BetaGeometric
from pipeline.clv.expectations import probability_alive
from pipeline.clv.histories import Histories
from pipeline.clv.likelihood import Floats


class GoingOn(NamedTuple):
    """What customers might do in a stretch of days, `(n_customers,)` each.

    Attributes
    ----------
    orders : how many days with an order.
    latest : when the last of them is, in days since the stretch began; 0 where there is none.
    """

    orders: NDArray[np.int64]
    latest: Floats


def going_on(
    parameters: BetaGeometric, histories: Histories, horizon_days: float, random: np.random.Generator
) -> GoingOn:
    """One draw of the orders within a horizon, as the model tells the story.

    Who is still there has a rate ~ Gamma(r + x, alpha + T) and a chance to leave ~ Beta(a, b + times at risk), as
    follows from Fader, Hardie and Lee (2005), equation 3, by Bayes' rule; orders are Poisson until one leaves after
    one of them. The last of n uniform moments of which k count is Beta(k, n - k + 1).
    """
    r, alpha, a, b = parameters
    x, T = histories.x, histories.T
    there = random.random(len(x)) < probability_alive(parameters, histories)
    rate = random.gamma(r + x, 1 / (alpha + T))
    leaving = np.clip(random.beta(a, b + parameters.times_at_risk(x)), 1e-12, 1.0)
    would = np.where(there, random.poisson(rate * horizon_days), 0)
    orders = np.minimum(would, random.geometric(leaving))
    last = random.beta(np.maximum(orders, 1), np.maximum(would - orders, 0) + 1)
    return GoingOn(orders, np.where(orders > 0, last * horizon_days, 0.0))
