"""The model card as a file: whole, self-contained, and in the run's own numbers."""

import json
import re
from dataclasses import replace

import pytest

from pipeline.clustering.labels import NOISE
from pipeline.clustering.methods import METHODS
from pipeline.report import model_card
from webapp import markup, model_document, who_moved
from webapp.finished import finished


@pytest.fixture
def browser(served):
    return served(model_document.register)


def test_the_card_as_json_holds_what_was_fitted_on_what_and_how_it_came_out(browser, finished_shop):
    answer = browser.get(f"{model_document.KINDS['json']}?data={finished_shop.data}&k=3")
    card = json.loads(answer.data)
    segmentation = finished_shop.segmentation
    assert card["clv"]["gamma_gamma"] == segmentation.models()["gamma_gamma"]
    assert card["input"]["name"] == "=shop, 2011.csv"
    assert [file["sha256"] for file in card["input"]["files"]] == [segmentation.source_digest]
    assert card["recipe"] == segmentation.recipe.to_json()
    assert card["backtest"]["grades"] == segmentation.facts("backtest")["grades"]
    assert len(card["backtest"]["cutoffs"]) == segmentation.facts("backtest")["n_cutoffs"]
    assert card["clv"]["total_6m"] == segmentation.models()["total_6m"]
    assert card["warnings"] == segmentation.warnings()
    assert card["limits"] == list(model_card.LIMITS)
    assert card["versions"]["scipy"]
    told = answer.headers["Content-Disposition"]
    assert told == 'attachment; filename="shop_2011-model-card.json"'


def test_the_card_as_a_page_needs_nothing_else(browser, finished_shop):
    answer = browser.get(f"{model_document.KINDS['html']}?data={finished_shop.data}&k=3")
    page = answer.text
    assert answer.mimetype == "text/html"
    assert page.startswith("<!DOCTYPE html>")
    assert "<script" not in page
    assert "http" not in page
    assert finished_shop.segmentation.facts("backtest")["sentences"][0] in page
    for limit in model_card.LIMITS:
        assert limit in page
    assert "K-means with 3 segments" in page
    assert "Log-likelihood of Gamma-Gamma" in page


@pytest.mark.parametrize("kind", ["html", "json"])
@pytest.mark.parametrize("query", ["", "data=nonsense", "data={data}&recipe=00000000"])
def test_what_is_not_there_is_told_in_a_sentence(browser, finished_shop, kind, query):
    answer = browser.get(f"{model_document.KINDS[kind]}?{query.format(data=finished_shop.data)}")
    assert answer.status_code == 404
    assert answer.text.endswith(".")


def test_the_report_is_the_librarys_and_shows_the_segments_of_the_view(browser, finished_shop):
    answer = browser.get(f"{model_document.REPORT}?data={finished_shop.data}&k=3&method=hierarchical")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="shop_2011-report.html"'
    assert "<h1>Customer segments: =shop, 2011.csv</h1>" in answer.text
    assert "Hierarchical (Ward), 3 segments" in answer.text
    shown = browser.get(f"{model_document.REPORT}?data={finished_shop.data}&show=yes")
    assert "Content-Disposition" not in shown.headers


@pytest.mark.parametrize("method", [name for name, method in METHODS.items() if not method.TAKES_K])
@pytest.mark.parametrize("path", [model_document.REPORT, *model_document.KINDS.values()])
def test_a_method_that_finds_its_own_number_has_its_documents(browser, finished_shop, method, path):
    answer = browser.get(f"{path}?data={finished_shop.data}&method={method}")
    labels = finished_shop.segmentation.labels(method, None)
    found = labels[labels >= 0].nunique()
    assert answer.status_code == 200
    assert f"{METHODS[method].TITLE} with {found} segment" in answer.text
    if path == model_document.REPORT:
        in_none = (labels == NOISE).sum()
        rest = f", In no segment ({in_none} customers)" if in_none else ""
        assert f"{METHODS[method].TITLE}, {found} segments{rest}, recipe balanced." in answer.text


def test_the_report_tells_who_moved_between_the_days_of_the_page_with_its_numbers(browser, shop):
    results = finished(shop.view())
    view = results.settled(shop.view())
    standing = results.standing
    for since in (None, standing.first + (standing.last - standing.first) / 3):
        asked = replace(view, since=since.isoformat() if since else "")
        told = markup.html_of(who_moved.redrawn(results, asked)[who_moved.TOLD])
        page = browser.get(asked.address(model_document.REPORT)).text
        sentences = re.findall(r"<li>([^<]+)</li>", told)
        assert len(sentences) >= 4 and all(sentence in page for sentence in sentences)
