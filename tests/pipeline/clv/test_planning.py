"""The total to plan with carries its range where past tests carry it, and is refused with the reason where not."""

import pytest

from pipeline.clv.backtest_grades import findings, total_range, untested
from pipeline.clv.planning import planning
from tests.pipeline.clv.test_backtest_parts import scored


def plan(*said, peak=None):
    """What is told where the past tests foretold these totals instead of 100, and the forecast of today is 1,000."""
    found = findings([scored(said=each) for each in said], 182.625)
    tests = {**found, "n_cutoffs": len(said), "holdout_days": 182, "untested_peak": peak}
    return planning(total_range(1000.0, tests), tests, 6).replace("\N{NO-BREAK SPACE}", " ")


def test_a_tested_total_is_told_with_its_range_and_the_tests_it_rests_on():
    assert plan(110.0, 90.0, 110.0, 90.0) == (
        "Plan with £1,000 for the next 6 months, and be ready for £857 to £1,167: eight of ten totals fall into that "
        "range, by how far off 4 past tests of 182 days were."
    )


@pytest.mark.parametrize(
    ("said", "leans"),
    [
        ((84.0, 69.0, 80.0), "All of them came out too low, so more is likelier than less."),
        ((116.0, 131.0, 120.0), "All of them came out too high, so less is likelier than more."),
        ((84.0, 69.0, 96.0), "182 days were."),
        ((104.0, 131.0, 120.0), "182 days were."),
    ],
)
def test_to_which_side_it_leans_is_told_where_all_tests_agree(said, leans):
    told = plan(*said)
    assert told.startswith("Plan with £1,000 for")
    assert told.endswith(leans)


def test_from_an_untested_peak_the_total_at_the_usual_pace_is_the_most_to_plan_with():
    told = plan(84.0, 69.0, 80.0, peak=0.25)
    assert told.startswith("Plan with £800 at most for the next 6 months, which is the forecast at the usual pace")
    assert "too low" not in told


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ((100.0, 100.0), "2 past tests can be luck; a longer file allows more."),
        ((100.0, 100.0, 165.0), "the totals of past tests were too far off."),
    ],
)
def test_tests_that_carry_no_total_are_told(said, reason):
    for peak in (None, 0.25):
        assert plan(*said, peak=peak) == f"There is no total to plan with: {reason}"


def test_an_untested_forecast_gives_no_total():
    tests = untested("The file is too short.")
    told = planning(total_range(1000.0, tests), tests, 6)
    assert told == "There is no total to plan with: the forecast could not be tested on this file."
