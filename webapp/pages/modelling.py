"""The Model page: which recipe, which method, how many segments, and what comes of it, all at once."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import dash_bootstrap_components as dbc
from dash import ALL, MATCH, ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component

from pipeline.errors import PipelineError
from pipeline.recipe import RECIPES, Recipe
from webapp import (
    components,
    controls,
    customer_view,
    formats,
    ids,
    later,
    model_document,
    model_view,
    value_view,
    workspace,
)
from webapp.charts import segment_map
from webapp.finished import Finished, after_run, at_hand, finished, not_there
from webapp.model_view import CARD, CARDS, HEAT, MAP, METHOD, NEXT, QUALITY, SHARES, VIEW, VIEWS, K
from webapp.views import SEGMENTS, View

PATH = "/model"
TITLE = "Model"
LEAD = "Who belongs together, who is worth what, and how far to believe it."
BASE, CHOSEN, KEPT, KEPT_NAMES = "model-base", "model-chosen", "model-kept", "model-kept-names"
KEEP = (
    "(method, k, view, names) => window.dash_clientside.studio.keepAddress("
    f"method, k, view === '{SEGMENTS}' ? '' : view, names)"
)
RECIPE, RUN, RESULTS = "model-recipe", "model-run", "model-results"
SETTINGS, OPEN_SETTINGS = "model-settings", "model-open-settings"
RUN_WORDS, UP_TO_DATE = "Run", "Up to date"


def layout(data: str | None = None, recipe: str | None = None, **asked: Any) -> Component:
    """The page for a data set and a recipe: finished results at once, else a run is started."""
    if not data:
        return components.page(TITLE, LEAD, components.no_data())
    try:
        view = View.from_address(data, recipe, **asked)
        results = finished(view)
        chosen = workspace.current().recipe(view.recipe)
    except PipelineError as problem:
        return components.page(TITLE, LEAD, not_there(data, problem))
    shown = results.settled(view) if results else view
    area = prepared(results, shown) if results else pending(view)
    onward: list[Any] = ["Explore segments ", components.icon("arrow-right")]
    link = dcc.Link(onward, id=NEXT, href=shown.address("/explore"), className="btn btn-primary")
    panel = recipe_panel(chosen, done=results is not None)
    body = [
        dcc.Store(id=BASE, data={"data": view.data, "recipe": view.recipe}),
        dcc.Store(id=CHOSEN, data={name: getattr(shown, name) for name in ("method", "k", "view", "customer")}),
        dcc.Store(id=KEPT_NAMES, data=["method", "k", "view"]),
        dcc.Store(id=KEPT),
        html.Div([panel, html.Div(area, id=RESULTS, className="stack")], className="model-grid"),
    ]
    return components.page(TITLE, LEAD, body, actions=link)


def recipe_panel(recipe: Recipe, done: bool) -> Component:
    """What needs a run: the recipe, every declared setting, and the button."""
    name = controls.delivered_name(recipe)
    told = controls.RECIPE_HELP.get(name, "Settings of your own. They are kept with the address of this page.")
    run = dbc.Button(UP_TO_DATE if done else RUN_WORDS, id=RUN, color="primary", class_name="w-100", disabled=done)
    body = [
        controls.recipe_choice(recipe, RECIPE),
        html.P(told, className="caption"),
        dbc.Button("All settings", id=OPEN_SETTINGS, color="link", class_name="settings-open"),
        dbc.Collapse(id=SETTINGS, is_open=False),
        run,
    ]
    return html.Aside(components.section("Recipe", body, help="Changes here need a run."), className="recipe-panel")


def pending(view: View) -> list[Component]:
    """The place of the results while they are being made."""
    return [
        components.working("Finding the segments of your customers."),
        components.needs(view.data, view.recipe, "clusters"),
    ]


def redrawn(view: View) -> dict[str, Any]:
    """Everything but the map for another method or k, by id."""
    results = at_hand(view)
    return _redrawn(results, results.settled(view))


def _redrawn(results: Finished, settled: View) -> dict[str, Any]:
    return results.once(("model", settled), lambda: model_view.redrawn(results, settled))


def prepared(results: Finished, view: View) -> list[Component]:
    """The place of finished results; every other k and method is drawn in the background, the shown method first."""
    methods = sorted(results.titles, key=lambda method: method != view.method)
    views = [View(view.data, view.recipe, method, k) for method in methods for k in results.ks]
    parts = [functools.partial(value_view.part, results, name, "") for name in value_view.parts(results)]
    results.ahead([*parts, *(functools.partial(_redrawn, results, each) for each in views)])
    return model_view.results_area(results, view)


def value_part(view: View, name: str) -> Component:
    """A part of the value view that came into sight; the view's customer is the first to be looked at."""
    return value_view.part(at_hand(view), name, view.customer)


