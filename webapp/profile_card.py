"""What sets segments apart, in three ways: a table of factors, a line per segment, a line per customer.

The table is always at hand; a chart is drawn only while it is the one that shows.
"""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from webapp import components, controls, ids, panels
from webapp.charts import parallel, profile_heat, snake
from webapp.finished import Finished, at_hand
from webapp.views import View

FACTORS, SNAKE, PARALLEL = "factors", "snake", "parallel"
WAYS = {FACTORS: "Factors", SNAKE: "Snake plot", PARALLEL: "Customer lines"}
WAY, SEEN, ASKED = "model-profile-way", "model-profile-seen", "model-profile-asked"
TABLE, CHART = "model-profile-table", "model-profile-chart"


def card(table: Component, view: View) -> Component:
    """The card, with the table of factors at first."""
    options = [{"label": words, "value": way} for way, words in WAYS.items()]
    factors = html.Div([table, html.P(profile_heat.CAPTION, className="caption")], id=TABLE)
    chart = html.Div(id=CHART, hidden=True)
    body = [dcc.Store(id=SEEN, data=seen(view)), dcc.Store(id=ASKED), factors, chart]
    choice = controls.segmented(WAY, "Shown as", options, FACTORS)
    return components.section(profile_heat.TITLE, body, actions=html.Div(choice, className="profile-ways"))


def seen(view: View) -> dict[str, Any]:
    """Which segments a settled view shows."""
    return {"method": view.method, "k": view.k}


def drawn(results: Finished, view: View, way: str) -> list[Component]:
    """One of the charts, with its caption."""
    customers = results.in_segments(view)
    if way == SNAKE:
        chart, caption = snake.figure(customers, results.names(view)), snake.CAPTION
    else:
        chart, caption = parallel.figure(customers), f"{parallel.CAPTION} {parallel.note(customers)}."
    graph = panels.bare_chart(f"{CHART}-{way}", WAYS[way], chart, None, "The table of factors tells the same.")
    return [graph, html.P(caption, className="caption")]


def register(app: Dash) -> None:
    """Wire the choice: `assets/segments.js` asks for a chart only where one shows."""
    app.clientside_callback(
        ClientsideFunction("segments", "profile"),
        Output(ASKED, "data"),
        Output(TABLE, "hidden"),
        Output(CHART, "hidden"),
        Input(WAY, "value"),
        State(SEEN, "data"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output(CHART, "children"), Input(ASKED, "data"), State(ids.MODEL_BASE, "data"), prevent_initial_call=True
    )
    def draw_profile(asked: dict[str, Any], base: dict[str, Any]) -> list[Component]:
        view = View.from_address(base["data"], base["recipe"], method=asked["method"], k=asked["k"])
        results = at_hand(view)
        return drawn(results, results.settled(view), asked["way"])
