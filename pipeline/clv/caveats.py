"""What limits an estimate of lifetime value, in sentences for the person who is about to rely on it."""

from __future__ import annotations

import numpy as np

from pipeline import formats
from pipeline.clv.expectations import probability_alive
from pipeline.clv.forecast import Models, mean_is_unusable
from pipeline.clv.gamma_gamma import spread
from pipeline.clv.histories import Histories
from pipeline.clv.likelihood import Maximum
from pipeline.errors import NotEnoughDataError

LEAST_REPEAT_BUYERS = 10  # below, four and three parameters describe the few customers themselves
ENOUGH = {"customers": 500, "days": 180, "customers with three purchase days": 100}
NO_CHURN = 0.95  # mean chance that a repeat buyer is still active, above which the window shows no churn
LONELY, LONELY_DAYS = 0.001, 365  # no orders of more than this share of customers for longer than a year before the end
SAME = 0.01  # spread of orders, as a share, below which they are all of one price
DEPENDENT = 0.3  # rank correlation of spend and frequency above which the spend model's assumption is doubtful


def check_enough(histories: Histories) -> None:
    """Raise `NotEnoughDataError` where too few customers bought again to say anything of the future."""
    refusal = too_few_came_back(int((histories.spenders() & histories.repeat_buyers()).sum()), len(histories.x))
    if refusal:
        raise NotEnoughDataError(refusal)


def too_few_came_back(repeat: int, customers: int) -> str:
    """Why nothing can be said of the future where so few of the customers bought on more than one day; else empty."""
    if repeat >= LEAST_REPEAT_BUYERS:
        return ""
    return (
        f"Customer lifetime value cannot be estimated: {formats.count(repeat)} of {formats.count(customers)} customers "
        f"bought on more than one day, and at least {LEAST_REPEAT_BUYERS} such customers are needed to see how people "
        "come back; add transactions of a longer period or of more customers."
    )


def caveats(models: Models, histories: Histories) -> list[str]:
    """Sentences on what limits these estimates; empty where nothing does."""
    return [
        *_little_data(histories),
        *_lonely_end(histories),
        *_no_churn(mean_alive_of_repeat_buyers(models, histories)),
        *_no_mean(models, histories),
        *_same_spend(models),
        *_dependence(spend_frequency_correlation(histories)),
        *_unsettled("how often customers buy", models.purchases_fit),
        *([] if _same_spend(models) else _unsettled("what customers spend per order", models.spend_fit)),
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
    short = [
        f"{formats.count(have)} {what} ({formats.count(need)} wanted)" for have, (what, need) in wanted if have < need
    ]
    return [f"Lifetime values rest on little data: {', '.join(short)}."] if short else []


def _lonely_end(histories: Histories) -> list[str]:
    """One mistyped date far ahead, 2099, makes everybody look gone for decades."""
    since_last = np.sort(histories.T - histories.t_x)
    few = max(1, int(LONELY * len(since_last)))
    if len(since_last) <= few or since_last[few] <= LONELY_DAYS:
        return []
    return [
        f"The file ends {formats.days(since_last[few])} after the last order of all but {formats.count(few)} "
        "customers; if that date is a mistake, everybody looks long gone and lifetime values are far too low: leave "
        "out implausible dates (cleaning.implausible_dates)."
    ]


def _no_churn(alive: float) -> list[str]:
    if alive < NO_CHURN:
        return []
    return [
        f"No churn is visible in this window: {formats.share(alive)} of repeat buyers are taken to be still buying, so "
        "the forecast can hardly tell who has gone, and lifetime values lean high."
    ]


def _no_mean(models: Models, histories: Histories) -> list[str]:
    if not mean_is_unusable(models.spend, histories):
        return []
    return [
        "A few very large orders make a typical order impossible to estimate, so repeat buyers are valued at their own "
        "average order and one-time buyers at the average of repeat buyers."
    ]


def _same_spend(models: Models) -> list[str]:
    held = models.spend_fit is not None and models.spend_fit.at_bound
    if not held and spread(models.spend) > SAME:
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
