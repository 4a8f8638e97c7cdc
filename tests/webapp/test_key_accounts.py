"""Key accounts have their name wherever segments are shown, listed, scored or written."""

import datetime
import json
from dataclasses import dataclass

import flask
import pytest
from dash import html

from pipeline import model_file, scoring, segmentation
from pipeline.clustering.labels import GROUP_NAMES, KEY_ACCOUNTS, label_column
from pipeline.clustering.methods import METHODS
from pipeline.output import segments_table
from pipeline.profiles.moves import movers
from pipeline.recipe import BALANCED
from pipeline.report.document import report
from pipeline.report.subject import Subject
from webapp import compare_view, downloads, overview_view, workspace
from webapp.finished import Finished, finished
from webapp.pages import modelling
from webapp.views import View

NAME = GROUP_NAMES[KEY_ACCOUNTS]
RECIPE = BALANCED.with_settings({"preparation": {"key_accounts": "share", "key_accounts_share": 0.02}}, "key")
SET_ASIDE = 8


@dataclass(frozen=True)
class Kept:
    data: str
    recipe: str
    done: segmentation.Segmentation

    def settled(self, **asked) -> tuple[Finished, View]:
        view = View.from_address(self.data, self.recipe, **asked)
        results = finished(view)
        assert results is not None
        return results, results.settled(view)


@pytest.fixture(scope="module")
def kept(finished_shop):
    """The small shop under a recipe that sets the biggest spenders aside."""
    here = finished_shop.here
    dataset = here.dataset(finished_shop.data)
    done = segmentation.run(dataset.files, RECIPE, here.store, source_digest=dataset.digest, until="stability")
    app = flask.Flask("key")
    app.config[workspace.SETTING] = here
    with app.app_context():
        yield Kept(finished_shop.data, here.keep_recipe(RECIPE), done)


every_method = pytest.mark.parametrize("method", METHODS)


@every_method
def test_every_view_of_the_model_page_is_drawn(kept, method):
    results, view = kept.settled(method=method, k=3)
    assert results.names(view)[KEY_ACCOUNTS] == NAME
    for tab in modelling.TABS.tabs:
        drawn = str(html.Div(tab.area(results, view)))
        assert "Segment -" not in drawn, tab.NAME
        assert ">nan" not in drawn, tab.NAME


@every_method
def test_they_can_be_explored_as_a_group(kept, method):
    results, view = kept.settled(method=method, k=3, segment=str(KEY_ACCOUNTS))
    shown = overview_view.redrawn(results, view)
    assert f">{SET_ASIDE}<" in shown[overview_view.KPIS]
    in_colour = [number for number in shown[overview_view.DOTS]["segments"] if number is not None]
    assert in_colour == [KEY_ACCOUNTS] * SET_ASIDE
    assert shown[overview_view.DOTS]["names"][str(KEY_ACCOUNTS)] == NAME
    assert len(downloads.table(*kept.settled(method=method, k=3, segment=str(KEY_ACCOUNTS)))) == SET_ASIDE


@every_method
def test_they_have_a_summary_but_neither_a_health_nor_a_rule(kept, method):
    results, view = kept.settled(method=method, k=3)
    summary = results.summary(view).set_index("Segment")
    assert summary.loc[KEY_ACCOUNTS, "Customers"] == SET_ASIDE
    assert KEY_ACCOUNTS not in results.health(view)
    assert KEY_ACCOUNTS not in kept.done.rules(method, view.k)
    assert KEY_ACCOUNTS not in kept.done.jaccards(method, view.k)


def test_the_public_table_names_them_under_every_method(kept):
    table = segments_table(kept.done, 3)
    for column in [name for name in table.columns if name.startswith("Segment_")]:
        assert (table[column] == NAME).sum() == SET_ASIDE, column
    assert (table["Cluster_KMeans"] == KEY_ACCOUNTS).sum() == SET_ASIDE


def test_they_do_not_move_between_two_segmentations(kept):
    results, view = kept.settled(method="kmeans", k=3)
    one, other = results.label_table["kmeans_3"], results.label_table["hierarchical_4"]
    assert not movers(one, other)[(one == KEY_ACCOUNTS).to_numpy()].any()
    drawn = compare_view.compared(results, view, "kmeans_3", "hierarchical_4")
    assert NAME in str(drawn)


def test_a_later_file_has_its_own(kept, tmp_path):
    known = json.loads(json.dumps(model_file.model(kept.done)))
    later = tmp_path / "later.parquet"
    customers = kept.done.table("features", "customers")
    from pipeline import engine

    engine.write_parquet(customers.assign(Monetary=customers["Monetary"] * 3), later)
    columns = [label_column("kmeans", 3), "rfm_grid"]
    found = scoring.scored(later, known, columns, known["span"]).table
    assert (found["Segment_KMeans"] == NAME).sum() > SET_ASIDE
    assert ((found["Segment_RFM"] == NAME) == (found["Cluster_KMeans"] == KEY_ACCOUNTS)).all()


def test_the_report_names_them(kept, tmp_path):
    source = next(iter(workspace.current().dataset(kept.data).files.values()))
    for method in METHODS:
        k = 3 if METHODS[method].TAKES_K else None
        subject = Subject(kept.done, "Shop", source, method, k, datetime.datetime(2026, 1, 31), {})
        written = report(subject)
        assert NAME in written
        assert "Segment -" not in written
