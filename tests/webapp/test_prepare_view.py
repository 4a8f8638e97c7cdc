"""Preparations side by side on the Model page: asked for, worked out once, shown, and taken over by a button."""

from urllib.parse import parse_qs

import pytest
from dash import html, no_update

from pipeline import segmentation
from pipeline.clustering.preparation import Preparation
from pipeline.clustering.sweep import Clusters
from pipeline.errors import PipelineError
from pipeline.profiles.preparations import OFFERED, judged
from webapp import lab, prepare_view, runs, workspace
from webapp.finished import finished

LAB = lab.by("kmeans")
STATUS = {"recipe": None, "until": LAB.STAGE, "sentence": "", "state": "done"}


@pytest.fixture(scope="module")
def compared(finished_shop, tmp_path_factory):
    """The small shop, with its preparations compared; and what was told of that on the way."""
    most, lab.MOST_DRAWS = lab.MOST_DRAWS, 2
    heard = []
    LAB.make(finished_shop.here, finished_shop.data, None, lambda share, sentence: heard.append((share, sentence)))
    yield heard
    lab.MOST_DRAWS = most


def _drawn(shop, **asked):
    results = finished(shop.view(**asked))
    return results, results.settled(shop.view(**asked))


def test_before_it_was_asked_for_there_is_a_button(shop):
    recipe = workspace.current().recipe(None).with_settings({"preparation": {"country_weight": 0.45}})
    view = shop.view(k=3)
    unheard = prepare_view._rows(
        finished(view), prepare_view.replace(view, recipe=workspace.current().keep_recipe(recipe))
    )
    assert html.Div(unheard)[prepare_view.COMPARE].children == "Compare"


def test_every_preparation_is_shown_and_the_one_in_use_first(shop, compared):
    for k in (2, 4, 8):
        results, view = _drawn(shop, k=k)
        drawn = str(prepare_view.redrawn(results, view)[prepare_view.ROWS])
        assert all(each.title in drawn for each in OFFERED.values())
        assert drawn.index("<h3>Balanced") < drawn.index("In use") < drawn.index("<h3>Logarithm")
        assert f"With {k} segments" in drawn
    shares = [share for share, _ in compared]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    unasked = str(prepare_view._rows(*_drawn(shop, method="hdbscan")))
    assert "Use this" in unasked
    assert "Judged by K-means, since Density (HDBSCAN) finds its own number of segments." in unasked


def test_what_is_known_of_each_is_told_in_sentences_and_as_a_table(shop, compared):
    found = LAB.find(workspace.current(), shop.data, None)
    at = {name: judged.by_k[4] for name, judged in found.items()}
    table = prepare_view.readable(found, at)
    assert table["Preparation"].tolist() == [judged.offered.title for judged in found.values()]
    assert all(len(sizes.split(" · ")) == 4 for sizes in table["Sizes"])
    told = prepare_view.told_of(found, at)
    best = max(at, key=lambda name: at[name]["ari"])
    assert told[0].startswith(f"With 4 segments, those of “{OFFERED[best].title}” are most alike")
    tied = {name: {**record, "ari": 0.931 + place / 1000} for place, (name, record) in enumerate(list(at.items())[:3])}
    first, second, third = (OFFERED[name].title for name in tied)
    assert prepare_view.told_of(found, tied)[0] == (
        f"With 4 segments, those of “{first}”, “{second}” and “{third}” are most alike when customers are drawn anew "
        "(agreement 0.93)."
    )
    short = {name: {**record, "explained": None, "flags": ["one"]} for name, record in at.items()}
    assert "too short" in prepare_view.told_of(found, short)[1]
    assert prepare_view.told_of(found, short)[2].startswith("One flag alone makes a segment under “Balanced”")


def test_each_method_judges_for_itself_and_the_page_says_which(shop, compared, monkeypatch):
    monkeypatch.setattr(lab, "MOST_DRAWS", 2)
    results, view = _drawn(shop, method="gaussian_mixture", k=4)
    asked = str(prepare_view._rows(results, view))
    assert "Judged by Gaussian mixture, the method chosen above. Nothing has been compared so yet" in asked
    here, own = workspace.current(), lab.by("gaussian_mixture")
    own.make(here, shop.data, None, lambda share, sentence: None)
    drawn = str(prepare_view._rows(results, view))
    assert "Judged by Gaussian mixture, the method chosen above." in drawn
    assert "In use" in drawn
    found, other = own.find(here, shop.data, None), LAB.find(here, shop.data, None)
    assert {row["method"] for each in found.values() for row in each.by_k.values()} == {"gaussian_mixture"}
    assert found["balanced"].by_k[4]["sizes"] != other["balanced"].by_k[4]["sizes"]


@pytest.mark.parametrize("method", lab.LABS)
def test_the_weakest_segment_comes_back_as_the_test_of_stability_says(shop, monkeypatch, method):
    here = workspace.current()
    monkeypatch.setattr(lab, "MOST_DRAWS", 20)
    recipe = here.recipe(None).with_settings({"stability": {"draws": 3}, "clusters": {"k_high": 4}})
    tested = segmentation.run(here.dataset(shop.data).files, recipe, here.store, until="stability")
    ready = {"customers": tested.customers(), "after": None, "preparation": recipe.step(Preparation)}
    records = judged(
        **ready,
        clusters=recipe.step(Clusters),
        methods=[each for each in recipe.methods() if method == each.NAME],
        draws=lab.draws(recipe),
        tell=lambda share: None,
    )
    stable = {row["k"]: row["weakest"] for row in tested.stability()["evaluation"] if row["method"] == method}
    assert {row["k"]: row["weakest"] for row in records} == pytest.approx(stable)


def test_the_comparison_is_a_run_of_its_own_and_a_look_up_ever_after(shop, compared):
    asked = {"data": shop.data, "recipe": None, "until": LAB.STAGE, "nonce": "n", "running": None}
    status, job = runs.look_up(asked, None)
    assert (status["state"], job) == ("done", None)
    assert runs.TITLES[LAB.STAGE] == LAB.TITLE
    assert not runs.answers({**asked, "until": "stability"}, asked)


def test_how_the_comparison_goes_is_shown_and_other_runs_change_nothing(shop, compared):
    _, view = _drawn(shop, k=3)
    status = {**STATUS, "data": shop.data}
    assert prepare_view.after_comparing(view, {**status, "until": "stability"}) is no_update
    assert prepare_view.after_comparing(view, {**status, "data": "0" * 24}) is no_update
    assert prepare_view.WAITING in str(prepare_view.after_comparing(view, {**status, "state": "working"}))
    assert prepare_view.after_comparing(view, status) is no_update  # it is news, which draws the view that shows anew
    failed = str(prepare_view.after_comparing(view, {**status, "state": "failed", "sentence": "Too few."}))
    assert "Too few." in failed
    assert "Compare again" in failed


def test_one_is_taken_over_and_nothing_else_of_the_recipe_changes(shop, compared):
    here = workspace.current()
    view = shop.view(k=3, view="prepare")
    asked = parse_qs(prepare_view.address_with(view, "log1p").removeprefix("?"))
    recipe = here.recipe(asked["recipe"][0])
    assert asked["view"] == ["prepare"]
    assert recipe.step(Preparation) == OFFERED["log1p"].preparation
    assert recipe.with_settings({"preparation": Preparation().to_json()}).digest() == here.recipe(None).digest()
    found = LAB.find(here, shop.data, asked["recipe"][0])
    assert next(iter(found)) == "log1p"
    with pytest.raises(PipelineError, match="no preparation 'nonsense'"):
        prepare_view.address_with(view, "nonsense")
