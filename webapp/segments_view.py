"""What the Model page shows of the segments: who they are, where they lie, and which number of them fits."""

from __future__ import annotations

from typing import Any

from dash import Dash, html
from dash.development.base_component import Component

from webapp import components, formats, markup, panels, points
from webapp.charts import k_evaluation, profile_heat, segment_map, segment_shares
from webapp.finished import Finished
from webapp.views import View

NAME, TITLE = "segments", "Segments"
CARDS, MAP, SHARES, HEAT = "model-cards", "model-map", "model-shares", "model-heat"
QUALITY = {measure: f"model-{measure}" for measure in k_evaluation.MEASURES}
PLACES = {
    **dict.fromkeys((MAP, SHARES, HEAT, *QUALITY.values()), "figure"),
    **dict.fromkeys((CARDS, f"{MAP}-twin", f"{SHARES}-twin", f"{HEAT}-twin"), "children"),
}


def area(results: Finished, view: View) -> list[Component]:
    """The segments under a settled view."""
    customers, names, summary = results.in_segments(view), results.names(view), results.summary(view)
    table = panels.summary_table(summary, names)
    drawn = segment_map.figure(customers)
    map_card = panels.chart(MAP, segment_map.TITLE, drawn, map_caption(customers), table, 430)
    drawn = segment_shares.figure(summary, names)
    shares = panels.chart(SHARES, segment_shares.TITLE, drawn, segment_shares.CAPTION, table, 150)
    drawn = profile_heat.figure(customers, names)
    heat = panels.chart(HEAT, profile_heat.TITLE, drawn, profile_heat.CAPTION, heat_twin(customers, names), None)
    return [
        markup.still(panels.segment_cards(summary, results.named(view)), id=CARDS),
        shares,
        html.Div([map_card, heat], className="pair"),
        quality(results, view),
    ]


def map_caption(customers: Any) -> str:
    """The map's caption, and how many customers its points stand for."""
    return f"{segment_map.CAPTION} {points.note(customers)}."


def heat_twin(customers: Any, names: dict[int, str]) -> Component:
    """The heat map's factors as a table."""
    factors = profile_heat.relative(customers).T
    shown = factors.map(lambda factor: formats.number(factor, 2)).rename(columns=names)
    shown.insert(0, "Average", [profile_heat.MEASURES[name] for name in factors.index])
    return panels.table(shown, profile_heat.TITLE)


def quality(results: Finished, view: View) -> Component:
    """The k evaluation: a small chart per measure, and all figures as a table."""
    graphs = [
        panels.small_chart(QUALITY[measure], words, quality_figure(results, view, measure))
        for measure, words in k_evaluation.MEASURES.items()
    ]
    twin = panels.table(k_evaluation.twin(results.evaluation, results.titles), k_evaluation.TITLE)
    caption = html.P(k_evaluation.CAPTION, className="caption")
    body = [html.Div(graphs, className="triple"), caption, panels.folded("As a table", twin)]
    return components.section(k_evaluation.TITLE, body)


def quality_figure(results: Finished, view: View, measure: str) -> Any:
    """One measure over k, the view's method and k marked."""
    return k_evaluation.figure(results.evaluation, measure, results.titles, view.method, view.k)


def redrawn(results: Finished, view: View) -> dict[str, Any]:
    """Every part under another settled view, by id; of the map only the colours change."""
    return results.once((NAME, view), lambda: _redrawn(results, view))


def _redrawn(results: Finished, view: View) -> dict[str, Any]:
    customers, names, summary = results.in_segments(view), results.names(view), results.summary(view)
    table = markup.source(panels.summary_table(summary, names))
    return {
        CARDS: markup.source(panels.segment_cards(summary, results.named(view))),
        MAP: segment_map.recoloured(customers),
        f"{MAP}-twin": table,
        SHARES: segment_shares.figure(summary, names),
        f"{SHARES}-twin": table,
        HEAT: profile_heat.figure(customers, names),
        f"{HEAT}-twin": markup.source(heat_twin(customers, names)),
        **{id: quality_figure(results, view, measure) for measure, id in QUALITY.items()},
    }


def register(_: Dash) -> None:
    """Nothing happens inside this view by itself."""
