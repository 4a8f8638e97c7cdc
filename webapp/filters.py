"""The filters of the Explore page: which customers all its views show, and how that is said and undone."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from webapp import components, formats, glossary, views
from webapp.finished import Finished
from webapp.views import View

CONTROLS = {
    "method": "explore-method",
    "k": "explore-k",
    "segment": "explore-segment",
    "country": "explore-country",
    "min_clv": "explore-min-clv",
    "min_frequency": "explore-min-frequency",
}
"""Part of a `View` -> the control that holds it; every view of the page follows all of them."""

TABLE_SWITCH = "explore-show-table"
DOWNLOAD = "explore-download"
NARROWING = ("segment", "country", "min_clv", "min_frequency")
CLEARED = (views.EVERYWHERE, views.EVERYWHERE, None, None)
"""What the controls of `NARROWING` hold where nothing is filtered."""

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
    return {
        "method": view.method,
        "k": str(view.k),
        "segment": views.EVERYWHERE if view.segment is None else str(view.segment),
        "country": view.country or views.EVERYWHERE,
        "min_clv": view.min_clv or None,
        "min_frequency": view.min_frequency or None,
    }


def section(results: Finished, view: View, download: str) -> Component:
    """The controls: which segments, which customers, and what to do with them."""
    take = html.A(
        [components.icon("download"), " Download CSV"],
        id=DOWNLOAD,
        href=download,
        download="",
        className="btn btn-primary",
    )
    switch = dbc.Switch(id=TABLE_SWITCH, value=view.table, label="List the customers")
    buttons = html.Div(
        [html.Div(switch, className="filter-switch"), clearing("filters", "Clear filters", "outline-secondary"), take],
        className="filter-buttons",
    )
    fields = html.Div(_fields(results, view), className="filter-fields")
    return html.Section([fields, buttons], className="section filters")


def segment_choices(results: Finished, view: View) -> list[dict[str, str]]:
    """All segments, or one of those of a settled view."""
    everyone = [{"label": "All segments", "value": views.EVERYWHERE}]
    return everyone + [{"label": name, "value": str(label)} for label, name in results.names(view).items()]


def nobody(view: View, names: dict[int, str]) -> Component:
    """What to say and do where the filters leave nobody."""
    asked = " and ".join(views.filters_in_words(view, names, formats.money(view.min_clv)))
    return components.nothing_left(f"No customer is {asked}.", clearing("empty", "Clear filters", "primary"))


def clearing(at: str, words: str, color: str) -> Component:
    """A button that clears all filters; `at` tells it from others on the page."""
    button: Component = dbc.Button(words, id={"type": "explore-clear", "at": at}, color=color)
    return button


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
    return html.Div([head, control], className="filter-field")


def _select(name: str, options: list[dict[str, str]], held: dict[str, Any]) -> Component:
    field: Component = dbc.Select(id=CONTROLS[name], options=options, value=held[name])
    return field


def _number(name: str, held: dict[str, Any]) -> Component:
    field: Component = dbc.Input(
        id=CONTROLS[name], type="number", min=0, step=1, value=held[name], placeholder="any", debounce=0.35
    )
    return field
