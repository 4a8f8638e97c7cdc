"""Finished results are read once and then looked up."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from dash import no_update

from pipeline.errors import PipelineError
from pipeline.segmentation import RESULTS
from webapp import finished as finished_results
from webapp.finished import Finished, after_run, at_hand, finished, held_bytes
from webapp.pages import exploration, modelling
from webapp.views import View


def test_results_are_found_once_and_then_kept(shop):
    assert finished(shop.view(k=3)) is finished(shop.view(k=5, method="hierarchical"))


def test_what_was_not_computed_is_not_there(shop):
    classic = shop.view().__class__.from_address(shop.data, _classic())
    assert finished(classic) is None


def test_an_unknown_data_set_is_told(shop):
    with pytest.raises(PipelineError, match="no data set"):
        finished(View("0123456789abcdef01234567"))


@pytest.mark.parametrize("method", ["kmeans", "hierarchical", "gaussian_mixture"])
@pytest.mark.parametrize("k", [2, 5])
def test_customers_stand_beside_their_segment_of_the_view(shop, method, k):
    results = finished(shop.view())
    shown = results.in_segments(results.settled(shop.view(method=method, k=k)))
    assert shown["Segment"].tolist() == shop.segmentation.labels(method, k).tolist()
    assert "Segment" not in results.customers


def test_segments_have_names_that_are_all_different(shop):
    results = finished(shop.view())
    view = results.settled(shop.view(k=3))
    names = results.names(view)
    assert list(names) == [0, 1, 2]
    assert len({name.lower() for name in names.values()}) == 3
    assert all(named.action for named in results.named(view).values())
    assert results.summary(view)["Customers"].sum() == len(results.customers)


def test_segments_are_named_from_the_customers_at_hand(shop, monkeypatch):
    results, others = Finished(shop.segmentation), shop.segmentation.named("hierarchical", 3)
    assert len(results.customers) == results.size
    monkeypatch.setattr(type(shop.segmentation), "customers", lambda _: pytest.fail("they are read already"))
    assert results.named(results.settled(shop.view(method="hierarchical", k=3))) == others


def test_countries_come_by_revenue(shop):
    results = finished(shop.view())
    revenue = results.customers.groupby("PrimaryCountry")["Monetary"].sum()
    assert results.countries[0] == revenue.idxmax()
    assert set(results.countries) == set(revenue.index)


def test_large_tables_are_dropped_when_they_are_too_many_and_small_things_stay(shop, monkeypatch):
    monkeypatch.setattr(finished_results, "MADE_BYTES", 5_000)
    results = Finished(shop.segmentation)
    made = []

    def table(name):
        return results.once(name, lambda: made.append(name) or np.zeros(250))  # 2,000 bytes

    results.once("small", lambda: made.append("small") or "words")
    for name in ("first", "second", "first", "third", "first", "second"):
        table(name)
    results.once("small", lambda: made.append("small again"))
    assert made == ["small", "first", "second", "third", "second"]


def test_a_table_larger_than_all_that_is_kept_is_kept_alone(shop, monkeypatch):
    monkeypatch.setattr(finished_results, "MADE_BYTES", 5_000)
    results = Finished(shop.segmentation)
    made = [results.once("large", lambda: np.zeros(9_000)) for _ in range(2)]
    assert made[0] is made[1]


def test_the_memory_of_tables_and_arrays_is_known_also_inside_others():
    frame = pd.DataFrame({"a": np.zeros(1_000)})
    assert held_bytes(np.zeros(1_000)) == 8_000
    assert 8_000 <= held_bytes(frame) < 9_000
    assert 16_000 <= held_bytes((np.zeros(1_000), {"of": frame}, "words")) < 17_000
    assert held_bytes(["words"] * 1_000) == 0


def test_results_of_many_customers_leave_the_memory_to_the_last_ones(shop, monkeypatch):
    monkeypatch.setattr(finished_results, "KEPT_CUSTOMERS", Finished(shop.segmentation).size * 2)
    shelf = finished_results._Shelf(6)
    others = [replace(shop.segmentation, keys={**shop.segmentation.keys, "extra": str(number)}) for number in range(3)]
    first, second, third = (shelf.kept(each) for each in others)
    assert shelf.kept(others[2]) is third
    assert shelf.kept(others[1]) is second
    assert shelf.kept(others[0]) is not first


def test_the_number_of_customers_is_known_without_their_table(shop):
    results = Finished(shop.segmentation)
    assert results.size == len(results.customers)


def test_what_is_made_once_is_not_made_again(shop):
    results = Finished(shop.segmentation)
    made = [results.once("x", lambda: pd.DataFrame({"a": [1]})) for _ in range(2)]
    assert made[0] is made[1]


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


def test_results_that_are_not_kept_any_more_are_told(shop):
    with pytest.raises(PipelineError, match="press Run on the Model page"):
        at_hand(View.from_address(shop.data, _classic()))


def _classic():
    from pipeline.recipe import CLASSIC

    return CLASSIC.digest()
