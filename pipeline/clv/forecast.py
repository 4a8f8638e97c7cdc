"""From purchase histories to forecasts: the two models fitted, and what they expect of each customer.

Whoever needs more than the columns of `customer_forecast` asks the models themselves, for any histories, also past or
made-up ones (`histories.Histories`, `histories_of(table)`; times in days):

    models = fitted(histories, "fast", "mbg_nbd")
    expectations.probability_alive(models.purchases, histories)
    expectations.expected_purchases(models.purchases, histories, horizon_days)
    expectations.chance_to_buy(models.purchases, histories, horizon_days)
    expectations.next_order_days(models.purchases, histories, 0.5)
    expectations.expected_purchases_of_new(models.purchases, days)
    expectations.purchase_count_probabilities(models.purchases, days, n_max)
    spend_per_order(models.spend, histories), expected_spend(models, histories, horizon_days)
    spend_range(models, histories, horizon_days)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from pipeline.clv import beta_geometric, expectations, gamma_gamma, lifetimes_reference
from pipeline.clv.beta_geometric import BetaGeometric
from pipeline.clv.gamma_gamma import GammaGamma
from pipeline.clv.histories import Histories
from pipeline.clv.likelihood import Floats, Maximum
from pipeline.clv.purchase_models import PURCHASE_MODELS

MONTHS = 6
MONTH_DAYS = 365.25 / 12
EXAGGERATED = 5.0  # a population mean this many times the observed one comes from a q next to 1


class Models(NamedTuple):
    """The two fitted models and how the fits went, `None` where the engine does not tell."""

    purchases: BetaGeometric
    spend: GammaGamma
    purchases_fit: Maximum | None = None
    spend_fit: Maximum | None = None

    @property
    def model(self) -> str:
        """The purchase model's name in `PURCHASE_MODELS`."""
        return next(name for name, model in PURCHASE_MODELS.items() if isinstance(self.purchases, model))


def fitted(histories: Histories, engine: str, model: str) -> Models:
    """Both models, fitted by an engine, "fast" or "lifetimes"; `model` is a name in `PURCHASE_MODELS`."""
    spenders = histories.spenders()
    spending = histories.orders[spenders], histories.m[spenders]
    if engine == "lifetimes":
        purchases, _ = lifetimes_reference.fit_purchases(PURCHASE_MODELS[model], histories)
        spend, _ = lifetimes_reference.fit_gamma_gamma(*spending)
        return Models(purchases, spend)
    purchases, purchases_fit = beta_geometric.fit(PURCHASE_MODELS[model], histories)
    spend, spend_fit = gamma_gamma.fit_gamma_gamma(*spending)
    return Models(purchases, spend, purchases_fit, spend_fit)


def models_of(facts: Mapping[str, Any]) -> Models:
    """The models whose parameters the value stage reported; how their fits went is not among them."""
    return Models(PURCHASE_MODELS[facts["model"]](**facts[facts["model"]]), GammaGamma(**facts["gamma_gamma"]))


def expected_spend(models: Models, histories: Histories, horizon_days: float) -> Floats:
    """Money expected of each customer within `horizon_days` from now, not discounted, `(n_customers,)`."""
    orders = expectations.expected_purchases(models.purchases, histories, horizon_days)
    return orders * spend_per_order(models.spend, histories)


def spend_per_order(parameters: GammaGamma, histories: Histories) -> Floats:
    """The value expected of each customer's next order, `(n_customers,)`, positive and finite.

    Where Gamma-Gamma has no finite mean (see `mean_is_unusable`) customers count with their own mean and those without
    one with the mean of the others.
    """
    _, _, _, m, orders = histories
    spenders = histories.spenders()
    if mean_is_unusable(parameters, histories):
        return np.where(spenders, m, m[spenders].mean())
    return gamma_gamma.expected_spend(parameters, np.where(spenders, orders, 0.0), np.where(spenders, m, 0.0))


def mean_is_unusable(parameters: GammaGamma, histories: Histories) -> bool:
    """Whether the population's mean spend is negative, infinite (q <= 1) or blown up by a q next to 1."""
    p, q, v = parameters
    return q <= 1 or p * v / (q - 1) > EXAGGERATED * histories.m[histories.spenders()].mean()
