"""How often a customer comes back, and whether they still do: BG/NBD, fitted exactly and fast.

Source: Fader, Hardie and Lee (2005), "Counting your customers the easy way", Marketing Science 24 (2), 275-284.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.clv.distinct import distinct_rows
from pipeline.clv.likelihood import Floats, Maximum, maximum

GRID = ((0.2, 1.0, 4.0), (0.05, 0.25, 1.0), (0.1, 1.0), (0.5, 3.0))  # r, alpha (in units of the longest T), a, b
# The closed form is 0/0 where a is 1, or a + b is 1 for one-time buyers; beside that point it is as good.
NUDGE = 1e-7


class BgNbd(NamedTuple):
    """BG/NBD parameters. Purchases while alive: Poisson with rate ~ Gamma(r, alpha); dropout after each ~ Beta(a, b).

    `alpha` has the unit of the histories' time (days here); the others have none.
    """

    r: float
    alpha: float
    a: float
    b: float


def fit_bg_nbd(frequency: Floats, recency: Floats, T: Floats) -> tuple[BgNbd, Maximum]:
    """The BG/NBD parameters of highest likelihood (equation 7).

    Parameters
    ----------
    frequency, recency, T : repeat purchases, age at the last one and age now, each `(n_customers,)`, one unit of time.
    """
    unit = float(T.max())
    (x, t_x, age), weights, _ = distinct_rows(frequency, recency / unit, T / unit)
    weights = weights / weights.sum()
    counts, _, places = distinct_rows(x)
    per_count = np.bincount(places, weights)

    def objective(log_parameters: Floats) -> tuple[float, Floats]:
        parameters = BgNbd(*np.exp(log_parameters))
        by_count, slope_by_count = _count_terms(parameters, counts[0])
        by_time, slope_by_time = _time_terms(parameters, x, t_x, age)
        value = float(per_count @ by_count + weights @ by_time)
        return value, (slope_by_count @ per_count + slope_by_time @ weights) * np.array(parameters)

    found = maximum(objective, GRID)
    r, alpha, a, b = (float(each) for each in found.parameters)
    return BgNbd(r, alpha * unit, a, b), found


def log_likelihood(parameters: BgNbd, frequency: Floats, recency: Floats, T: Floats) -> Floats:
    """Each customer's log-likelihood (equation 6), `(n_customers,)`."""
    by_count, _ = _count_terms(parameters, frequency)
    by_time, _ = _time_terms(parameters, frequency, recency, T)
    total: Floats = by_count + by_time
    return total


def probability_alive(parameters: BgNbd, frequency: Floats, recency: Floats, T: Floats) -> Floats:
    """The chance that each customer has not dropped out, `(n_customers,)`.

    By construction of the model 1 for everyone without a repeat purchase. Source: Hardie, note 021.
    """
    from scipy.special import expit

    r, alpha, a, b = parameters
    repeat = frequency > 0
    odds_dropped = np.log(a / (b + np.maximum(frequency, 1) - 1))
    odds_dropped = odds_dropped + (r + frequency) * np.log((alpha + T) / (alpha + recency))
    alive: Floats = np.where(repeat, expit(-odds_dropped), 1.0)
    return alive


def expected_purchases(parameters: BgNbd, horizon: float, frequency: Floats, recency: Floats, T: Floats) -> Floats:
    """Purchases expected of each customer in the next `horizon` units of time (equation 10), `(n_customers,)`."""
    while_alive = expected_purchases_if_alive(parameters, horizon, frequency, T)
    expected: Floats = while_alive * probability_alive(parameters, frequency, recency, T)
    return expected


def expected_purchases_if_alive(parameters: BgNbd, horizon: float, frequency: Floats, T: Floats) -> Floats:
    """The same of customers known to be alive now (the numerator of equation 10), `(n_customers,)`."""
    expected = _by_hypergeometric(parameters, horizon, frequency, T)
    most = (parameters.r + frequency) * horizon / (parameters.alpha + T)  # what nobody's dropping out would give
    lost = ~((expected >= 0) & (expected <= most * (1 + 1e-9)))
    if lost.any():
        expected[lost] = _by_quadrature(parameters, horizon, frequency[lost], T[lost])
    return expected


