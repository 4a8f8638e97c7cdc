"""The choices above the views of the Model page: the number of segments, and what is said of it."""

import json

import pytest

from pipeline import segmentation
from pipeline.recipe import BALANCED
from webapp import ids, segment_choice
from webapp.finished import finished
from webapp.pages import modelling
from webapp.views import View


def test_a_method_that_finds_its_own_number_says_which_and_the_number_of_the_others_stays(shop):
    page = modelling.layout(data=shop.data, method="rfm_grid", k="6")
    found = shop.segmentation.labels("rfm_grid", None).nunique()
    note = page[segment_choice.NOTE]
    assert (note.hidden, note.children) == (False, f"This method finds its own number: {found} segments.")
    assert page[ids.MODEL_K].value == 6
    assert all(option["disabled"] for option in page[ids.MODEL_K].options)
    assert page[modelling.CHOSEN].data["k"] == 6
    assert page["model-drawn"].data == {"segments": {"method": "rfm_grid", "k": 6}}


def test_customers_in_no_segment_are_counted_in_place(shop):
    labels = shop.segmentation.labels("hdbscan", None)
    told = modelling.layout(data=shop.data, method="hdbscan")[segment_choice.NOTE].children
    assert f"the {(labels == -1).sum()} customers who belong to none" in told
    assert f": {labels[labels >= 0].nunique()} segment" in told


def test_a_number_that_was_chosen_needs_no_words(shop):
    assert modelling.layout(data=shop.data, k="3")[segment_choice.NOTE].hidden


@pytest.mark.parametrize("method", ["kmeans", "rfm_grid"])
def test_key_accounts_are_told_as_a_group_beside_the_segments(shop, method):
    here = shop.here
    recipe = BALANCED.with_settings({"preparation": {"key_accounts": "share", "key_accounts_share": 0.02}}, "key")
    segmentation.run(here.dataset(shop.data).files, recipe, here.store)
    results = finished(view := View(shop.data, here.keep_recipe(recipe), method=method, k=4))
    told = segment_choice.notes(results, segment_choice.held(results, view))[method]
    assert "the 8 key accounts you set aside" in told


def test_the_browser_is_told_what_an_address_leaves_out(shop):
    page = modelling.layout(data=shop.data, method="hierarchical", k="3", view="trust")
    bar = next(each for each in page._traverse() if getattr(each, "className", "") == "toolbar")
    told = json.loads(getattr(bar, "data-choices"))
    assert told["usual"] == {"method": "kmeans", "k": 4, "view": "segments", "later": ""}
    assert told["controls"]["view"] == modelling.TABS.switch_id
    assert (told["data"], told["recipe"]) == (shop.data, None)
