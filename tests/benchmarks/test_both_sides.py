"""The pipeline and a plain script find the same on a simulated shop, which is what makes their times comparable."""

import warnings

import pytest

from benchmarks.__main__ import OURS, SIDES, WHOLE_PROCESS, rows
from benchmarks.agreement import checks, findings
from pipeline.simulation import simulate_shop
from pipeline.stages import RESULTS, STAGES


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    from benchmarks import child

    folder = tmp_path_factory.mktemp("both")
    simulate_shop(folder / "shop.csv", 600, 2)
    measures = {}
    for side, runner in child.RUNNERS.items():
        (folder / side).mkdir()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of lifetimes and of a mixture that has not settled
            measures[side] = runner(folder / "shop.csv", folder / side)
    return measures, checks(*(findings(folder / side) for side in SIDES))


def test_the_pipeline_and_the_plain_script_agree(compared):
    _, found = compared
    assert [check for check in found if not check.agrees] == []
    assert len(found) > 15


def test_both_sides_are_measured_stage_by_stage(compared):
    measures, _ = compared
    assert {"reading", "cleaning", "features", "value", "clusters", "all"} == set(measures["reference"])
    assert {*measures[OURS], WHOLE_PROCESS} == set(rows())
    assert set(measures[OURS]) == {*STAGES[: STAGES.index(RESULTS) + 1], "all"}
    assert all(cost["seconds"] >= 0 and cost["peak_memory_mb"] > 0 for cost in measures[OURS].values())
