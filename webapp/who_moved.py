"""Who moved between segments from one day to another: two dates, a diagram, its matrix, and the movers by value.

The same finished model is applied to the customers as they stood on both days; nothing is fitted, so nobody waits.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import dash_bootstrap_components as dbc
from dash import ClientsideFunction, Dash, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component
from flask import Flask, Response, request

from pipeline.audience import spreadsheets
from pipeline.audience.columns import rounded
from pipeline.errors import PipelineError
from pipeline.profiles.movement import NOT_YET
from pipeline.standing import with_names
from webapp import components, controls, downloads, formats, ids, markup, movers, panels
from webapp.charts import heat_table, moves
from webapp.finished import Finished, at_hand
from webapp.views import View

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.profiles.movement import Movement
    from pipeline.standing import Standing

TITLE = "Who moved"
SINCE, UNTIL, FROM, TO = "moved-since", "moved-until", "moved-from", "moved-to"
KEPT = {"since": SINCE, "until": UNTIL, "gone_from": FROM, "gone_to": TO}
"""Part of a `View` that no other view uses -> what holds it."""

TOLD, BODY, CHART, MATRIX, LIST, TAKE = (
    f"moved-{part}" for part in ("told", "body", "chart", "matrix", "list", "take")
)
PLACES = {
    TOLD: "children",
    BODY: "hidden",
    CHART: "figure",
    MATRIX: markup.HTML,
    FROM: "options",
    TO: "options",
    LIST: "children",
    TAKE: "href",
}
PATH = "/download/moved.csv"
BACK = {30: "30 days", 90: "90 days", 180: "180 days", 365: "A year"}
ANY = "any"
HELP = "Choose two days. The segments are those of this page on both of them; nothing is fitted again."


def card(results: Finished, view: View) -> list[Component]:
    """The dates, and all that follows them."""
    drawn = _NOTHING | {place: part for place, part in redrawn(results, view).items() if part is not no_update}
    chart = panels.bare_chart(CHART, moves.TITLE, drawn[CHART], None, "The matrix below it holds the same numbers.")
    inside = [chart, html.P(CAPTION, className="caption"), markup.kept(drawn[MATRIX], id=MATRIX)]
    fields = [
        controls.selected(place, words, {each["value"]: each["label"] for each in drawn[place]}, chosen)
        for place, words, chosen in (
            (FROM, "From segment", view.gone_from or ANY),
            (TO, "To segment", view.gone_to or ANY),
        )
    ]
    take = components.download("Download these movers", drawn[TAKE], id=TAKE)
    movers = components.section(
        "Who moved, most at stake first",
        [html.Div([*fields, take], className="later-choice"), html.Div(drawn[LIST], id=LIST)],
        help="At stake is what is expected of a customer from the last day of the file on.",
    )
    told = html.Div(drawn[TOLD], id=TOLD, role="status")
    head = components.section(TITLE, [_dates(results, view), told], help=HELP)
    body = [components.section(moves.TITLE, inside), movers]
    return [head, html.Div(body, id=BODY, className="stack", hidden=drawn[BODY])]


_NOTHING: dict[str, Any] = {CHART: None, MATRIX: "", FROM: [], TO: [], LIST: [], TAKE: ""}
CAPTION = (
    "On the left the segments on the first day, on the right those on the second; a band is as wide as it holds "
    "customers. In the matrix, ▲ is more and ▼ fewer than had to be expected had everyone gone on as before."
)


def redrawn(results: Finished, view: View) -> dict[str, Any]:
    """What follows dates, method, number of segments and the filters of the list, by id."""
    try:
        standing, earlier, later = movers.asked(results, view)
        found = results.once(
            ("moved", view.method, view.k, earlier, later),
            lambda: _drawn(results, view, standing.movement(earlier, later, view.method, view.k), earlier, later),
        )
    except PipelineError as problem:
        return {**dict.fromkeys(PLACES, no_update), TOLD: [components.notes([str(problem)])], BODY: True}
    return {**found, BODY: False, **_listed(results, view)}


def _drawn(
    results: Finished, view: View, moved: Movement, earlier: datetime.date, later: datetime.date
) -> dict[str, Any]:
    """What follows the dates and the segments, but not the filters of the list."""
    names, told = movers.names_of(results, view), moved.sentences(earlier, later)
    found, caveats = moved.flows(), results.standing.caveats(view.method, view.k)
    offered = [{"label": "Any segment", "value": ANY}]
    listed = {
        place: offered + [{"label": names[number], "value": str(number)} for number in numbers]
        for place, numbers in ((FROM, _numbers(found["Before"])), (TO, _numbers(found["After"])))
    }
    return {
        TOLD: markup.still(panels.sentences([*told, *moved.told_beyond(names), *caveats])),
        CHART: moves.figure(found, names, names),
        MATRIX: markup.source(_matrix(moved, names, earlier)),
        **listed,
    }


def _numbers(labels: pd.Series[int]) -> list[int]:
    return [int(number) for number in sorted(labels.unique()) if number != NOT_YET]


def _matrix(moved: Movement, names: Mapping[int, str], earlier: datetime.date) -> Component:
    crossed, marks = moved.matrix()
    shown = crossed.rename(index=names, columns=names)
    spaced = marks.where(marks == "", " " + marks)
    corner = f"On {formats.date(earlier.isoformat())}"
    return heat_table.table(shown, TITLE, corner, formats.count, highest=moved.widest, marks=spaced)


def _listed(results: Finished, view: View) -> dict[str, Any]:
    """The list of movers under the filters of the view, and the address of its file."""
    found = movers.found(results, view)
    if found.empty:
        return {LIST: html.P("Nobody moved like that.", className="quiet"), TAKE: view.address(PATH)}
    rows = movers.written(found.head(movers.SHOWN), movers.names_of(results, view), view, results.horizon.value)
    table = panels.table(rows, TITLE, ("From", "To"))
    told = html.P(movers.told(results, view, found))
    return {LIST: markup.still([told, table]), TAKE: view.address(PATH)}


def _dates(results: Finished, view: View) -> Component:
    """The two days, and how far back to go in one click."""
    standing = results.standing
    try:
        _, earlier, later = movers.asked(results, view)
    except PipelineError:
        earlier, later = standing.first, standing.last
    fields = [
        _day(words, place, typed or day.isoformat(), standing)
        for words, place, typed, day in (
            ("First day", SINCE, view.since, earlier),
            ("Second day", UNTIL, view.until, later),
        )
    ]
    buttons = [
        html.Button(
            words,
            id=f"moved-back-{days}",
            type="button",
            className="btn btn-sm btn-outline-secondary",
            disabled=(standing.last - standing.first).days < days,
        )
        for days, words in BACK.items()
    ]
    before = [html.Span("Before it", className="control-label"), *buttons]
    back = html.Div(before, className="moved-back", role="group", **components.aria(label="How far back"))
    return html.Div([*fields, back], className="later-choice")


def _day(words: str, place: str, typed: str, standing: Standing) -> Component:
    bounds = {"min": standing.first.isoformat(), "max": standing.last.isoformat()}
    field = dbc.Input(id=place, type="date", value=typed, debounce=0.4, size="sm", **bounds)
    return html.Div([dbc.Label(words, html_for=place, class_name="control-label"), field], className="moved-day")


def serve(server: Flask) -> None:
    """Serve the list of movers under `PATH`; the query is that of the page."""
    server.add_url_rule(PATH, "download_moved", _download)


def register(app: Dash) -> None:
    """Wire the dates, the filters of the list and the address."""
    serve(app.server)
    late, base = {"prevent_initial_call": True}, State(ids.MODEL_BASE, "data")
    chosen = {name: Input(place, "value") for name, place in KEPT.items()}
    clicks = [Input(f"moved-back-{days}", "n_clicks") for days in BACK]
    app.clientside_callback(
        ClientsideFunction("moved", "back"), Output(SINCE, "value"), *clicks, State(UNTIL, "value"), **late
    )
    kept = Output(ids.MODEL_BASE, "data", allow_duplicate=True)
    app.clientside_callback(ClientsideFunction("moved", "keep"), kept, *chosen.values(), base, **late)
    app.clientside_callback(
        ClientsideFunction("moved", "choose"),
        Output(FROM, "value"),
        Output(TO, "value"),
        Input(CHART, "clickData"),
        **late,
    )
    method, k = State(ids.MODEL_METHOD, "value"), State(ids.MODEL_K, "value")

    @app.callback(
        output={place: Output(place, property, allow_duplicate=True) for place, property in PLACES.items()},
        inputs={"chosen": chosen, "base": base, "method": method, "k": k},
        **late,
    )
    def follow(chosen: dict[str, Any], base: dict[str, Any], method: str, k: int) -> dict[str, Any]:
        view = View.from_address(**{**base, **chosen, "method": method, "k": k})
        results = at_hand(view)
        drawn = redrawn(results, results.settled(view))
        return {**drawn, **dict.fromkeys(_UNTOUCHED, no_update)} if ctx.triggered_id in (FROM, TO) else drawn


_UNTOUCHED = (TOLD, CHART, MATRIX, FROM, TO)


def _download() -> Response:
    try:
        asked_for = View.from_address(**{"data": "", **request.args.to_dict()})
        results = at_hand(asked_for)
        view = results.settled(asked_for)
        found = movers.found(results, view)
        names = movers.names_of(results, view)
    except PipelineError as problem:
        return Response(str(problem), status=404, mimetype="text/plain")
    _, earlier, later = movers.asked(results, view)
    name = f"{downloads.stem(view)}-moved-{earlier}-to-{later}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(spreadsheets.csv(rounded(with_names(found, names))), mimetype="text/csv", headers=headers)
