"""The Model page: finished results at once, else a run, and every mistake told in its place."""

import json
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from dash import Dash, html, no_update

from pipeline.audience.choice import Choice
from pipeline.clustering.methods import METHODS
from pipeline.reading.settings import Reading
from pipeline.recipe import BALANCED, CLASSIC
from pipeline.segmentation import run
from webapp import (
    about_view,
    controls,
    ids,
    markup,
    overview_view,
    proposals,
    runs,
    segments_view,
    tabs,
    theme,
    trust_view,
)
from webapp.charts import k_evaluation
from webapp.finished import Finished, finished
from webapp.pages import exploration, modelling
from webapp.views import View


def test_without_data_the_page_says_where_to_begin():
    assert "No data yet" in str(modelling.layout())


def test_an_address_that_names_nothing_is_told_with_a_way_on(shop):
    for page in (modelling, exploration):
        unknown = str(page.layout(data="0123456789abcdef01234567"))
        assert "no data set" in unknown
        assert "href='/'" in unknown
        mistaken = str(page.layout(data=shop.data, recipe="../x"))
        assert "names no recipe" in mistaken
        assert f"href='/model?data={shop.data}'" in mistaken


@pytest.mark.parametrize("page", [modelling, exploration])
def test_results_of_columns_that_nobody_has_confirmed_say_so_with_a_way_to_check_them(shop, page):
    own = shop.here.dataset(shop.data).folder / proposals.OWN
    own.unlink(missing_ok=True)
    told = str(page.layout(data=shop.data))
    assert "Nobody has confirmed yet which column" in told
    assert f"href='/?data={shop.data}&confirm=yes'" in told
    proposals.confirm(shop.here.dataset(shop.data), "headings", Reading())
    assert "Nobody has confirmed" not in str(page.layout(data=shop.data))
    own.unlink()


def test_finished_results_show_at_once_as_the_address_says(shop):
    page = modelling.layout(data=shop.data, method="hierarchical", k="3")
    assert page[ids.MODEL_METHOD].value == "hierarchical"
    assert page[ids.MODEL_K].value == 3
    assert [option["value"] for option in page[ids.MODEL_K].options] == [2, 3, 4, 5, 6, 7, 8]
    assert markup.html_of(page[segments_view.CARDS]).count("<article") == 3
    assert page[modelling.RUN].disabled
    assert f"data={shop.data}" in page[modelling.NEXT].href
    assert "method=hierarchical&k=3" in page[modelling.NEXT].href


def test_every_other_view_is_drawn_in_the_background_once(shop):
    modelling.layout(data=shop.data, method="hierarchical", k="3")
    results = finished(shop.view())
    drawing = results.ahead([])
    drawing.join(60)
    assert not drawing.is_alive()
    other = results.settled(shop.view(method="gaussian_mixture", k=7))
    drawn = results.once((segments_view.NAME, other), lambda: pytest.fail("it was not drawn ahead"))
    assert drawn[segments_view.RULES].count("rule-measure") == 2 * 7
    cards = (segments_view.CARDS, other, results.tested(other) is not None)
    assert results.once(cards, lambda: pytest.fail("it was not drawn ahead")).count("<article") == 7
    assert results.ahead([]) is drawing
    results.once("explore-drawn", lambda: pytest.fail("the overview of the Explore page was not drawn ahead"))
    results.once(("time", "cohorts"), lambda: pytest.fail("the view over time was not drawn ahead"))


@pytest.mark.parametrize(("shown", "other"), [(segments_view, trust_view), (trust_view, segments_view)])
def test_the_view_that_shows_is_drawn_ahead_first(shop, monkeypatch, shown, other):
    begun = []
    monkeypatch.setattr(Finished, "ahead", lambda _, makes: begun.extend(makes))
    modelling.layout(data=shop.data, method="hierarchical", view=shown.NAME)
    first = [(make.func, make.args[1].method, make.args[1].k) for make in begun[:14]]
    assert first == [(tab.redrawn, "hierarchical", k) for tab in (shown, other) for k in range(2, 9)]


def test_a_k_that_was_not_computed_shows_the_recipes_own(shop):
    assert modelling.layout(data=shop.data, k="77")[ids.MODEL_K].value == 4


