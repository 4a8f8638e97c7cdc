"""A page tells how the run of its results goes, and shows them when it is done."""

import pytest
from dash import no_update

from pipeline.stages import RESULTS
from webapp.awaited import after_run
from webapp.pages import exploration, modelling
from webapp.views import View


@pytest.mark.parametrize(
    ("state", "shown", "way"),
    [
        ("failed", "Too small.", "href='/'"),
        ("cancelled", "was cancelled", "href='/model?data="),
        ("working", "Finding the segments", ""),
    ],
)
def test_how_a_run_goes_is_shown_in_the_place_of_its_results(shop, state, shown, way):
    status = {"state": state, "data": shop.data, "recipe": None, "until": RESULTS, "sentence": "Too small."}
    told = str(after_run(shop.view(), status, pytest.fail))
    assert shown in told
    assert way in told


@pytest.mark.parametrize(("draw", "parts"), [(modelling.prepared, 3), (exploration.results_area, 7)])
def test_results_show_when_their_run_is_done_and_runs_of_others_change_nothing(shop, draw, parts):
    done = {"state": "done", "data": shop.data, "recipe": None, "until": RESULTS, "sentence": ""}
    assert len(after_run(shop.view(), done, draw)) == parts
    assert after_run(View("0123456789abcdef01234567"), done, draw) is no_update
    assert after_run(shop.view(), None, draw) is no_update
    for beside in ("stability", "preparations"):
        assert after_run(shop.view(), {**done, "until": beside, "state": "working"}, draw) is no_update
