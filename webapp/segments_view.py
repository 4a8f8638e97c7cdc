"""What the Model page shows of the segments: who they are, by which rule, where they lie, and what sets them apart.

What follows the method and k is plain HTML, which the browser paints in a small part of the time of a chart. Of the map
only the numbers of the segments come from the server, and the browser paints its points anew.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component

from webapp import (
    badges,
    components,
    controls,
    formats,
    ids,
    markup,
    panels,
    points,
    profile_card,
    segment_rules,
    segment_tree,
)
from webapp.charts import profile_heat, segment_map, segment_shares
from webapp.finished import Finished, at_hand
from webapp.views import View

if TYPE_CHECKING:
    import pandas as pd

NAME, TITLE = "segments", "Segments"
CARDS, MAP, SHARES, RULES, HEAT = "model-cards", "model-map", "model-shares", "model-rules", "model-heat"
SHARES_TWIN = f"{SHARES}-twin"
HTML = (CARDS, SHARES, SHARES_TWIN, RULES, HEAT)
PLACES = {
    **dict.fromkeys(HTML, markup.HTML),
    MAP: "dots.cover",
    segment_tree.DRAWING: "tree.follow",
    profile_card.SEEN: "segments.follow",
}
ACROSS, UP, COLOUR = "model-map-across", "model-map-up", "model-map-colour"
WAY, POINTS, CROWDS, ASKED = "model-map-way", "model-map-points", "model-map-crowds", "model-map-asked"
TRUST, SWITCH = "trust", "model-view"  # where badges lead, and the switch that leads there
_WAYS = [{"label": words, "value": way} for way, words in segment_map.WAYS.items()]
MAP_TOLD = "The segments it shows are described in one sentence each beside it."
FEW = 50  # customers: nobody of a segment this small is left out of a sample


def area(results: Finished, view: View) -> list[Component]:
    """The segments under a settled view."""
    shown = redrawn(results, view)

    def place(id: str) -> Component:
        return markup.kept(shown[id], id=id)

    shares = [place(SHARES), html.P(segment_shares.CAPTION, className="caption"), *_folded_table(place(SHARES_TWIN))]
    return [
        place(CARDS),
        components.section(segment_shares.TITLE, shares),
        html.Div([_map_card(results, view), segment_rules.section(place(RULES))], className="pair"),
        *segment_tree.card(results, view),
        profile_card.card(place(HEAT), view),
    ]


def _folded_table(table: Component) -> list[Component]:
    return [html.Details([html.Summary("As a table"), table], className="fold")]


def _map_card(results: Finished, view: View) -> Component:
    choices = html.Div(
        [
            controls.selected(ACROSS, "Across", segment_map.AXES, segment_map.LIKENESS),
            controls.selected(UP, "Up", segment_map.AXES, segment_map.LIKENESS),
            controls.selected(COLOUR, "Colour", segment_map.COLOURS, segment_map.SEGMENT),
        ],
        className="map-choices",
    )
    first = segment_map.LIKENESS
    chart = panels.bare_chart(
        MAP, segment_map.TITLE, segment_map.figure(on_the_map(results, view), results.names(view)), 430, MAP_TOLD
    )
    told = html.P(map_caption(results, first, first), id=f"{MAP}-caption", className="caption")
    way = html.Div(controls.segmented(WAY, "Shown as", _WAYS, segment_map.POINTS), className="profile-ways")
    places = [html.Div([chart, told], id=POINTS), html.Div(id=CROWDS, hidden=True)]
    stores = [dcc.Store(id=ASKED)]
    return components.section(segment_map.TITLE, [choices, *places, *stores], actions=way)


def on_the_map(results: Finished, view: View) -> pd.DataFrame:
    """The customers who are drawn, with their segments and their places on the map."""
    drawn = results.once("map-drawn", lambda: _drawn(results))
    return drawn.assign(Segment=results.labels(view)[drawn.index])


def _drawn(results: Finished) -> pd.DataFrame:
    """The same customers whatever the segments, so that these change colours only."""
    labels = results.label_table.drop(columns="CustomerID")
    return _placed(results)[points.sampled(labels, FEW)]


def _placed(results: Finished) -> pd.DataFrame:
    """All customers with their places on the map."""
    places = results.segmentation.map_places().set_index("CustomerID").reindex(results.customers["CustomerID"])
    there = {column: places[column].to_numpy() for column in (segment_map.ACROSS, segment_map.UP)}
    return results.customers.assign(**there)


def crowded(results: Finished, view: View, across: str, up: str) -> list[Component]:
    """The map without a point: where most of each segment lie, of all customers."""
    return results.once((CROWDS, view.method, view.k, across, up), lambda: _crowded(results, view, across, up))


def _crowded(results: Finished, view: View, across: str, up: str) -> list[Component]:
    placed = results.once("map-all", lambda: _placed(results))
    chart = segment_map.crowds(placed.assign(Segment=results.labels(view)), results.names(view), across, up)
    caption = f"{segment_map.CROWDED} {formats.plural(len(placed), 'customer')}."
    graph = panels.bare_chart(f"{CROWDS}-chart", segment_map.TITLE, chart, 430, MAP_TOLD)
    return [graph, html.P(caption, className="caption")]


def map_caption(results: Finished, across: str, up: str) -> str:
    """What the axes mean, and how many customers the points stand for."""
    told = results.once("map-words", results.segmentation.map_words)
    note = points.counted(len(results.once("map-drawn", lambda: _drawn(results))), len(results.customers))
    return segment_map.caption(across, up, told["words"], told["explained"], note)


def redrawn(results: Finished, view: View) -> dict[str, Any]:
    """Every part under another settled view, by id."""
    cards = (CARDS, view, results.tested(view) is not None)
    return {
        **results.once((NAME, view), lambda: _redrawn(results, view)),
        CARDS: results.once(cards, lambda: _cards(results, view)),
    }


def _redrawn(results: Finished, view: View) -> dict[str, Any]:
    names, summary = results.names(view), results.summary(view)
    parts = {
        SHARES: segment_shares.bars(summary, names),
        SHARES_TWIN: panels.summary_table(summary, names),
        RULES: segment_rules.listed(results.segmentation.rules(view.method, view.k), names),
        HEAT: profile_heat.table(results.in_segments(view), names),
    }
    return {
        **{id: markup.source(part) for id, part in parts.items()},
        MAP: points.painted(on_the_map(results, view)["Segment"].tolist(), names),
        segment_tree.DRAWING: segment_tree.shown(view),
        profile_card.SEEN: profile_card.seen(view),
    }


def _cards(results: Finished, view: View) -> str:
    """The cards, each with its badge, and where to read about it."""
    why = replace(view, view=TRUST).address("/model")
    marks = {number: badges.on_a_card(own, why, SWITCH, TRUST) for number, own in results.health(view).items()}
    return markup.source(panels.segment_cards(results.summary(view), results.named(view), marks))


def map_redrawn(results: Finished, view: View, across: str, up: str, colour: str, same_axes: bool) -> tuple[Any, Any]:
    """What changes of the map and its caption where it is asked for other colours, or for other axes."""
    customers = on_the_map(results, view)
    if same_axes:
        return segment_map.recoloured(customers, colour), no_update
    return segment_map.moved(customers, across, up), map_caption(results, across, up)


def register(app: Dash) -> None:
    """Wire the map: other segments are other colours, which the browser paints; axes and measures are asked for."""
    segment_tree.register(app)
    profile_card.register(app)
    base, method, k = (
        State(ids.MODEL_BASE, "data"),
        State(ids.MODEL_METHOD, "value"),
        State(ids.MODEL_K, "value"),
    )

    app.clientside_callback(
        ClientsideFunction("segments", "map"),
        Output(ASKED, "data"),
        Output(POINTS, "hidden"),
        Output(CROWDS, "hidden"),
        Output(COLOUR, "disabled"),
        Input(WAY, "value"),
        Input(ACROSS, "value"),
        Input(UP, "value"),
        State(profile_card.SEEN, "data"),
        prevent_initial_call=True,
    )

    @app.callback(Output(CROWDS, "children"), Input(ASKED, "data"), base, prevent_initial_call=True)
    def draw_crowds(asked: dict[str, Any], base: dict[str, Any]) -> list[Component]:
        view = View.from_address(base["data"], base["recipe"], method=asked["method"], k=asked["k"])
        results = at_hand(view)
        return crowded(results, results.settled(view), asked["across"], asked["up"])

    @app.callback(
        Output(MAP, "figure"),
        Output(f"{MAP}-caption", "children"),
        Input(ACROSS, "value"),
        Input(UP, "value"),
        Input(COLOUR, "value"),
        base,
        method,
        k,
        prevent_initial_call=True,
    )
    def redraw_map(across: str, up: str, colour: str, base: dict[str, Any], method: str, k: int) -> tuple[Any, Any]:
        view = View.from_address(base["data"], base["recipe"], method=method, k=k)
        results = at_hand(view)
        return map_redrawn(results, results.settled(view), across, up, colour, ctx.triggered_id == COLOUR)
