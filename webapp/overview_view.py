"""The overview on the Explore page: what the customers in the filter are worth, in which segments, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, html, no_update
from dash.development.base_component import Component

from pipeline.profiles.insights import insights
from pipeline.profiles.summary import segment_summary
from webapp import components, formats, markup, panels, points, reach, views, worth_acting
from webapp.charts import country_revenue, monetary_value, recency_frequency, value_box
from webapp.finished import Finished
from webapp.views import View

if TYPE_CHECKING:
    import pandas as pd

NAME, TITLE = "segments", "Overview"
KPIS, SUMMARY, INSIGHTS, REACH = "explore-kpis", "explore-summary", "explore-insights", "explore-reach"
FIRST, SECOND, BOX, COUNTRIES = "explore-recency", "explore-monetary", "explore-value", "explore-countries"
CHARTS = {
    FIRST: (recency_frequency.TITLE, 420),
    SECOND: (monetary_value.TITLE, 420),
    BOX: (value_box.TITLE, 420),
    COUNTRIES: (country_revenue.TITLE, None),
}
PLACES = {
    **dict.fromkeys((KPIS, SUMMARY, INSIGHTS, REACH), "children"),
    **dict.fromkeys(CHARTS, "figure"),
    **{f"{id}-{part}": "children" for id in CHARTS for part in ("caption", "twin")},
}


def area(results: Finished, view: View) -> list[Component]:
    """The whole view of a settled view; empty places where its filters leave nobody."""
    drawn = {id: None if shown is no_update else shown for id, shown in redrawn(results, view).items()}

    def place(id: str, **props: Any) -> Component:
        return markup.kept(drawn[id] or "", id=id, **props)

    cards = [
        panels.chart(id, title, drawn[id], drawn[f"{id}-caption"], html.Div(), height)
        for id, (title, height) in CHARTS.items()
    ]
    for card, id in zip(cards, CHARTS, strict=True):
        card[f"{id}-twin"].children = drawn[f"{id}-twin"]
    return [
        place(KPIS),
        components.section("What stands out", place(INSIGHTS, className="stands-out")),
        components.section("Segments", place(SUMMARY), help="Averages per customer."),
        components.section(reach.TITLE, place(REACH), help=reach.HELP),
        html.Div(cards, className="pair"),
    ]


def redrawn(results: Finished, view: View) -> dict[str, Any]:
    """What every part shows under a settled view, by its id; `no_update` where nobody is left."""
    everyone = results.in_segments(view)
    customers = views.selected(everyone, view)
    if customers.empty:
        return dict.fromkeys(PLACES, no_update)
    names = results.names(view)
    summary = segment_summary(customers.drop(columns="Segment"), customers["Segment"])
    averages = markup.source(panels.summary_table(summary, names))
    told = insights(summary, names, len(customers), len(everyone), formats.money)
    return {
        KPIS: markup.source(panels.kpis(customers, everyone)),
        SUMMARY: averages,
        REACH: markup.source(reach.table(results, view)),
        INSIGHTS: markup.source([panels.sentences(told), worth_acting.listed(results, view)]),
        **charts(customers, names, averages),
    }


def charts(customers: pd.DataFrame, names: dict[int, str], averages: str) -> dict[str, Any]:
    """The four charts with their captions and table twins, by id; `averages` is the twin of the scatters."""
    note = points.note(customers)
    return {
        FIRST: recency_frequency.figure(customers, names),
        f"{FIRST}-caption": f"{recency_frequency.CAPTION} {note}.",
        f"{FIRST}-twin": averages,
        SECOND: monetary_value.figure(customers, names),
        f"{SECOND}-caption": f"{monetary_value.CAPTION} {note}.",
        f"{SECOND}-twin": averages,
        BOX: value_box.figure(customers, names),
        f"{BOX}-caption": value_box.CAPTION,
        f"{BOX}-twin": markup.source(panels.table(value_box.readable(customers, names), value_box.TITLE)),
        COUNTRIES: country_revenue.figure(customers),
        f"{COUNTRIES}-caption": country_revenue.caption(customers),
        f"{COUNTRIES}-twin": markup.source(panels.table(country_revenue.readable(customers), country_revenue.TITLE)),
    }


def register(app: Dash) -> None:
    """Nothing happens inside the view that the page's controls do not do."""
