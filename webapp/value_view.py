"""What the Model page shows of value: how far to believe it, who is worth what, and how it came out before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from dash import ALL, MATCH, ClientsideFunction, Dash, Input, Output, State, html
from dash.development.base_component import Component

from pipeline.report import past_tests
from webapp import components, customer_view, formats, glossary, ids, later, markup, panels
from webapp.charts import (
    best_customers,
    calibration,
    expected_orders,
    order_counts,
    past_forecasts,
    tracking,
    value_map,
)
from webapp.finished import Finished, at_hand
from webapp.horizon import Horizon
from webapp.views import VALUE, View

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

NAME, TITLE = VALUE, "Value"
PLACES: dict[str, str] = {}
MAP, MATRIX, CAPTURE, CALIBRATION = "value-map", "value-matrix", "value-capture", "value-calibration"
COUNTS, VERDICT, EVIDENCE = "value-counts", "value-verdict", "value-evidence"
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
CUSTOMER, TESTED = "customer", ("capture", "calibration")
UNTESTED = "Without a range: no past test tells how far off it may be."
EVIDENCE_TITLE = "How the forecast did in the past"


def area(results: Finished, _: View) -> list[Component]:
    """The whole value view: the verdict at once, and the places of all that is drawn when it comes into view.

    Nothing in it depends on the method or the number of segments.
    """
    worth = [later.place("map", value_map.TITLE), later.place("matrix", expected_orders.title(results.horizon))]
    return [
        verdict(results),
        html.Div(worth, className="pair"),
        later.place(CUSTOMER, customer_view.TITLE),
        _folded_evidence(results),
    ]


def redrawn(_: Finished, __: View) -> dict[str, Any]:
    """Nothing: value is of customers, whatever segments they are in."""
    return {}


def register(app: Dash) -> None:
    """Wire the parts that come when they are seen, and the customer who is looked at."""
    base, late = State(ids.MODEL_BASE, "data"), {"prevent_initial_call": True}
    watch = ClientsideFunction("later", "watch")
    app.clientside_callback(watch, Output(VERDICT, "title"), Input(later.part_id(ALL), "id"))

    @app.callback(Output(later.part_id(MATCH), "children"), Input(later.asked_id(MATCH), "data"), base, **late)
    def draw_part(name: str, base: dict[str, Any]) -> Any:
        view = View.from_address(**base)
        return part(at_hand(view), name, view.customer)

    customer_view.register(app, base)


def parts(results: Finished) -> list[str]:
    """The names of the parts, in the order in which people come to them."""
    names = [name for name in PARTS if name not in TESTED or not chosen(results, "cutoffs").empty]
    return [*names[:2], CUSTOMER, *names[2:]]


def part(results: Finished, name: str, customer: str) -> Component:
    """A part whose place `area` keeps; `customer` is the one to look at first, or empty."""
    if name == CUSTOMER:
        return customer_view.section(results, customer)
    return results.once(("value", name), lambda: PARTS[name](results))


def _folded_evidence(results: Finished) -> Component:
    """How it came out before, to unfold: what can be tested, and how well the model describes what happened."""
    past = {"past": past_forecasts.TITLE}
    if not chosen(results, "cutoffs").empty:
        past |= {"capture": best_customers.TITLE, "calibration": calibration.TITLE}
    first, *pair = [later.place(name, title) for name, title in past.items()]
    rest = [later.place("tracking", tracking.TITLE), later.place("counts", order_counts.TITLE)]
    inside = [first, *([html.Div(pair, className="pair")] if pair else []), *rest]
    told = "The tests one by one, the weeks as they came, and how often customers order."
    heading = html.Div([html.H2(EVIDENCE_TITLE), html.Span(told, className="section-help")])
    body = html.Div([markup.still(panels.sentences(_how_tested(results))), *inside], className="stack")
    return html.Details([html.Summary(heading), body], className="section evidence", id=EVIDENCE)


def _how_tested(results: Finished) -> list[str]:
    """What the past tests are and what they decided, in the sentences that the verdict leaves out."""
    facts = results.segmentation.facts("backtest")
    told = [sentence for sentence in facts["sentences"] if sentence not in _on_cards(facts)]
    return [*told[1:], facts["chosen_because"]]


def _on_cards(facts: Mapping[str, Any]) -> list[str]:
    return [graded["sentence"] for graded in facts["grades"].values()]


def verdict(results: Finished) -> Component:
    """How far to believe the forecast: what the past tests found, what to plan with, the total, and two grades."""
    facts = results.segmentation.facts("backtest")
    cards = [_grade(asked, facts["grades"][key]) for key, asked in ASKED.items()]
    on_cards = _on_cards(facts)
    first = next((told for told in facts["sentences"] if told not in on_cards), facts["reason"])
    body = [
        html.P(first, className="verdict-first"),
        html.P(results.segmentation.planning(), className="verdict-plan"),
        html.Div([_total(results), *cards], className="verdicts"),
    ]
    told = [markup.still(body, id=VERDICT), components.notes(caveats(results))]
    return components.section("How far to believe the forecast", told)


def caveats(results: Finished) -> list[str]:
    """What limits the forecast, in sentences."""
    return [sentence for stage in STAGES for sentence in results.segmentation.facts(stage)["warnings"]]


def chosen(results: Finished, table: str) -> pd.DataFrame:
    """The rows of `cutoffs` or `calibration` on the chosen model; a test in which it was not reached has none."""
    return past_tests.chosen(results.segmentation, table)


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
    models, ahead = results.segmentation.models(), results.horizon
    total = models[ahead.total]
    low, high = total["low"], total["high"]
    sure = "" if low is None else f"{formats.money(low)} to {formats.money(high)}"
    is_beyond = sure and results.segmentation.backtest()["untested_peak"] is not None
    tests = "past tests were off, none of which stood on a peak" if is_beyond else "past tests were off"
    usual = "" if ahead.is_usual else f"In {Horizon().length}: {formats.money(models[Horizon().total]['expected'])}."
    return html.Article(
        [
            html.H3(glossary.explained("Range", f"Expected in {ahead.ahead}")),
            html.P(formats.money(total["expected"]), className="verdict-grade"),
            html.P([html.Strong(sure), f" in eight of ten cases, by how far {tests}."] if sure else UNTESTED),
            html.P(usual) if usual else None,
        ],
        className="verdict verdict-total",
    )


def _value_map(results: Finished) -> Component:
    surface, ahead = results.segmentation.value_surface(), results.horizon
    drawn = value_map.figure(surface.grid, results.value, ahead)
    twin = panels.table(value_map.readable(surface.grid, ahead), value_map.TITLE)
    return panels.chart(MAP, value_map.TITLE, drawn, value_map.caption(surface.usual_order, ahead), twin, 400)


def _expected_orders(results: Finished) -> Component:
    ahead = results.horizon
    title, drawn = expected_orders.title(ahead), expected_orders.figure(results.value, ahead)
    twin = panels.table(expected_orders.readable(results.value, ahead), title)
    return panels.chart(MATRIX, title, drawn, expected_orders.CAPTION, twin, 400)


def _past(results: Finished) -> Component:
    tests = chosen(results, "cutoffs")
    if tests.empty:
        return components.section(past_forecasts.TITLE, html.P(results.segmentation.facts("backtest")["reason"]))
    graphs = {
        PAST[measure]: (words, past_forecasts.figure(tests, measure))
        for measure, words in past_forecasts.MEASURES.items()
    }
    twin = panels.table(past_forecasts.readable(tests), past_forecasts.TITLE)
    return _together(past_forecasts.TITLE, graphs, past_forecasts.CAPTION, twin)


def _capture(results: Finished) -> Component:
    tests = chosen(results, "cutoffs")
    twin = panels.table(best_customers.readable(tests), best_customers.TITLE)
    drawn = best_customers.figure(tests)
    return panels.chart(CAPTURE, best_customers.TITLE, drawn, best_customers.CAPTION, twin, 320)


def _calibration(results: Finished) -> Component:
    groups = chosen(results, "calibration")
    twin = panels.table(calibration.readable(groups), calibration.TITLE)
    return panels.chart(CALIBRATION, calibration.TITLE, calibration.figure(groups), calibration.CAPTION, twin, 320)


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


PARTS: Mapping[str, Callable[[Finished], Component]] = {
    "map": _value_map,
    "matrix": _expected_orders,
    "past": _past,
    "capture": _capture,
    "calibration": _calibration,
    "tracking": _tracking,
    "counts": _counts,
}
"""What stands in the places of the view, but for the customer."""
