"""One customer through time: the days they ordered on, and the chance of another order as it stood on every day."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipeline import engine
from pipeline.clv import expectations
from pipeline.clv.beta_geometric import BetaGeometric
from pipeline.clv.histories import Histories
from pipeline.clv.likelihood import Floats

if TYPE_CHECKING:
    import pandas as pd

HORIZON_DAYS = 30


def order_days(transactions: Path, customer: str) -> pd.DataFrame:
    """The days on which a customer spent money, in order of time: Day, Orders (distinct invoices), Money.

    Days with free goods only are left out, as they are for the value models.

    Parameters
    ----------
    transactions : Parquet file of cleaned lines with CustomerID, InvoiceNo, InvoiceDate and TotalPrice; only the lines
        of this customer are read.
    customer : a CustomerID; one that is not there has no rows.
    """
    import narwhals as nw

    with engine.opened(engine.DUCKDB) as tables:
        daily = (
            tables.scan(transactions)
            .filter(nw.col("CustomerID") == customer, nw.col("TotalPrice") > 0)
            .with_columns(nw.col("InvoiceDate").dt.truncate("1d").alias("Day"))
            .group_by("Day")
            .agg(
                nw.col("InvoiceNo").n_unique().alias("Orders"),
                nw.col("TotalPrice").sum().cast(nw.Float64).alias("Money"),
            )
            .sort("Day")
        )
        return engine.collected(daily)


def chance_over_time(
    parameters: BetaGeometric,
    orders: pd.DataFrame,
    until: pd.Timestamp,
    time_unit: str = "day",
    horizon_days: float = HORIZON_DAYS,
) -> pd.DataFrame:
    """The chance of an order within `horizon_days` as it stood at the end of every day: Day, ChanceToBuy (0 to 1).

    Parameters
    ----------
    parameters : of either purchase model, times in days. They are those of the whole file, so the chance of a past day
        is what today's model says of the history until then.
    orders : as `order_days` gives them, at least one row.
    until : the last day, not before the last order.
    time_unit : by what purchases were counted when the model was fitted, "day" or "week" (from Monday).
    """
    import pandas as pd

    days = pd.date_range(orders["Day"].iloc[0].normalize(), until.normalize(), freq="D")
    chances = expectations.chance_to_buy(parameters, histories_on(orders["Day"], days, time_unit), horizon_days)
    return pd.DataFrame({"Day": days, "ChanceToBuy": chances})


def histories_on(ordered: pd.Series[pd.Timestamp], days: pd.DatetimeIndex, time_unit: str = "day") -> Histories:
    """One customer's purchase history as it stood at the end of each of some days, money left out.

    Parameters
    ----------
    ordered : the days with an order, ascending.
    days : none before the first of them.
    """
    import pandas as pd

    counted = _periods(pd.DatetimeIndex(ordered), time_unit)
    ages = np.unique(_days_since(counted[0], counted))
    T = _days_since(counted[0], _periods(days, time_unit))
    x = np.searchsorted(ages, T, side="right").astype(np.float64) - 1
    nothing = np.zeros(len(T))
    return Histories(x, ages[x.astype(np.intp)], T, nothing, nothing)


def _periods(days: pd.DatetimeIndex, time_unit: str) -> pd.DatetimeIndex:
    """The days themselves, or the Mondays of their weeks."""
    import pandas as pd

    starts = days.normalize()
    return starts - pd.to_timedelta(starts.day_of_week, unit="D") if time_unit == "week" else starts


def _days_since(first: pd.Timestamp, days: pd.DatetimeIndex) -> Floats:
    return np.asarray((days - first) / np.timedelta64(1, "D"), dtype=np.float64)
