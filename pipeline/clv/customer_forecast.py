"""What is foretold of each customer: the columns of the value table and of `rfm_segments.csv`."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import numpy as np

from pipeline.clv import expectations
from pipeline.clv.distinct import distinct_rows
from pipeline.clv.forecast import MONTH_DAYS, MONTHS, Models, spend_per_order
from pipeline.clv.histories import Histories, of_counts
from pipeline.clv.likelihood import Floats
from pipeline.clv.next_order import next_order_dates
from pipeline.clv.spend_range import spend_range
from pipeline.errors import PipelineError

if TYPE_CHECKING:
    import pandas as pd

CHANCE_DAYS = (30, 90, 182)
NEXT_ORDER_PERCENT = (25, 50, 75)


def customer_forecast(
    models: Models, histories: Histories, last_day: datetime.date, discount_rate: float, months: int = MONTHS
) -> dict[str, Floats | pd.Series[str]]:
    """Every customer's columns, in their order, each `(n_customers,)`; nothing missing, negative or infinite.

    Parameters
    ----------
    last_day : the day the histories end on.
    discount_rate : how much less a sale is worth for every month it lies ahead.
    months : the horizon of the two columns that are added where it is not six.

    Returns
    -------
    `CLV_6m`, discounted money, and `ExpectedOrders_6m`; `ChanceToBuy_30d`, `_90d`, `_182d` (0 to 1); `Spend_6m_Low` and
    `_High`, between which the spend of 80 % comes out (money, not discounted; see `spend_range`); `NextOrder_25`,
    `_50`, `_75`, ISO dates (see `next_order_dates`); `Overdue`, time since the last order in the customer's own typical
    gaps; `P_Alive` (0 to 1), for reference; `CLV_<months>m` and `ExpectedOrders_<months>m` for another horizon.

    Raises
    ------
    PipelineError
        If a value comes out missing, negative or infinite, which the guards are there to prevent.
    """
    worth = customer_values(models, histories, discount_rate, sorted({MONTHS, months}))
    added = {name: column for name, column in worth.items() if not name.endswith(f"_{MONTHS}m")}
    numbers = {name: column for name, column in worth.items() if name not in added}
    for days in CHANCE_DAYS:
        numbers[f"ChanceToBuy_{days}d"] = expectations.chance_to_buy(models.purchases, histories, days)
    numbers["Spend_6m_Low"], numbers["Spend_6m_High"] = spend_range(models, histories, MONTHS * MONTH_DAYS)
    dates = {
        f"NextOrder_{percent}": next_order_dates(models.purchases, histories, last_day, percent / 100)
        for percent in NEXT_ORDER_PERCENT
    }
    standing = {
        "Overdue": expectations.overdue(models.purchases, histories),
        "P_Alive": expectations.probability_alive(models.purchases, histories),
    }
    _check_usable(numbers | standing | added, models)
    return {**numbers, **dates, **standing, **added}


def customer_values(
    models: Models,
    histories: Histories,
    discount_rate: float,
    horizons: list[int],
    month_days: float = MONTH_DAYS,
) -> dict[str, Floats]:
    """`CLV_<months>m` and `ExpectedOrders_<months>m` of every customer for each of some horizons in months."""
    alike = distinct_rows(histories.x, histories.T)
    ends = month_days * np.arange(1, max(horizons) + 1)
    counts = of_counts(*alike.columns)
    until = np.array([expectations.expected_purchases_if_alive(models.purchases, counts, end) for end in ends])
    monthly = np.maximum(np.diff(until, axis=0, prepend=0.0), 0.0)
    discounts = (1 + discount_rate) ** -np.arange(1.0, max(horizons) + 1)
    alive = expectations.probability_alive(models.purchases, histories)
    alive_worth = alive * spend_per_order(models.spend, histories)
    columns = {}
    for months in horizons:
        discounted = discounts[:months] @ monthly[:months]
        columns[f"CLV_{months}m"] = discounted[alike.places] * alive_worth
        columns[f"ExpectedOrders_{months}m"] = until[months - 1][alike.places] * alive
    return columns


def _check_usable(columns: dict[str, Floats], models: Models) -> None:
    for name, column in columns.items():
        if not (np.isfinite(column).all() and (column >= 0).all()):
            raise PipelineError(
                f"The models give no usable {name} with the parameters {models.purchases}; set another purchase model "
                "(value.model), or leave out the dates and amounts that are mistakes."
            )