def test_what_is_not_finished_asks_for_a_run(shop):
    page = modelling.layout(data=shop.data, recipe=CLASSIC.digest())
    assert page[ids.NEEDS].data == {"data": shop.data, "recipe": CLASSIC.digest(), "until": "pictures"}
    assert (page[modelling.RUN].children, page[modelling.RUN].disabled) == ("Running …", True)


def settled(shop, **asked):
    results = finished(shop.view())
    return results, results.settled(shop.view(**asked))


def test_another_k_redraws_everything_from_finished_results(shop):
    redrawn = segments_view.redrawn(*settled(shop, k=6))
    assert set(redrawn) == set(segments_view.PLACES)
    assert redrawn[segments_view.CARDS].count("<article") == 6
    assert redrawn[segments_view.SHARES].count("of revenue") == 6
    assert redrawn[segments_view.HEAT].count('scope="col"') == 6
    assert redrawn[segments_view.RULES].count("<li>") == 6


def test_the_measures_ring_the_chosen_k(shop):
    redrawn = trust_view.redrawn(*settled(shop, k=6))
    assert redrawn[trust_view.QUALITY["inertia"]].count("measure-ring") == 1
    assert redrawn != trust_view.redrawn(*settled(shop, k=5))
    assert "Not tested yet" in redrawn[trust_view.QUALITY["weakest"]]


def test_trust_asks_for_the_test_and_shows_it_when_it_is_done(shop):
    results, view = settled(shop, k=3)
    untested = html.Div(trust_view.area(results, view))
    assert untested[ids.NEEDS].data["until"] == "stability"
    assert "Not tested yet" in markup.html_of(untested[trust_view.HEALTH])
    assert "the test of stability may change it" in markup.html_of(untested[trust_view.SUGGESTED])
    status = {"state": "done", "data": shop.data, "recipe": None, "until": "stability", "sentence": ""}
    assert runs.is_test(status)
    for other in ({"until": "pictures"}, {"data": "0" * 24}):
        assert trust_view.untested(view, {**status, **other}) == (no_update, no_update)
    for well in ("working", "done"):
        assert trust_view.untested(view, {**status, "state": well}) == (None, False)
    failed, hides = trust_view.untested(view, {**status, "state": "failed", "sentence": "Too few."})
    assert "Too few." in str(failed)
    assert "Test again" in str(failed)
    assert hides
    here = shop.here
    run(
        here.dataset(shop.data).files,
        BALANCED.with_settings({"stability": {"draws": 2}}),
        here.store,
        until="stability",
    )
    quick = BALANCED.with_settings({"stability": {"draws": 2}})
    tested_view = View(shop.data, here.keep_recipe(quick), k=3)
    tested = finished(tested_view)
    drawn = html.Div(trust_view.area(tested, tested.settled(tested_view)))
    assert "Tested on 2" in markup.html_of(drawn[trust_view.TEST])
    assert "and on the test of stability: 2 draws." in markup.html_of(drawn[trust_view.SUGGESTED])
    assert "Not tested yet" not in segments_view.redrawn(tested, tested.settled(tested_view))[segments_view.CARDS]
    with pytest.raises(KeyError):
        drawn[ids.NEEDS]
    assert "Not tested yet" not in markup.html_of(drawn[trust_view.HEALTH])
    assert drawn[trust_view.USED].data in tested.ks


def test_blades_hold_every_measured_customer(shop):
    results, view = settled(shop, k=3)
    chart = ElementTree.fromstring(f"<div>{trust_view.redrawn(results, view)[trust_view.KNIFE]}</div>")
    names = list(results.names(view).values())
    assert [name.text for name in chart.iterfind("div/span")] == names
    assert [title.text.split(":")[0] for title in chart.iter("title")] == names
    blades = [
        np.array([corner.split(",") for corner in blade.get("points").split()], dtype=float)[1:-1]
        for blade in chart.iter("polygon")
    ]
    labels = results.labels(view).to_numpy()
    means = results.silhouettes["kmeans_3"].groupby(labels).mean()
    row = results.evaluation.query("method == 'kmeans' and k == 3")["silhouette"].iloc[0]
    assert results.silhouettes["kmeans_3"].mean() == pytest.approx(row, abs=1e-6)
    assert [-blade[:, 1].mean() for blade in blades] == pytest.approx(means.tolist(), abs=0.02)
    widths = [np.ptp(blade[:, 0]) for blade in blades]
    assert widths == pytest.approx((np.bincount(labels) / len(labels)).tolist(), abs=1e-3)
    left, low, across, high = map(float, chart.find("svg/svg").get("viewBox").split())
    corners = np.concatenate(blades)
    assert (left, across) == (0, 1)
    assert low <= corners[:, 1].min() <= corners[:, 1].max() <= low + high


