"""The value view of finished results: the verdict first, the run's own numbers, one customer at a time."""

from dataclasses import replace

import pandas as pd
import pytest
from dash import html, no_update

from pipeline.report import model_card
from webapp import customer_view, formats, later, markup, value_view
from webapp.finished import Finished, finished
from webapp.horizon import Horizon


@pytest.fixture
def results(shop):
    return finished(shop.view())


def test_the_verdict_comes_first_in_the_runs_own_sentences(results):
    first = markup.html_of(value_view.area(results, None)[0][value_view.VERDICT])
    facts = results.segmentation.facts("backtest")
    assert facts["sentences"][0].replace("&", "&amp;") in first
    for key, asked in value_view.ASKED.items():
        assert asked in first
        assert f"verdict-{facts['grades'][key]['grade']}" in first
    total = results.segmentation.models()["total_6m"]
    assert formats.money(total["expected"]) in first
    assert f"{formats.money(total['low'])} to {formats.money(total['high'])}" in first
    assert f'<p class="verdict-plan">{results.segmentation.planning()}</p>' in first


def test_a_range_that_no_test_from_a_peak_bears_out_says_so_beside_the_most_to_plan_with(results, monkeypatch):
    told, kind = results.segmentation.facts("backtest"), type(results.segmentation)
    sure = {"how_much": {"grade": "fair", "sentence": "Near."}}
    facts = {**told, "n_cutoffs": 4, "grades": told["grades"] | sure, "untested_peak": 0.25}
    others = kind.facts
    for peak, shown in ((0.25, True), (None, False)):
        facts["untested_peak"] = peak
        monkeypatch.setattr(kind, "facts", lambda own, stage: facts if stage == "backtest" else others(own, stage))
        verdict = markup.html_of(value_view.verdict(results)[value_view.VERDICT])
        assert ("none of which stood on a peak" in verdict) == shown
        most = formats.money(results.segmentation.models()["total_6m"]["expected"] / 1.25)
        assert (f"Plan with {most} at most" in verdict) == shown


def test_every_chart_of_the_past_tests_shows_the_chosen_model(results):
    drawn = [value_view.part(results, name, "") for name in value_view.parts(results)]
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
    models = results.segmentation.models() | {"total_6m": {"low": None, "expected": 5.0, "high": None}}
    monkeypatch.setattr(kind, "models", lambda own: models)
    verdict = str(value_view.verdict(results))
    assert "Not tested" in verdict
    assert verdict.count(reason) == 3
    assert value_view.UNTESTED in verdict
    assert "There is no total to plan with" in verdict
    names = value_view.parts(results)
    assert set(value_view.TESTED).isdisjoint(names)
    assert "tracking" in names
    past = str(value_view.part(Finished(results.segmentation), "past", ""))
    assert reason in past
    assert "Graph" not in past


def test_the_customer_asked_for_is_shown_with_the_tables_numbers(results):
    row = results.value.iloc[7]
    card = customer_view.section(results, row["CustomerID"])
    figures = markup.html_of(card[customer_view.FIGURES])
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


def test_every_part_has_its_place_and_every_place_its_part(results):
    view = html.Div(value_view.area(results, None))
    places = [each.id["part"] for each in view._traverse() if _is_place(each)]
    assert sorted(places) == sorted(value_view.parts(results))
    for name in places:
        assert view[later.asked_id(name)] is not None


def _is_place(part):
    return isinstance(getattr(part, "id", None), dict) and part.id["type"] == "later"


@pytest.fixture
def for_a_year(results):
    """The same results as a run with a horizon of twelve months would have them; the usual columns stay."""
    year = Finished(results.segmentation)
    year.horizon = Horizon(12, "week")
    added = {"CLV_12m": 1.9 * results.value["CLV_6m"], "ExpectedOrders_12m": 1.8 * results.value["ExpectedOrders_6m"]}
    year.value, year.customers = results.value.assign(**added), results.customers.assign(CLV_12m=added["CLV_12m"])
    return year


def test_another_horizon_is_shown_beside_the_usual_one(for_a_year, monkeypatch):
    kind = type(for_a_year.segmentation)
    facts = for_a_year.segmentation.models()
    total = {"low": 111.0, "expected": 222_222.0, "high": 333_333.0}
    monkeypatch.setattr(kind, "models", lambda own: facts | {"total_12m": total})
    verdict = markup.html_of(value_view.verdict(for_a_year)[value_view.VERDICT])
    for words in ("Expected in the next 12\u00a0months", "£222 k", "£111 to £333 k"):
        assert words.replace(" k", "\u00a0k") in verdict
    assert f"In 6\u00a0months: {formats.money(facts['total_6m']['expected'])}" in verdict
    row = for_a_year.value.iloc[7]
    figures = customer_view.drawn(for_a_year, row["CustomerID"])[customer_view.FIGURES]
    assert "CLV, 12\u00a0months" in figures
    for value in (row["CLV_12m"], row["CLV_6m"]):
        assert formats.money(value) in figures
    assert "orders in 12 months at" in figures
    matrix = value_view.part(for_a_year, "matrix", "")[value_view.MATRIX].figure
    assert matrix.layout.yaxis.title.text == "Weeks with an order"


def test_the_model_card_speaks_of_the_horizon_that_is_set(for_a_year, monkeypatch):
    facts = for_a_year.segmentation.models()
    recipe = for_a_year.segmentation.recipe.with_settings({"value": {"horizon_months": 12}})
    a_year = replace(for_a_year.segmentation, recipe=recipe)
    monkeypatch.setattr(type(a_year), "models", lambda own: facts | {"total_12m": {"expected": 9_000}})
    told = model_card.sentences(a_year, for_a_year.customers["CLV_12m"], "kmeans", 4)[1]
    assert told.startswith("In the next 12\u00a0months these customers are expected to spend £9,000.")


def test_nobody_is_ranked_by_the_chance_to_be_active():
    assert "P_Alive" not in customer_view.PICKS.values()


def _figure(parts, id):
    return html.Div(parts)[id].figure


def test_the_tables_under_the_charts_are_for_people(results):
    tests = value_view.chosen(results, "cutoffs")
    assert isinstance(tests, pd.DataFrame)
    assert len(tests) == results.segmentation.facts("backtest")["n_cutoffs"]
