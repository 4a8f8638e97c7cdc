"""What limits an estimate of lifetime value, in sentences for the person who is about to rely on it."""

from __future__ import annotations

import numpy as np

from pipeline.clv.expectations import probability_alive
from pipeline.clv.forecast import Models, mean_is_unusable
from pipeline.clv.histories import Histories
from pipeline.clv.likelihood import Maximum
from pipeline.errors import NotEnoughDataError

LEAST_REPEAT_BUYERS = 10  # below, four and three parameters describe the few customers themselves
ENOUGH = {"customers": 500, "days": 180, "customers with three purchase days": 100}
NO_CHURN = 0.95  # mean chance that a repeat buyer is still active, above which the window shows no churn
DEPENDENT = 0.3  # rank correlation of spend and frequency above which the spend model's assumption is doubtful


def check_enough(histories: Histories) -> None:
    """Raise `NotEnoughDataError` where too few customers bought again to say anything of the future."""
    repeat = int((histories.spenders() & histories.repeat_buyers()).sum())
    if repeat < LEAST_REPEAT_BUYERS:
        raise NotEnoughDataError(
            f"Customer lifetime value cannot be estimated: {repeat:,} of {len(histories.x):,} customers bought on more "
            f"than one day, and at least {LEAST_REPEAT_BUYERS} such customers are needed to see how people come back; "
            "add transactions of a longer period or of more customers."
        )


def caveats(models: Models, histories: Histories) -> list[str]:
    """Sentences on what limits these estimates; empty where nothing does."""
    return [
        *_little_data(histories),
        *_no_churn(mean_alive_of_repeat_buyers(models, histories)),
        *_no_mean(models, histories),
        *_same_spend(models.spend_fit),
        *_dependence(spend_frequency_correlation(histories)),
        *_unsettled("how often customers buy", models.purchases_fit),
        *_unsettled("what customers spend per order", models.spend_fit),
    ]


def mean_alive_of_repeat_buyers(models: Models, histories: Histories) -> float:
    """The mean chance of being active, 0 to 1, of those for whom the model does not hold it by construction."""
    return float(probability_alive(models.purchases, histories)[histories.repeat_buyers()].mean())


def spend_frequency_correlation(histories: Histories) -> float:
    """Spearman's correlation of repeat orders and their mean value, -1 to 1; 0 where one of the two is constant.

    By ranks, because a single wholesaler decides Pearson's.
    """
    import pandas as pd

    spenders = histories.spenders() & histories.repeat_buyers()
    ranks = [pd.Series(column[spenders]).rank().to_numpy() for column in (histories.x, histories.m)]
    if min(rank.std() for rank in ranks) == 0:
        return 0.0
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _little_data(histories: Histories) -> list[str]:
    found = (len(histories.x), int(histories.T.max()), int((histories.x >= 2).sum()))
    wanted = zip(found, ENOUGH.items(), strict=True)
    short = [f"{have:,} {what} ({need:,} wanted)" for have, (what, need) in wanted if have < need]
    return [f"Lifetime values rest on little data: {', '.join(short)}."] if short else []


def _no_churn(alive: float) -> list[str]:
    if alive < NO_CHURN:
        return []
    return [
        f"Hardly anybody seems to have left: {100 * alive:.1f} % of repeat buyers are taken to be still buying, so the "
        "forecast can hardly tell who has gone, and lifetime values lean high."
    ]


def _no_mean(models: Models, histories: Histories) -> list[str]:
    if not mean_is_unusable(models.spend, histories):
        return []
    return [
        "A few very large orders make a typical order impossible to estimate, so repeat buyers are valued at their own "
        "average order and one-time buyers at the average of repeat buyers."
    ]


def _same_spend(fit: Maximum | None) -> list[str]:
    if fit is None or not fit.at_bound:
        return []
    return [
        "Orders differ too little in size, between customers or from one order of a customer to the next, to tell "
        "habit from chance; what each customer will spend per order is a rough estimate."
    ]


def _dependence(correlation: float) -> list[str]:
    if abs(correlation) <= DEPENDENT:
        return []
    spend = "more" if correlation > 0 else "less"
    return [
        f"Customers who order more often spend {spend} per order, which the estimate takes not to be so; use lifetime "
        "values to rank customers more than as amounts."
    ]


def _unsettled(name: str, fit: Maximum | None) -> list[str]:
    if fit is None or fit.converged:
        return []
    return [f"The best estimate of {name} was not quite reached, so lifetime values are rough."]
