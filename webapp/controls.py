"""Declared settings as controls on the page, and what was entered as a recipe again. The only renderer of settings.

A new setting, step or method needs nothing here: it is drawn from its declaration.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from pipeline.errors import SettingError
from pipeline.parameters import Parameter, Step, Value, parameters
from pipeline.recipe import RECIPES, SECTIONS, Recipe
from webapp.components import aria

RECIPE_TITLES = {
    "balanced": "Balanced",
    "classic": "Classic",
}
RECIPE_HELP = {
    "balanced": "Skew is removed and no single flag or big spender makes a segment of its own. The default.",
    "classic": "Plain standardised columns, as a textbook script would do it. Big spenders and countries dominate.",
}


@dataclass(frozen=True)
class Entered:
    """What the controls hold: a recipe, or else a sentence for each setting that is not allowed (key -> sentence)."""

    recipe: Recipe | None
    problems: Mapping[str, str] = field(default_factory=dict)


def setting_id(key: Any, form: str = "setting") -> dict[str, Any]:
    """The id of a setting's control; `key` is `step.name`, or a wildcard. Each form on the pages has its own `form`."""
    return {"type": form, "key": key}


def problem_id(key: Any, form: str = "setting") -> dict[str, Any]:
    """The id of the place for a setting's (or, with a step's name, a step's) validation message."""
    return {"type": f"{form}-problem", "key": key}


def visible(step: type[Step]) -> tuple[Parameter, ...]:
    """The settings of a step that need a run; those that only pick among finished results have a place of their own."""
    return tuple(parameter for parameter in parameters(step) if not parameter.looked_up)


def settings(recipe: Recipe, opened: Sequence[str] = ()) -> Component:
    """Every declared setting that needs a run, one folding group per step, at the recipe's values."""
    chosen = {step.NAME: step for step in recipe.steps}
    groups = [_group(step, chosen[name]) for name, step in SECTIONS.items() if visible(step)]
    form: Component = dbc.Accordion(
        groups, active_item=list(opened), always_open=True, flush=True, class_name="settings"
    )
    return form


def control(parameter: Parameter, value: Value, form: str = "setting") -> Component:
    """One setting: its label, its control, its help, and the place for its validation message."""
    id = setting_id(parameter.key, form)
    drawn: Component = _INPUTS[parameter.kind](parameter, id, value)
    body = [drawn, html.P(parameter.help, className="setting-help"), _problem(parameter.key, form)]
    if parameter.kind != "toggle":
        body.insert(0, dbc.Label(parameter.label, html_for=element_id(id)))
    return html.Div(body, className="setting")


def entered(recipe: Recipe, values: Mapping[str, object]) -> Entered:
    """The recipe with what was entered (`step.name` -> value), or what is wrong with it, setting by setting."""
    known = {parameter.key: parameter for step in SECTIONS.values() for parameter in visible(step)}
    problems: dict[str, str] = {}
    changes: dict[str, dict[str, Value]] = {}
    for key, value in values.items():
        parameter = known[key]
        try:
            changes.setdefault(parameter.step, {})[parameter.name] = parameter.check(value)
        except SettingError as problem:
            problems[key] = f"{parameter.label} must be {parameter.allowed()}." if value is None else str(problem)
    return Entered(None, problems) if problems else _together(recipe, changes)


def differences(recipe: Recipe, other: Recipe) -> list[str]:
    """The keys (`step.name`) of the settings that need a run and differ between two recipes."""
    ours, theirs = recipe.to_json(), other.to_json()
    return [
        parameter.key
        for name, step in SECTIONS.items()
        for parameter in visible(step)
        if ours[name][parameter.name] != theirs[name][parameter.name]
    ]


def labels_of_differences(recipe: Recipe, other: Recipe) -> list[str]:
    """The words of every setting in which two recipes differ, those that need no run too."""
    return [
        parameter.label
        for one, another in zip(recipe.steps, other.steps, strict=True)
        for parameter in parameters(type(one))
        if one.to_json()[parameter.name] != another.to_json()[parameter.name]
    ]


