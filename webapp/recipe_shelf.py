"""The recipes that people kept, in the recipe panel of the Model page: keep, load, download, upload and delete."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import dash_bootstrap_components as dbc
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component
from flask import Flask, Response, request

from pipeline.errors import PipelineError
from webapp import controls, formats, ids, kept_recipes, workspace
from webapp.components import aria, download, icon
from webapp.views import View

CHOSEN, LOAD, DELETE = "recipes-chosen", "recipes-load", "recipes-delete"
KEPT_AS, KEEP, FILE, TOLD = "recipes-name", "recipes-keep", "recipes-file", "recipes-told"
SENT = "recipes-sent"
PATH = "/download/recipe.json"
LARGEST_BYTES = 200_000
NAMED = 3  # settings that are named where recipes differ
NOTHING = "No recipe has been kept yet"
TAKE = f"""(contents, file) => {{
    const same = window.dash_clientside.no_update;
    if (!contents) {{ return [same, same, same]; }}
    const bytes = Math.round((contents.length - contents.indexOf(",")) * 3 / 4);
    const large = `${{file}} has ${{(bytes / 1e6).toFixed(1)}} MB; a recipe has at most {LARGEST_BYTES / 1e6} MB.`;
    return bytes > {LARGEST_BYTES} ? [same, null, large] : [{{contents, file}}, null, ""];
}}"""


def shelf(view: View) -> Component:
    """What can be done with the recipe that is shown, and the ones that were kept."""
    keep = dbc.InputGroup(
        [
            dbc.Input(id=KEPT_AS, placeholder="Name", maxlength=kept_recipes.LONGEST, size="sm"),
            _button(KEEP, "Keep"),
        ]
    )
    take = download("Download as JSON", view.address(PATH), "settings-open")
    give = dcc.Upload(
        html.Button([icon("upload"), " Upload a recipe"], className="btn btn-link settings-open", type="button"),
        id=FILE,
    )
    listed = controls.selected(CHOSEN, "Kept recipes", *_options(view))
    inside = [
        html.Div([dbc.Label("Keep this recipe as", html_for=KEPT_AS, class_name="control-label"), keep]),
        html.Div(listed),
        html.Div([_button(LOAD, "Load"), _button(DELETE, "Delete")], className="recipe-buttons"),
        take,
        give,
        dcc.Store(id=SENT),
        html.P(id=TOLD, className="setting-problem", role="status", **aria(live="polite")),
    ]
    return html.Details([html.Summary("Kept recipes"), html.Div(inside, className="recipe-shelf")], className="fold")


def _options(view: View) -> tuple[dict[str, str], str]:
    """Name -> name of each kept recipe, and the one that is shown where it is among them."""
    here = workspace.current()
    found, shown = kept_recipes.kept(here), here.recipe(view.recipe).digest()
    named = next((each.name for each in found if each.id == shown), None)
    names = {each.name: each.name for each in found} or {"": NOTHING}
    return names, named or next(iter(names))


def _button(id: str, words: str) -> Component:
    return html.Button(words, id=id, className="btn btn-sm btn-outline-secondary", type="button")


def kept_now(view: View, name: str | None, entered: Mapping[str, Any]) -> str:
    """Keep the recipe that is shown under a name; what was done, in a sentence.

    Parameters
    ----------
    entered : what the settings of the page hold, by their keys; what was not run is not kept.
    """
    here = workspace.current()
    recipe = here.recipe(view.recipe)
    kept_recipes.keep(here, recipe, name or "")
    read = controls.entered(recipe, entered).recipe
    unrun = read is None or controls.differences(recipe, read)
    without = ", without the settings that you changed and have not run" if unrun else ""
    return f"Kept as “{' '.join((name or '').split())}”{without}."


def loaded(view: View, name: str | None) -> tuple[str, str]:
    """The address's query under a kept recipe, and what that changes.

    Raises
    ------
    PipelineError
        If there is none of this name.
    """
    found = {each.name: each.id for each in kept_recipes.kept(workspace.current())}
    if not name:
        raise PipelineError("No kept recipe is chosen; choose one of the list.")
    if name not in found:
        raise PipelineError("There is no such recipe any more; choose one of the list.")
    return _gone_to(view, found[name], f"Loaded “{name}”")


def uploaded(view: View, contents: str, file: str) -> tuple[str, str]:
    """Keep the recipe in a file; the address's query under it, and what that changes.

    Parameters
    ----------
    contents : a data address as browsers make it.
    """
    written = base64.b64decode(contents.partition(",")[2])
    taken = kept_recipes.taken_in(workspace.current(), written, file)
    return _gone_to(view, taken.id, f"Loaded {file} and kept it as “{taken.name}”")


def _gone_to(view: View, id: str, done: str) -> tuple[str, str]:
    here = workspace.current()
    differing = controls.labels_of_differences(here.recipe(view.recipe), here.recipe(id))
    return replace(view, recipe=id).address(""), f"{done}: {_differing(differing)}."


def _differing(labels: Sequence[str]) -> str:
    """How many settings differ, and the first of them by name."""
    if not labels:
        return "no setting differs from the recipe before"
    more = f" and {formats.count(len(labels) - NAMED)} more" if len(labels) > NAMED else ""
    verb = "differs" if len(labels) == 1 else "differ"
    return f"{formats.plural(len(labels), 'setting')} {verb} from the recipe before ({', '.join(labels[:NAMED])}{more})"


def serve(server: Flask) -> None:
    """Serve the recipe of a page under `PATH`."""
    server.add_url_rule(PATH, "download_recipe", _download)


def _download() -> Response:
    try:
        recipe = workspace.current().recipe(request.args.get("recipe"))
    except PipelineError as problem:
        return Response(str(problem), status=404, mimetype="text/plain")
    safe = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in recipe.name).strip("-")
    headers = {"Content-Disposition": f'attachment; filename="{safe or "recipe"}.json"', "Cache-Control": "no-store"}
    return Response(kept_recipes.text(recipe), mimetype="application/json", headers=headers)


def _answer(asked: Callable[[], tuple[str, str]]) -> tuple[Any, ...]:
    """Where to go and what was done, or the sentence why not: in the order of `_GOING`."""
    try:
        query, done = asked()
    except PipelineError as problem:
        return no_update, no_update, no_update, str(problem)
    return query, done, True, ""


_DONE = Output(ids.NOTICE, "children", allow_duplicate=True), Output(ids.NOTICE, "is_open", allow_duplicate=True)
_WHY_NOT = Output(TOLD, "children", allow_duplicate=True)
_GOING = Output(ids.ADDRESS, "search", allow_duplicate=True), *_DONE, _WHY_NOT
_LISTED = Output(CHOSEN, "options", allow_duplicate=True), Output(CHOSEN, "value", allow_duplicate=True)


def _listed(view: View, done: str) -> tuple[Any, ...]:
    """The list as it is now, and what was done."""
    names, shown = _options(view)
    return [{"label": words, "value": value} for value, words in names.items()], shown, done, True, ""


def register(app: Dash) -> None:
    """Wire what can be done with recipes, and serve them."""
    serve(app.server)
    _register_staying(app)
    _register_going(app)


def _register_staying(app: Dash) -> None:
    """What leaves the page as it is: keeping and deleting."""
    base, late = State(ids.MODEL_BASE, "data"), {"prevent_initial_call": True}
    to, nothing = (*_LISTED, *_DONE, _WHY_NOT), (no_update,) * 5

    @app.callback(
        *to, Input(KEEP, "n_clicks"), State(KEPT_AS, "value"), base, State(controls.setting_id(ALL), "value"), **late
    )
    def keep(clicks: int | None, name: str | None, base: dict[str, Any], _: list[Any]) -> Any:
        if not clicks:
            return nothing
        view, entered = View.from_address(**base), {each["id"]["key"]: each.get("value") for each in ctx.states_list[2]}
        try:
            return _listed(view, kept_now(view, name, entered))
        except PipelineError as problem:
            return *nothing[1:], str(problem)

    @app.callback(*to, Input(DELETE, "n_clicks"), State(CHOSEN, "value"), base, **late)
    def delete(clicks: int | None, name: str, base: dict[str, Any]) -> Any:
        if not clicks:
            return nothing
        try:
            kept_recipes.forget(workspace.current(), name or "")
        except PipelineError as problem:
            return *nothing[1:], str(problem)
        return _listed(View.from_address(**base), f"“{name}” is deleted.")


def _register_going(app: Dash) -> None:
    """What leads to another address: loading, uploading."""
    base, late = State(ids.MODEL_BASE, "data"), {"prevent_initial_call": True}
    shown = State("model-chosen", "data")
    app.clientside_callback(
        TAKE,
        Output(SENT, "data"),
        Output(FILE, "contents"),
        _WHY_NOT,
        Input(FILE, "contents"),
        State(FILE, "filename"),
        **late,
    )

    @app.callback(*_GOING, Input(LOAD, "n_clicks"), State(CHOSEN, "value"), base, shown, **late)
    def load(clicks: int | None, name: str | None, base: dict[str, Any], shown: dict[str, Any]) -> Any:
        return _answer(lambda: loaded(_view(base, shown), name)) if clicks else (no_update,) * 4

    @app.callback(*_GOING, Input(SENT, "data"), base, shown, **late)
    def upload(sent: dict[str, str] | None, base: dict[str, Any], shown: dict[str, Any]) -> Any:
        return _answer(lambda: uploaded(_view(base, shown), **sent)) if sent else (no_update,) * 4


def _view(base: Mapping[str, Any], shown: Mapping[str, Any]) -> View:
    return View.from_address(**{**base, **shown})
