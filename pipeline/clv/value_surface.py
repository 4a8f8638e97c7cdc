"""What the models expect over recency and frequency: the ground for a map on which equal values are lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.clv.customer_forecast import customer_values
from pipeline.clv.forecast import MONTHS, Models
from pipeline.clv.histories import Histories
from pipeline.clv.likelihood import Floats

if TYPE_CHECKING:
    import pandas as pd

DAY_STEPS = 48
MOST_ROWS = 26
NEARLY_ALL = 0.997  # of the customers lie within the map: a few who order daily would stretch it for everyone
NEIGHBOURS = 2.0  # customers with up to this many times more or fewer orders tell how orders spread over time


class ValueSurface(NamedTuple):
    """A full grid, and the order value it was reckoned with.

    Attributes
    ----------
    grid : PurchaseDays (days, or weeks, with an order), DaysSince (the last one), Value (money); every pair once.
    usual_order : money per order.
    """

    grid: pd.DataFrame
    usual_order: float


def value_surface(models: Models, histories: Histories, discount_rate: float, months: int = MONTHS) -> ValueSurface:
    """The value within some months of customers who differ only in how often they ordered and how long ago.

    Orders of all are worth the same, the mean over repeat buyers, and are spread over as many days as is usual for that
    many orders.
    """
    import pandas as pd

    numbers = _numbers(histories.x + 1)
    since = np.round(np.linspace(0, float((histories.T - histories.t_x).max()), DAY_STEPS), 1)
    usual_order = float(histories.m[histories.spenders()].mean())
    rows, columns = (flat.ravel() for flat in np.meshgrid(numbers, since, indexing="ij"))
    spans = np.repeat([_usual_span(histories, number - 1) for number in numbers], len(since))
    age = np.maximum(np.minimum(spans + columns, histories.T.max()), columns)
    alike = Histories(rows - 1, age - columns, age, np.full_like(age, usual_order), rows - 1)
    worth = customer_values(models, alike, discount_rate, [months])[f"CLV_{months}m"]
    grid = pd.DataFrame({"PurchaseDays": rows.astype(int), "DaysSince": columns, "Value": worth})
    return ValueSurface(grid, usual_order)


def _numbers(purchase_days: Floats) -> Floats:
    """The numbers of orders of the grid's rows: all small ones, then ever wider apart."""
    highest = max(float(np.quantile(purchase_days, NEARLY_ALL)), 5.0)
    numbers = np.unique(np.round(np.geomspace(1, highest, MOST_ROWS)))
    return np.asarray(numbers, dtype=np.float64)


def _usual_span(histories: Histories, repeats: float) -> float:
    """The median days from first to last order of customers with about this many repeat orders."""
    if repeats == 0:
        return 0.0
    near = (histories.x >= repeats / NEIGHBOURS) & (histories.x <= repeats * NEIGHBOURS)
    return float(np.median(histories.t_x[near])) if near.any() else float(histories.t_x.max())
