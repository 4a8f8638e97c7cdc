"""The Model page: which recipe, which method, how many segments, and what comes of it, all at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import dash_bootstrap_components as dbc
from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component

from pipeline.errors import PipelineError
from pipeline.recipe import RECIPES, Recipe
from webapp import components, controls, formats, ids, markup, model_card, panels, points, workspace
from webapp.charts import k_evaluation, profile_heat, segment_map, segment_shares
from webapp.finished import Finished, finished
from webapp.views import View

PATH = "/model"
TITLE = "Model"
LEAD = "Choose how customers are grouped, and see at once who ends up together."
BASE, CHOSEN, KEPT, KEPT_NAMES = "model-base", "model-chosen", "model-kept", "model-kept-names"
METHOD, K, RECIPE, RUN, RESULTS, NEXT = (
    "model-method",
    "model-k",
    "model-recipe",
    "model-run",
    "model-results",
    "model-next",
)
CARDS, MAP, SHARES, HEAT, CARD = "model-cards", "model-map", "model-shares", "model-heat", "model-card"
QUALITY = {measure: f"model-{measure}" for measure in k_evaluation.MEASURES}
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
        return components.page(TITLE, LEAD, components.failed(str(problem)))
    shown = results.settled(view) if results else view
    area = results_area(results, shown) if results else pending(view)
    onward: list[Any] = ["Explore segments ", components.icon("arrow-right")]
    link = dcc.Link(onward, id=NEXT, href=shown.address("/explore"), className="btn btn-primary")
    panel = recipe_panel(chosen, done=results is not None)
    body = [
        dcc.Store(id=BASE, data={"data": view.data, "recipe": view.recipe}),
        dcc.Store(id=CHOSEN, data={"method": shown.method, "k": shown.k}),
        dcc.Store(id=KEPT_NAMES, data=["method", "k"]),
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


def results_area(results: Finished, view: View) -> list[Component]:
    """Everything that finished results show under a settled view."""
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
        html.Div([about(results, view), coverage(results)], className="pair"),
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
    shown.insert(0, "Average", list(profile_heat.MEASURES.values()))
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
    warned = components.notes(results.segmentation.warnings())
    return components.section("About this model", [told, warned, panels.folded(title, table)])


def coverage(results: Finished) -> Component:
    """How much of the revenue the keyword map puts into a category, and what it misses most."""
    facts = results.segmentation.coverage()
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


def redrawn(view: View) -> dict[str, Any]:
    """Everything but the map for another method or k, by id."""
    results = _at_hand(view)
    settled = results.settled(view)
    return results.once(("model", settled), lambda: _redrawn(results, settled))


def _redrawn(results: Finished, settled: View) -> dict[str, Any]:
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
        NEXT: settled.address("/explore"),
    }


def redrawn_map(view: View) -> Any:
    """The segment map for another method or k."""
    results = _at_hand(view)
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


def after_run(view: View, status: Mapping[str, Any] | None) -> Any:
    """The place of the results once a run of this page's data and recipe has ended."""
    if not status or (status["data"], status["recipe"]) != (view.data, view.recipe):
        return no_update
    if status["state"] == "done":
        results = _at_hand(view)
        return results_area(results, results.settled(view))
    if status["state"] == "failed":
        return components.failed(str(status["sentence"]))
    if status["state"] == "cancelled":
        return components.failed("The run was cancelled. Press Run to start it again; finished stages are kept.")
    return components.working("Finding the segments of your customers.")


def _at_hand(view: View) -> Finished:
    results = finished(view)
    if results is None:
        raise PipelineError("These results are not kept any more; press Run to compute them again.")
    return results


def _view(base: Mapping[str, Any], chosen: Mapping[str, Any]) -> View:
    return View.from_address(base["data"], base["recipe"], **chosen)


def register_callbacks(app: Dash) -> None:
    """Wire the page: what shows at once, what needs a run, and the address."""
    _register_at_once(app)
    _register_runs(app)


def _register_at_once(app: Dash) -> None:
    chosen = Input(METHOD, "value"), Input(K, "value")
    base = State(BASE, "data")
    names = State(KEPT_NAMES, "data")
    late = {"prevent_initial_call": True}
    keep = ClientsideFunction("studio", "keepAddress")
    app.clientside_callback(keep, Output(KEPT, "data"), *chosen, names, **late)
    app.clientside_callback("(method, k) => ({method, k})", Output(CHOSEN, "data"), *chosen, **late)

    @app.callback(Output(MAP, "figure"), *chosen, base, **late)
    def draw_map(method: str, k: int, base: dict[str, Any]) -> Any:
        return redrawn_map(_view(base, {"method": method, "k": k}))

    places = {id: Output(id, "figure") for id in (SHARES, HEAT, *QUALITY.values())}
    places |= {id: Output(id, "children") for id in (CARDS, CARD, f"{MAP}-twin", f"{SHARES}-twin", f"{HEAT}-twin")}
    places[NEXT] = Output(NEXT, "href")
    inputs = {"method": chosen[0], "k": chosen[1], "base": base}

    @app.callback(output=places, inputs=inputs, **late)
    def draw_the_rest(method: str, k: int, base: dict[str, Any]) -> dict[str, Any]:
        return redrawn(_view(base, {"method": method, "k": k}))


def _register_runs(app: Dash) -> None:
    base, chosen = State(BASE, "data"), State(CHOSEN, "data")
    settings = controls.setting_id(ALL)

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
        Input(settings, "value"),
        base,
        prevent_initial_call=True,
    )
    def check_settings(_: list[Any], base: dict[str, Any]) -> tuple[list[str], str, bool]:
        places = [place["id"]["key"] for place in ctx.outputs_list[0]]
        return judged(_view(base, {}), _entered(ctx.inputs_list[0]), places)

    @app.callback(
        Output(ids.ADDRESS, "search", allow_duplicate=True),
        Output(ids.RUN_REQUEST, "data", allow_duplicate=True),
        Input(RUN, "n_clicks"),
        State(settings, "value"),
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
        return after_run(_view(base, chosen), status)


def _entered(listed: list[dict[str, Any]]) -> dict[str, Any]:
    return {control["id"]["key"]: control.get("value") for control in listed}