def redrawn_map(view: View) -> Any:
    """The segment map for another method or k."""
    results = at_hand(view)
    settled = results.settled(view)
    return segment_map.recoloured(results.in_segments(settled))


def judged(view: View, values: Mapping[str, Any], places: list[str]) -> tuple[list[str], str, bool]:
    """The message for each place, the button's words, and whether there is nothing to run."""
    recipe = workspace.current().recipe(view.recipe)
    read = controls.entered(recipe, values)
    messages = [read.problems.get(place, "") for place in places]
    if read.recipe is None:
        return messages, "Check the marked settings", True
    changed = len(controls.differences(recipe, read.recipe))
    if changed:
        return messages, f"Run with {formats.plural(changed, 'change')}", False
    done = finished(view) is not None
    return messages, UP_TO_DATE if done else RUN_WORDS, done


def requested(view: View, values: Mapping[str, Any]) -> tuple[Any, Any]:
    """Where to go, or the run to ask for, when the button is pressed: (address's query, run request)."""
    here = workspace.current()
    current = here.recipe(view.recipe)
    read = controls.entered(current, values)
    if read.recipe is None:
        return no_update, no_update
    if not controls.differences(current, read.recipe):
        return no_update, {"data": view.data, "recipe": view.recipe, "until": "clusters"}
    return replace(view, recipe=here.keep_recipe(read.recipe)).address(""), no_update


def with_recipe(view: View, name: str) -> Any:
    """The address's query under a delivered recipe; nothing where it is shown already, as when the page opens."""
    if name not in RECIPES or name == controls.delivered_name(workspace.current().recipe(view.recipe)):
        return no_update
    return replace(view, recipe=RECIPES[name].digest()).address("")


def _view(base: Mapping[str, Any], chosen: Mapping[str, Any]) -> View:
    return View.from_address(base["data"], base["recipe"], **chosen)


def register_callbacks(app: Dash) -> None:
    """Wire the page: what shows at once, what needs a run, and the address."""
    model_document.register(app.server)
    _register_at_once(app)
    _register_value(app)
    _register_settings(app)
    _register_runs(app)


def _register_at_once(app: Dash) -> None:
    chosen = Input(METHOD, "value"), Input(K, "value")
    base = State(BASE, "data")
    names = State(KEPT_NAMES, "data")
    late = {"prevent_initial_call": True}
    view = Input(VIEW, "value")
    app.clientside_callback(KEEP, Output(KEPT, "data"), *chosen, view, names, **late)
    remember = "(method, k, view, before) => ({...before, method, k, view})"
    app.clientside_callback(remember, Output(CHOSEN, "data"), *chosen, view, State(CHOSEN, "data"), **late)

    @app.callback(Output(MAP, "figure"), *chosen, base, **late)
    def draw_map(method: str, k: int, base: dict[str, Any]) -> Any:
        return redrawn_map(_view(base, {"method": method, "k": k}))

    places = {id: Output(id, "figure") for id in (SHARES, HEAT, *QUALITY.values())}
    places |= {id: Output(id, "children") for id in (CARDS, CARD, f"{MAP}-twin", f"{SHARES}-twin", f"{HEAT}-twin")}
    places |= {id: Output(id, "href") for id in (NEXT, *model_view.DOWNLOADS.values())}
    inputs = {"method": chosen[0], "k": chosen[1], "base": base}

    @app.callback(output=places, inputs=inputs, **late)
    def draw_the_rest(method: str, k: int, base: dict[str, Any]) -> dict[str, Any]:
        return redrawn(_view(base, {"method": method, "k": k}))


