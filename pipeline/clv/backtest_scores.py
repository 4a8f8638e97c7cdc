"""How near a forecast came: whether it ranked customers rightly, and whether its chances came true."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.clv.distinct import distinct_rows
from pipeline.clv.likelihood import Floats

BINS = 10
NORMAL_95 = 1.959963984540054


def auc(score: Floats, bought: NDArray[np.bool_]) -> float:
    """The chance that a buyer scores higher than a non-buyer, equal scores counting half; 0 to 1. Needs both kinds."""
    buyers = int(bought.sum())
    above = float(midranks(score)[bought].sum()) - buyers * (buyers + 1) / 2
    return above / (buyers * (len(bought) - buyers))


def capture(score: Floats, spend: Floats, share: float = 0.2) -> float:
    """The part of the spend, 0 to 1, that the given share of customers with the highest scores brought.

    Of customers with the same score at the border, each counts with the part of them that still belongs to the top.
    """
    (_,), customers, places = distinct_rows(-score)
    money = np.bincount(places, spend, minlength=len(customers))
    left = share * len(score) - (np.cumsum(customers) - customers)
    return float((np.clip(left / customers, 0, 1) * money).sum() / spend.sum())


def brier(chance: Floats, bought: NDArray[np.bool_]) -> float:
    """The mean squared distance of chances from what happened, 0 to 1; lower is better."""
    return float(((chance - bought) ** 2).mean())


def calibration(chance: Floats, bought: NDArray[np.bool_]) -> list[dict[str, float]]:
    """Customers in tenths by their chance to buy, equal chances kept together: what was said, and what came true.

    Returns
    -------
    list of dict
        One for each tenth that holds anybody: `bin` (0 to 9), `customers`, `chance_mean`, `bought_share`, and `low` and
        `high`, Wilson's 95 % interval of that share.
    """
    bins = np.minimum((midranks(chance) - 0.5) / len(chance) * BINS, BINS - 1).astype(np.int64)
    rows = []
    for number in np.unique(bins):
        inside = bins == number
        low, high = wilson_interval(int(bought[inside].sum()), int(inside.sum()))
        rows.append(
            {
                "bin": int(number),
                "customers": int(inside.sum()),
                "chance_mean": float(chance[inside].mean()),
                "bought_share": float(bought[inside].mean()),
                "low": low,
                "high": high,
            }
        )
    return rows


def wilson_interval(hits: int, trials: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927, "Probable inference", JASA 22, 209-212)."""
    z2, share = NORMAL_95**2 / trials, hits / trials
    middle = (share + z2 / 2) / (1 + z2)
    half = NORMAL_95 / (1 + z2) * np.sqrt(share * (1 - share) / trials + z2 / (4 * trials))
    return float(max(middle - half, 0.0)), float(min(middle + half, 1.0))


def midranks(values: Floats) -> Floats:
    """Ranks from 1, equal values sharing the mean of theirs, `(n,)`."""
    _, weights, places = distinct_rows(values)
    return np.asarray((np.cumsum(weights) - (weights - 1) / 2)[places])
