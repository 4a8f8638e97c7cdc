"""From purchase histories to forecasts: the two models fitted, and what they expect of each customer.

Whoever needs more than the columns of `forecast` asks the models themselves, for any histories, also past or made-up
ones (`histories.Histories`, `histories_of(table)`; times in days):

    models = fitted(histories, "fast", "mbg_nbd")
    expectations.probability_alive(models.purchases, histories)
    expectations.expected_purchases(models.purchases, histories, horizon_days)
    expectations.chance_to_buy(models.purchases, histories, horizon_days)
    expectations.next_order_days(models.purchases, histories, 0.5)
    expectations.expected_purchases_of_new(models.purchases, days)
    expectations.purchase_count_probabilities(models.purchases, days, n_max)
    spend_per_order(models.spend, histories), expected_spend(models, histories, horizon_days)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.clv import beta_geometric, expectations, gamma_gamma, lifetimes_reference
from pipeline.clv.beta_geometric import BetaGeometric
from pipeline.clv.distinct import distinct_rows
from pipeline.clv.gamma_gamma import GammaGamma
from pipeline.clv.histories import Histories, of_counts
from pipeline.clv.likelihood import Floats, Maximum
from pipeline.clv.purchase_models import PURCHASE_MODELS
from pipeline.errors import PipelineError

MONTHS = 6
MONTH_DAYS = 365.25 / 12
CHANCE_DAYS = (30, 90, 182)
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


def forecast(
    models: Models, histories: Histories, discount_rate: float, months: int = MONTHS, month_days: float = MONTH_DAYS
) -> dict[str, Floats]:
    """What is expected of every customer, each `(n_customers,)`.

    Returns
    -------
    `ExpectedOrders_<months>m`; `CLV_<months>m`, their value, discounted by month; `ChanceToBuy_30d`, `_90d` and
    `_182d` (0 to 1); `Overdue`, time since the last order in the customer's own typical gaps; `P_Alive` (0 to 1).

    Raises
    ------
    PipelineError
        If a value comes out missing, negative or infinite, which the guards are there to prevent.
    """
    orders, discounted = _orders(models.purchases, histories, discount_rate, months, month_days)
    columns = {
        f"CLV_{months}m": discounted * spend_per_order(models.spend, histories),
        f"ExpectedOrders_{months}m": orders,
    }
    for days in CHANCE_DAYS:
        columns[f"ChanceToBuy_{days}d"] = expectations.chance_to_buy(models.purchases, histories, days)
    columns["Overdue"] = expectations.overdue(models.purchases, histories)
    columns["P_Alive"] = expectations.probability_alive(models.purchases, histories)
    for name, column in columns.items():
        if not (np.isfinite(column).all() and (column >= 0).all()):
            raise PipelineError(f"The models give no usable {name} with the parameters {models.purchases}.")
    return columns


def expected_spend(models: Models, histories: Histories, horizon_days: float) -> Floats:
    """Money expected of each customer within `horizon_days` from now, not discounted, `(n_customers,)`."""
    orders = expectations.expected_purchases(models.purchases, histories, horizon_days)
    return orders * spend_per_order(models.spend, histories)


def _orders(
    parameters: BetaGeometric, histories: Histories, discount_rate: float, months: int, month_days: float
) -> tuple[Floats, Floats]:
    """Orders expected until the last month, and the same discounted by the month they come in."""
    (distinct_x, distinct_T), _, places = distinct_rows(histories.x, histories.T)
    alike = of_counts(distinct_x, distinct_T)
    until = np.array(
        [
            expectations.expected_purchases_if_alive(parameters, alike, month_days * month)
            for month in range(1, months + 1)
        ]
    )
    monthly = np.maximum(np.diff(until, axis=0, prepend=0.0), 0.0)
    discounted = (1 + discount_rate) ** -np.arange(1.0, months + 1) @ monthly
    alive = expectations.probability_alive(parameters, histories)
    return until[-1][places] * alive, discounted[places] * alive


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