def _by_hypergeometric(parameters: BgNbd, horizon: float, x: Floats, T: Floats) -> Floats:
    from scipy.special import hyp2f1

    r, alpha, a, b = parameters
    a = a if abs(a - 1) > NUDGE else 1 + NUDGE
    c, z = a + b + x - 1, horizon / (alpha + T + horizon)
    c = np.where(np.abs(c) > NUDGE, c, NUDGE)
    # Euler's transformation takes the power beside the paper's hyp2f1 into it: nothing overflows at hundreds of orders.
    with np.errstate(all="ignore"):  # whoever calls looks at what came out
        survivors = (1 - z) ** (a - 1) * hyp2f1(a + b - 1 - r, a - 1, c, z)
        expected: Floats = c / (a - 1) * (1 - survivors)
    return expected


def _by_quadrature(parameters: BgNbd, horizon: float, x: Floats, T: Floats) -> Floats:
    """The same where scipy's hyp2f1 overflows: the mean of (1 - (1 + p h / (alpha + T))**-(r + x)) / p over dropouts p.

    p ~ Beta(a, b + x). The sum runs over the logit of p, around its middle, at the nodes of a double-exponential rule.
    """
    from scipy.special import log_expit

    r, alpha, a, b = parameters
    steps = np.arange(-17.0, 17.0, 0.02)
    expected = np.empty_like(T)
    for place, (count, age) in enumerate(zip(x, T, strict=True)):
        spread = min(1.0, float(np.sqrt(1 / a + 1 / (b + count))))
        logit = np.log(a / (b + count)) + spread * np.sinh(steps)
        log_p = np.maximum(log_expit(logit), -600.0)
        log_weight = a * log_expit(logit) + (b + count) * log_expit(-logit) + np.log(np.cosh(steps))
        weight = np.exp(log_weight - log_weight.max())
        purchases = -np.expm1(-(r + count) * np.log1p(np.exp(log_p) * horizon / (alpha + age))) / np.exp(log_p)
        expected[place] = weight @ purchases / weight.sum()
    return expected


def _count_terms(parameters: BgNbd, x: Floats) -> tuple[Floats, Floats]:
    """The part of the log-likelihood that only x enters, and its slopes by r, alpha, a, b, `(4, n)`."""
    from scipy.special import gammaln, psi

    r, alpha, a, b = parameters
    value = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    value = value + gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
    pooled = psi(a + b) - psi(a + b + x)
    slopes = np.stack(
        [
            psi(r + x) - psi(r) + np.log(alpha),
            np.full_like(x, r / alpha),
            pooled,
            pooled + psi(b + x) - psi(b),
        ]
    )
    return value, slopes


def _time_terms(parameters: BgNbd, x: Floats, t_x: Floats, T: Floats) -> tuple[Floats, Floats]:
    """The part that times enter: alive until now, or dropped out right after t_x; and its slopes, `(4, n)`."""
    r, alpha, a, b = parameters
    repeat = x > 0
    survived = np.maximum(x, 1) - 1
    log_now, log_last = np.log(alpha + T), np.log(alpha + t_x)
    alive = -(r + x) * log_now
    dropped = np.where(repeat, np.log(a) - np.log(b + survived) - (r + x) * log_last, -np.inf)
    value = np.logaddexp(alive, dropped)
    share_alive, share_dropped = np.exp(alive - value), np.exp(dropped - value)
    slopes = np.stack(
        [
            -share_alive * log_now - share_dropped * log_last,
            -(r + x) * (share_alive / (alpha + T) + share_dropped / (alpha + t_x)),
            share_dropped / a,
            -share_dropped / (b + survived),
        ]
    )
    return value, slopes
