"""What BG/NBD and MBG/NBD share: orders at a rate of one's own until one leaves. Fitted exactly and fast.

Purchases while a customer stays are Poisson with a rate ~ Gamma(r, alpha); on certain occasions the customer leaves for
good with a chance of their own ~ Beta(a, b). The two models differ in one thing only, which occasions these are: see
`times_at_risk`. Every formula here and in `expectations.py` is the published one of both, written in that number.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np

from pipeline.clv.distinct import distinct_rows, thinned
from pipeline.clv.histories import Histories
from pipeline.clv.likelihood import ROUGH, Floats, Maximum, Objective, maximum

GRID = ((0.2, 1.0, 4.0), (0.05, 0.25, 1.0), (0.1, 1.0), (0.5, 3.0))  # r, alpha (in units of the longest T), a, b


class BetaGeometric(NamedTuple):
    """The parameters of either model. `alpha` has the unit of the histories' time (days here); the others have none."""

    r: float
    alpha: float
    a: float
    b: float

    def times_at_risk(self, x: Floats) -> Floats:
        """On how many occasions a customer who is still there after `x` repeat purchases could have left."""
        raise NotImplementedError


M = TypeVar("M", bound=BetaGeometric)


def fit(model: type[M], histories: Histories) -> tuple[M, Maximum]:
    """The parameters of highest likelihood, and how they were found."""
    rows, weights, _ = distinct_rows(histories.x, histories.t_x, histories.T)
    unit = float(histories.T.max())
    objective = _objective(model, rows, weights, unit)
    roughs = [_objective(model, *thinned(rows, weights, most), unit) for most in ROUGH if most < len(weights)]
    found = maximum(objective, roughs, GRID, len(histories.x)).in_units((1.0, unit, 1.0, 1.0))
    return model(*found.parameters.tolist()), found


def _objective(model: type[M], rows: tuple[Floats, ...], weights: Floats, unit: float) -> Objective:
    """Log parameters (alpha in a unit of time) -> mean log-likelihood of weighted histories, and its gradient."""
    x, t_x, T = rows[0], rows[1] / unit, rows[2] / unit
    weights = weights / weights.sum()
    counts, _, places = distinct_rows(x)
    per_count = np.bincount(places, weights)

    def objective(log_parameters: Floats) -> tuple[float, Floats]:
        parameters = model(*np.exp(log_parameters))
        by_count, slope_by_count = count_terms(parameters, counts[0])
        by_time, slope_by_time = time_terms(parameters, x, t_x, T)
        value = float(per_count @ by_count + weights @ by_time)
        return value, (slope_by_count @ per_count + slope_by_time @ weights) * np.array(parameters)

    return objective


def log_likelihood(parameters: BetaGeometric, histories: Histories) -> Floats:
    """Each customer's log-likelihood, `(n_customers,)`: BG/NBD equation 6, and its like in Batislam et al."""
    by_count, _ = count_terms(parameters, histories.x)
    by_time, _ = time_terms(parameters, histories.x, histories.t_x, histories.T)
    total: Floats = by_count + by_time
    return total


def count_terms(parameters: BetaGeometric, x: Floats) -> tuple[Floats, Floats]:
    """The part of the log-likelihood that only x enters, and its slopes by r, alpha, a, b, `(4, n)`."""
    from scipy.special import gammaln, psi

    r, alpha, a, b = parameters
    stayed = parameters.times_at_risk(x)
    value = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    value = value + gammaln(a + b) + gammaln(b + stayed) - gammaln(b) - gammaln(a + b + stayed)
    pooled = psi(a + b) - psi(a + b + stayed)
    slopes = np.stack(
        [
            psi(r + x) - psi(r) + np.log(alpha),
            np.full_like(x, r / alpha),
            pooled,
            pooled + psi(b + stayed) - psi(b),
        ]
    )
    return value, slopes


def time_terms(parameters: BetaGeometric, x: Floats, t_x: Floats, T: Floats) -> tuple[Floats, Floats]:
    """The part that times enter: there until now, or gone right after t_x; and its slopes, `(4, n)`."""
    from scipy.special import expit

    r, alpha, a, b = parameters
    at_risk = parameters.times_at_risk(x)
    before = b + np.maximum(at_risk, 1) - 1
    orders, now, last = r + x, alpha + T, alpha + t_x
    log_now, log_last = np.log(now), np.log(last)
    there = -orders * log_now
    log_odds_gone = np.log(a / before) + orders * (log_now - log_last)
    log_odds_gone = np.where(at_risk > 0, log_odds_gone, -np.inf)
    value = there + np.logaddexp(0.0, log_odds_gone)
    gone = expit(log_odds_gone)
    slopes = np.stack(
        [
            gone * (log_now - log_last) - log_now,
            orders * (gone * (1 / now - 1 / last) - 1 / now),
            gone / a,
            -gone / before,
        ]
    )
    return value, slopes
