"""The Model page: finished results at once, else a run, and every mistake told in its place."""

import json
from dataclasses import replace

import numpy as np
import pytest
from dash import Dash, html, no_update

from pipeline.clustering.methods import METHODS
from pipeline.recipe import BALANCED, CLASSIC
from pipeline.segmentation import run
from webapp import about_view, controls, ids, markup, overview_view, runs, segments_view, tabs, theme, trust_view
from webapp.charts import k_evaluation
from webapp.finished import finished
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


def test_a_k_that_was_not_computed_shows_the_recipes_own(shop):
    assert modelling.layout(data=shop.data, k="77")[ids.MODEL_K].value == 4


def test_what_is_not_finished_asks_for_a_run(shop):
    page = modelling.layout(data=shop.data, recipe=CLASSIC.digest())
    assert page[ids.NEEDS].data == {"data": shop.data, "recipe": CLASSIC.digest(), "until": "pictures"}
    assert not page[modelling.RUN].disabled


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
    ring = redrawn[trust_view.QUALITY["inertia"]].data[-1]
    evaluation = shop.segmentation.evaluation()
    row = evaluation[(evaluation["method"] == "kmeans") & (evaluation["k"] == 6)]
    assert list(ring.y) == row["inertia"].tolist()
    assert redrawn[trust_view.QUALITY["weakest"]].layout.annotations[0].text == "Not tested yet"


def test_trust_asks_for_the_test_and_shows_it_when_it_is_done(shop):
    results, view = settled(shop, k=3)
    untested = html.Div(trust_view.area(results, view))
    assert untested[ids.NEEDS].data["until"] == "stability"
    assert "Not tested yet" in markup.html_of(untested[trust_view.HEALTH])
    status = {"state": "done", "data": shop.data, "recipe": None, "until": "stability", "sentence": ""}
    assert runs.is_test(status)
    assert trust_view.tested(view, {**status, "until": "pictures"}) is no_update
    assert trust_view.tested(view, {**status, "state": "working"}) is no_update
    assert trust_view.tested(view, {**status, "data": "0" * 24}) is no_update
    failed = str(trust_view.tested(view, {**status, "state": "failed", "sentence": "Too few."}))
    assert "Too few." in failed
    assert "Test again" in failed
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
    assert "Tested on 2" in str(drawn[trust_view.TEST])
    assert "Not tested yet" not in markup.html_of(drawn[trust_view.HEALTH])
    assert drawn[trust_view.USED].data in tested.ks


def test_blades_hold_every_measured_customer(shop):
    results, view = settled(shop, k=3)
    chart = trust_view.redrawn(results, view)[trust_view.KNIFE]
    assert [trace.name for trace in chart.data] == list(results.names(view).values())
    means = results.silhouettes["kmeans_3"].groupby(results.labels(view).to_numpy()).mean()
    row = results.evaluation.query("method == 'kmeans' and k == 3")["silhouette"].iloc[0]
    assert results.silhouettes["kmeans_3"].mean() == pytest.approx(row, abs=1e-6)
    assert [np.mean(trace.y) for trace in chart.data] == pytest.approx(means.tolist(), abs=0.02)


def test_of_the_map_only_the_numbers_of_the_segments_come_with_another_method(shop):
    results, view = settled(shop, method="gaussian_mixture", k=3)
    told = segments_view.redrawn(results, view)[segments_view.MAP]
    assert told == {
        "segments": shop.segmentation.labels("gaussian_mixture", 3).tolist(),
        "colours": {str(number): theme.segment_colour(number) for number in range(3)},
        "names": {str(number): name for number, name in results.names(view).items()},
    }


def test_other_axes_draw_the_map_anew_and_other_colours_only_colour_it(shop):
    results, view = settled(shop, k=3)
    drawn, caption = segments_view.map_redrawn(results, view, "Recency", "Monetary", "segment", same_axes=False)
    customers = shop.segmentation.customers()
    assert drawn.data[0].x.tolist() == customers["Recency"].tolist()
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
    nobody = replace(view, min_clv=1e9)
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
    assert modelling.judged(shop.view(), settings(BALANCED), places) == (["", "", ""], "Up to date", True)
    messages, words, wait = modelling.judged(shop.view(), settings(BALANCED, **{"clusters.seed": 7}), places)
    assert (messages, words, wait) == (["", "", ""], "Run with 1 change", False)
    messages, words, wait = modelling.judged(shop.view(), settings(BALANCED, **{"clusters.k_low": None}), places)
    assert "must be a whole number" in messages[1]
    assert wait


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
