"""What BG/NBD and MBG/NBD say of the future: who is still there, how many orders come, and when the next one does.

Each function takes the parameters of either model and histories; `horizon` has the unit of the histories' time.
"""

from __future__ import annotations

import numpy as np

from pipeline.clv.beta_geometric import BetaGeometric
from pipeline.clv.histories import Histories, of_counts
from pipeline.clv.likelihood import Floats

# The closed form is 0/0 where a is 1, or a + b is 1 for one-time buyers; beside that point it is as good.
NUDGE = 1e-7


def probability_alive(parameters: BetaGeometric, histories: Histories) -> Floats:
    """The chance that each customer has not left, `(n_customers,)`.

    By construction of BG/NBD 1 for everyone without a repeat purchase, which makes it no good for ranking. Sources:
    Hardie, note 021; Batislam et al. (2007), equation 5.
    """
    from scipy.special import expit

    r, alpha, a, b = parameters
    at_risk = parameters.times_at_risk(histories.x)
    log_odds_gone = np.log(a / (b + np.maximum(at_risk, 1) - 1))
    log_odds_gone = log_odds_gone + (r + histories.x) * np.log((alpha + histories.T) / (alpha + histories.t_x))
    alive: Floats = np.where(at_risk > 0, expit(-log_odds_gone), 1.0)
    return alive


def expected_purchases(parameters: BetaGeometric, histories: Histories, horizon: float | Floats) -> Floats:
    """Purchases expected of each customer within `horizon` from now (BG/NBD equation 10), `(n_customers,)`."""
    expected: Floats = expected_purchases_if_alive(parameters, histories, horizon)
    return expected * probability_alive(parameters, histories)


def expected_purchases_if_alive(parameters: BetaGeometric, histories: Histories, horizon: float | Floats) -> Floats:
    """The same of customers known to be there now (the numerator of equation 10), `(n_customers,)`; t_x is not used."""
    x, T = histories.x, histories.T
    horizons = np.broadcast_to(np.asarray(horizon, dtype=np.float64), T.shape)
    expected = _by_hypergeometric(parameters, horizons, x, T)
    most = (parameters.r + x) * horizons / (parameters.alpha + T)  # what nobody's leaving would give
    lost = ~((expected >= 0) & (expected <= most * (1 + 1e-9)))
    if lost.any():
        expected[lost] = _by_quadrature(parameters, horizons[lost], x[lost], T[lost])
    return expected


def expected_purchases_of_new(parameters: BetaGeometric, t: Floats) -> Floats:
    """Repeat purchases expected of a customer within `t` of their first purchase (equation 9), shaped as `t`."""
    return expected_purchases(parameters, of_counts(np.zeros_like(t), np.zeros_like(t)), t)


def chance_to_buy(parameters: BetaGeometric, histories: Histories, horizon: float) -> Floats:
    """The chance of at least one purchase within `horizon` from now, `(n_customers,)`. Source: Hardie, note 039."""
    r, alpha, _, _ = parameters
    if_alive = -np.expm1(-(r + histories.x) * np.log1p(horizon / (alpha + histories.T)))
    chance: Floats = probability_alive(parameters, histories) * if_alive
    return chance


def next_order_days(parameters: BetaGeometric, histories: Histories, chance: float) -> Floats:
    """The time from now within which the next purchase comes with this chance, `(n_customers,)`.

    Infinite where the chance is never reached, because the customer is there with no more than that: the inverse of
    `chance_to_buy`.
    """
    r, alpha, _, _ = parameters
    alive = probability_alive(parameters, histories)
    with np.errstate(over="ignore"):  # later than any number can say is never
        share = np.divide(chance, alive, out=np.ones_like(alive), where=alive > chance)
        log_left = np.log1p(-share, out=np.full_like(alive, -np.inf), where=share < 1)
        days: Floats = (alpha + histories.T) * np.expm1(-log_left / (r + histories.x))
    return days


