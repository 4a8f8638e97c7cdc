"""A later file in the segments of a page: a run puts its customers in, and what the page tells adds up."""

import io
import json

import pandas as pd
import pytest
from dash import html, no_update
from flask import Flask

from pipeline import model_file, scoring
from pipeline.errors import PipelineError
from webapp import newdata_files, newdata_view, proposals, runs, scorings, workspace
from webapp.charts import segment_shift
from webapp.finished import finished
from webapp.sources import Source


@pytest.fixture(scope="module")
def early(finished_shop):
    """The id of a data set that holds the same shop without its last lines."""
    here = finished_shop.here
    source = here.dataset(finished_shop.data).sources[0].path
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    arrived = here.incoming / "part.csv"
    arrived.write_text("".join(lines[: 3 * len(lines) // 4]), encoding="utf-8")
    return here.adopt(arrived, "A part of the shop.csv").id


def settled(shop, **asked):
    results = finished(shop.view())
    return results, results.settled(shop.view(**asked))


@pytest.fixture
def scored(shop, early, monkeypatch):
    """The later file's id, once its run has been made as a job makes it."""
    monkeypatch.setenv(workspace.VARIABLE, str(shop.here.directory))
    told = []
    wanted = {"data": early, "recipe": None, "until": scorings.until(shop.data), "nonce": "n"}
    status = runs.run_stages(told.append, wanted)
    assert (status["state"], status["data"], status["until"]) == ("done", early, scorings.until(shop.data))
    assert [each["share"] for each in told] == sorted(each["share"] for each in told)
    assert told[-1]["stage"] == scorings.TITLE
    return early


def test_before_its_run_a_later_file_is_asked_for_and_afterwards_looked_up(shop, early):
    results, view = settled(shop, k=3, later=early)
    if not scorings.is_done(shop.here, early, None, shop.data):
        waiting = html.Div(newdata_view.area(results, view))
        assert waiting[newdata_view.WANTS].data == {"data": early, "recipe": None, "until": scorings.until(shop.data)}
        assert newdata_view.WORKING in str(waiting[newdata_view.RESULT])
    assert early in newdata_view.others(view)
    assert shop.data not in newdata_view.others(view)


def test_a_file_that_was_found_to_be_no_table_is_not_offered_and_its_address_says_why(shop):
    arrived = shop.here.incoming / "page.csv"
    arrived.write_text("<html><body>Sign in</body></html>", encoding="utf-8")
    page = shop.here.adopt(arrived, "Sign in.csv").id
    results, view = settled(shop, k=3, later=page)
    assert page in newdata_view.others(view)
    proposals.make(shop.here, page, None, lambda *_: None)
    assert page not in newdata_view.others(view)
    area = html.Div(newdata_view.area(results, view))
    assert "web page" in str(area[newdata_view.RESULT])
    assert newdata_view.WANTS not in area
    shop.here.forget(page)


def test_a_file_is_added_for_the_segments_that_show(shop):
    _, view = settled(shop, method="hierarchical", k=3)
    assert newdata_view.adding(view) == f"/?later_of={shop.data}&method=hierarchical&k=3"


def test_the_page_tells_what_the_library_scores(shop, scored):
    results, view = settled(shop, k=3, later=scored)
    found = scorings.find(shop.here, scored, None, shop.data)
    known = model_file.model(results.segmentation)
    path = found.later.store.path(found.later.keys["features"], "customers")
    own = scoring.scored(path, known, ["kmeans_3", "rfm_grid"], found.facts["span"])
    assert found.labels["kmeans_3"].tolist() == own.table["Cluster_KMeans"].tolist()
    assert found.facts["measures"] == own.drift["measures"]
    shift = segment_shift.counted(results.labels(view), found.labels["kmeans_3"])
    assert (shift["Then"].sum(), shift["Now"].sum()) == (len(results.customers), len(own.table))
    shares = shift.set_index("Segment")["ThenShare"].to_dict()
    assert scoring.share_shift(shares, found.labels["kmeans_3"].to_numpy()) == own.drift["segments"]["kmeans_3"]
    drawn = str(html.Div(newdata_view.redrawn(results, view)[newdata_view.RESULT]))
    assert all(name in drawn for name in results.names(view).values())


def test_who_has_moved_adds_up(shop, scored):
    results, view = settled(shop, k=3, later=scored)
    found = scorings.find(shop.here, scored, None, shop.data)
    both = newdata_view.in_both(results, found, "kmeans_3", results.labels(view))
    told = newdata_view.told(view, results, found, both)
    moved = int((both["Before"] != both["After"]).sum())
    assert f"Of the {len(both)} in both files, {moved}" in told[2].replace("\u00a0", " ")
    assert len(both) + (len(found.labels) - len(both)) == len(found.labels)


def test_a_method_that_takes_no_number_is_shown_too(shop, scored):
    for method in ("hdbscan", "rfm_grid"):
        results, view = settled(shop, method=method, later=scored)
        assert len(newdata_view.redrawn(results, view)[newdata_view.RESULT]) in (4, 5)


def test_the_customers_and_the_model_can_be_taken_away(shop, scored, tmp_path):
    results, view = settled(shop, k=3, later=scored)
    server = Flask("test")
    server.config[workspace.SETTING] = shop.here
    newdata_files.serve(server)
    client = server.test_client()
    table = pd.read_csv(io.BytesIO(client.get(view.address(newdata_files.TABLE)).data), dtype={"CustomerID": str})
    found = scorings.find(shop.here, scored, None, shop.data)
    assert table["Cluster_KMeans"].tolist() == found.labels["kmeans_3"].tolist()
    assert set(table["Segment_KMeans"]) <= set(results.names(view).values())
    assert table["Monetary"].tolist() == found.customers["Monetary"].round(2).tolist()
    (tmp_path / "model.json").write_bytes(client.get(view.address(newdata_files.MODEL)).data)
    assert model_file.read_model(tmp_path / "model.json") == json.loads(
        json.dumps(model_file.model(results.segmentation))
    )
    unknown = view.address(newdata_files.TABLE).replace(scored, "0" * 24)
    answer = client.get(unknown)
    assert answer.status_code == 404
    assert "no data set" in answer.get_data(as_text=True)


def test_a_file_that_cannot_be_read_is_one_sentence_with_a_way_to_try_again(shop, monkeypatch):
    arrived = shop.here.incoming / "letter.csv"
    arrived.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    letter = shop.here.take_in([Source("letter.csv", 14, "ab" * 32, arrived)])
    results, view = settled(shop, k=3, later=letter.id)
    monkeypatch.setenv(workspace.VARIABLE, str(shop.here.directory))
    wanted = newdata_view.request(view)
    with pytest.raises(PipelineError, match="PDF") as problem:
        runs.run_stages(lambda _: None, wanted)
    status = {**wanted, "state": "failed", "sentence": str(problem.value)}
    shown, hides = newdata_view.unscored(view, status)
    assert "PDF" in str(shown)
    assert newdata_view.AGAIN in str(shown)
    assert hides
    assert newdata_view.unscored(view, {**status, "state": "working"}) == (None, False)
    assert newdata_view.unscored(view, {**status, "until": "stability"}) == (no_update, no_update)
    shop.here.forget(letter.id)
    gone = str(html.Div(newdata_view.redrawn(results, view)[newdata_view.RESULT]))
    assert "There is no data set" in gone


def test_a_file_of_another_shop_is_told_by_its_money_its_customers_and_its_products(shop, scored, monkeypatch):
    here, source = shop.here, shop.here.dataset(shop.data).sources[0].path
    ours = pd.read_csv(source, dtype=str)
    theirs = ours.assign(
        CustomerID="9" + ours["CustomerID"], StockCode="Z" + ours["StockCode"], UnitPrice="€" + ours["UnitPrice"]
    )
    arrived = here.incoming / "other.csv"
    theirs.to_csv(arrived, index=False)
    other = here.adopt(arrived, "Another shop.csv").id
    monkeypatch.setattr(
        type(shop.segmentation), "interpretation", said_currency(shop.data, here, type(shop.segmentation))
    )
    runs.run_stages(
        lambda told: None, {"data": other, "recipe": None, "until": scorings.until(shop.data), "nonce": "n"}
    )
    results, view = settled(shop, k=3, later=other)
    drawn = str(html.Div(newdata_view.redrawn(results, view)[newdata_view.RESULT])).replace("\\xa0", " ")
    assert "Amounts of this file are in € and those of the segments in £" in drawn
    assert "Only 0 % of the customers of this file are known" in drawn
    assert "Only 0 % of the products of this file are known" in drawn


def said_currency(data, here, kind):
    """The interpretation as it is, but that the shop's own file says that it is in pounds."""
    usual = kind.interpretation

    def interpretation(segmentation):
        found = usual(segmentation)
        return {**found, "currency": "£"} if segmentation.source_digest == here.dataset(data).digest else found

    return interpretation


def test_a_file_of_the_same_shop_is_not_suspected(shop, scored):
    found = scorings.find(shop.here, scored, None, shop.data)
    assert scorings.another_shop(shop.segmentation, found.later) == []
