"""How wrong this forecast was before: it stands on past days, sees only what was known then, and what came is counted.

Source of the procedure: Tashman (2000), "Out-of-sample tests of forecasting accuracy", International Journal of
Forecasting 16, 437-450 (rolling origins).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, get_type_hints

from pipeline import engine, formats
from pipeline.clv import beta_geometric
from pipeline.clv.backtest_cutoffs import CutOffs, cutoffs, least_last_day
from pipeline.clv.backtest_grades import better_model, findings, untested
from pipeline.clv.backtest_histories import PurchaseDays, every_nth, histories_until, purchase_days
from pipeline.clv.backtest_scores import calibration
from pipeline.clv.backtest_tracking import order_counts, tracking
from pipeline.clv.backtest_trials import Foretold, Score, Standpoint, foretold, score, settled, shortage, standpoint
from pipeline.clv.calendar_caveats import Missed, calendar_caveats, peak_at_the_end
from pipeline.clv.caveats import check_enough
from pipeline.clv.forecast import MONTH_DAYS, Models, fitted
from pipeline.clv.histories import Histories
from pipeline.clv.lifetime_value import LifetimeValue
from pipeline.clv.purchase_models import PURCHASE_MODELS, TITLES
from pipeline.parameters import Step, integer

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[float, str], None]
TESTED_SETTINGS = ("model", "horizon_months", "time_unit", "spend_from")  # of the value step: what the tests depend on
MOST_CUSTOMERS = 50_000  # beyond, a test is no more exact for it and takes seconds
SCORE_TYPES = {name: kind.__name__ for name, kind in get_type_hints(Score).items()}
CALIBRATION_TYPES = {
    "cutoff": "str",
    "model": "str",
    "bin": "int",
    "customers": "int",
    **dict.fromkeys(("chance_mean", "bought_share", "low", "high"), "float"),
}


@dataclass(frozen=True)
class Backtest(Step):
    """On how many past days the forecast is tested."""

    NAME: ClassVar[str] = "backtest"
    TITLE: ClassVar[str] = "Past tests of the forecast"
    HELP: ClassVar[str] = "The forecast stands on past days, sees what was known then, and is held against what came."

    n_cutoffs: int = integer(
        4,
        low=3,
        high=5,
        label="Past tests",
        help="On how many past days the forecast is tested, where the file is long enough.",
        flag="--past-tests",
    )


class Trial(NamedTuple):
    """One model at one cut-off: where it stood, its fit, what it foretold (None where the fit did not settle)."""

    stand: Standpoint
    models: Models
    said: Foretold | None
    score: Score


def backtest(
    transactions: Path, settings: Backtest, value: LifetimeValue, target: Path, progress: Progress
) -> dict[str, Any]:
    """Test the forecast on past days, and say how far to believe who is ranked high and how far the totals.

    Parameters
    ----------
    transactions : Parquet of cleaned lines with CustomerID, InvoiceDate and TotalPrice.
    value : the forecast that is to be tested. Its model "auto" is the one that does best in the tests; its horizon is
        how far they look ahead, where the file is long enough; its engine does not matter, as both fit the same.
    target : the folder for four Parquet tables:
        `cutoffs`, one row per cut-off and model (`Score`; predictions are missing where a model did not settle);
        `calibration`, for each of them the customers in tenths by their chance to buy, and what share of them bought;
        `tracking`, repeat orders week by week, actual and expected (`tracking`);
        `order_counts`, customers by their number of repeat orders, actual and expected (`order_counts`).

    Returns
    -------
    dict
        `chosen_model` and `chosen_because`; `n_cutoffs`, `holdout_days`, `horizon_days`, `tested_customers` (all, or
        every n-th where there are more than 50,000, so that the figures of tests are theirs); `grades` of `who` and
        `how_much`, each {grade, sentence}; `total_error_low` and `_high` (relative, -0.1 is ten per cent too low);
        `factor_low` and `_high`, the range of a total in parts of it; `untested_peak`, how much more than usual came at
        the end of the file where no test stood on such a peak, else None; `sentences`; `reason` where nothing could be
        tested (then these numbers are None), else None; `warnings`.

    Raises
    ------
    NotEnoughDataError
        If too few customers bought again for any model of buying again.
    """
    progress(0.0, "Going back to past days")
    days, horizon_days = purchase_days(transactions, value.time_unit), value.horizon_months * MONTH_DAYS
    today = histories_until(days, days.last_day, value.spend_from)
    check_enough(today)
    plan = cutoffs(days.last_day, horizon_days, settings.n_cutoffs, days.unit)
    some = every_nth(days, MOST_CUSTOMERS)
    stands = [standpoint(some, cutoff, plan.holdout_days, value.spend_from) for cutoff in plan.days]
    trials, left_out = _trials(days, stands, progress)
    chosen, because = _chosen(value.model, trials)
    whole = [trial for trial in trials if trial.score.model == chosen and trial.said is not None]
    now = fitted(today, "fast", chosen)
    progress(0.9, "Comparing with what came")
    _write(days, today, trials, whole, now, target)
    daily = days if days.unit == 1 else purchase_days(transactions)
    stood_on = [trial.stand.cutoff for trial in whole]
    found = _found(days, some, plan, [trial.score for trial in whole], horizon_days)
    peak = peak_at_the_end(days, now.purchases, stood_on)
    missed = Missed(plan.holdout_days, found["total_error_low"], found["total_error_high"]) if whole else None
    return {
        "chosen_model": chosen,
        "chosen_because": because,
        "n_cutoffs": len(whole),
        "holdout_days": plan.holdout_days if whole else None,
        "horizon_days": horizon_days,
        "tested_customers": len(some.starts),
        **found,
        "untested_peak": peak.above if peak and not peak.is_tested else None,
        "warnings": [*left_out, *calendar_caveats(daily, days, peak, stood_on, missed)],
    }


def _trials(days: PurchaseDays, stands: Sequence[Standpoint], progress: Progress) -> tuple[list[Trial], list[str]]:
    """Every model on every past day that holds enough, and sentences on what is left out."""
    trials, left_out = [], []
    for place, stand in enumerate(stands):
        date = formats.date(days.date(stand.cutoff))
        progress(0.1 + 0.8 * place / len(stands), f"Testing the forecast of {date}")
        missing = shortage(stand)
        if missing:
            left_out.append(f"The past test of {date} is left out, because {missing}.")
            continue
        trials += [_trial(days, stand, models) for models in _fits(stand.known)]
    left_out += [
        f"The past test of {formats.date(days.date(trial.stand.cutoff))} is left out for "
        f"{TITLES[trial.score.model]}, because its best estimate was not reached."
        for trial in trials
        if trial.said is None
    ]
    return trials, left_out


def _fits(known: Histories) -> list[Models]:
    """Every purchase model, with the one spend model that they share."""
    first, *others = PURCHASE_MODELS
    models = fitted(known, "fast", first)
    fits = [beta_geometric.fit(PURCHASE_MODELS[name], known) for name in others]
    return [models, *(models._replace(purchases=purchases, purchases_fit=fit) for purchases, fit in fits)]


def _trial(days: PurchaseDays, stand: Standpoint, models: Models) -> Trial:
    said = foretold(models, stand.known, stand.holdout_days) if settled(models, len(stand.known.x)) else None
    return Trial(stand, models, said, score(models.model, days, stand, said))


def _chosen(model: str, trials: Sequence[Trial]) -> tuple[str, str]:
    """The model to use, and why in a sentence."""
    if model in PURCHASE_MODELS:
        return model, f"{TITLES[model]} is set by hand."
    return better_model([trial.score for trial in trials if trial.said is not None])


def _found(
    days: PurchaseDays, some: PurchaseDays, plan: CutOffs, scores: Sequence[Score], horizon_days: float
) -> dict[str, Any]:
    if not scores:
        return untested(_reason(days, plan))
    found = findings(scores, horizon_days)
    if some is not days:
        everyone, tested = formats.count(len(days.starts)), formats.count(len(some.starts))
        found["sentences"].append(f"Of {everyone} customers {tested} are tested, evenly picked by their CustomerID.")
    return found


def _reason(days: PurchaseDays, plan: CutOffs) -> str:
    if not plan.days:
        return (
            f"The forecast cannot be tested on this file, because it spans {formats.days(days.last_day + 1)} and a "
            f"test needs at least {formats.count(least_last_day(plan.holdout_days) + 1)}."
        )
    return "The forecast cannot be tested on this file, because no past day allows it; the notes say why for each."


def _write(
    days: PurchaseDays, today: Histories, trials: Sequence[Trial], whole: Sequence[Trial], now: Models, target: Path
) -> None:
    cutoff, parameters = days.last_day, now.purchases
    if whole:
        cutoff, parameters = whole[-1].stand.cutoff, whole[-1].models.purchases
    tables = {
        "cutoffs": _typed([trial.score._asdict() for trial in trials], SCORE_TYPES),
        "calibration": _typed([row for trial in trials for row in _calibration(trial)], CALIBRATION_TYPES),
        "tracking": tracking(days, parameters, cutoff),
        "order_counts": order_counts(now.purchases, today),
    }
    for name, table in tables.items():
        engine.write_parquet(table, target / name)


def _typed(rows: Sequence[Mapping[str, Any]], types: Mapping[str, str]) -> pd.DataFrame:
    """A table of these columns and types, also where it has no rows."""
    import pandas as pd

    return pd.DataFrame(rows, columns=list(types)).astype(dict(types))


def _calibration(trial: Trial) -> list[dict[str, Any]]:
    if trial.said is None:
        return []
    named = {"cutoff": trial.score.cutoff, "model": trial.score.model}
    return [named | row for row in calibration(trial.said.chance, trial.stand.holdout.orders > 0)]
