"""What each customer is worth over the next six months: orders to come times spend per order, discounted by month."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from pipeline import engine as tables
from pipeline.clv import beta_geometric, gamma_gamma
from pipeline.clv.beta_geometric import BetaGeometric
from pipeline.clv.caveats import caveats, check_enough, mean_alive_of_repeat_buyers, spend_frequency_correlation
from pipeline.clv.customer_forecast import customer_forecast
from pipeline.clv.forecast import MONTH_DAYS, MONTHS, Models, expected_spend, fitted
from pipeline.clv.gamma_gamma import GammaGamma
from pipeline.clv.histories import Histories, histories_of
from pipeline.clv.likelihood import Maximum
from pipeline.clv.purchase_models import TITLES
from pipeline.parameters import Step, choice, integer, number

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class LifetimeValue(Step):
    """How future value is estimated."""

    NAME: ClassVar[str] = "value"
    TITLE: ClassVar[str] = "Customer lifetime value"
    HELP: ClassVar[str] = (
        "Orders expected in the next six months (BG/NBD or MBG/NBD) times spend per order (Gamma-Gamma)."
    )

    horizon_months: int = integer(
        6,
        low=1,
        high=24,
        label="Horizon",
        help="How far ahead value is added up; where it is not six months, columns of that name come beside CLV_6m.",
        unit="months",
        flag="--horizon-months",
    )
    discount_rate: float = number(
        0.01,
        low=0.0,
        high=0.2,
        step_size=0.005,
        label="Discount rate per month",
        help="How much less a sale is worth for every month it lies ahead; 0.01 is one per cent a month.",
        unit="per month",
        flag="--discount-rate",
    )
    model: str = choice(
        "auto",
        options={"auto": "Automatic", **TITLES},
        label="Purchase model",
        help="BG/NBD lets customers leave after each repeat order, MBG/NBD after the first order too.",
        flag="--purchase-model",
    )
    time_unit: str = choice(
        "day",
        options={"day": "Days", "week": "Weeks"},
        label="Purchases are counted by",
        help="All orders of one day, or of one week from Monday to Sunday, count as one purchase.",
        flag="--time-unit",
    )
    spend_from: str = choice(
        "repeat",
        options={"repeat": "Repeat orders (as lifetimes)", "all": "All orders, the first included"},
        label="Spend per order is learnt from",
        help="The first order is often unlike the others; on Online Retail counting it foretold spend better.",
        flag="--spend-from",
    )
    engine: str = choice(
        "fast",
        options={"fast": "Fast (exact, this library)", "lifetimes": "lifetimes (reference, slower)"},
        label="Engine",
        help="Who fits the models. Both find the same parameters; the second is the published library, as a check.",
        flag="--value-engine",
    )


def value(
    history: Path,
    last_day: datetime.date,
    settings: LifetimeValue,
    model: str,
    target: Path,
    progress: Progress,
) -> dict[str, Any]:
    """Write what is expected of every customer, with the value of the next six months.

    Parameters
    ----------
    history, last_day : Parquet as `purchase_history` writes it, and the day it ends on.
    model : the purchase model, a name in `PURCHASE_MODELS`; the past tests say which one "auto" stands for.
    target : Parquet written: those columns and those of `customer_forecast`; one row per row of `history`, in its
        order; nothing missing, negative or infinite.

    Returns
    -------
    dict
        `model`, under its name {r, alpha, a, b} (alpha in days), `gamma_gamma` {p, q, v}, how the fits went,
        `expected_spend` of all customers (`6m` and the horizon -> money, not discounted), and `warnings`.

    Raises
    ------
    NotEnoughDataError
        If too few customers bought again for any model of buying again.
    """
    customers = tables.read_parquet(history)
    progress(0.0, "Counting who came back")
    histories = histories_of(customers, settings.spend_from)
    check_enough(histories)
    progress(0.1, "Fitting purchase and spend models")
    models = fitted(histories, settings.engine, model)
    progress(0.7, "Valuing the next six months")
    foretold = customer_forecast(models, histories, last_day, settings.discount_rate, settings.horizon_months)
    valued = customers.assign(**foretold)
    tables.write_parquet(valued, target)
    progress(1.0, f"Valued {len(valued):,} customers")
    return facts(models, histories, settings)


def facts(models: Models, histories: Histories, settings: LifetimeValue) -> dict[str, Any]:
    """What the run found, for JSON: parameters, log-likelihoods, how the fits went, and warnings."""
    spenders = histories.spenders()
    purchases = beta_geometric.log_likelihood(models.purchases, histories).sum()
    spend = gamma_gamma.log_likelihood(models.spend, histories.orders[spenders], histories.m[spenders]).sum()
    return {
        "engine": settings.engine,
        "model": models.model,
        models.model: models.purchases._asdict(),
        "gamma_gamma": models.spend._asdict(),
        f"{models.model}_log_likelihood": float(purchases),
        "gamma_gamma_log_likelihood": float(spend),
        f"{models.model}_standard_errors": _named_errors(models.purchases, models.purchases_fit),
        "gamma_gamma_standard_errors": _named_errors(models.spend, models.spend_fit),
        f"{models.model}_gradient": models.purchases_fit.gradient if models.purchases_fit else None,
        "gamma_gamma_gradient": models.spend_fit.gradient if models.spend_fit else None,
        "customers": len(histories.x),
        "repeat_buyers": int(histories.repeat_buyers().sum()),
        "mean_p_alive_of_repeat_buyers": mean_alive_of_repeat_buyers(models, histories),
        "spend_frequency_correlation": spend_frequency_correlation(histories),
        "horizon_days": MONTHS * MONTH_DAYS,
        "expected_spend": {
            f"{months}m": float(expected_spend(models, histories, months * MONTH_DAYS).sum())
            for months in sorted({MONTHS, settings.horizon_months})
        },
        "warnings": caveats(models, histories),
    }


def _named_errors(parameters: BetaGeometric | GammaGamma, fit: Maximum | None) -> dict[str, float] | None:
    """Each parameter's standard error; None where the fit does not tell."""
    if fit is None or fit.standard_errors is None:
        return None
    return dict(zip(parameters._fields, fit.standard_errors.tolist(), strict=True))
