"""What the Model page shows of value: how far to believe it, who is worth what, and how it came out before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd
from dash import html
from dash.development.base_component import Component

from webapp import components, customer_view, formats, glossary, markup, panels
from webapp.charts import (
    best_customers,
    calibration,
    expected_orders,
    order_counts,
    past_forecasts,
    tracking,
    value_map,
)
from webapp.finished import Finished

if TYPE_CHECKING:
    import plotly.graph_objects as go

MAP, MATRIX, CAPTURE, CALIBRATION = "value-map", "value-matrix", "value-capture", "value-calibration"
COUNTS, VERDICT = "value-counts", "value-verdict"
PAST = {measure: f"value-past-{measure}" for measure in past_forecasts.MEASURES}
TRACKING = {measure: f"value-tracking-{measure}" for measure in tracking.MEASURES}
STAGES = ("backtest", "value")
GRADES = {
    "good": ("Good", "check-circle"),
    "fair": ("Fair", "dash-circle"),
    "poor": ("Poor", "x-circle"),
    "untested": ("Not tested", "question-circle"),
}
ASKED = {"who": "Who to target", "how_much": "How much in total"}


def area(results: Finished, customer: str) -> list[Component]:
    """The whole value view; `customer` is the one to look at first, or empty."""
    first, *rest = results.once("value", lambda: [_first(results), *evidence(results)])
    return [first, customer_view.section(results, customer), *rest]


def _first(results: Finished) -> Component:
    worth = html.Div([_value_map(results), _expected_orders(results)], className="pair")
    return html.Div([verdict(results), worth], className="stack")


def verdict(results: Finished) -> Component:
    """How far to believe the forecast: two grades, the total with its range, and what the past tests found."""
    facts = results.segmentation.facts("backtest")
    cards = [_grade(asked, facts["grades"][key]) for key, asked in ASKED.items()]
    on_cards = [graded["sentence"] for graded in facts["grades"].values()]
    first, *rest = [sentence for sentence in facts["sentences"] if sentence not in on_cards] or [facts["reason"]]
    body = [
        html.P(first, className="verdict-first"),
        html.Div([*cards, _total(results)], className="verdicts"),
        panels.sentences([*rest, facts["chosen_because"]]),
    ]
    told = [markup.still(body, id=VERDICT), components.notes(caveats(results))]
    return components.section("How far to believe the forecast", told)


def caveats(results: Finished) -> list[str]:
    """What limits the forecast, in sentences."""
    return [sentence for stage in STAGES for sentence in results.segmentation.facts(stage)["warnings"]]


def evidence(results: Finished) -> list[Component]:
    """How it came out: the past tests, where there were any, and how well the model describes what happened."""
    tests = chosen(results, "cutoffs")
    fit = [_tracking(results), _counts(results)]
    if tests.empty:
        return fit
    drawn = best_customers.figure(tests)
    twin = panels.table(best_customers.readable(tests), best_customers.TITLE)
    capture = panels.chart(CAPTURE, best_customers.TITLE, drawn, best_customers.CAPTION, twin, 320)
    groups = chosen(results, "calibration")
    drawn = calibration.figure(groups)
    twin = panels.table(calibration.readable(groups), calibration.TITLE)
    chances = panels.chart(CALIBRATION, calibration.TITLE, drawn, calibration.CAPTION, twin, 320)
    return [_past(tests), html.Div([capture, chances], className="pair"), *fit]


def chosen(results: Finished, table: str) -> pd.DataFrame:
    """The rows of `cutoffs` or `calibration` on the chosen model; a test in which it was not reached has none."""
    rows = results.segmentation.table("backtest", table)
    model = results.segmentation.facts("backtest")["chosen_model"]
    kept: pd.DataFrame = rows[(rows["model"] == model) & rows.get("converged", True)]
    return kept


def _grade(asked: str, graded: Mapping[str, str]) -> Component:
    words, picture = GRADES[graded["grade"]]
    return html.Article(
        [
            html.H3(glossary.explained(asked)),
            html.P([components.icon(picture), f" {words}"], className="verdict-grade"),
            html.P(graded["sentence"]),
        ],
        className=f"verdict verdict-{graded['grade']}",
    )


def _total(results: Finished) -> Component:
    total = results.segmentation.models()["total_6m"]
    low, high = total["low"], total["high"]
    sure = "" if low is None else f"{formats.money(low)} to {formats.money(high)}"
    return html.Article(
        [
            html.H3(glossary.explained("Range", "Expected in the next 6 months")),
            html.P(formats.money(total["expected"]), className="verdict-grade"),
            html.P([html.Strong(sure), " in eight of ten cases, by how far past tests were off."] if sure else ""),
        ],
        className="verdict verdict-total",
    )


def _value_map(results: Finished) -> Component:
    surface = results.segmentation.value_surface()
    drawn = value_map.figure(surface.grid, results.value)
    twin = panels.table(value_map.readable(surface.grid), value_map.TITLE)
    return panels.chart(MAP, value_map.TITLE, drawn, value_map.caption(surface.usual_order), twin, 400)


def _expected_orders(results: Finished) -> Component:
    drawn = expected_orders.figure(results.value)
    twin = panels.table(expected_orders.readable(results.value), expected_orders.TITLE)
    return panels.chart(MATRIX, expected_orders.TITLE, drawn, expected_orders.CAPTION, twin, 400)


def _past(tests: pd.DataFrame) -> Component:
    graphs = {
        PAST[measure]: (words, past_forecasts.figure(tests, measure))
        for measure, words in past_forecasts.MEASURES.items()
    }
    twin = panels.table(past_forecasts.readable(tests), past_forecasts.TITLE)
    return _together(past_forecasts.TITLE, graphs, past_forecasts.CAPTION, twin)


def _tracking(results: Finished) -> Component:
    weeks = results.segmentation.table("backtest", "tracking")
    graphs = {
        TRACKING[measure]: (words, tracking.figure(weeks, measure)) for measure, words in tracking.MEASURES.items()
    }
    twin = panels.table(tracking.readable(weeks), tracking.TITLE)
    return _together(tracking.TITLE, graphs, tracking.CAPTION, twin)


def _counts(results: Finished) -> Component:
    counts = results.segmentation.table("backtest", "order_counts")
    twin = panels.table(order_counts.readable(counts), order_counts.TITLE)
    drawn = order_counts.figure(counts)
    return panels.chart(COUNTS, order_counts.TITLE, drawn, order_counts.CAPTION, twin, 300)


def _together(title: str, graphs: Mapping[str, tuple[str, go.Figure]], caption: str, twin: Component) -> Component:
    """Small charts side by side under one title, with one caption and one table."""
    drawn = [panels.small_chart(id, words, figure, 300) for id, (words, figure) in graphs.items()]
    body = [html.Div(drawn, className="pair"), html.P(caption, className="caption"), panels.folded("As a table", twin)]
    return components.section(title, body)
