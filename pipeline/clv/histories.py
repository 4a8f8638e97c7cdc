"""Purchase histories as arrays, the way the models read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.clv.likelihood import Floats

if TYPE_CHECKING:
    import pandas as pd


COLUMNS = ("frequency", "recency", "T", "monetary_value", "average_order")


class Histories(NamedTuple):
    """One entry per customer in each, `(n_customers,)`; times in days, `m` in money.

    Attributes
    ----------
    x, t_x, T : repeat purchases, age at the last one, age now.
    m : mean value of the orders that tell what the customer spends, 0 where there are none.
    orders : how many orders `m` is the mean of.
    """

    x: Floats
    t_x: Floats
    T: Floats
    m: Floats
    orders: Floats

    def spenders(self) -> NDArray[np.bool_]:
        """Which customers tell something about spend: those with orders of a positive mean value."""
        return (self.orders > 0) & (self.m > 0)

    def repeat_buyers(self) -> NDArray[np.bool_]:
        """Which customers bought on another day than their first."""
        return self.x > 0


def histories_of(customers: pd.DataFrame, spend_from: str = "repeat") -> Histories:
    """The models' columns of a purchase history table.

    Parameters
    ----------
    spend_from : which orders tell what a customer spends, "repeat" (as in lifetimes) or "all", the first included.
    """
    x, t_x, T = (customers[name].to_numpy(dtype=np.float64) for name in ("frequency", "recency", "T"))
    if spend_from == "all":
        return Histories(x, t_x, T, customers["average_order"].to_numpy(dtype=np.float64), x + 1)
    return Histories(x, t_x, T, customers["monetary_value"].to_numpy(dtype=np.float64), x)


def of_counts(x: Floats, T: Floats) -> Histories:
    """Customers of these purchase counts and ages, for formulas in which neither recency nor money enters."""
    nothing = np.zeros_like(T)
    return Histories(x, nothing, T, nothing, nothing)
