"""Is this enough data: for scores, for segments, for a lifetime value, for a test of the forecast."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.clv.backtest_cutoffs import FEWEST_TESTS, cutoffs, least_last_day
from pipeline.clv.caveats import ENOUGH

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
        f"{size.buyers:,} buyers can be ranked into fifths by recency, frequency and spend."
        if enough
        else f"{size.buyers:,} buyers are too few to rank into fifths: at least {LEAST_BUYERS_TO_SCORE} are needed.",
    )


def _segments(size: Size) -> dict[str, object]:
    most = size.buyers // LEAST_BUYERS_PER_SEGMENT
    needed = f"at {LEAST_BUYERS_PER_SEGMENT} buyers or more in each"
    if most < 2:
        return _part("Segments", False, f"{size.buyers:,} buyers are too few for two segments {needed}.")
    return _part("Segments", True, f"{size.buyers:,} buyers are enough for up to {most:,} segments {needed}.")


def _value(size: Size) -> dict[str, object]:
    there = {
        "buyers": (size.buyers, ENOUGH["customers"]),
        "days": (size.days, ENOUGH["days"]),
        "buyers with three or more purchase days": (size.loyal, ENOUGH["customers with three purchase days"]),
    }
    short = [f"{found:,} {what} (at least {least:,})" for what, (found, least) in there.items() if found < least]
    if short:
        return _part("Lifetime value", False, f"There are only {' and '.join(short)}: take values as a rough guess.")
    found = ", ".join(f"{found:,} {what}" for what, (found, _) in there.items())
    return _part("Lifetime value", True, f"Enough to see how buyers come back: {found}.")


def _backtest(size: Size, asked: Asked) -> dict[str, object]:
    tests, last_day = cutoffs(size.days - 1, asked.horizon_days, asked.tests), size.days - 1
    if not tests.days:
        least = least_last_day(asked.horizon_days) + 1
        sentence = f"{size.days:,} days are too few to hold back the last ones and forecast them: it takes {least:,}."
        return _part("Test of the forecast", False, sentence)
    count = f"{len(tests.days)} past test{'' if len(tests.days) == 1 else 's'} of {tests.holdout_days} days"
    if len(tests.days) < FEWEST_TESTS:
        sentence = f"{last_day + 1:,} days allow only {count}, so an error may be luck."
        return _part("Test of the forecast", False, sentence)
    return _part(
        "Test of the forecast",
        True,
        f"{last_day + 1:,} days allow {count}, one beginning some weeks after the other.",
    )


def _part(part: str, enough: bool, sentence: str) -> dict[str, object]:
    return {"part": part, "enough": enough, "sentence": sentence}
