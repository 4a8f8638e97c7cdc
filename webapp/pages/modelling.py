"""The Model page: which recipe, which method, how many segments, and what comes of it, all at once."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import dash_bootstrap_components as dbc
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component

from pipeline.errors import PipelineError
from pipeline.recipe import RECIPES, Recipe
from pipeline.stages import RESULTS as LAST_STAGE
from webapp import (
    about_view,
    compare_view,
    components,
    controls,
    formats,
    ids,
    newdata_view,
    overview_view,
    prepare_view,
    recipe_shelf,
    renaming,
    report_menu,
    segment_choice,
    segments_view,
    slips,
    time_view,
    trust_view,
    value_view,
    who_moved,
    workspace,
)
from webapp.awaited import after_run, guessed, is_run_of, not_there, pending
from webapp.finished import Finished, at_hand, finished
from webapp.tabs import Tabs
from webapp.views import View

PATH = "/model"
TITLE = "Model"
AHEAD_UP_TO = 300_000  # customers; with more of them the memory is left to what is asked for
LEAD = "Who belongs together, who is worth what, and how far to believe it."
BASE, CHOSEN, KEPT, KEPT_NAMES = ids.MODEL_BASE, "model-chosen", "model-kept", "model-kept-names"
KEPT_IN_BASE = ("data", "recipe", "customer", "later", *who_moved.KEPT)
NEXT, SLIPS = "model-next", "model-slips"
KEEP = """(method, k, view, names, before) => {
    window.dash_clientside.wayBack.keep(method, k, view, names);
    return [{...before, method, k, view}, null];
}"""
CORRECT = f"""(names, chosen) => {{
    const query = new URLSearchParams(location.search);
    const shown = (name) => name === "view" && chosen.view === "{segments_view.NAME}" ? "" : chosen[name] ?? "";
    const wrong = (names || []).filter((name) => query.has(name) && query.get(name) !== String(shown(name)));
    if (wrong.length) {{ window.dash_clientside.studio.keepAddress(...wrong.map(shown), wrong); }}
    return window.dash_clientside.no_update;
}}"""
RECIPE, RUN, RESULTS = "model-recipe", "model-run", "model-results"
SETTINGS, OPEN_SETTINGS = "model-settings", "model-open-settings"
RUN_WORDS, RUNNING, UP_TO_DATE = "Run", "Running …", "Up to date"


def _read(base: Mapping[str, Any], chosen: Mapping[str, Any]) -> tuple[Finished, View]:
    view = _view(base, chosen)
    results = at_hand(view)
    return results, results.settled(view)


TABS = Tabs(
    "model",
    (segments_view, trust_view, compare_view, prepare_view, value_view, time_view, newdata_view, about_view),
    segment_choice.CONTROLS,
    BASE,
    _read,
)
"""The views of the page, in the order of its switch."""


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
    held = segment_choice.held(results, view) if results else view
    area = prepared(results, view) if results else pending(view)
    onward: list[Any] = ["Explore segments ", components.icon("arrow-right")]
    link = dcc.Link(onward, id=NEXT, href=shown.address("/explore"), className="btn btn-primary carries-choice")
    panel = recipe_panel(chosen, shown, done=results is not None)
    body = [
        dcc.Store(id=BASE, data={name: getattr(shown, name) for name in KEPT_IN_BASE}),
        dcc.Store(id=CHOSEN, data=_chosen(held)),
        dcc.Store(id=KEPT_NAMES, data=["method", "k", "view"]),
        dcc.Store(id=KEPT),
        guessed(view),
        slips.place(SLIPS, _slips(results, asked, shown)),
        html.Div([panel, html.Div(area, id=RESULTS, className="stack")], className="model-grid"),
    ]
    return components.page(TITLE, LEAD, body, actions=[report_menu.menu("model", shown), link])


def _slips(results: Finished | None, typed: Mapping[str, Any], view: View) -> list[str]:
    """What the address asks for in vain; of segments only where the results say which there are."""
    told = slips.of_view(view.view, TABS.titles, TABS.shown(view).NAME)
    of_segments = {name: typed[name] for name in segment_choice.CONTROLS if name in typed}
    return [*told, *(slips.told(results, of_segments, view) if results else [])]


def recipe_panel(recipe: Recipe, view: View, done: bool) -> Component:
    """What needs a run: the recipe, every declared setting, and the button; and the recipes that were kept.

    Where results are not done, the page itself asks for the run, so that nobody has to press the button.
    """
    name = controls.delivered_name(recipe)
    told = controls.RECIPE_HELP.get(name, "Settings of your own. They are kept with the address of this page.")
    run = dbc.Button(UP_TO_DATE if done else RUNNING, id=RUN, color="primary", class_name="w-100", disabled=True)
    body = [
        controls.recipe_choice(recipe, RECIPE),
        html.P(told, className="caption"),
        dbc.Button("All settings", id=OPEN_SETTINGS, color="link", class_name="settings-open"),
        dbc.Collapse(id=SETTINGS, is_open=False),
        run,
        recipe_shelf.shelf(view),
    ]
    return html.Aside(components.section("Recipe", body, help="Changes here need a run."), className="recipe-panel")


def prepared(results: Finished, asked: View) -> list[Component]:
    """The place of finished results; what people are likely to ask for next is drawn in the background."""
    view, held = results.settled(asked), segment_choice.held(results, asked)
    results.ahead(_likely_next(results, replace(view, view=""), TABS.shown(view)))
    others = {"view": (TABS.switch_id, segments_view.NAME), "later": (newdata_view.CHOICE, "")}
    owned = dict.fromkeys(who_moved.KEPT, time_view.NAME)
    toolbar = segment_choice.toolbar(results, held, others, owned, renaming.button())
    chosen = {"method": held.method, "k": held.k}
    return [TABS.switch(view), TABS.controls(view, toolbar), TABS.places(results, view, chosen)]


def _likely_next(results: Finished, view: View, shown: Any) -> list[Callable[[], object]]:
    """What is drawn ahead: every k of the shown method, what costs most when it is opened, the other methods.

    The view that shows comes before the one that may be opened. The Explore page and the view over time cost seconds;
    with very many customers the memory is left to what is asked for.
    """
    views = {method: _every_k(results, replace(view, method=method)) for method in results.titles}
    own, others = views.pop(view.method), [each for rest in views.values() for each in rest]
    following = sorted((segments_view, trust_view), key=lambda tab: tab is not shown)
    parts = [functools.partial(value_view.part, results, name, "") for name in value_view.parts(results)]
    costly = [overview_view, time_view] if results.size <= AHEAD_UP_TO else []
    return [
        *_redrawn(results, following, own),
        *(functools.partial(tab.area, results, view) for tab in costly),
        *parts,
        *_redrawn(results, following, others),
    ]


def _every_k(results: Finished, view: View) -> list[View]:
    return list(dict.fromkeys(results.settled(replace(view, k=k)) for k in results.ks))


def _redrawn(results: Finished, tabs: list[Any], views: list[View]) -> list[Callable[[], object]]:
    return [functools.partial(tab.redrawn, results, each) for tab in tabs for each in views]


def judged(
    view: View, values: Mapping[str, Any], places: list[str], status: Mapping[str, Any] | None
) -> tuple[list[str], str, bool]:
    """The message for each place, the button's words, and whether there is nothing to run.

    Parameters
    ----------
    status : as `ids.RUN_STATUS` holds it.
    """
    recipe = workspace.current().recipe(view.recipe)
    read = controls.entered(recipe, values)
    messages = [read.problems.get(place, "") for place in places]
    if read.recipe is None:
        return messages, "Check the marked settings", True
    changed = len(controls.differences(recipe, read.recipe))
    if changed:
        return messages, f"Run with {formats.plural(changed, 'change')}", False
    if finished(view) is not None:
        return messages, UP_TO_DATE, True
    running = status is not None and status["state"] == "working" and is_run_of(view, status)
    return messages, RUNNING if running else RUN_WORDS, running


def requested(view: View, values: Mapping[str, Any]) -> tuple[Any, Any]:
    """Where to go, or the run to ask for, when the button is pressed: (address's query, run request)."""
    here = workspace.current()
    current = here.recipe(view.recipe)
    read = controls.entered(current, values)
    if read.recipe is None:
        return no_update, no_update
    if not controls.differences(current, read.recipe):
        return no_update, {"data": view.data, "recipe": view.recipe, "until": LAST_STAGE}
    return replace(view, recipe=here.keep_recipe(read.recipe)).address(""), no_update


def with_recipe(view: View, name: str) -> Any:
    """The address's query under a delivered recipe; nothing where it is shown already, as when the page opens."""
    if name not in RECIPES or name == controls.delivered_name(workspace.current().recipe(view.recipe)):
        return no_update
    return replace(view, recipe=RECIPES[name].digest()).address("")


def _chosen(view: View) -> dict[str, Any]:
    """What the controls hold at first, under the names of an address."""
    named = replace(view, view=TABS.shown(view).NAME)
    return {name: getattr(named, name) for name in ("method", "k", "view", "customer")}


def _view(base: Mapping[str, Any], chosen: Mapping[str, Any]) -> View:
    return View.from_address(**{**base, **chosen})


def register_callbacks(app: Dash) -> None:
    """Wire the page: what shows at once, what needs a run, and the address."""
    chosen = [Input(id, "value") for id in segment_choice.CONTROLS.values()]
    late = {"prevent_initial_call": True}
    view, names = Input(TABS.switch_id, "value"), State(KEPT_NAMES, "data")
    told = Output(SLIPS, "children")
    app.clientside_callback(KEEP, Output(CHOSEN, "data"), told, *chosen, view, names, State(CHOSEN, "data"), **late)
    app.clientside_callback(CORRECT, Output(KEPT, "data"), Input(KEPT_NAMES, "data"), State(CHOSEN, "data"))
    segment_choice.register(app)
    TABS.register(app)
    renaming.register(app)
    recipe_shelf.register(app)
    _register_settings(app)
    _register_runs(app)


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
    def check_settings(_: list[Any], status: Any, base: dict[str, Any]) -> tuple[list[str], str, bool]:
        places = [place["id"]["key"] for place in ctx.outputs_list[0]]
        return judged(_view(base, {}), _entered(ctx.inputs_list[0]), places, status)


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
