"""What each customer is worth over the next six months: orders to come times spend per order, discounted by month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from pipeline import engine as tables
from pipeline.clv import bg_nbd, gamma_gamma
from pipeline.clv.caveats import caveats, check_enough, mean_alive_of_repeat_buyers, spend_frequency_correlation
from pipeline.clv.forecast import MONTH_DAYS, MONTHS, Histories, Models, fitted, forecast, histories_of
from pipeline.parameters import Step, choice, number

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class LifetimeValue(Step):
    """How future value is estimated."""

    NAME: ClassVar[str] = "value"
    TITLE: ClassVar[str] = "Customer lifetime value"
    HELP: ClassVar[str] = "Orders expected in the next six months (BG/NBD) times spend per order (Gamma-Gamma)."

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
    engine: str = choice(
        "fast",
        options={"fast": "Fast (exact, this library)", "lifetimes": "lifetimes (reference, slower)"},
        label="Engine",
        help="Who fits the models. Both find the same parameters; the second is the published library, as a check.",
        flag="--value-engine",
    )


def value(history: Path, settings: LifetimeValue, target: Path, progress: Progress) -> dict[str, Any]:
    """Write every customer's expected orders, chance of being active and discounted value of the next six months.

    Parameters
    ----------
    history : Parquet of `CustomerID, frequency, recency, T, monetary_value` (times in days).
    target : Parquet written: those columns and `expected_orders_6m`, `p_alive` (0 to 1), `CLV_6m` (money); one row per
        row of `history`, in its order; nothing missing, negative or infinite.

    Returns
    -------
    dict
        `bg_nbd` {r, alpha, a, b} (alpha in days), `gamma_gamma` {p, q, v}, how the fits went, and `warnings`.

    Raises
    ------
    NotEnoughDataError
        If too few customers bought again for any model of buying again.
    """
    customers = tables.read_parquet(history)
    progress(0.0, "Counting who came back")
    histories = histories_of(customers)
    check_enough(histories)
    progress(0.1, "Fitting purchase and spend models")
    models = fitted(histories, settings.engine)
    progress(0.7, "Valuing the next six months")
    valued = customers.assign(**forecast(models, histories, settings.discount_rate))
    tables.write_parquet(valued, target)
    progress(1.0, f"Valued {len(valued):,} customers")
    return facts(models, histories, settings)


def facts(models: Models, histories: Histories, settings: LifetimeValue) -> dict[str, Any]:
    """What the run found, for JSON: parameters, log-likelihoods, how the fits went, and warnings."""
    spenders = histories.spenders()
    x, t_x, T, m = histories
    purchases = bg_nbd.log_likelihood(models.purchases, x, t_x, T).sum()
    spend = gamma_gamma.log_likelihood(models.spend, x[spenders], m[spenders]).sum()
    return {
        "engine": settings.engine,
        "bg_nbd": models.purchases._asdict(),
        "gamma_gamma": models.spend._asdict(),
        "bg_nbd_log_likelihood": float(purchases),
        "gamma_gamma_log_likelihood": float(spend),
        "bg_nbd_gradient": models.purchases_fit.gradient if models.purchases_fit else None,
        "gamma_gamma_gradient": models.spend_fit.gradient if models.spend_fit else None,
        "customers": len(x),
        "repeat_buyers": int((x > 0).sum()),
        "mean_p_alive_of_repeat_buyers": mean_alive_of_repeat_buyers(models, histories),
        "spend_frequency_correlation": spend_frequency_correlation(histories),
        "horizon_days": MONTHS * MONTH_DAYS,
        "warnings": caveats(models, histories),
    }
