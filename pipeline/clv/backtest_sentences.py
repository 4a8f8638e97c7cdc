"""What the past tests found, in sentences anyone understands."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline import formats
from pipeline.clv.backtest_cutoffs import FEWEST_TESTS
from pipeline.clv.backtest_trials import Score

RANKING = {"good": "the ranking held", "fair": "the ranking held in part", "poor": "the ranking did not hold"}


def summary(scores: Sequence[Score], who: str) -> str:
    """The whole in one sentence: how many tests, whether the ranking held, how far off the totals came out."""
    return f"In {past_tests(len(scores))} {RANKING[who]}; totals came out {in_words(*_spend_errors(scores))}."


def procedure(scores: Sequence[Score], horizon_days: float) -> list[str]:
    """How the tests were made, and what they cannot say."""
    ahead = scores[0].holdout_days
    first, last = (formats.date(score.cutoff) for score in (scores[0], scores[-1]))
    stood = f"on {first}" if len(scores) == 1 else f"between {first} and {last}"
    told = [f"A test stands on a past day ({stood}), sees only what was known then, and looks {ahead} days ahead."]
    if ahead < int(horizon_days):
        told.append(
            f"The file is too short to test {horizon_days:.0f} days ahead; what holds for {ahead} days may hold less "
            "for longer."
        )
    if len(scores) < FEWEST_TESTS:
        told.append(f"{past_tests(len(scores)).capitalize()} can be luck; a longer file allows more.")
    return told


def who_sentence(scores: Sequence[Score]) -> str:
    """How well the forecast ranked customers, beside ranking them by past spend."""
    right = span([100 * score.auc for score in scores])
    by_forecast = span([100 * score.top20_capture for score in scores])
    by_past = span([100 * score.top20_capture_past_spend for score in scores])
    best = span([100 * score.top20_best_possible for score in scores])
    return (
        f"Of a customer who bought again and one who did not, the forecast ranked the buyer higher in {right} of 100 "
        f"cases; its top 20 % of customers brought {by_forecast} % of the revenue that followed, those with the "
        f"highest past spend {by_past} %, and the best possible choice {best} %."
    )


def how_much_sentence(scores: Sequence[Score]) -> str:
    """How near the totals came, beside the figures of the period before."""
    orders = errors([score.orders_predicted for score in scores], [score.orders_actual for score in scores])
    same = errors([score.spend_same_as_last_period for score in scores], [score.spend_actual for score in scores])
    return (
        f"Revenue came out {in_words(*_spend_errors(scores))} and orders {in_words(*orders)}; taking the revenue of "
        f"the {scores[0].holdout_days} days before again would have come out {in_words(*same)}."
    )


def errors(predicted: Sequence[float], actual: Sequence[float]) -> tuple[float, float]:
    """The smallest and the largest relative error: -0.1 is ten per cent too low."""
    found = [said / came - 1 for said, came in zip(predicted, actual, strict=True)]
    return min(found), max(found)


def in_words(low: float, high: float) -> str:
    """A range of relative errors: `12 % too low to 31 % too high`, `16 to 31 % too low`, `right`."""
    least, most = round(100 * low), round(100 * high)
    if least == most:
        return _error(least)
    if least >= 0 < most:
        return f"{formats.count(least)} to {formats.whole_share(most / 100)} too high"
    if most <= 0:
        return f"{-most} to {formats.whole_share(-least / 100)} too low"
    return f"{_error(least)} to {_error(most)}"


def span(numbers: Sequence[float]) -> str:
    """The smallest and the largest as whole numbers: `66 to 76`, or one number where they are the same."""
    low, high = round(min(numbers)), round(max(numbers))
    return f"{low}" if low == high else f"{low} to {high}"


def past_tests(count: int) -> str:
    """`4 past tests`."""
    return f"{count} past test{'' if count == 1 else 's'}"


def _spend_errors(scores: Sequence[Score]) -> tuple[float, float]:
    return errors([score.spend_predicted for score in scores], [score.spend_actual for score in scores])


def _error(per_cent: int) -> str:
    if per_cent == 0:
        return "right"
    return f"{formats.whole_share(abs(per_cent) / 100)} too {'high' if per_cent > 0 else 'low'}"
