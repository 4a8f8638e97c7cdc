"""Segments get names and actions of their own: asked in a dialogue, kept in the recipe, so that they travel with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import dash_bootstrap_components as dbc
from dash import ALL, Dash, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component

from pipeline.clustering.labels import label_column
from pipeline.errors import SettingError
from pipeline.profiles.names import LONGEST, Names, check_names
from pipeline.profiles.playbook import ACTIONS, LONGEST_ACTION, Playbook
from webapp import controls, ids, panels, workspace
from webapp.components import aria, icon
from webapp.finished import Finished, at_hand
from webapp.views import View

OPEN, DIALOGUE, FIELDS, PROBLEM = "rename-open", "rename", "rename-fields", "rename-problem"
SAVE, CLOSE, AS_FOUND = "rename-save", "rename-close", "rename-as-found"
TITLE = "Names and actions"


def field_id(number: Any) -> dict[str, Any]:
    """The id of a segment's field; `number` may be a wildcard."""
    return {"type": "rename-field", "number": number}


def action_id(kind: Any) -> dict[str, Any]:
    """The id of the field for what to do with a kind of segment; `kind` may be a wildcard."""
    return {"type": "rename-action", "kind": kind}


def button() -> Component:
    """What opens the dialogue, and the dialogue, closed."""
    open_it: Component = html.Button(
        [icon("pencil"), f" {TITLE}"], id=OPEN, className="btn btn-sm btn-outline-secondary", type="button"
    )
    feet = [
        html.Button("All as proposed", id=AS_FOUND, className="btn btn-link", type="button"),
        html.Button("Cancel", id=CLOSE, className="btn btn-outline-secondary", type="button"),
        html.Button("Save", id=SAVE, className="btn btn-primary", type="button"),
    ]
    problem = html.P(id=PROBLEM, className="setting-problem", role="status", **aria(live="polite"))
    told = "Both travel with the recipe: they are there for any file, and for whoever you share this page with."
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
    """A field for the name of each segment of a settled view, and one for what to do with each kind among them."""
    named = results.named(view)
    return [
        *(_name_field(number, each.name) for number, each in named.items()),
        html.H3("What to do with them", className="h6 mt-4"),
        html.P(
            "By kind of segment, whatever its name: under another method or number of segments too.", className="quiet"
        ),
        *(_action_field(kind, action) for kind, action in {each.kind: each.action for each in named.values()}.items()),
    ]


def _name_field(number: int, name: str) -> Component:
    label = html.Label(
        [panels.swatch(number), f" {name}"], htmlFor=controls.element_id(field_id(number)), className="form-label"
    )
    return html.Div([label, dbc.Input(id=field_id(number), value=name, maxlength=LONGEST)], className="rename-field")


def _action_field(kind: str, action: str) -> Component:
    label = html.Label(f"What to do with: {kind}", htmlFor=controls.element_id(action_id(kind)), className="form-label")
    field = dbc.Textarea(id=action_id(kind), value=action, maxlength=LONGEST_ACTION, rows=2)
    return html.Div([label, field], className="rename-field")


def saved(
    results: Finished,
    view: View,
    entered: Mapping[int, str | None] | None,
    actions: Mapping[str, str | None] | None,
    shown: str,
) -> tuple[Any, Any]:
    """The address's query under the recipe with these names and actions, or the sentence on what is wrong with them.

    Parameters
    ----------
    entered : number -> name; None is the names as they were found.
    actions : kind -> what to do; None is what is proposed for the kinds of this view.
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
        check_names(names)
        renamed = {number: name for number, name in names.items() if name != found[number].name}
        changed = recipe.step(Names).with_names(column, renamed)
        done = recipe.step(Playbook).with_actions(_given(results, view, actions))
    except SettingError as problem:
        return no_update, str(problem)
    own = {step.NAME: step.to_json() for step in (changed, done)}
    kept = workspace.current().keep_recipe(recipe.with_settings(own).named())
    return replace(view, recipe=kept, view=shown).address(""), ""


def _given(results: Finished, view: View, actions: Mapping[str, str | None] | None) -> dict[str, str]:
    if actions is None:
        return {named.kind: ACTIONS[named.kind] for named in results.named(view).values()}
    return {kind: action or "" for kind, action in actions.items()}


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
        State(action_id(ALL), "value"),
        base,
        method,
        k,
        shown,
        prevent_initial_call=True,
    )
    def save(*_: Any) -> tuple[Any, Any]:
        if ctx.triggered[0]["value"] is None:
            return no_update, no_update
        names, actions, *there, shown = ctx.states_list
        settled = _settled(*(each["value"] for each in there))
        if ctx.triggered_id == AS_FOUND:
            return saved(*settled, None, None, shown["value"])
        return saved(*settled, _entered(names, "number"), _entered(actions, "kind"), shown["value"])


def _entered(fields: list[dict[str, Any]], of: str) -> dict[Any, str | None]:
    return {each["id"][of]: each.get("value") for each in fields}


def _settled(base: Mapping[str, Any], method: str, k: int) -> tuple[Finished, View]:
    view = View.from_address(**{**base, "method": method, "k": k})
    results = at_hand(view)
    return results, results.settled(view)
