"""The overview on the Explore page: what the customers in the filter are worth, in which segments, and where."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from dash import ClientsideFunction, Dash, Input, Output, dcc, html, no_update
from dash.development.base_component import Component

from pipeline.audience.choice import chosen
from pipeline.profiles.summary import segment_summary
from webapp import (
    components,
    explore_cards,
    filters,
    formats,
    markup,
    pace,
    panels,
    points,
    segment_facts,
    value_pace,
    worth_acting,
)
from webapp.charts import country_revenue, monetary_value, recency_frequency, value_box
from webapp.finished import Finished
from webapp.views import View

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

NAME, TITLE = "segments", "Overview"
KPIS, SUMMARY, INSIGHTS = "explore-kpis", "explore-summary", "explore-insights"
CARDS = "explore-cards"
FIRST, SECOND, BOX, COUNTRIES = "explore-recency", "explore-monetary", "explore-value", "explore-countries"
SCATTERS = {FIRST: recency_frequency.TITLE, SECOND: monetary_value.TITLE}
STILL = {BOX: value_box.TITLE, COUNTRIES: country_revenue.TITLE}
HEIGHT = 420
DOTS, PAINTED = "explore-dots", "explore-painted"
AVERAGES = "Averages (means) per customer; the cards below tell of the customer in the middle (the median)."
FEW = 50  # customers: nobody of a segment this small is left out of a sample
DRAWN_IN: dict[str, dict[str, Any]] = {
    FIRST: {"outline": "outline_orders", "box": (("recency", True), ("frequency", True))},
    SECOND: {"outline": "outline_value", "box": (("monetary", False), ("clv", False))},
}
"""What a lasso and a box in a scatter set: parts of a view; of a box to the right and upwards, and whether whole."""

PLACES = {
    **dict.fromkeys((KPIS, SUMMARY, INSIGHTS, CARDS, *STILL), markup.HTML),
    DOTS: "data",
    **{f"{id}-caption": "children" for id in (*SCATTERS, *STILL)},
    **{f"{id}-twin": markup.HTML for id in (*SCATTERS, *STILL)},
}


def area(results: Finished, view: View) -> list[Component]:
    """The whole view of a settled view; empty places where its filters leave nobody."""
    drawn = {id: None if shown is no_update else shown for id, shown in redrawn(results, view).items()}

    def place(id: str, **props: Any) -> Component:
        return markup.kept(drawn[id] or "", id=id, **props)

    def parts(id: str) -> tuple[Any, Any]:
        return drawn[f"{id}-caption"] or "", drawn[f"{id}-twin"] or ""

    scatters = [
        panels.selecting(panels.chart(id, title, of_everyone(results, view, id), *parts(id), HEIGHT), id)
        for id, title in SCATTERS.items()
    ]
    still = [panels.still_part(id, title, drawn[id] or "", *parts(id)) for id, title in STILL.items()]
    return [
        place(KPIS),
        components.section(worth_acting.TITLE, place(INSIGHTS), help=worth_acting.HELP),
        components.section("Segments", place(SUMMARY), help=AVERAGES),
        components.section(
            explore_cards.TITLE, place(CARDS), help=f"{explore_cards.HELP} {segment_facts.counted_from(results)}"
        ),
        html.Div([*scatters, *still], className="pair"),
        dcc.Store(id=DOTS, data=drawn[DOTS]),
        dcc.Store(id=PAINTED),
    ]


def cards(results: Finished, view: View) -> str:
    """The cards of all segments; only another method, k or test of stability changes them."""
    key = ("explore-cards", view.method, view.k, results.tested(view) is not None)
    return results.once(key, lambda: markup.source(explore_cards.drawn(results, view)))


def _trends(results: Finished, left: pd.DataFrame) -> dict[str, list[Component]]:
    """How orders, revenue and value of the customers in the filter go on, by the label of the card."""
    member = np.zeros(len(results.customers), dtype=bool)
    member[left.index] = True
    own = pace.pace(results, member)
    ordered = html.Div("Those who ordered, by month", className="kpi-note")
    return {
        "Customers": [pace.buyer_bars(own, "Customers who ordered, by month"), ordered],
        "Total revenue": [pace.bars(own, "Revenue by month"), html.Div(own.sentence(), className="kpi-note")],
        "Average CLV": value_pace.trend(results, member),
    }


def of_everyone(results: Finished, view: View, id: str) -> go.Figure:
    """A scatter of all customers, whom `assets/dots.js` paints over with those in the filter."""
    chart = {FIRST: recency_frequency, SECOND: monetary_value}[id]
    customers = _drawn(results)
    figure = chart.figure(customers.assign(Segment=results.labels(view)[customers.index]), results.names(view))
    return figure.update_layout(dragmode="select", hovermode="closest")


def _drawn(results: Finished) -> pd.DataFrame:
    """The same customers whatever the filter, so that points keep their places."""

    def sampled() -> pd.DataFrame:
        return results.customers[points.sampled(results.label_table.drop(columns="CustomerID"), FEW)]

    return results.once("explore-drawn", sampled)


def dots(results: Finished, view: View, left: pd.DataFrame) -> dict[str, Any]:
    """For each point of the scatters its segment, None for who is not in the filter; and what segments look like."""
    shown = _drawn(results)
    labels, kept = results.labels(view)[shown.index].tolist(), shown.index.isin(left.index).tolist()
    segments = [label if is_kept else None for label, is_kept in zip(labels, kept, strict=True)]
    outlines = {id: view.choice.outlined().get(parts["outline"]) for id, parts in DRAWN_IN.items()}
    return {**points.painted(segments, results.names(view)), "outlines": outlines}


def _note(results: Finished, left: pd.DataFrame) -> str:
    """Who the points stand for."""
    drawn, everyone = len(_drawn(results)), len(results.customers)
    if len(left) == everyone:
        return f"{points.counted(drawn, everyone)}."
    told = f"{formats.count(len(left))} of {formats.plural(everyone, 'customer')} are in colour, the others are faint"
    return f"{told}." if drawn == everyone else f"{told}; {formats.count(drawn)} are drawn."


def redrawn(results: Finished, view: View) -> dict[str, Any]:
    """What every part shows under a settled view, by its id; `no_update` where nobody is left."""
    everyone = results.in_segments(view)
    customers = chosen(everyone, view.choice)
    if customers.empty:
        return dict.fromkeys(PLACES, no_update)
    names = results.names(view)
    summary = segment_summary(customers.drop(columns="Segment"), customers["Segment"], everyone)
    averages = markup.source(panels.summary_table(summary, names, of_segment))
    return {
        KPIS: markup.source(panels.kpis(customers, everyone, _trends(results, customers))),
        CARDS: cards(results, view),
        SUMMARY: averages,
        INSIGHTS: worth_acting.drawn(results, view),
        DOTS: dots(results, view, customers),
        **charts(customers, names, markup.source(panels.summary_table(summary, names)), _note(results, customers)),
    }


def of_segment(number: int) -> dict[str, Any]:
    """What a click on a segment does."""
    return filters.setting({"segment": str(number)})


def of_country(country: str) -> dict[str, Any]:
    """What a click on a country does."""
    return filters.setting({"country": country})


def charts(customers: pd.DataFrame, names: dict[int, str], averages: str, note: str) -> dict[str, Any]:
    """What changes of the four charts, by id; `averages` is the twin of the scatters, `note` who their points are."""
    return {
        f"{FIRST}-caption": f"{recency_frequency.CAPTION} {note}",
        f"{FIRST}-twin": averages,
        f"{SECOND}-caption": f"{monetary_value.CAPTION} {note}",
        f"{SECOND}-twin": averages,
        BOX: markup.source(value_box.boxes(customers, names, of_segment)),
        f"{BOX}-caption": value_box.CAPTION,
        f"{BOX}-twin": markup.source(panels.table(value_box.readable(customers, names), value_box.TITLE)),
        COUNTRIES: markup.source(country_revenue.bars(customers, of_country)),
        f"{COUNTRIES}-caption": country_revenue.caption(customers),
        f"{COUNTRIES}-twin": markup.source(panels.table(country_revenue.readable(customers), country_revenue.TITLE)),
    }


def register(app: Dash) -> None:
    """Wire the scatters: a box, a lasso or a click in one filters the page."""
    late = {"prevent_initial_call": True}
    app.clientside_callback(ClientsideFunction("dots", "show"), Output(PAINTED, "data"), Input(DOTS, "data"))
    for id, parts in DRAWN_IN.items():
        told = json.dumps({"chart": id, **parts})
        app.clientside_callback(
            f"(drawn) => window.dash_clientside.explore.selected(drawn, {told})",
            Input(id, "selectedData"),
            **late,
        )
        app.clientside_callback(ClientsideFunction("explore", "clicked"), Input(id, "clickData"), **late)