def _register_value(app: Dash) -> None:
    base, chosen, view = State(BASE, "data"), State(CHOSEN, "data"), Input(VIEW, "value")
    late = {"prevent_initial_call": True}
    app.clientside_callback("view => `stack shows-${view}`", Output(VIEWS, "className"), view, **late)
    watch = ClientsideFunction("later", "watch")
    app.clientside_callback(watch, Output(model_view.VALUE, "title"), Input(later.part_id(ALL), "id"))

    @app.callback(Output(later.part_id(MATCH), "children"), Input(later.asked_id(MATCH), "data"), base, chosen, **late)
    def draw_part(name: str, base: dict[str, Any], chosen: dict[str, Any]) -> Any:
        return value_part(_view(base, chosen), name)

    keep, kept = ClientsideFunction("studio", "keepAddress"), State(customer_view.KEPT_NAMES, "data")
    app.clientside_callback(keep, Output(customer_view.KEPT, "data"), Input(customer_view.SHOWN, "data"), kept, **late)
    clicks = Input(customer_view.pick_id(ALL, ALL), "n_clicks")
    app.clientside_callback(customer_view.PICKED, Output(customer_view.CUSTOMER, "value"), clicks, **late)
    places = {id: Output(id, property) for id, property in customer_view.PLACES.items()}

    @app.callback(output=places, inputs={"typed": Input(customer_view.CUSTOMER, "value"), "base": base}, **late)
    def look_up_customer(typed: str | None, base: dict[str, Any]) -> dict[str, Any]:
        return customer_view.looked_up(at_hand(_view(base, {})), (typed or "").strip())


def _register_settings(app: Dash) -> None:
    base = State(BASE, "data")

    @app.callback(
        Output(SETTINGS, "is_open"),
        Output(SETTINGS, "children"),
        Input(OPEN_SETTINGS, "n_clicks"),
        State(SETTINGS, "is_open"),
        base,
        prevent_initial_call=True,
    )
    def open_settings(clicks: int, is_open: bool, base: dict[str, Any]) -> tuple[bool, Any]:
        first = clicks == 1
        return not is_open, controls.settings(workspace.current().recipe(base["recipe"])) if first else no_update

    @app.callback(
        Output(controls.problem_id(ALL), "children"),
        Output(RUN, "children"),
        Output(RUN, "disabled"),
        Input(controls.setting_id(ALL), "value"),
        Input(ids.RUN_STATUS, "data"),
        base,
        prevent_initial_call=True,
    )
    def check_settings(_: list[Any], _status: Any, base: dict[str, Any]) -> tuple[list[str], str, bool]:
        places = [place["id"]["key"] for place in ctx.outputs_list[0]]
        return judged(_view(base, {}), _entered(ctx.inputs_list[0]), places)


def _register_runs(app: Dash) -> None:
    base, chosen = State(BASE, "data"), State(CHOSEN, "data")

    @app.callback(
        Output(ids.ADDRESS, "search", allow_duplicate=True),
        Output(ids.RUN_REQUEST, "data", allow_duplicate=True),
        Input(RUN, "n_clicks"),
        State(controls.setting_id(ALL), "value"),
        base,
        chosen,
        prevent_initial_call=True,
    )
    def run(clicks: int | None, _: list[Any], base: dict[str, Any], chosen: dict[str, Any]) -> tuple[Any, Any]:
        if not clicks:
            return no_update, no_update
        return requested(_view(base, chosen), _entered(ctx.states_list[0]))

    @app.callback(
        Output(ids.ADDRESS, "search", allow_duplicate=True),
        Input(RECIPE, "value"),
        base,
        chosen,
        prevent_initial_call=True,
    )
    def choose_recipe(name: str, base: dict[str, Any], chosen: dict[str, Any]) -> Any:
        return with_recipe(_view(base, chosen), name)

    @app.callback(Output(RESULTS, "children"), Input(ids.RUN_STATUS, "data"), base, chosen, prevent_initial_call=True)
    def show_results(status: dict[str, Any] | None, base: dict[str, Any], chosen: dict[str, Any]) -> Any:
        return after_run(_view(base, chosen), status, prepared)


def _entered(listed: list[dict[str, Any]]) -> dict[str, Any]:
    return {control["id"]["key"]: control.get("value") for control in listed}
