"""Is this enough data: for scores, for segments, for a lifetime value, for a test of the forecast."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.clv.backtest_cutoffs import FEWEST_TESTS, cutoffs, least_last_day
from pipeline.clv.caveats import ENOUGH
from pipeline.formats import count, plural

LEAST_BUYERS_TO_SCORE = 100
LEAST_BUYERS_PER_SEGMENT = 50


class Asked(NamedTuple):
    """What the forecast is asked for: how far ahead it looks, in days, and on how many past days it is tested."""

    horizon_days: float
    tests: int


class Size(NamedTuple):
    """How much there is: buyers, those with at least three purchase days, and days from the first to the last."""

    buyers: int
    loyal: int
    days: int


def parts(size: Size, asked: Asked) -> list[dict[str, object]]:
    """For each part of the analysis its name (`part`), whether there is `enough` data, and a `sentence` that says why.

    Below, the part's numbers describe a few customers rather than a pattern.
    """
    return [_scores(size), _segments(size), _value(size), _backtest(size, asked)]


def _scores(size: Size) -> dict[str, object]:
    enough = size.buyers >= LEAST_BUYERS_TO_SCORE
    return _part(
        "Scores (RFM)",
        enough,
        f"{count(size.buyers)} buyers can be ranked into fifths by recency, frequency and spend."
        if enough
        else f"Ranking into fifths takes {LEAST_BUYERS_TO_SCORE} buyers; the file has {plural(size.buyers, 'buyer')}.",
    )


def _segments(size: Size) -> dict[str, object]:
    most = size.buyers // LEAST_BUYERS_PER_SEGMENT
    needed = f"at {LEAST_BUYERS_PER_SEGMENT} buyers or more in each"
    if most < 2:
        few = f"Two segments {needed} take {2 * LEAST_BUYERS_PER_SEGMENT} buyers, and the file has"
        return _part("Segments", False, f"{few} {plural(size.buyers, 'buyer')}.")
    return _part(
        "Segments",
        True,
        f"{count(size.buyers)} buyers are enough for up to {count(most)} segments {needed}.",
    )


def _value(size: Size) -> dict[str, object]:
    there = {
        "buyers": (size.buyers, ENOUGH["customers"]),
        "days": (size.days, ENOUGH["days"]),
        "buyers with three or more purchase days": (size.loyal, ENOUGH["customers with three purchase days"]),
    }
    short = [
        f"{count(found)} {what} (at least {count(least)})" for what, (found, least) in there.items() if found < least
    ]
    if short:
        return _part("Lifetime value", False, f"There are only {' and '.join(short)}: take values as a rough guess.")
    found = ", ".join(f"{count(found)} {what}" for what, (found, _) in there.items())
    return _part("Lifetime value", True, f"Enough to see how buyers come back: {found}.")


def _backtest(size: Size, asked: Asked) -> dict[str, object]:
    tests, last_day = cutoffs(size.days - 1, asked.horizon_days, asked.tests), size.days - 1
    if not tests.days:
        least = least_last_day(asked.horizon_days) + 1
        few = f"Holding back the last days and forecasting them takes {count(least)} days, and the file has"
        sentence = f"{few} {plural(size.days, 'day')}."
        return _part("Test of the forecast", False, sentence)
    past = f"{len(tests.days)} past test{'' if len(tests.days) == 1 else 's'} of {tests.holdout_days} days"
    if len(tests.days) < FEWEST_TESTS:
        sentence = f"{count(last_day + 1)} days allow only {past}, so an error may be luck."
        return _part("Test of the forecast", False, sentence)
    return _part(
        "Test of the forecast",
        True,
        f"{count(last_day + 1)} days allow {past}, one beginning some weeks after the other.",
    )


def _part(part: str, enough: bool, sentence: str) -> dict[str, object]:
    return {"part": part, "enough": enough, "sentence": sentence}
