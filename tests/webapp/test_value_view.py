"""The value view of finished results: the verdict first, the run's own numbers, one customer at a time."""

import pandas as pd
import pytest
from dash import html, no_update

from webapp import customer_view, formats, value_view
from webapp.finished import finished


@pytest.fixture
def results(shop):
    return finished(shop.view())


def test_the_verdict_comes_first_in_the_runs_own_sentences(results):
    first = str(value_view.area(results, "")[0][value_view.VERDICT].children)
    facts = results.segmentation.facts("backtest")
    assert facts["sentences"][0].replace("&", "&amp;") in first
    for key, asked in value_view.ASKED.items():
        assert asked in first
        assert f"verdict-{facts['grades'][key]['grade']}" in first
    total = results.segmentation.models()["total_6m"]
    assert formats.money(total["expected"]) in first
    assert f"{formats.money(total['low'])} to {formats.money(total['high'])}" in first


def test_every_chart_of_the_past_tests_shows_the_chosen_model(results):
    drawn = value_view.area(results, "")
    tests = value_view.chosen(results, "cutoffs")
    assert set(tests["model"]) == {results.segmentation.facts("backtest")["chosen_model"]}
    orders = _figure(drawn, value_view.PAST["orders"])
    assert list(orders.data[0].y) == tests["orders_actual"].tolist()
    assert list(orders.data[1].y) == tests["orders_predicted"].tolist()
    weeks = results.segmentation.table("backtest", "tracking")
    assert list(_figure(drawn, value_view.TRACKING["cumulative"]).data[0].y) == weeks["cumulative_actual"].tolist()


def test_a_file_too_short_for_tests_says_so_and_shows_no_empty_chart(results, monkeypatch):
    reason = "The forecast cannot be tested on this file, because it spans 80 days and a test needs at least 118."
    untested = {"grade": "untested", "sentence": reason}
    facts = {"grades": {"who": untested, "how_much": untested}, "sentences": [reason], "reason": reason, "warnings": []}
    facts |= {"chosen_model": "bg_nbd", "chosen_because": "BG/NBD is used.", "factor_low": None, "factor_high": None}
    nothing = {name: results.segmentation.table("backtest", name).iloc[:0] for name in ("cutoffs", "calibration")}
    kind = type(results.segmentation)
    told, kept = kind.facts, kind.table
    monkeypatch.setattr(kind, "facts", lambda own, stage: facts if stage == "backtest" else told(own, stage))
    monkeypatch.setattr(kind, "table", lambda own, stage, name: nothing.get(name, kept(own, stage, name)))
    verdict = str(value_view.verdict(results))
    assert "Not tested" in verdict
    assert verdict.count(reason) == 3
    shown = str(value_view.evidence(results))
    assert value_view.PAST["orders"] not in shown
    assert value_view.TRACKING["orders"] in shown


def test_the_customer_asked_for_is_shown_with_the_tables_numbers(results):
    row = results.value.iloc[7]
    card = customer_view.section(results, row["CustomerID"])
    figures = card[customer_view.FIGURES].children
    assert formats.money(row["CLV_6m"]) in figures
    assert formats.share(row["ChanceToBuy_90d"]) in figures
    assert card[customer_view.CUSTOMER].value == row["CustomerID"]
    chances = card[customer_view.TIMELINE].figure.data[0]
    assert chances.y[-1] == pytest.approx(row["ChanceToBuy_30d"], abs=1e-4)
    assert "Why this number" in figures


def test_an_unknown_customer_in_the_address_is_told_and_the_best_one_shown(results):
    card = customer_view.section(results, "no such one")
    assert "no customer no such one" in card[customer_view.PROBLEM].children
    best = results.value.sort_values("CLV_6m").iloc[-1]["CustomerID"]
    assert card[customer_view.CUSTOMER].value == best


def test_the_search_offers_numbers_that_begin_as_typed(results):
    number = results.value["CustomerID"].iloc[3]
    offered = [option.value for option in customer_view.offered(results, number[:2])]
    assert offered == [each for each in results.value["CustomerID"] if each.startswith(number[:2])][:8]
    found = customer_view.looked_up(results, number)
    assert found[customer_view.SHOWN] == number
    assert found[customer_view.PROBLEM] == ""
    typing = customer_view.looked_up(results, number[:2])
    assert typing[customer_view.TIMELINE] is no_update
    assert typing[customer_view.PROBLEM] == ""
    assert "no customer zzz" in customer_view.looked_up(results, "zzz")[customer_view.PROBLEM]


def test_the_evidence_of_a_customer_is_that_of_the_transactions(results):
    customer = customer_view.picks(results)["Highest value"]
    orders, _ = results.segmentation.timeline(customer)
    seen = customer_view.evidence(results, customer, orders)
    row = results.value[results.value["CustomerID"] == customer].iloc[0]
    assert seen.days == len(orders)
    assert seen.days == row["frequency"] + 1
    assert (seen.last - seen.first).days == row["recency"]
    assert (seen.today - seen.first).days == row["T"]
    assert seen.reckoned_order > 0
    assert seen.value == results.value["CLV_6m"].max()


def test_nobody_is_ranked_by_the_chance_to_be_active():
    assert "P_Alive" not in customer_view.PICKS.values()


def _figure(parts, id):
    return html.Div(parts)[id].figure


def test_the_tables_under_the_charts_are_for_people(results):
    tests = value_view.chosen(results, "cutoffs")
    assert isinstance(tests, pd.DataFrame)
    assert len(tests) == results.segmentation.facts("backtest")["n_cutoffs"]
