"""One trial: a model stands on a past day, sees what was known then, and is held against what came after."""

from __future__ import annotations

from typing import NamedTuple

from pipeline import formats
from pipeline.clv.backtest_histories import Holdout, PurchaseDays, happened, histories_until, seen
from pipeline.clv.backtest_scores import auc, brier, capture
from pipeline.clv.caveats import LEAST_REPEAT_BUYERS
from pipeline.clv.distinct import distinct_rows
from pipeline.clv.expectations import chance_to_buy, expected_purchases_if_alive, probability_alive
from pipeline.clv.forecast import Models, spend_per_order
from pipeline.clv.histories import Histories, of_counts
from pipeline.clv.likelihood import Floats

LEAST_OF_EACH_KIND = 10  # customers who did and who did not buy in the holdout: their scores are compared
NEGLIGIBLE = (
    0.1  # log-likelihood of all customers to be gained by making a parameter e times as large: chance moves more
)
UNKNOWN = float("nan")


class Standpoint(NamedTuple):
    """A past day: what was known of the customers seen by then, and what they did after it.

    Attributes
    ----------
    cutoff, holdout_days : the last day that is known, in days since the file's first, and how many days follow.
    known : the customers' purchase histories on that day.
    past_spend : their money until then, first orders included, `(n_customers,)`.
    last_period : what they did in as many days before, scaled up where the file is younger than that.
    holdout : what they did after.
    """

    cutoff: int
    holdout_days: int
    known: Histories
    past_spend: Floats
    last_period: Holdout
    holdout: Holdout


class Foretold(NamedTuple):
    """What a model expected in the holdout: orders, their money, the chance of at least one; each `(n_customers,)`."""

    orders: Floats
    spend: Floats
    chance: Floats


class Score(NamedTuple):
    """What one model foretold at one cut-off, and what came; what a model did not say is not a number (NaN)."""

    model: str
    cutoff: str
    until: str
    holdout_days: int
    customers: int
    buyers: int
    orders_predicted: float
    orders_actual: float
    spend_predicted: float
    spend_actual: float
    auc: float
    auc_past_frequency: float
    top20_capture: float
    top20_capture_past_spend: float
    top20_best_possible: float
    spend_same_as_last_period: float
    orders_same_as_last_period: float
    brier: float
    converged: bool


def standpoint(days: PurchaseDays, cutoff: int, holdout_days: int, spend_from: str = "repeat") -> Standpoint:
    """What was known on a day, and what the customers seen by then did in the days after it."""
    who = seen(days, cutoff)
    period = min(holdout_days, cutoff + days.unit)
    before = happened(days, cutoff - period, cutoff, who)
    longer = holdout_days / period
    return Standpoint(
        cutoff,
        holdout_days,
        histories_until(days, cutoff, spend_from),
        happened(days, -1, cutoff, who).spend,
        Holdout(before.orders * longer, before.spend * longer),
        happened(days, cutoff, cutoff + holdout_days, who),
    )


def shortage(stand: Standpoint) -> str:
    """What is missing for a trial on this day, as the end of a sentence; empty where nothing is."""
    repeat = int((stand.known.spenders() & stand.known.repeat_buyers()).sum())
    if repeat < LEAST_REPEAT_BUYERS:
        return f"only {formats.count(repeat)} customers had bought again by then"
    buyers = int((stand.holdout.orders > 0).sum())
    if buyers < LEAST_OF_EACH_KIND:
        return f"only {formats.count(buyers)} customers bought after it"
    if len(stand.known.x) - buyers < LEAST_OF_EACH_KIND:
        return "nearly everybody bought after it, so there is nobody to tell apart"
    return ""


def foretold(models: Models, known: Histories, days: float) -> Foretold:
    """What a model expects of customers in the next days."""
    (x, T), _, places = distinct_rows(known.x, known.T)
    if_alive = expected_purchases_if_alive(models.purchases, of_counts(x, T), days)[places]
    orders = if_alive * probability_alive(models.purchases, known)
    money = orders * spend_per_order(models.spend, known)
    return Foretold(orders, money, chance_to_buy(models.purchases, known, days))


def settled(models: Models, customers: int) -> bool:
    """Whether both fits reached their best, or stand so near that no customer could tell.

    Where nobody seems to leave, the likelihood ends in a ridge, and a climb stops a hair's breadth from the tolerance.
    """
    fits = (models.purchases_fit, models.spend_fit)
    return all(fit is None or fit.converged or fit.gradient * customers < NEGLIGIBLE for fit in fits)


def score(name: str, days: PurchaseDays, stand: Standpoint, said: Foretold | None) -> Score:
    """One row of the cut-offs' table; `said` is None where the model did not settle."""
    came, bought = stand.holdout, stand.holdout.orders > 0
    return Score(
        model=name,
        cutoff=days.date(stand.cutoff).isoformat(),
        until=days.date(stand.cutoff + stand.holdout_days).isoformat(),
        holdout_days=stand.holdout_days,
        customers=len(bought),
        buyers=int(bought.sum()),
        orders_predicted=float(said.orders.sum()) if said else UNKNOWN,
        orders_actual=float(came.orders.sum()),
        spend_predicted=float(said.spend.sum()) if said else UNKNOWN,
        spend_actual=float(came.spend.sum()),
        auc=auc(said.chance, bought) if said else UNKNOWN,
        auc_past_frequency=auc(stand.known.x, bought),
        top20_capture=capture(said.spend, came.spend) if said else UNKNOWN,
        top20_capture_past_spend=capture(stand.past_spend, came.spend),
        top20_best_possible=capture(came.spend, came.spend),
        spend_same_as_last_period=float(stand.last_period.spend.sum()),
        orders_same_as_last_period=float(stand.last_period.orders.sum()),
        brier=brier(said.chance, bought) if said else UNKNOWN,
        converged=said is not None,
    )
