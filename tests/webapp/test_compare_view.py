"""Two segmentations side by side: the figures of the cross table, the list of who moves, and refusals in a sentence."""

import io

import pandas as pd
import pytest
from dash import html
from flask import Flask

from pipeline import segmentation
from pipeline.errors import PipelineError
from pipeline.profiles.moves import movers
from pipeline.recipe import BALANCED
from webapp import compare_view, kept_recipes, workspace
from webapp.finished import finished


def settled(shop, **asked):
    results = finished(shop.view())
    return results, results.settled(shop.view(**asked))


def test_every_method_and_k_can_be_chosen_and_another_method_is_at_first(shop):
    results, view = settled(shop, k=3)
    offered = compare_view.choices(results)
    assert set(offered) == set(results.label_table.columns) - {"CustomerID"}
    drawn = html.Div(compare_view.area(results, view))
    assert drawn[compare_view.ONE].value == "kmeans_3"
    assert drawn[compare_view.OTHER].value == "hierarchical_3"
    assert "RFM grid" in offered.values()


def test_the_diagram_holds_all_customers_between_segments_by_name(shop):
    results, view = settled(shop, k=3)
    drawn = compare_view.compared(results, view, "kmeans_3", "rfm_grid")
    sankey = drawn[compare_view.CHART].data[0]
    assert sum(sankey.link.value) == len(results.customers)
    assert list(sankey.node.label)[:3] == list(results.names(view).values())
    assert "change company" in drawn[compare_view.TOLD]


def test_the_same_segmentation_moves_nobody(shop):
    results, view = settled(shop, k=3)
    drawn = compare_view.compared(results, view, "kmeans_3", "kmeans_3")
    assert "0 of 400 customers (0 %)" in drawn[compare_view.TOLD].replace("\u00a0", " ")
    assert compare_view.who_moves(results, view, "kmeans_3", "kmeans_3").empty


def test_the_list_of_who_moves_can_be_downloaded(shop):
    results, view = settled(shop, k=3)
    server = Flask("test")
    server.config[workspace.SETTING] = shop.here
    compare_view.serve(server)
    link = compare_view.compared(results, view, "kmeans_3", "rfm_grid")[compare_view.LIST]
    answer = server.test_client().get(link)
    table = pd.read_csv(io.BytesIO(answer.data), encoding="utf-8-sig")
    assert len(table) == len(compare_view.who_moves(results, view, "kmeans_3", "rfm_grid"))
    assert set(table["From"]) <= set(results.names(view).values())
    assert server.test_client().get(link.replace("one=kmeans_3", "one=nonsense")).status_code == 404


def test_segments_that_there_are_not_are_refused(shop):
    results, view = settled(shop, k=3)
    with pytest.raises(PipelineError, match="no segments nonsense"):
        compare_view.who_moves(results, view, "nonsense", "kmeans_3")


@pytest.fixture
def another(shop):
    """The id of a kept recipe under which the shop's results are finished too, with fewer numbers of segments."""
    changes = {"preparation": {"scaling": "log1p"}, "clusters": {"n_clusters": 3, "k_high": 4}}
    recipe, dataset = BALANCED.with_settings(changes), shop.here.dataset(shop.data)
    segmentation.run(dataset.files, recipe, shop.here.store, source_digest=dataset.digest)
    yield kept_recipes.keep(shop.here, recipe, "By logarithm")
    kept_recipes.forget(shop.here, "By logarithm")


def test_the_segments_of_two_recipes_are_compared_customer_by_customer(shop, another):
    results, view = settled(shop, k=3)
    assert compare_view.recipes(view)[another] == "By logarithm"
    assert next(iter(compare_view.recipes(view))) == compare_view.THIS
    drawn = compare_view.compared(results, view, "kmeans_3", "kmeans_3", another)
    assert sum(drawn[compare_view.CHART].data[0].link.value) == len(results.customers)
    theirs = finished(compare_view.replace(view, recipe=another))
    moved = movers(results.label_table["kmeans_3"], theirs.label_table["kmeans_3"])
    table = compare_view.who_moves(results, view, "kmeans_3", "kmeans_3", another)
    assert set(table["CustomerID"]) == set(results.customers["CustomerID"][moved])
    server = Flask("test")
    server.config[workspace.SETTING] = shop.here
    compare_view.serve(server)
    answer = server.test_client().get(drawn[compare_view.LIST])
    assert len(pd.read_csv(io.BytesIO(answer.data), encoding="utf-8-sig")) == len(table)


def test_a_recipe_that_tried_fewer_segments_offers_those(shop, another):
    results, view = settled(shop, k=8)
    drawn = compare_view.chosen_anew(results, view, "kmeans_8", "kmeans_8", another)
    offered = [each["value"] for each in drawn[compare_view.OTHER]]
    assert "kmeans_4" in offered
    assert "kmeans_8" not in offered
    assert "other=kmeans_2&" in drawn[compare_view.LIST]
