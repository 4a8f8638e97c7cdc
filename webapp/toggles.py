"""The choices beyond the basic rules of cleaning: what each would change, told before it is applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import dash
import dash_bootstrap_components as dbc
from dash import ALL, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from pipeline.cleaning.settings import Cleaning
from pipeline.insights.insight import RULES
from pipeline.parameters import Parameter, Value, parameters
from pipeline.recipe import Recipe
from webapp import components, controls, formats, ids, runs, workspace
from webapp.components import icon

Effect = Mapping[str, Any]
FORM, APPLY, ASKED, THERE, TOLD = "toggle", "apply-choices", "apply-asked", "apply-there", "apply-told"
GO = "address => address || window.dash_clientside.no_update"
CHOSEN, ONCE, APPLYING = "chosen", "once", "Applying …"
TITLE = "Beyond the basic rules"
HELP = (
    "Each is shown with what it would change of the lines and the revenue that are used, before it is applied. In the "
    "list above, an earlier rule may take lines that a later one took before. What is applied holds on the Model and "
    "Explore pages too."
)
OVERLAP = f"{Cleaning.NAME}.overlap"
DETAILS = {
    f"{Cleaning.NAME}.non_products": f"{Cleaning.NAME}.non_product_codes",
    f"{Cleaning.NAME}.implausible_dates": f"{Cleaning.NAME}.implausible_days",
}
DECLARED = {parameter.key: parameter for parameter in parameters(Cleaning)}
UNITS = {"rows": "line", "invoices": "invoice", "customers": "customer"}


def section(recipe: Recipe, effects: Sequence[Effect]) -> Component:
    """The card with every choice, its effect, and the button that applies them together."""
    chosen = recipe.step(Cleaning).to_json()
    rows = [_row(effect, chosen) for effect in sorted(effects, key=_changes_nothing)]
    told = html.Div(id=TOLD, className="setting-problem", role="alert")
    button = html.Button("Apply", id=_apply(CHOSEN), className="btn btn-primary", disabled=True)
    ending = html.Div([told, button], className="toggles-end")
    return components.section(
        TITLE,
        [html.Ul(rows, className="toggles"), ending, dcc.Store(id=ASKED), dcc.Store(id=THERE)],
        help=HELP,
        id=RULES,
    )


def offer(effects: Sequence[Effect]) -> Component | None:
    """Where files overlap and count twice: what that makes, and a button that counts them once."""
    found = next((effect for effect in effects if effect["setting"] == OVERLAP), None)
    if found is None or found["value"] != "once" or not found["rows"]:
        return None
    lines, money = formats.plural(abs(found["rows"]), "line"), formats.money_exact(abs(found["money"]))
    told = (
        f"These files overlap: {lines} that are used stand in another of them too, so {money} of the revenue counts "
        "twice."
    )
    button = html.Button("Count them once", id=_apply(ONCE), className="btn btn-sm btn-primary")
    return html.Div([icon("layers-half"), html.Span(told), button], className="overlap", role="status")


def is_on(parameter: Parameter, value: Value) -> bool:
    """Whether a choice differs from what the basic rules do."""
    return value != parameter.default


def entered(recipe: Recipe, values: Mapping[str, Any]) -> controls.Entered:
    """The recipe with these choices: switches as true and false, the other settings by their values."""
    read = {key: _value(DECLARED[key], value) for key, value in values.items()}
    return controls.entered(recipe, read)


def words(recipe: Recipe, values: Mapping[str, Any]) -> tuple[str, str, bool]:
    """What is wrong, the button's words, and whether there is nothing to apply."""
    read = entered(recipe, values)
    if read.recipe is None:
        return " ".join(read.problems.values()), "Apply", True
    changes = len(controls.differences(recipe, read.recipe))
    return "", f"Apply {formats.plural(changes, 'change')}" if changes else "Apply", not changes


def register_callbacks(app: Dash) -> None:
    """What happens as choices are made and applied."""
    late: dict[str, Any] = {"prevent_initial_call": True}
    values, shown = {"type": FORM, "key": ALL}, State(ids.SHOWN_DATA, "data")
    button = _apply(CHOSEN)
    looks = [Output(button, "children"), Output(button, "disabled")]
    later = [Output(button, "children", allow_duplicate=True), Output(button, "disabled", allow_duplicate=True)]
    told, run = Output(TOLD, "children"), Output(ids.RUN_REQUEST, "data", allow_duplicate=True)
    app.callback(told, *looks, Input(values, "value"), shown, **late)(_weigh)
    pressed = Input(_apply(ALL), "n_clicks")
    app.callback(run, Output(ASKED, "data"), *later, pressed, State(values, "value"), shown, **late)(_press)
    there, told = Output(THERE, "data"), Output(TOLD, "children", allow_duplicate=True)
    app.callback(there, told, *later, Input(ids.RUN_STATUS, "data"), State(ASKED, "data"), **late)(_end)
    go = Output(ids.ADDRESS, "search", allow_duplicate=True)
    app.clientside_callback(GO, go, Input(THERE, "data"), **late)


