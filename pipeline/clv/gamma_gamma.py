"""What a customer spends per order: Gamma-Gamma, fitted exactly and fast.

Source: Fader and Hardie (2013), "The Gamma-Gamma model of monetary value", note 025.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.clv.distinct import distinct_rows, thinned
from pipeline.clv.likelihood import ROUGH, Floats, Maximum, Objective, maximum

GRID = ((1.0, 4.0), (2.0, 4.0, 8.0), (1.0, 4.0, 16.0))  # p, q, v (in units of the median spend)


class GammaGamma(NamedTuple):
    """Gamma-Gamma parameters. Orders ~ Gamma(p, nu) with nu ~ Gamma(q, v) per customer; `v` has the unit of money."""

    p: float
    q: float
    v: float


def fit_gamma_gamma(frequency: Floats, monetary_value: Floats) -> tuple[GammaGamma, Maximum]:
    """The Gamma-Gamma parameters of highest likelihood (note 025, equation 1a).

    Parameters
    ----------
    frequency, monetary_value : repeat purchases and their mean value, each `(n_repeat_buyers,)`, all above 0.
    """
    rows, weights, _ = distinct_rows(frequency, monetary_value)
    unit = float(np.median(monetary_value))
    objective = _objective(rows, weights, unit)
    roughs = [_objective(*thinned(rows, weights, most), unit) for most in ROUGH if most < len(weights)]
    found = maximum(objective, roughs, GRID, len(frequency)).in_units((1.0, 1.0, unit))
    return GammaGamma(*found.parameters.tolist()), found


def _objective(rows: tuple[Floats, ...], weights: Floats, unit: float) -> Objective:
    """Log parameters (v in a unit of money) -> mean log-likelihood of weighted buyers, and its gradient."""
    x, m = rows[0], rows[1] / unit
    weights = weights / weights.sum()
    counts, _, places = distinct_rows(x)
    per_count = np.bincount(places, weights)

    def objective(log_parameters: Floats) -> tuple[float, Floats]:
        parameters = GammaGamma(*np.exp(log_parameters))
        by_count, slope_by_count = _count_terms(parameters, counts[0])
        by_spend, slope_by_spend = _spend_terms(parameters, x, m)
        value = float(per_count @ by_count + weights @ by_spend)
        return value, (slope_by_count @ per_count + slope_by_spend @ weights) * np.array(parameters)

    return objective


def log_likelihood(parameters: GammaGamma, frequency: Floats, monetary_value: Floats) -> Floats:
    """Each repeat buyer's log-likelihood (note 025, equation 1a), `(n_repeat_buyers,)`."""
    by_count, _ = _count_terms(parameters, frequency)
    by_spend, _ = _spend_terms(parameters, frequency, monetary_value)
    total: Floats = by_count + by_spend
    return total


def expected_spend(parameters: GammaGamma, frequency: Floats, monetary_value: Floats) -> Floats:
    """The value expected of each customer's next order (note 025, equation 5), `(n_customers,)`. Needs q > 1."""
    p, q, v = parameters
    expected: Floats = p * (v + frequency * monetary_value) / (p * frequency + q - 1)
    return expected


def spread(parameters: GammaGamma) -> float:
    """How much orders differ, as a share of their mean: within a customer (1 / p) and between customers (1 / q)."""
    return float(np.sqrt(1 / parameters.p + 1 / parameters.q))


def _count_terms(parameters: GammaGamma, x: Floats) -> tuple[Floats, Floats]:
    """The part of the log-likelihood that only x enters, and its slopes by p, q, v, `(3, n)`."""
    from scipy.special import gammaln, psi

    p, q, v = parameters
    value = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v) + p * x * np.log(x)
    together = psi(p * x + q)
    slopes = np.stack([x * (together - psi(p * x) + np.log(x)), together - psi(q) + np.log(v), np.full_like(x, q / v)])
    return value, slopes


def _spend_terms(parameters: GammaGamma, x: Floats, m: Floats) -> tuple[Floats, Floats]:
    """The part that spend enters, and its slopes, `(3, n)`."""
    p, q, v = parameters
    log_spend, total = np.log(m), x * m + v
    log_total = np.log(total)
    value = (p * x - 1) * log_spend - (p * x + q) * log_total
    slopes = np.stack([x * (log_spend - log_total), -log_total, -(p * x + q) / total])
    return value, slopes
