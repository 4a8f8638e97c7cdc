"""Which total to plan with, and how far off it may be: as much as the past tests carry, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline import formats
from pipeline.clv.backtest_cutoffs import FEWEST_TESTS
from pipeline.clv.backtest_sentences import past_tests
from pipeline.clv.calendar_caveats import TOO_LOW


def planning(total: Mapping[str, float | None], tests: Mapping[str, Any], months: int) -> str:
    """The total to plan with and its range; where no past test carries one, why, and what is known instead.

    A forecast from a peak is of customers who buy more often than usual: where ordinary months follow, it comes out too
    high by as much as the peak is higher, or more (`calendar_caveats`). So without a test from such a peak the total at
    the usual pace is the most to plan with, and no range is known.

    Parameters
    ----------
    total : `expected`, `low` and `high`, money, as `backtest_grades.total_range` gives them.
    tests : as `backtest` reports them.
    months : how far ahead the total is added up.
    """
    reason = _no_total(tests)
    if reason:
        return f"There is no total to plan with: {reason}"
    expected, ahead = float(total["expected"] or 0), formats.months_ahead(months)
    if tests["untested_peak"] is not None:
        most = formats.money(expected / (1 + tests["untested_peak"]))
        return (
            f"Plan with {most} at most for {ahead}, which is the forecast at the usual pace: the file ends on a peak, "
            "and as no past test stood on one, none tells how far off a total from here may be."
        )
    low, high = (formats.money(total[end]) for end in ("low", "high"))
    return (
        f"Plan with {formats.money(expected)} for {ahead}, and be ready for {low} to {high}: eight of ten totals fall "
        f"into that range, by how far off {past_tests(tests['n_cutoffs'])} of {formats.days(tests['holdout_days'])} "
        f"were.{_one_way(tests)}"
    )


def _no_total(tests: Mapping[str, Any]) -> str:
    """Why the tests carry no total; empty where they do."""
    if tests["reason"]:
        return "the forecast could not be tested on this file."
    if tests["n_cutoffs"] < FEWEST_TESTS:
        return f"{past_tests(tests['n_cutoffs'])} can be luck; a longer file allows more."
    if tests["grades"]["how_much"]["grade"] == "poor":
        return "the totals of past tests were too far off."
    return ""


def _one_way(tests: Mapping[str, Any]) -> str:
    """To which side a total leans, where all tests agree."""
    if tests["total_error_high"] < TOO_LOW:
        return " All of them came out too low, so more is likelier than less."
    if tests["total_error_low"] > -TOO_LOW:
        return " All of them came out too high, so less is likelier than more."
    return ""
