"""The filters of the Explore page: which customers all its views show, and how that is said and undone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from pipeline.audience.choice import DRAWN, in_words
from webapp import components, formats, glossary, markup, views
from webapp.components import aria
from webapp.finished import Finished
from webapp.views import View

CONTROLS = {
    "method": "explore-method",
    "k": "explore-k",
    "segment": "explore-segment",
    "country": "explore-country",
    "min_clv": "explore-min-clv",
    "min_frequency": "explore-min-frequency",
    **{name: f"explore-drawn-{name}" for name in DRAWN},
}
"""Part of a `View` -> the control that holds it; every view of the page follows all of them."""

LISTED = {"rows": "customers-rows", "sort": "customers-sort"}
"""Part of a `View` -> what holds it of the list's own filters and order, which no other view follows."""

SWITCH, LIST_VIEW = "explore-view", "customers"
DOWNLOAD, CHIPS = "explore-download", "explore-chips"
CLEARED: dict[str, Any] = {
    "segment": views.EVERYWHERE,
    "country": views.EVERYWHERE,
    "min_clv": None,
    "min_frequency": None,
    **dict.fromkeys(DRAWN, ""),
}
"""What the controls hold where nothing is filtered."""

NO_MINIMUM = "A number from 0 on; until then, any."
TERMS = {
    "method": "Method",
    "k": "k",
    "segment": "Segment",
    "country": "Country",
    "min_clv": "CLV",
    "min_frequency": "Frequency",
}


def values(view: View) -> dict[str, Any]:
    """What the controls hold for a settled view."""
    choice = view.choice
    return {
        "method": view.method,
        "k": str(view.k),
        "segment": views.EVERYWHERE if choice.segment is None else str(choice.segment),
        "country": choice.country or views.EVERYWHERE,
        "min_clv": choice.min_clv or None,
        "min_frequency": choice.min_frequency or None,
        **{name: getattr(choice, name) for name in DRAWN},
    }


def setting(values: Mapping[str, Any], alone: bool = False) -> dict[str, Any]:
    """Attributes of an element of still HTML that sets these controls when it is clicked, and undoes it the next time.

    Parameters
    ----------
    alone : whether all other filters go.
    """
    return {"data-set": json.dumps(values), **({"data-alone": "yes"} if alone else {})}


def section(results: Finished, view: View, download: str, chips: str) -> Component:
    """The controls, which customers they leave in words, and what to do with them."""
    take = components.download("Download CSV", download, "btn btn-primary", id=DOWNLOAD)
    lists: dict[str, Any] = {"type": "button", "className": "btn btn-outline-secondary"}
    show = html.Button([components.icon("table"), " Show table"], **lists, **setting({"view": LIST_VIEW}))
    buttons = html.Div([show, take], className="filter-buttons")
    drawn = [dcc.Input(type="hidden", id=CONTROLS[name], value=getattr(view.choice, name)) for name in DRAWN]
    fields = html.Div(_fields(results, view), className="filter-fields")
    told = markup.kept(chips, id=CHIPS, className="chips")
    inside = [fields, buttons, *drawn, html.Div(told, role="status")]
    return html.Section(inside, className="section filters", **_told_to_the_browser(results, view))


def _told_to_the_browser(results: Finished, view: View) -> dict[str, Any]:
    """For `assets/way_back.js`: the controls, and what they hold for an address that names none of them."""
    usual = {**values(results.settled(View(view.data, view.recipe))), "view": "segments", **dict.fromkeys(LISTED, "")}
    told = {
        "controls": {**CONTROLS, "view": SWITCH, **LISTED},
        "usual": usual,
        "cleared": CLEARED,
        "path": "/explore",
        "data": view.data,
        "recipe": view.recipe,
    }
    return {"data-filters": json.dumps(told)}


def chips(view: View, names: Mapping[int, str], size: int, everyone: int) -> str:
    """Who is shown, and each filter that is on with a button that clears it, as HTML."""
    said = in_words(view.choice, names, formats.money)
    whole = formats.plural(everyone, "customer")
    told = f"{formats.count(size)} of {whole}" if said else f"All {whole}"
    buttons = [
        _chip([phrase, " ", components.icon("x-lg")], {name: CLEARED[name]}, f"Clear the filter: {phrase}")
        for name, phrase in said.items()
    ]
    if said:
        buttons.append(_chip("Clear all", CLEARED, "Clear all filters"))
    return markup.source([html.Span(told, className="chips-told"), *buttons])


def _chip(inside: Any, sets: Mapping[str, Any], label: str) -> Component:
    name = "chip" if len(sets) == 1 else "chip chip-all"
    return html.Button(inside, type="button", className=name, **setting(sets), **aria(label=label))


def segment_choices(results: Finished, view: View) -> list[dict[str, str]]:
    """All segments, or one of those of a settled view."""
    everyone = [{"label": "All segments", "value": views.EVERYWHERE}]
    return everyone + [{"label": name, "value": str(label)} for label, name in results.names(view).items()]


def nobody(view: View, names: Mapping[int, str]) -> Component:
    """What to say and do where the filters leave nobody."""
    asked = list(in_words(view.choice, names, formats.money).values())
    which = "this filter" if len(asked) == 1 else "all of these filters"
    clear = html.Button("Clear filters", type="button", className="btn btn-primary", **setting(CLEARED))
    return components.nothing_left(f"No customer fits {which}: {'; '.join(asked)}.", clear)


def _fields(results: Finished, view: View) -> list[Component]:
    held = values(view)
    methods = [{"label": title, "value": name} for name, title in results.titles.items()]
    ks = [{"label": str(k), "value": str(k)} for k in results.ks]
    places = [{"label": "All countries", "value": views.EVERYWHERE}]
    places += [{"label": country, "value": country} for country in results.countries]
    money = [dbc.InputGroupText(formats.currency() or "≥"), _number("min_clv", held)]
    return [
        _field("method", "Method", _select("method", methods, held)),
        _field("k", "Segments", _select("k", ks, held)),
        _field("segment", "Segment", _select("segment", segment_choices(results, view), held)),
        _field("country", "Country", _select("country", places, held)),
        _field("min_clv", "Minimum CLV", dbc.InputGroup(money)),
        _field("min_frequency", "Minimum orders", _number("min_frequency", held)),
    ]


def _field(name: str, label: str, control: Component) -> Component:
    head = html.Div(
        [dbc.Label(label, html_for=CONTROLS[name]), glossary.explained(TERMS[name], "?")], className="filter-label"
    )
    problem = [html.Span(NO_MINIMUM, className="filter-problem")] if name.startswith("min_") else []
    return html.Div([head, control, *problem], className="filter-field")


def _select(name: str, options: list[dict[str, str]], held: dict[str, Any]) -> Component:
    field: Component = dbc.Select(id=CONTROLS[name], options=options, value=held[name])
    return field


def _number(name: str, held: dict[str, Any]) -> Component:
    field: Component = dbc.Input(
        id=CONTROLS[name], type="number", min=0, step="any", value=held[name], placeholder="any", debounce=0.35
    )
    return field
