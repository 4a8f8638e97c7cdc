"""What the Model page shows of finished results, and what of it changes with the method and the number of segments."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from pipeline.segmentation import STAGES
from webapp import components, controls, formats, markup, model_card, model_document, panels, points, value_view, views
from webapp.charts import k_evaluation, profile_heat, segment_map, segment_shares
from webapp.finished import Finished
from webapp.views import View

METHOD, K, NEXT = "model-method", "model-k", "model-next"
CARDS, MAP, SHARES, HEAT, CARD = "model-cards", "model-map", "model-shares", "model-heat", "model-card"
QUALITY = {measure: f"model-{measure}" for measure in k_evaluation.MEASURES}
VIEW, VIEWS, VALUE = "model-view", "model-views", "model-value"
OF_DATA = tuple(stage for stage in STAGES if stage not in value_view.STAGES)
VIEW_TITLES = {views.SEGMENTS: "Segments", views.VALUE: "Value"}
DOWNLOADS = {kind: f"model-card-{kind}" for kind in model_document.KINDS}


def results_area(results: Finished, view: View) -> list[Component]:
    """Everything that finished results show under a settled view: segments or value, and what is told of both."""
    parts = [
        html.Div(segments_area(results, view), className="stack of-segments"),
        html.Div(value_view.area(results), id=VALUE, className="stack of-value"),
        html.Div([about(results, view), html.Div(coverage(results), className="of-segments")], className="pair"),
    ]
    return [
        switch(view),
        html.Div(parts, id=VIEWS, className=shows(view.view)),
    ]


def switch(view: View) -> Component:
    """Which of the two views shows: a change hides one and shows the other."""
    options = [{"label": title, "value": name} for name, title in VIEW_TITLES.items()]
    return html.Div(controls.segmented(VIEW, "View", options, view.view), className="view-switch")


def shows(view: str) -> str:
    """The class under which the style sheet shows one view and hides the other."""
    return f"stack shows-{view}"


def segments_area(results: Finished, view: View) -> list[Component]:
    """The segments under a settled view."""
    customers, names, summary = results.in_segments(view), results.names(view), results.summary(view)
    table = panels.summary_table(summary, names)
    drawn = segment_map.figure(customers)
    map_card = panels.chart(MAP, segment_map.TITLE, drawn, map_caption(customers), table, 430)
    drawn = segment_shares.figure(summary, names)
    shares = panels.chart(SHARES, segment_shares.TITLE, drawn, segment_shares.CAPTION, table, 150)
    drawn = profile_heat.figure(customers, names)
    heat = panels.chart(HEAT, profile_heat.TITLE, drawn, profile_heat.CAPTION, heat_twin(customers), None)
    return [
        toolbar(results, view),
        markup.still(panels.segment_cards(summary), id=CARDS),
        shares,
        html.Div([map_card, heat], className="pair"),
        quality(results, view),
    ]


def toolbar(results: Finished, view: View) -> Component:
    """What changes at once: the method and the number of segments."""
    methods = [{"label": title, "value": name} for name, title in results.titles.items()]
    ks = [{"label": str(k), "value": k} for k in results.ks]
    return html.Div(
        [
            controls.segmented(METHOD, "Method", methods, view.method),
            controls.segmented(K, "Segments", ks, view.k),
            html.Span([components.icon("lightning-charge-fill"), " Shows at once"], className="at-once"),
        ],
        className="toolbar",
    )


def map_caption(customers: Any) -> str:
    """The map's caption, and how many customers its points stand for."""
    return f"{segment_map.CAPTION} {points.note(customers)}."


def heat_twin(customers: Any) -> Component:
    """The heat map's factors as a table."""
    factors = profile_heat.relative(customers).T
    shown = factors.map(lambda factor: formats.number(factor, 2)).rename(columns=lambda label: f"Segment {label}")
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
    assert view.k is not None
    return k_evaluation.figure(results.evaluation, measure, results.titles, view.method, view.k)


def about(results: Finished, view: View) -> Component:
    """The run in words, what to know before trusting it, and the value models' parameters."""
    told = markup.still(panels.sentences(model_card.sentences(results, view)), id=CARD)
    title = "Parameters of the value models"
    table = panels.table(model_card.parameters(results.segmentation.models()), title, ("Model", "Parameter"))
    of_data = [sentence for stage in OF_DATA for sentence in results.segmentation.facts(stage)["warnings"]]
    of_value = html.Div(components.notes(value_view.caveats(results)), className="of-segments")
    card = html.Div(
        ["The whole as a model card, to file or to hand on: ", *card_links(view)],
        className="caption card-links",
    )
    return components.section(
        "About this model", [told, components.notes(of_data), of_value, panels.folded(title, table), card]
    )


def card_links(view: View) -> list[Component]:
    """The model card of a settled view as files."""
    return [
        html.A(
            [components.icon("download"), f" {kind.upper()}"],
            id=DOWNLOADS[kind],
            href=view.address(path),
            download="",
            className="btn btn-sm btn-outline-secondary",
        )
        for kind, path in model_document.KINDS.items()
    ]


def coverage(results: Finished) -> Component:
    """How much of the revenue the keyword map puts into a category, and what it misses most."""
    facts = results.segmentation.coverage()
    if not facts["coverage"]:
        return components.section("Product categories", html.P(model_card.NOT_DESCRIBED))
    table = model_card.coverage(facts)
    shares = dict(zip(table["Category"], table["Share"], strict=True))
    other = model_card.CATEGORY_WORDS["Other"]
    told = f"Keywords put {formats.share(1 - shares.get(other, 0.0))} of the revenue into a category."
    missed = panels.table(model_card.unmatched(facts), "Largest descriptions without a category")
    largest = html.Div([html.H3("Largest without a category"), missed], className="largest")
    body = html.Div([html.P(told), panels.bars(shares, quiet=(other,)), largest])
    return components.section(
        "Product categories", markup.still(body), help="The keyword map is a setting: change it under All settings."
    )


def redrawn(results: Finished, settled: View) -> dict[str, Any]:
    """Everything but the map under another settled view, by id."""
    customers, names, summary = results.in_segments(settled), results.names(settled), results.summary(settled)
    table = markup.source(panels.summary_table(summary, names))
    return {
        CARDS: markup.source(panels.segment_cards(summary)),
        f"{MAP}-twin": table,
        SHARES: segment_shares.figure(summary, names),
        f"{SHARES}-twin": table,
        HEAT: profile_heat.figure(customers, names),
        f"{HEAT}-twin": markup.source(heat_twin(customers)),
        CARD: markup.source(panels.sentences(model_card.sentences(results, settled))),
        **{id: quality_figure(results, settled, measure) for measure, id in QUALITY.items()},
        **{DOWNLOADS[kind]: settled.address(path) for kind, path in model_document.KINDS.items()},
        NEXT: settled.address("/explore"),
    }
