"""Which past days a forecast is tested on: as near to today as the file allows, and with enough past before each."""

from __future__ import annotations

from typing import NamedTuple

LEAST_KNOWN_DAYS = 90  # what a test must know: below, hardly anybody has had the time to come back
LEAST_KNOWN_SHARE = 0.25  # of the file's days, so that the earliest test still resembles the forecast of today
LEAST_HOLDOUT_DAYS = 28
LEAST_STEP_DAYS = 28  # tests closer together than this would be one test told twice
SEASON_DAYS = 91  # tests this far apart meet different seasons
FEWEST_TESTS = 3  # the holdout is shortened until so many fit


class CutOffs(NamedTuple):
    """The days to stand on, ascending, as days since the first day of the file, and how many days each looks ahead.

    A test knows everything up to and including its cut-off; its holdout begins on the day after.
    """

    days: tuple[int, ...]
    holdout_days: int


def cutoffs(last_day: int, horizon_days: float, wanted: int, unit: int = 1) -> CutOffs:
    """Rolling cut-offs whose last holdout ends on the last day of the file.

    The holdout is as long as the horizon where at least three tests fit, else as long as lets three fit, and never
    below four weeks. Cut-offs lie as far apart as the file allows, up to one holdout or one season; the earliest
    knows at least 90 days and a quarter of the file.

    Parameters
    ----------
    last_day : the last day of the file, in days since its first.
    horizon_days : how far ahead the forecast looks.
    wanted : how many cut-offs to use where they fit.
    unit : days that count as one, 7 where purchases are counted by the week: then all of these are whole weeks.

    Returns
    -------
    CutOffs
        Without days where not even one test fits.
    """
    least_known = max(LEAST_KNOWN_DAYS, int(LEAST_KNOWN_SHARE * last_day))
    room = last_day - least_known
    for_three = room - (FEWEST_TESTS - 1) * LEAST_STEP_DAYS
    holdout = _whole(min(int(horizon_days), max(for_three, LEAST_HOLDOUT_DAYS)), unit)
    spare = room - holdout
    if spare < 0:
        return CutOffs((), holdout)
    count = min(wanted, 1 + spare // LEAST_STEP_DAYS)
    step = _whole(min(max(holdout, SEASON_DAYS), spare // max(count - 1, 1)), unit)
    latest = last_day - holdout
    return CutOffs(tuple(latest - step * back for back in reversed(range(count))), holdout)


def least_last_day(horizon_days: float) -> int:
    """The earliest last day, in days since the first, that allows one test."""
    return LEAST_KNOWN_DAYS + min(int(horizon_days), LEAST_HOLDOUT_DAYS)


def _whole(days: int, unit: int) -> int:
    return days - days % unit
