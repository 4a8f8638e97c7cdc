"""The panel says what the list will hold, and its address gives that list."""

import json
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from pipeline.audience.choice import Choice
from pipeline.audience.columns import USUAL
from webapp import downloads, export_panel
from webapp.finished import finished

USUAL_SETTINGS = {key: parameter.default for key, parameter in export_panel._SETTINGS.items()}


@pytest.fixture
def results(shop):
    return finished(shop.view())


@pytest.fixture
def browser(served):
    return served(downloads.register)


def test_the_file_behind_the_address_holds_what_the_panel_says(results, shop, browser):
    view = results.settled(shop.view(k="3", min_frequency="2"))
    settings = {**USUAL_SETTINGS, "control.share_percent": 25}
    offer = export_panel.offered(results, view, "csv", ["segment", "campaign"], settings)
    lines = browser.get(offer.address).data.decode("utf-8-sig").splitlines()
    assert f"{len(lines) - 1:,} customers (2 or more orders)" in offer.told[0].replace("\xa0", " ")
    assert sum(",control," in line for line in lines[1:]) == pytest.approx(0.25 * (len(lines) - 1), abs=0.5)
    assert "ExpectedProfit" in lines[0]
    assert any("you would notice a change" in told or "no change at all" in told for told in offer.told)
    assert any("Assumed by you" in told for told in offer.told)


def test_whom_the_lists_own_search_and_filters_leave_is_whom_the_file_holds(results, shop, browser):
    view = results.settled(shop.view(min_frequency="2"))
    model = {
        "CustomerID": {"filterType": "text", "type": "startsWith", "filter": "1"},
        "Frequency": {"filterType": "number", "type": "lessThan", "filter": 5},
    }
    everyone = shop.segmentation.customers()
    wanted = everyone[everyone["Frequency"].between(2, 4) & everyone["CustomerID"].str.startswith("1")]
    assert 0 < len(wanted) < (everyone["Frequency"] >= 2).sum()
    offer = export_panel.offered(results, view, "csv", USUAL, USUAL_SETTINGS, json.dumps(model))
    words = "(2 or more orders and Customer starts with 1 and Frequency (orders) below 5)"
    assert f"{len(wanted):,} customers {words}" in offer.told[0].replace("\xa0", " ")
    lines = browser.get(offer.address).data.decode("utf-8-sig").splitlines()[1:]
    ranked = wanted.sort_values("CLV_6m", ascending=False, kind="stable")
    assert [line.split(",")[0] for line in lines] == ranked["CustomerID"].tolist()


@pytest.mark.parametrize("wrong", ["{", "[]", '{"Shoe size": {}}', '{"CustomerID": 7}'])
def test_a_filter_of_the_list_that_there_is_not_makes_no_list(results, shop, browser, wrong):
    view = results.settled(shop.view())
    assert (
        "a filter of the list that there is not"
        in export_panel.offered(results, view, "csv", USUAL, USUAL_SETTINGS, wrong).problem
    )
    answer = browser.get(f"{view.address(downloads.AUDIENCES['csv'])}&{urlencode({'list': wrong})}")
    assert answer.status_code == 404


def test_the_address_says_only_what_is_not_as_usual(results, shop):
    view = results.settled(shop.view())
    offer = export_panel.offered(results, view, "xlsx", USUAL, USUAL_SETTINGS)
    said = dict(parse_qsl(urlsplit(offer.address).query))
    assert urlsplit(offer.address).path == downloads.AUDIENCES["xlsx"]
    assert set(said) == {"data", "k", "columns"}


def test_a_whole_segment_can_be_taken_whatever_the_filters(results, shop):
    view = results.settled(shop.view(k="3", country="France", min_clv="50"))
    taken = export_panel.asked_for(view, "1")
    assert (taken.k, taken.choice) == (3, Choice(segment=1))
    assert export_panel.asked_for(view, export_panel.SHOWN_CUSTOMERS) == view
    assert [choice["value"] for choice in export_panel.whom(results, view)] == ["shown", "0", "1", "2"]


@pytest.mark.parametrize("value", [None, 95, "many"])
def test_a_setting_that_is_not_allowed_is_told_in_its_place(results, shop, value):
    settings = {**USUAL_SETTINGS, "control.share_percent": value}
    offer = export_panel.offered(results, results.settled(shop.view()), "csv", USUAL, settings)
    assert list(offer.problems) == ["control.share_percent"]
    assert not offer.address


def test_a_discount_that_eats_the_margin_and_nobody_left_are_told(results, shop):
    view = results.settled(shop.view())
    settings = {**USUAL_SETTINGS, "economics.discount_percent": 50}
    assert "must be smaller than the margin" in export_panel.offered(results, view, "csv", USUAL, settings).problem
    empty = results.settled(shop.view(min_clv="1e12"))
    offer = export_panel.offered(results, empty, "csv", USUAL, USUAL_SETTINGS)
    assert "No customer is left" in offer.problem
    assert not offer.address