def _apply(what: Any) -> dict[str, Any]:
    return {"type": APPLY, "what": what}


def _weigh(_: Any, shown: Any) -> tuple[str, str, bool]:
    return words(workspace.current().recipe(shown["recipe"]), _held(dash.ctx.inputs_list[0]))


def _press(clicks: list[int | None], _: Any, shown: Any) -> Any:
    if not any(clicks):
        return (dash.no_update,) * 4
    here = workspace.current()
    once = dash.ctx.triggered_id["what"] == ONCE
    values = {OVERLAP: True} if once else _held(dash.ctx.states_list[0])
    changed = entered(here.recipe(shown["recipe"]), values).recipe
    if changed is None:
        return (dash.no_update,) * 4
    asked = {"data": shown["data"], "recipe": here.keep_recipe(changed)}
    return {**asked, "until": runs.DATA_PAGE}, asked, APPLYING, True


def _end(status: Any, asked: Any) -> Any:
    """Go to what was applied, once it is there; where that failed, all stays as it was, and the reason is told."""
    mine = status and asked and all(status[name] == asked[name] for name in ("data", "recipe"))
    if not mine or status["state"] == "working":
        return (dash.no_update,) * 4
    if status["state"] == "done":
        return f"?{urlencode(asked)}", "", dash.no_update, dash.no_update
    return dash.no_update, status["sentence"], "Apply", False


def _held(listed: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {control["id"]["key"]: control.get("value") for control in listed}


def _value(parameter: Parameter, value: Any) -> Any:
    """What a switch means for a setting that is a choice of two: its default, or the other."""
    if parameter.kind != "choice" or not isinstance(value, bool):
        return value
    other = next(name for name in parameter.options if name != parameter.default)
    return other if value else parameter.default


def _row(effect: Effect, chosen: Mapping[str, Value]) -> Component:
    parameter = DECLARED[effect["setting"]]
    on = is_on(parameter, chosen[parameter.name])
    switch = dbc.Switch(id=controls.setting_id(parameter.key, FORM), value=on, label=_label(parameter))
    detail = DETAILS.get(parameter.key)
    inside = [
        html.Div([switch, html.P(parameter.help, className="setting-help"), _detail(detail, chosen)]),
        html.Div(_effect(effect, on), className="effect"),
    ]
    return html.Li(inside)


def _changes_nothing(effect: Effect) -> bool:
    return not any(effect[unit] for unit in (*UNITS, "money"))


def _label(parameter: Parameter) -> str:
    if parameter.kind != "choice":
        return parameter.label
    other = next(name for name in parameter.options if name != parameter.default)
    return f"{parameter.label}: {parameter.options[other][0].lower()}{parameter.options[other][1:]}"


def _detail(key: str | None, chosen: Mapping[str, Value]) -> Component | None:
    """The setting that says more of a choice, to be edited in place."""
    if key is None:
        return None
    parameter = DECLARED[key]
    field = controls.control(parameter, chosen[parameter.name], FORM)
    return html.Details([html.Summary(parameter.label), field], className="fold")


def _effect(effect: Effect, on: bool) -> list[Component]:
    if _changes_nothing(effect):
        return [html.Span("Changes nothing in this file.", className="quiet")]
    changes = [formats.change(effect[unit]) + f" {_noun(effect[unit], word)}" for unit, word in UNITS.items()]
    shown: list[Component] = [html.Strong(formats.money_change(effect["money"]), className="num")]
    shown += [html.Span(change, className="num") for change, unit in zip(changes, UNITS, strict=True) if effect[unit]]
    heading = html.Span("Switched off, it would change" if on else "It would change", className="effect-head")
    return [heading, html.Span(shown, className="effect-figures"), *_leavers(effect["leave_top_10"])]


def _noun(things: float, word: str) -> str:
    return word if abs(things) == 1 else f"{word}s"


def _leavers(leavers: Sequence[Mapping[str, Any]]) -> list[Component]:
    """Who would no longer be among the ten largest customers."""
    if not leavers:
        return [html.Span("The ten largest customers stay the same.", className="quiet")]
    rows = [[each["CustomerID"], formats.money_exact(each["money_before"]), _after(each)] for each in leavers]
    headings = ["Customer", "Now", "Then"]
    table = components.table("Who leaves the ten largest customers", headings, rows, numeric=headings[1:])
    count = formats.plural(len(leavers), "customer leaves", "customers leave")
    return [html.Details([html.Summary(f"{count} the top 10"), table], className="fold")]


def _after(leaver: Mapping[str, Any]) -> str:
    return "nothing left" if leaver["is_gone"] else formats.money_exact(leaver["money_after"])
