"""Segments get names of their own: asked in a dialogue, kept in the recipe, so that they travel with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import dash_bootstrap_components as dbc
from dash import ALL, Dash, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component

from pipeline.clustering.labels import label_column
from pipeline.errors import SettingError
from pipeline.profiles.names import LONGEST, Names, checked_names
from webapp import controls, ids, panels, workspace
from webapp.components import aria, icon
from webapp.finished import Finished, at_hand
from webapp.views import View

OPEN, DIALOGUE, FIELDS, PROBLEM = "rename-open", "rename", "rename-fields", "rename-problem"
SAVE, CLOSE, AS_FOUND = "rename-save", "rename-close", "rename-as-found"
TITLE = "Rename segments"


def field_id(number: Any) -> dict[str, Any]:
    """The id of a segment's field; `number` may be a wildcard."""
    return {"type": "rename-field", "number": number}


def button() -> Component:
    """What opens the dialogue, and the dialogue, closed."""
    open_it: Component = html.Button(
        [icon("pencil"), f" {TITLE}"], id=OPEN, className="btn btn-sm btn-outline-secondary", type="button"
    )
    feet = [
        html.Button("Names as found", id=AS_FOUND, className="btn btn-link", type="button"),
        html.Button("Cancel", id=CLOSE, className="btn btn-outline-secondary", type="button"),
        html.Button("Save names", id=SAVE, className="btn btn-primary", type="button"),
    ]
    problem = html.P(id=PROBLEM, className="setting-problem", role="status", **aria(live="polite"))
    told = "Names travel with the recipe: they are there for any file, and for whoever you share this page with."
    dialogue = dbc.Modal(
        [
            dbc.ModalHeader(html.H2(TITLE, className="h5 mb-0")),
            dbc.ModalBody([html.P(told, className="quiet"), html.Div(id=FIELDS), problem]),
            dbc.ModalFooter(feet),
        ],
        id=DIALOGUE,
        is_open=False,
    )
    return html.Div([open_it, dialogue], className="rename")


def fields(results: Finished, view: View) -> list[Component]:
    """A field for each segment of a settled view."""
    return [
        html.Div(
            [
                html.Label(
                    [panels.swatch(number), f" {name}"],
                    htmlFor=controls.element_id(field_id(number)),
                    className="form-label",
                ),
                dbc.Input(id=field_id(number), value=name, maxlength=LONGEST),
            ],
            className="rename-field",
        )
        for number, name in results.names(view).items()
    ]


def saved(results: Finished, view: View, entered: Mapping[int, str | None] | None, shown: str) -> tuple[Any, Any]:
    """The address's query under the recipe with these names, or the sentence on what is wrong with them.

    Parameters
    ----------
    entered : number -> name; None is the names as they were found.
    shown : the view of the page that stays.
    """
    recipe, column = results.segmentation.recipe, label_column(view.method, view.k)
    found = results.segmentation.named(view.method, view.k, given={})
    names = {number: (name or "").strip() for number, name in (entered or {}).items()}
    empty = next((number for number, name in names.items() if not name), None)
    if empty is not None:
        return (
            no_update,
            f"{results.names(view)[empty]}: a name has 1 to {LONGEST} characters, and this field is empty.",
        )
    try:
        checked_names(names)
        own = {number: name for number, name in names.items() if name != found[number].name}
        changed = recipe.step(Names).with_names(column, own)
    except SettingError as problem:
        return no_update, str(problem)
    kept = workspace.current().keep_recipe(recipe.with_settings({Names.NAME: changed.to_json()}).named())
    return replace(view, recipe=kept, view=shown).address(""), ""


def register(app: Dash) -> None:
    """Wire the dialogue."""
    base = State(ids.MODEL_BASE, "data")
    method, k, shown = State(ids.MODEL_METHOD, "value"), State(ids.MODEL_K, "value"), State("model-view", "value")

    @app.callback(
        Output(FIELDS, "children"),
        Output(DIALOGUE, "is_open"),
        Output(PROBLEM, "children"),
        Input(OPEN, "n_clicks"),
        Input(CLOSE, "n_clicks"),
        base,
        method,
        k,
        prevent_initial_call=True,
    )
    def open_dialogue(_: int, __: int, base: dict[str, Any], method: str, k: int) -> tuple[Any, bool, str]:
        if ctx.triggered_id != OPEN:
            return no_update, False, ""
        results, view = _settled(base, method, k)
        return fields(results, view), True, ""

    @app.callback(
        Output(ids.ADDRESS, "search", allow_duplicate=True),
        Output(PROBLEM, "children", allow_duplicate=True),
        Input(SAVE, "n_clicks"),
        Input(AS_FOUND, "n_clicks"),
        State(field_id(ALL), "value"),
        base,
        method,
        k,
        shown,
        prevent_initial_call=True,
    )
    def save(
        _: int, __: int, values: list[str | None], base: dict[str, Any], method: str, k: int, shown: str
    ) -> tuple[Any, Any]:
        if ctx.triggered[0]["value"] is None:
            return no_update, no_update
        numbers = [each["id"]["number"] for each in ctx.states_list[0]]
        entered = None if ctx.triggered_id == AS_FOUND else dict(zip(numbers, values, strict=True))
        return saved(*_settled(base, method, k), entered, shown)


def _settled(base: Mapping[str, Any], method: str, k: int) -> tuple[Finished, View]:
    view = View.from_address(**{**base, "method": method, "k": k})
    results = at_hand(view)
    return results, results.settled(view)