def recipe_choice(recipe: Recipe, id: str) -> Component:
    """The delivered recipes as a row of buttons; a recipe with other settings is a third one."""
    name = delivered_name(recipe)
    titles = RECIPE_TITLES | ({} if name in RECIPE_TITLES else {name: "Your own"})
    options = [{"label": title, "value": value} for value, title in titles.items()]
    return segmented(id, "Recipe", options, name)


def delivered_name(recipe: Recipe) -> str:
    """The delivered recipe that computes the same as this one, else `changed`: k and the like make no difference."""
    return next((name for name, delivered in RECIPES.items() if delivered.computes_like(recipe)), "changed")


def segmented(id: str, label: str, options: Sequence[Mapping[str, Any]], value: Any) -> Component:
    """A row of buttons of which one is chosen: radio buttons for the keyboard and for screen readers."""
    radios = dbc.RadioItems(
        id=id,
        name=id,
        options=list(options),
        value=value,
        class_name="segmented",
        input_class_name="btn-check",
        label_class_name="btn",
        label_checked_class_name="active",
    )
    return html.Div(
        [html.Span(label, className="control-label"), radios],
        role="radiogroup",
        className="segmented-field",
        **aria(label=label),
    )


def selected(id: str, label: str, options: Mapping[str, str], value: str, before: str = "") -> Component:
    """A list of which one is chosen; `options` are value -> words, `before` is what shows before any is chosen."""
    listed = [{"label": words, "value": name} for name, words in options.items()]
    choice = dbc.Select(id=id, options=listed, value=value, size="sm", placeholder=before)
    return html.Div([dbc.Label(label, html_for=id, class_name="control-label"), choice], className="select-field")


def element_id(id: Mapping[str, Any]) -> str:
    """The id that a component with a dictionary for an id has in the page's document."""
    return json.dumps(id, sort_keys=True, separators=(",", ":"))


def _together(recipe: Recipe, changes: Mapping[str, Mapping[str, Value]]) -> Entered:
    problems: dict[str, str] = {}
    for name, settings_of_step in changes.items():
        try:
            recipe = recipe.with_settings({name: settings_of_step})
        except SettingError as problem:
            problems[name] = str(problem)
    return Entered(None, problems) if problems else Entered(recipe.named())


def _group(step: type[Step], chosen: Step) -> Component:
    values, defaults = chosen.to_json(), step().to_json()
    changed = sum(values[parameter.name] != defaults[parameter.name] for parameter in visible(step))
    title = [html.Span(step.TITLE, className="settings-title")]
    if changed:
        title.append(dbc.Badge(f"{changed} changed", color="primary", pill=True))
    fields = [control(parameter, values[parameter.name]) for parameter in visible(step)]
    body = [
        html.P(step.HELP, className="settings-help"),
        _problem(step.NAME),
        html.Div(fields, className="setting-grid"),
    ]
    heading = html.Span(title, className="settings-head")
    group: Component = dbc.AccordionItem(body, title=heading, item_id=step.NAME)
    return group


def _problem(key: str, form: str = "setting") -> Component:
    return html.Div(id=problem_id(key, form), className="setting-problem", role="alert")


def _toggle(parameter: Parameter, id: Any, value: Value) -> Any:
    return dbc.Switch(id=id, value=bool(value), label=parameter.label)


def _choice(parameter: Parameter, id: Any, value: Value) -> Any:
    options = [{"label": label, "value": name} for name, label in parameter.options.items()]
    return dbc.Select(id=id, options=options, value=str(value))


def _text(parameter: Parameter, id: Any, value: Value) -> Any:
    if not parameter.multiline:
        return dbc.Input(id=id, type="text", value=str(value), debounce=0.4)
    rows = min(max(str(value).count("\n") + 2, 4), 14)
    return dbc.Textarea(id=id, value=str(value), rows=rows, debounce=0.4, class_name="setting-text")


def _number(parameter: Parameter, id: Any, value: Value) -> Any:
    bounds = {"min": parameter.low, "max": parameter.high, "step": parameter.step_size or "any"}
    field = dbc.Input(id=id, type="number", value=value, debounce=0.4, **bounds)
    return dbc.InputGroup([field, dbc.InputGroupText(parameter.unit)]) if parameter.unit else field


_INPUTS = {"toggle": _toggle, "choice": _choice, "text": _text, "integer": _number, "number": _number}
