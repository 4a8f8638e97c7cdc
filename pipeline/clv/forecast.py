"""From purchase histories to forecasts: the two models fitted, and what they expect of each customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.clv import bg_nbd, gamma_gamma, lifetimes_reference
from pipeline.clv.bg_nbd import BgNbd
from pipeline.clv.distinct import distinct_rows
from pipeline.clv.gamma_gamma import GammaGamma
from pipeline.clv.likelihood import Floats, Maximum
from pipeline.errors import PipelineError

if TYPE_CHECKING:
    import pandas as pd

MONTHS = 6
MONTH_DAYS = 365.25 / 12
EXAGGERATED = 5.0  # a population mean this many times the observed one comes from a q next to 1


class Models(NamedTuple):
    """The two fitted models and how the fits went, `None` where the engine does not tell."""

    purchases: BgNbd
    spend: GammaGamma
    purchases_fit: Maximum | None = None
    spend_fit: Maximum | None = None


class Histories(NamedTuple):
    """Purchase histories as the models read them, each `(n_customers,)`; times in days, `m` in money."""

    x: Floats
    t_x: Floats
    T: Floats
    m: Floats

    def spenders(self) -> NDArray[np.bool_]:
        """Which customers tell something about spend: repeat buyers with a positive mean order."""
        return (self.x > 0) & (self.m > 0)


def histories_of(customers: pd.DataFrame) -> Histories:
    """The models' four columns of a purchase history table."""
    columns = ("frequency", "recency", "T", "monetary_value")
    return Histories(*(customers[name].to_numpy(dtype=np.float64) for name in columns))


def fitted(histories: Histories, engine_name: str) -> Models:
    """Both models, fitted by the engine of this name."""
    x, t_x, T, m = histories
    spenders = histories.spenders()
    if engine_name == "lifetimes":
        purchases, _ = lifetimes_reference.fit_bg_nbd(x, t_x, T)
        spend, _ = lifetimes_reference.fit_gamma_gamma(x[spenders], m[spenders])
        return Models(purchases, spend)
    purchases, purchases_fit = bg_nbd.fit_bg_nbd(x, t_x, T)
    spend, spend_fit = gamma_gamma.fit_gamma_gamma(x[spenders], m[spenders])
    return Models(purchases, spend, purchases_fit, spend_fit)


def forecast(
    models: Models, histories: Histories, discount_rate: float, month_days: float = MONTH_DAYS
) -> dict[str, Floats]:
    """`expected_orders_6m`, `p_alive` and `CLV_6m` of every customer, each `(n_customers,)`.

    Raises
    ------
    PipelineError
        If a value comes out missing, negative or infinite, which the guards are there to prevent.
    """
    x, t_x, T, _ = histories
    (distinct_x, distinct_T), _, places = distinct_rows(x, T)
    horizons = month_days * np.arange(1, MONTHS + 1)
    if_alive = np.array(
        [bg_nbd.expected_purchases_if_alive(models.purchases, horizon, distinct_x, distinct_T) for horizon in horizons]
    )
    monthly = np.diff(if_alive, axis=0, prepend=0.0)
    discounts = (1 + discount_rate) ** -np.arange(1.0, MONTHS + 1)
    p_alive = bg_nbd.probability_alive(models.purchases, x, t_x, T)
    columns = {
        "expected_orders_6m": if_alive[-1][places] * p_alive,
        "p_alive": p_alive,
        "CLV_6m": (discounts @ np.maximum(monthly, 0.0))[places] * p_alive * spend_per_order(models.spend, histories),
    }
    for name, column in columns.items():
        if not (np.isfinite(column).all() and (column >= 0).all()):
            raise PipelineError(f"The models give no usable {name} with the parameters {models.purchases}.")
    return columns


def spend_per_order(parameters: GammaGamma, histories: Histories) -> Floats:
    """The value expected of each customer's next order, `(n_customers,)`, positive and finite.

    Where Gamma-Gamma has no finite mean (see `mean_is_unusable`) repeat buyers count with their own mean and the
    others with the mean of repeat buyers.
    """
    x, _, _, m = histories
    spenders = histories.spenders()
    if mean_is_unusable(parameters, histories):
        return np.where(spenders, m, m[spenders].mean())
    return gamma_gamma.expected_spend(parameters, np.where(spenders, x, 0.0), np.where(spenders, m, 0.0))


def mean_is_unusable(parameters: GammaGamma, histories: Histories) -> bool:
    """Whether the population's mean spend is negative, infinite (q <= 1) or blown up by a q next to 1."""
    p, q, v = parameters
    return q <= 1 or p * v / (q - 1) > EXAGGERATED * histories.m[histories.spenders()].mean()
