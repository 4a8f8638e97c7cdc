"""Actual against expected over time: repeat orders by week, and customers by their number of repeat orders."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.clv.backtest_histories import PurchaseDays, seen
from pipeline.clv.beta_geometric import BetaGeometric
from pipeline.clv.distinct import distinct_rows
from pipeline.clv.expectations import expected_purchases_of_new, purchase_count_probabilities
from pipeline.clv.histories import Histories
from pipeline.clv.likelihood import Floats

if TYPE_CHECKING:
    import pandas as pd

WEEK = 7
MOST_ORDERS = 10  # this many repeat orders and more are one row


def tracking(days: PurchaseDays, parameters: BetaGeometric, cutoff: int) -> pd.DataFrame:
    """Repeat orders of the customers seen by a cut-off, week by week from the first day of the file.

    Parameters
    ----------
    parameters : the model as fitted at the cut-off.

    Returns
    -------
    One row per whole week: `week` (ISO date of its first day), `orders_actual`, `orders_expected`, both summed up from
    the start as `cumulative_actual` and `cumulative_expected`, and `is_holdout`, whether the week begins after the
    cut-off.
    """
    import pandas as pd

    starts = np.arange(0, days.last_day + days.unit - WEEK + 1, WEEK)
    ends = starts + WEEK - days.unit
    actual = np.cumsum(repeat_orders(days, cutoff))[ends]
    expected = expected_repeat_orders(days, parameters, cutoff)[ends]
    return pd.DataFrame(
        {
            "week": [(days.first_date + datetime.timedelta(days=int(start))).isoformat() for start in starts],
            "orders_actual": np.diff(actual, prepend=0),
            "orders_expected": np.diff(expected, prepend=0.0),
            "cumulative_actual": actual,
            "cumulative_expected": expected,
            "is_holdout": starts > cutoff,
        }
    )


def repeat_orders(days: PurchaseDays, cutoff: int) -> NDArray[np.int64]:
    """Orders after their first one of the customers seen by a cut-off, on each day of the file, `(last_day + 1,)`."""
    counted = seen(days, cutoff)[days.customer]
    counted[days.starts] = False
    return np.asarray(np.bincount(days.day[counted], minlength=days.last_day + 1), dtype=np.int64)


def expected_repeat_orders(days: PurchaseDays, parameters: BetaGeometric, cutoff: int) -> Floats:
    """What a model expects of the same, knowing only when each customer came, summed up to the end of each day."""
    first = days.day[days.starts]
    came = np.bincount(first[first <= cutoff], minlength=days.last_day + 1)
    by_age = expected_purchases_of_new(parameters, np.arange(days.last_day + 1.0))
    return np.convolve(came, by_age)[: days.last_day + 1]


def order_counts(parameters: BetaGeometric, histories: Histories) -> pd.DataFrame:
    """Customers by their number of repeat orders until today, and how many the model expects of each.

    Returns
    -------
    `repeat_orders` (0 to 10), `or_more` (true in the last row), `customers_actual`, `customers_expected`.
    """
    import pandas as pd

    (ages,), customers, _ = distinct_rows(histories.T)
    fewer = customers @ purchase_count_probabilities(parameters, ages, MOST_ORDERS - 1)
    counts = np.minimum(histories.x, MOST_ORDERS).astype(np.int64)
    return pd.DataFrame(
        {
            "repeat_orders": np.arange(MOST_ORDERS + 1),
            "or_more": np.arange(MOST_ORDERS + 1) == MOST_ORDERS,
            "customers_actual": np.bincount(counts, minlength=MOST_ORDERS + 1),
            "customers_expected": np.append(fewer, customers.sum() - fewer.sum()),
        }
    )
