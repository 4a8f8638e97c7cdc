"""Two segmentations side by side: the figures of the cross table, the list of who moves, and refusals in a sentence."""

import io

import pandas as pd
import pytest
from dash import html
from flask import Flask

from pipeline.errors import PipelineError
from webapp import compare_view, workspace
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