def test_of_the_map_only_the_numbers_of_the_segments_come_with_another_method(shop):
    results, view = settled(shop, method="gaussian_mixture", k=3)
    told = segments_view.redrawn(results, view)[segments_view.MAP]
    assert told == {
        "segments": shop.segmentation.labels("gaussian_mixture", 3).tolist(),
        "colours": {str(number): theme.segment_colour(number) for number in range(3)},
        "names": {str(number): name for number, name in results.names(view).items()},
    }


def test_other_axes_move_the_points_of_the_map_and_other_colours_only_colour_them(shop):
    results, view = settled(shop, k=3)
    drawn, caption = segments_view.map_redrawn(results, view, "Recency", "Monetary", "segment", same_axes=False)
    customers = shop.segmentation.customers()
    x = next(each for each in drawn.to_plotly_json()["operations"] if each["location"] == ["data", 0, "x"])
    assert x["params"]["value"].tolist() == customers["Recency"].tolist()
    assert "400 customers" in caption
    change, same = segments_view.map_redrawn(results, view, "Recency", "Monetary", "CLV_6m", same_axes=True)
    assert same is no_update
    colours = [each for each in change.to_plotly_json()["operations"] if each["location"][-1] == "color"]
    assert len(colours[0]["params"]["value"]) == 400


def test_only_the_view_that_the_address_asks_for_is_drawn(shop):
    for name, tab in ((each.NAME, each) for each in modelling.TABS.tabs):
        page = modelling.layout(data=shop.data, view=name)
        places = {each.NAME: page[modelling.TABS.place_id(each.NAME)] for each in modelling.TABS.tabs}
        assert [shown for shown, place in places.items() if not place.hidden] == [name]
        assert [drawn for drawn, place in places.items() if place.children] == [name]
        assert page["model-controls"].hidden is not bool(tab.PLACES)
        assert list(page["model-drawn"].data) == [name]
    assert not modelling.layout(data=shop.data, view="nonsense")[modelling.TABS.place_id("segments")].hidden


def test_every_view_redraws_all_its_places_and_has_them(shop):
    results, view = settled(shop, method="hierarchical", k=3)
    for tab in modelling.TABS.tabs:
        assert set(tab.redrawn(results, view)) == set(tab.PLACES), tab.NAME
        drawn = html.Div(tab.area(results, view))
        assert all(drawn[id] is not None for id in tab.PLACES), tab.NAME


def test_what_is_drawn_again_comes_as_one_text_with_its_places_and_without_what_stays(shop):
    results, view = settled(shop, method="hierarchical", k=3)
    told = json.loads(tabs.told_to_the_browser(segments_view, results, view))
    assert set(told) == set(segments_view.PLACES)
    assert told[segments_view.CARDS] == [markup.HTML, segments_view.redrawn(results, view)[segments_view.CARDS]]
    assert told[segments_view.MAP][0] == "dots.cover"
    nobody = replace(view, choice=Choice(min_clv=1e9))
    assert json.loads(tabs.told_to_the_browser(overview_view, results, nobody)) == {}


@pytest.mark.parametrize("method", METHODS)
def test_every_view_is_drawn_under_every_method_and_names_its_groups(shop, method):
    for k in (2, 8):
        results, view = settled(shop, method=method, k=k)
        for tab in modelling.TABS.tabs:
            drawn = html.Div(tab.area(results, view))
            assert set(tab.redrawn(results, view)) == set(tab.PLACES), tab.NAME
            assert "Segment -" not in str(drawn), tab.NAME
            assert ">nan" not in str(drawn), tab.NAME


