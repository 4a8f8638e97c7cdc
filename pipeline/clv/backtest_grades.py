"""What the past tests come to: how far to believe who is ranked high, and how far to believe the totals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from pipeline import formats
from pipeline.clv.backtest_cutoffs import FEWEST_TESTS
from pipeline.clv.backtest_sentences import errors, how_much_sentence, past_tests, procedure, summary, who_sentence
from pipeline.clv.backtest_trials import Score
from pipeline.clv.purchase_models import PURCHASE_MODELS, TITLES

# Who: Hosmer, Lemeshow and Sturdivant (2013), "Applied Logistic Regression", section 5.2.4, call an AUC from .7
# acceptable discrimination and .5 none. The mean over the tests.
WHO = {"good": 0.70, "fair": 0.60}
# How much: how many times too high or too low the totals of the worst test came out.
HOW_MUCH = {"good": 1.25, "fair": 1.60}
RANGE_SHARE = 0.8  # of future totals that the range is to hold
UNTESTED = "untested"
USUAL_MODEL = "bg_nbd"  # where no test can tell
ALIKE = 1e-4  # mean squared errors of chances closer than this are no reason to prefer a model


def findings(scores: Sequence[Score], horizon_days: float) -> dict[str, Any]:
    """What the tests of one model come to: grades, errors and range of totals, sentences."""
    graded = grades(scores)
    low, high = errors([score.spend_predicted for score in scores], [score.spend_actual for score in scores])
    factor_low, factor_high = range_factors(scores)
    return {
        "grades": graded,
        "total_error_low": low,
        "total_error_high": high,
        "factor_low": factor_low,
        "factor_high": factor_high,
        "sentences": [
            summary(scores, graded["who"]["grade"]),
            *procedure(scores, horizon_days),
            *(grade["sentence"] for grade in graded.values()),
        ],
        "reason": None,
    }


def untested(reason: str) -> dict[str, Any]:
    """The same where nothing could be tested: no numbers, and the reason in a sentence."""
    nothing = {"grade": UNTESTED, "sentence": reason}
    numbers = ("total_error_low", "total_error_high", "factor_low", "factor_high")
    return {
        "grades": {"who": nothing, "how_much": nothing},
        **dict.fromkeys(numbers),
        "sentences": [reason],
        "reason": reason,
    }


def better_model(scores: Sequence[Score]) -> tuple[str, str]:
    """The purchase model whose chances to buy came nearer to what happened, and why in a sentence.

    By the mean Brier score of the cut-offs at which every model settled; the usual model where they are alike.
    """
    by_model = {
        name: {score.cutoff: score.brier for score in scores if score.model == name} for name in PURCHASE_MODELS
    }
    shared = set.intersection(*(set(found) for found in by_model.values()))
    if not shared:
        tested = next((name for name, found in by_model.items() if found), USUAL_MODEL)
        return tested, f"{TITLES[tested]} is used, because no past test could compare the models."
    means = {name: float(np.mean([found[cutoff] for cutoff in shared])) for name, found in by_model.items()}
    best, *others = sorted(means, key=means.__getitem__)
    if means[USUAL_MODEL] - means[best] < ALIKE:
        return USUAL_MODEL, (
            f"{TITLES[USUAL_MODEL]} is used, because in {past_tests(len(shared))} no other model's chances to buy came "
            "nearer to what happened."
        )
    against = " and ".join(f"{formats.number(means[name], 4)} of {TITLES[name]}" for name in others)
    return best, (
        f"{TITLES[best]} is used, because in {past_tests(len(shared))} its chances to buy came nearest to what "
        f"happened (mean squared error {formats.number(means[best], 4)} against {against})."
    )


def grades(scores: Sequence[Score]) -> dict[str, dict[str, str]]:
    """`who` and `how_much`, each with its grade (good, fair or poor) and a sentence that says why.

    Fewer than three tests can be luck: no grade above fair rests on them.
    """
    return {
        "who": {"grade": _no_luck(who_grade(scores), scores), "sentence": who_sentence(scores)},
        "how_much": {"grade": _no_luck(how_much_grade(scores), scores), "sentence": how_much_sentence(scores)},
    }


def who_grade(scores: Sequence[Score]) -> str:
    """How well buyers were told from the others: by the mean AUC of the tests."""
    mean = float(np.mean([score.auc for score in scores]))
    return next((grade for grade, least in WHO.items() if mean >= least), "poor")


def how_much_grade(scores: Sequence[Score]) -> str:
    """How near the totals came: by the worst test."""
    worst = math.exp(max(abs(miss) for miss in log_misses(scores)))
    return next((grade for grade, most in HOW_MUCH.items() if worst <= most), "poor")


def log_misses(scores: Sequence[Score]) -> list[float]:
    """For each test the logarithm of actual by predicted spend: 0 where the total was right."""
    return [math.log(score.spend_actual / score.spend_predicted) for score in scores]


def range_factors(scores: Sequence[Score]) -> tuple[float, float]:
    """By what to multiply a total for the lower and upper end of a range that holds 80 % of outcomes.

    The logarithms of the misses are taken as draws around zero, of a spread known from these few only: Student's t with
    as many degrees of freedom as there are tests. So one bad test alone makes a wide range.
    """
    from scipy.special import stdtrit

    misses = log_misses(scores)
    spread = math.sqrt(sum(miss**2 for miss in misses) / len(misses))
    reach = float(stdtrit(len(misses), 0.5 + RANGE_SHARE / 2)) * spread
    return math.exp(-reach), math.exp(reach)


def total_range(expected: float, facts: dict[str, Any]) -> dict[str, float | None]:
    """A total with the range that the past tests give it: `low`, `expected`, `high`; no ends where nothing was tested.

    Parameters
    ----------
    expected : the models' total.
    facts : what `backtest` reported.
    """
    low, high = facts["factor_low"], facts["factor_high"]
    return {
        "low": None if low is None else expected * low,
        "expected": expected,
        "high": None if high is None else expected * high,
    }


def _no_luck(grade: str, scores: Sequence[Score]) -> str:
    return "fair" if grade == "good" and len(scores) < FEWEST_TESTS else grade
