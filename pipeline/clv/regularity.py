"""Whether customers buy by chance, as the models take it, or on a rhythm."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.clv.backtest_histories import PurchaseDays

LEAST_CUSTOMERS = 100
LEAST_SPAN_DAYS = 8  # whole days blur the middle of a shorter span
NORMAL_95 = 1.959963984540054


class Regularity(NamedTuple):
    """The shape k of the gaps between orders: 1 is chance (exponential), above 1 a rhythm, below 1 bursts.

    Attributes
    ----------
    k, low, high : the estimate and its 95 % interval.
    customers : how many customers with three days of purchases it rests on.
    """

    k: float
    low: float
    high: float
    customers: int


def regularity(days: PurchaseDays) -> Regularity | None:
    """The regularity of purchases; None where fewer than 100 customers bought on three days.

    Where the second of three purchases lies between the other two, from 0 to 1, is Beta(k, k) for gaps of shape k,
    whatever a customer's pace, and however short the file: its variance tells k. Source: Wheat and Morrison (1990),
    "Estimating purchase regularity with two interpurchase times", Journal of Marketing Research 27, 87-93.
    """
    counts = np.diff(np.append(days.starts, len(days.day)))
    first = days.starts[counts >= 3]
    gap, span = days.day[first + 1] - days.day[first], days.day[first + 2] - days.day[first]
    long = span >= LEAST_SPAN_DAYS
    if long.sum() < LEAST_CUSTOMERS:
        return None
    # Gaps are whole days from 1 to span - 1: their middles, laid out evenly from 0 to 1.
    squares = ((gap[long] - 0.5) / (span[long] - 1) - 0.5) ** 2
    error = NORMAL_95 * float(squares.std()) / np.sqrt(len(squares))
    middle = float(squares.mean())
    return Regularity(_shape(middle), _shape(middle + error), _shape(middle - error), len(squares))


def _shape(variance: float) -> float:
    return (1 - 4 * variance) / (8 * variance) if variance > 0 else float("inf")