def test_the_model_card_is_that_of_the_view(shop):
    links = about_view.redrawn(*settled(shop, method="hierarchical", k=3))
    assert all("method=hierarchical&k=3" in links[id] for id in about_view.DOWNLOADS.values())


def test_every_measure_that_is_evaluated_has_a_chart(shop):
    assert set(k_evaluation.MEASURES) - {"weakest"} <= set(shop.segmentation.evaluation().columns)


def settings(recipe, **changed):
    written = recipe.to_json()
    keys = [each.key for step in controls.SECTIONS.values() for each in controls.visible(step)]
    return {key: written[key.split(".")[0]][key.split(".")[1]] for key in keys} | changed


def test_settings_are_judged_while_they_are_entered(shop):
    places = ["clusters.seed", "clusters.k_low", "clusters"]

    def judged(**changed):
        return modelling.judged(shop.view(), settings(BALANCED, **changed), places, None)

    assert judged() == (["", "", ""], "Up to date", True)
    assert judged(**{"clusters.seed": 7}) == (["", "", ""], "Run with 1 change", False)
    messages, _, wait = judged(**{"clusters.k_low": None})
    assert "must be a whole number" in messages[1]
    assert wait


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({}, "Running …"),
        ({"until": "check"}, "Running …"),
        ({"until": "stability"}, "Run"),
        ({"data": "other"}, "Run"),
        *(({"state": state}, "Run") for state in ("failed", "cancelled")),
    ],
)
def test_nobody_is_asked_to_start_the_run_that_is_under_way(shop, other, words):
    unknown = shop.here.keep_recipe(BALANCED.with_settings({"clusters": {"seed": 70}}))
    status = {"state": "working", "data": shop.data, "recipe": unknown, "until": "pictures"} | other
    assert modelling.judged(View(shop.data, unknown), {}, [], status) == ([], words, words != "Run")


def test_running_changed_settings_leads_to_the_address_of_their_recipe(shop):
    search, request = modelling.requested(shop.view(k=3), settings(BALANCED, **{"clusters.seed": 7}))
    assert request is no_update
    changed = BALANCED.with_settings({"clusters": {"seed": 7}})
    assert search == f"?data={shop.data}&recipe={changed.digest()}&k=3"
    assert shop.here.recipe(changed.digest()).steps == changed.steps


def test_running_the_same_settings_again_asks_for_the_same_run(shop):
    search, request = modelling.requested(shop.view(), {})
    assert search is no_update
    assert request == {"data": shop.data, "recipe": None, "until": "pictures"}


def test_settings_that_are_not_allowed_start_nothing(shop):
    wrong = settings(BALANCED, **{"clusters.k_low": None})
    assert modelling.requested(shop.view(), wrong) == (no_update, no_update)


def test_choosing_a_delivered_recipe_leads_to_its_address_and_showing_it_does_not(shop):
    query = f"?data={shop.data}&recipe={CLASSIC.digest()}&k=3"
    assert modelling.with_recipe(shop.view(k=3), "classic") == query
    assert modelling.with_recipe(shop.view(k=3), "balanced") is no_update
    assert modelling.with_recipe(shop.view(k=3), "changed") is no_update


def test_callbacks_can_be_registered_in_two_apps():
    for name in ("one", "two"):
        modelling.register_callbacks(Dash(name))


def test_a_method_and_a_number_that_there_are_not_are_told(shop):
    told = str(modelling.layout(data=shop.data, method="zz", k="77")[modelling.SLIPS].children)
    assert "There is no method “zz”; the segments shown are by K-means." in told
    assert "not for “77”; 4 are shown." in told
    assert modelling.layout(data=shop.data, method="kmeans", k="3", segment="9")[modelling.SLIPS].children is None


def test_a_view_that_the_page_has_not_is_told_in_place_of_the_first(shop):
    told = str(modelling.layout(data=shop.data, view="treemap")[modelling.SLIPS].children)
    assert "There is no view “treemap” on this page; “Segments” is shown." in told
    assert modelling.layout(data=shop.data, view="trust")[modelling.SLIPS].children is None