def purchase_count_probabilities(parameters: BetaGeometric, t: Floats, n_max: int) -> Floats:
    """The chance that a customer makes 0, 1, ... `n_max` repeat purchases within `t` of the first (equation 8).

    Parameters
    ----------
    t : times, `(n_times,)`.

    Returns
    -------
    `(n_times, n_max + 1)`; the mean over all customers' T is the share of customers expected with each count.
    """
    from scipy.special import betainc, betaln, gammaln

    r, alpha, a, b = parameters
    n = np.arange(n_max + 1.0)
    at_risk = parameters.times_at_risk(n)
    part = np.asarray(t, dtype=np.float64)[:, None] / (alpha + np.asarray(t, dtype=np.float64)[:, None])
    with np.errstate(divide="ignore", invalid="ignore"):  # log 0 at t = 0
        powers = np.where(n > 0, n * np.log(part), 0.0)
    exactly = np.exp(gammaln(r + n) - gammaln(r) - gammaln(n + 1) + r * np.log1p(-part) + powers)
    at_least = np.where(n > 0, betainc(np.maximum(n, 1), r, part), 1.0)
    stayed = np.exp(betaln(a, b + at_risk) - betaln(a, b))
    left_last = np.where(at_risk > 0, stayed * a / (b + np.maximum(at_risk, 1) - 1), 0.0)
    probabilities: Floats = stayed * exactly + left_last * at_least
    return probabilities


def overdue(parameters: BetaGeometric, histories: Histories) -> Floats:
    """How long ago the last purchase is, in the customer's own typical gaps, `(n_customers,)`; above 1 is late.

    The typical gap is one over the expected rate of purchases up to the last one, (alpha + t_x) / (r + x): the
    customer's own gap, shrunk towards everybody's where there are few purchases. Always finite.
    """
    r, alpha, _, _ = parameters
    x, t_x, T = histories.x, histories.t_x, histories.T
    gaps: Floats = (T - t_x) * (r + x) / (alpha + t_x)
    return gaps


def _by_hypergeometric(parameters: BetaGeometric, horizon: Floats, x: Floats, T: Floats) -> Floats:
    from scipy.special import hyp2f1

    r, alpha, a, b = parameters
    a = a if abs(a - 1) > NUDGE else 1 + NUDGE
    at_risk = parameters.times_at_risk(x)
    c, z = a + b + at_risk - 1, horizon / (alpha + T + horizon)
    c = np.where(np.abs(c) > NUDGE, c, NUDGE)
    # Euler's transformation takes the power beside the paper's hyp2f1 into it: nothing overflows at hundreds of orders.
    with np.errstate(all="ignore"):  # whoever calls looks at what came out
        survivors = (1 - z) ** (a - 1) * hyp2f1(a + b - 1 - r + (at_risk - x), a - 1, c, z)
        expected: Floats = c / (a - 1) * (1 - survivors)
    return expected


def _by_quadrature(parameters: BetaGeometric, horizon: Floats, x: Floats, T: Floats) -> Floats:
    """The same where scipy's hyp2f1 overflows: the mean of (1 - (1 + p h / (alpha + T))**-(r + x)) / p over dropouts p.

    p ~ Beta(a, b + times at risk). The sum runs over the logit of p, around its middle, at the nodes of a
    double-exponential rule.
    """
    from scipy.special import log_expit

    r, alpha, a, b = parameters
    stayed = b + parameters.times_at_risk(x)
    steps = np.arange(-17.0, 17.0, 0.02)
    expected = np.empty_like(T)
    for place, (count, none_left, ahead, age) in enumerate(zip(x, stayed, horizon, T, strict=True)):
        spread = min(1.0, float(np.sqrt(1 / a + 1 / none_left)))
        logit = np.log(a / none_left) + spread * np.sinh(steps)
        log_p = np.maximum(log_expit(logit), -600.0)
        log_weight = a * log_expit(logit) + none_left * log_expit(-logit) + np.log(np.cosh(steps))
        weight = np.exp(log_weight - log_weight.max())
        purchases = -np.expm1(-(r + count) * np.log1p(np.exp(log_p) * ahead / (alpha + age))) / np.exp(log_p)
        expected[place] = weight @ purchases / weight.sum()
    return expected
