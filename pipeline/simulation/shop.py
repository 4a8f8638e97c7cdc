"""What is known beforehand about the made-up shop: its parameters, and the window of time that its file shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from pipeline.parameters import Step, integer, number, toggle

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

FIRST_DAY = np.datetime64("2023-12-10", "D")
WINDOW_DAYS = 731  # up to and including 2025-12-09: two years with two Christmas seasons
FUTURE_DAYS = 182.625  # six months, as the forecasts count them


@dataclass(frozen=True)
class Shop(Step):
    """The settings of a simulated shop.

    One population: every customer's buying rate, chance to leave and usual spend are drawn from the same five
    distributions, whatever their type, so these parameters are true for the file as a whole.
    """

    NAME: ClassVar[str] = "sample"
    TITLE: ClassVar[str] = "Sample data"
    HELP: ClassVar[str] = "A simulated shop in the Online Retail layout, with everything about it known."

    customers: int = integer(
        1500,
        low=1,
        high=5_000_000,
        label="Customers",
        help="How many customers with a CustomerID the file has.",
        flag="--customers",
    )
    seed: int = integer(
        7, low=0, high=2**32 - 1, label="Seed", help="The same seed makes the same file, byte for byte.", flag="--seed"
    )
    r: float = number(0.65, low=0.05, high=20, label="r", help="Shape of the buying rates (BG/NBD).")
    alpha: float = number(
        60.0, low=0.5, high=5000, label="alpha", help="Rate of the buying rates (BG/NBD).", unit="days"
    )
    a: float = number(0.5, low=0.001, high=100, label="a", help="First shape of the chance to leave (BG/NBD).")
    b: float = number(2.5, low=0.01, high=1000, label="b", help="Second shape of the chance to leave (BG/NBD).")
    p: float = number(2.2, low=0.1, high=100, label="p", help="Shape of one customer's spends (Gamma-Gamma).")
    q: float = number(2.6, low=1.05, high=100, label="q", help="Shape of the spend levels (Gamma-Gamma).")
    v: float = number(190.0, low=0.1, high=1e6, label="v", help="Scale of the spend levels (Gamma-Gamma).", unit="£")
    guests_share: float = number(
        0.12, low=0, high=0.9, label="Guests", help="Orders without a CustomerID, as a share of all orders."
    )
    seasonal: bool = toggle(
        True,
        label="Seasons",
        help="New customers and guests come in seasons, with a peak before Christmas; known customers never do, "
        "because the models assume steady rates.",
    )


def arrival_weights(seasonal: bool) -> Floats:
    """How likely a new customer arrives on each day of the window; sums to 1, shape `(WINDOW_DAYS,)`."""
    days = FIRST_DAY + np.arange(WINDOW_DAYS)
    if not seasonal:
        return np.full(WINDOW_DAYS, 1 / WINDOW_DAYS)
    month = days.astype("datetime64[M]").astype(np.int64) % 12
    by_month = np.array([0.75, 0.7, 0.85, 0.8, 0.9, 0.85, 0.8, 0.8, 1.15, 1.4, 2.0, 1.5])
    by_weekday = np.array([1.0, 1.1, 1.1, 1.2, 0.95, 0.0, 0.7])  # from Monday; closed on Saturdays
    growth = np.linspace(0.9, 1.1, WINDOW_DAYS)
    weights = by_month[month] * by_weekday[weekday(np.arange(WINDOW_DAYS))] * growth
    return np.asarray(weights / weights.sum())


def weekday(day: Integers) -> Integers:
    """The weekday of days of the window, Monday = 0."""
    return np.asarray(((FIRST_DAY + day).astype("datetime64[D]").astype(np.int64) + 3) % 7)


def opening_day(day: Integers) -> Integers:
    """The day itself or, where the shop is closed (Saturdays, 25 and 26 December, 1 January), the next open one.

    An order moves by three days at most, so a fit of the purchase history hardly notices.
    """
    latest = int(day.max(initial=0)) + 8
    calendar = FIRST_DAY + np.arange(latest)
    of_year = np.char.partition(np.datetime_as_string(calendar), "-")[:, 2]
    closed = (weekday(np.arange(latest)) == 5) | np.isin(of_year, ["12-25", "12-26", "01-01"])
    candidates = np.where(closed, latest, np.arange(latest))
    return np.asarray(np.minimum.accumulate(candidates[::-1])[::-1][day])
