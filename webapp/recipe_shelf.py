"""The recipes that people kept, in the recipe panel of the Model page: keep, load, download, upload and delete."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import dash_bootstrap_components as dbc
from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component
from flask import Flask, Response, request

from pipeline.errors import PipelineError
from webapp import controls, ids, kept_recipes, workspace
from webapp.components import aria, icon
from webapp.views import View

CHOSEN, LOAD, DELETE = "recipes-chosen", "recipes-load", "recipes-delete"
KEPT_AS, KEEP, FILE, TOLD = "recipes-name", "recipes-keep", "recipes-file", "recipes-told"
PATH = "/download/recipe.json"
LARGEST_BYTES = 200_000
NOTHING = "No recipe has been kept yet"


def shelf(view: View) -> Component:
    """What can be done with the recipe that is shown, and the ones that were kept."""
    keep = dbc.InputGroup(
        [
            dbc.Input(id=KEPT_AS, placeholder="Name", maxlength=kept_recipes.LONGEST, size="sm"),
            _button(KEEP, "Keep"),
        ]
    )
    take = html.A(
        [icon("download"), " Download as JSON"], href=view.address(PATH), download="", className="settings-open"
    )
    give = dcc.Upload(
        html.Button([icon("upload"), " Upload a recipe"], className="btn btn-link settings-open", type="button"),
        id=FILE,
        accept=".json,application/json",
        max_size=LARGEST_BYTES,
    )
    listed = controls.selected(CHOSEN, "Kept recipes", *_options(view))
    inside = [
        html.Div([dbc.Label("Keep this recipe as", html_for=KEPT_AS, class_name="control-label"), keep]),
        html.Div(listed),
        html.Div([_button(LOAD, "Load"), _button(DELETE, "Delete")], className="recipe-buttons"),
        take,
        give,
        html.P(id=TOLD, className="setting-problem", role="status", **aria(live="polite")),
    ]
    return html.Details([html.Summary("Kept recipes"), html.Div(inside, className="recipe-shelf")], className="fold")


def _options(view: View) -> tuple[dict[str, str], str]:
    """Name -> name of each kept recipe, and the one that is shown where it is among them."""
    found = kept_recipes.kept(workspace.current())
    here = next((each.name for each in found if each.id == view.recipe), None)
    names = {each.name: each.name for each in found} or {"": NOTHING}
    return names, here or next(iter(names))


def _button(id: str, words: str) -> Component:
    return html.Button(words, id=id, className="btn btn-sm btn-outline-secondary", type="button")


def kept_now(view: View, name: str | None) -> str:
    """Keep the recipe that is shown under a name; the address's query under it."""
    here = workspace.current()
    return replace(view, recipe=kept_recipes.keep(here, here.recipe(view.recipe), name or "")).address("")


def loaded(view: View, name: str | None) -> str:
    """The address's query under a kept recipe.

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
    return replace(view, recipe=found[name]).address("")


def uploaded(view: View, contents: str, file: str) -> str:
    """Keep the recipe in a file; the address's query under it. `contents` is a data address as browsers make it."""
    written = base64.b64decode(contents.partition(",")[2])
    return replace(view, recipe=kept_recipes.taken_in(workspace.current(), written, file).id).address("")


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


def _answer(asked: Callable[[], str]) -> tuple[Any, Any]:
    """Where to go, or the sentence why not: (address's query, sentence)."""
    try:
        return asked(), ""
    except PipelineError as problem:
        return no_update, str(problem)


def register(app: Dash) -> None:
    """Wire what can be done with recipes, and serve them."""
    serve(app.server)
    _register_going(app)
    base = State(ids.MODEL_BASE, "data")

    @app.callback(
        Output(CHOSEN, "options"),
        Output(TOLD, "children", allow_duplicate=True),
        Input(DELETE, "n_clicks"),
        State(CHOSEN, "value"),
        base,
        prevent_initial_call=True,
    )
    def delete(clicks: int | None, name: str, base: dict[str, Any]) -> tuple[Any, Any]:
        if not clicks:
            return no_update, no_update
        try:
            kept_recipes.forget(workspace.current(), name or "")
        except PipelineError as problem:
            return no_update, str(problem)
        names, _ = _options(View.from_address(**base))
        return [{"label": words, "value": value} for value, words in names.items()], f"“{name}” is deleted."


def _register_going(app: Dash) -> None:
    """What leads to another address: keeping, loading, uploading."""
    to = Output(ids.ADDRESS, "search", allow_duplicate=True), Output(TOLD, "children", allow_duplicate=True)
    base, late = State(ids.MODEL_BASE, "data"), {"prevent_initial_call": True}
    shown = State("model-chosen", "data")

    @app.callback(*to, Input(KEEP, "n_clicks"), State(KEPT_AS, "value"), base, shown, **late)
    def keep(clicks: int | None, name: str | None, base: dict[str, Any], shown: dict[str, Any]) -> Any:
        return _answer(lambda: kept_now(_view(base, shown), name)) if clicks else (no_update, no_update)

    @app.callback(*to, Input(LOAD, "n_clicks"), State(CHOSEN, "value"), base, shown, **late)
    def load(clicks: int | None, name: str | None, base: dict[str, Any], shown: dict[str, Any]) -> Any:
        return _answer(lambda: loaded(_view(base, shown), name)) if clicks else (no_update, no_update)

    @app.callback(*to, Input(FILE, "contents"), State(FILE, "filename"), base, shown, **late)
    def upload(contents: str | None, file: str, base: dict[str, Any], shown: dict[str, Any]) -> Any:
        return _answer(lambda: uploaded(_view(base, shown), contents or "", file)) if contents else (no_update,) * 2


def _view(base: Mapping[str, Any], shown: Mapping[str, Any]) -> View:
    return View.from_address(**{**base, **shown})
