"""The guide that every page has at hand: what to do where, every term in a sentence, and the keys that help."""

from __future__ import annotations

import dash_bootstrap_components as dbc
from dash import ClientsideFunction, Dash, Input, Output, dcc, html
from dash.development.base_component import Component

from webapp import glossary, ids, languages, markup
from webapp.components import aria, icon

OPEN, PANEL, SEARCH, TERMS, NONE = "guide-open", "guide", "guide-search", "guide-terms", "guide-none"
HINT, HINT_OPEN, HINT_CLOSE = "guide-hint", "guide-hint-open", "guide-hint-close"
STEPS = {
    "Data: bring your orders": (
        "Drop a file of orders, or several of one kind, or try the sample shop.",
        "Check what each column was taken for, then read what was left out, and why.",
        "“Build segments” goes on. Nothing you brought is changed.",
    ),
    "Model: see who belongs together": (
        "Change the method or the number of segments: everything redraws at once.",
        "Read the names and what to do first, then ask whether they can be trusted; names and actions can be your own.",
        "Value says what customers are worth, and how far that forecast was off before; one customer can be looked up.",
    ),
    "Explore: decide whom to talk to, with what, and when": (
        "Choose a segment, a country, a minimum value or number of orders: all figures and charts follow.",
        "“Show table” lists the customers; the address holds what you chose, to share or to come back to.",
        "Download the list: it holds exactly the customers in sight.",
    ),
}
KEYS = (
    ("Tab", "goes to the next control; Enter or Space uses it."),
    ("Arrow keys", "change the method, the number of segments and the view once one of them has the focus."),
    ("Esc", "closes this guide and every explanation."),
)


def button() -> Component:
    """What opens the guide, for the top bar."""
    return html.Button(
        icon("question-circle"), id=OPEN, className="icon-button", title="Guide", **aria(label="Open the guide")
    )


def panel() -> Component:
    """The guide, closed, and the hint that tells a first visitor of it."""
    inside = [_steps(), html.H3("Every term in a sentence"), _search(), _terms(), html.H3("Keys"), _keys()]
    inside += [html.H3("Numbers and days"), languages.field()]
    drawer = dbc.Offcanvas(
        inside,
        id=PANEL,
        title=html.H2("Guide", className="guide-title"),
        placement="end",
        is_open=False,
        class_name="guide",
    )
    return html.Div([drawer, _hint()])


def register(app: Dash) -> None:
    """Wire the button, the search among the terms and the hint; all of it happens in the browser."""
    opened = ClientsideFunction("guide", "open")
    app.clientside_callback(
        opened,
        Output(PANEL, "is_open"),
        Output(HINT, "hidden"),
        Input(OPEN, "n_clicks"),
        Input(HINT_OPEN, "n_clicks"),
        Input(HINT_CLOSE, "n_clicks"),
        Input(ids.ADDRESS, "pathname"),
        Input(ids.ADDRESS, "search"),
    )
    chosen = Output(languages.FIELD, "value"), Input(languages.FIELD, "value")
    app.clientside_callback(ClientsideFunction("languages", "choose"), *chosen)
    app.clientside_callback(ClientsideFunction("guide", "search"), Output(NONE, "hidden"), Input(SEARCH, "value"))


def _steps() -> Component:
    parts = [[html.H3(title), html.Ol([html.Li(step) for step in steps])] for title, steps in STEPS.items()]
    return markup.still([each for part in parts for each in part])


def _search() -> Component:
    field = dcc.Input(id=SEARCH, type="search", placeholder="Find a term", className="form-control", autoComplete="off")
    label = html.Label("Find a term", htmlFor=SEARCH, className="visually-hidden")
    return html.Div([label, field])


def _terms() -> Component:
    entries = [
        html.Div([html.Dt(word), html.Dd(glossary.TERMS[word])], className="guide-term")
        for word in sorted(glossary.TERMS, key=str.lower)
    ]
    none = html.P("No term has that in it.", id=NONE, hidden=True, role="status", className="quiet")
    return html.Div([markup.still(html.Dl(entries), id=TERMS), none])


def _keys() -> Component:
    rows = [html.Li([html.Kbd(key), f" {what}"]) for key, what in KEYS]
    return markup.still(html.Ul(rows, className="guide-keys"))


def _hint() -> Component:
    words = html.P([html.Strong("First time here? "), "The guide says in a minute what to do on each page."])
    open_it = html.Button("Open the guide", id=HINT_OPEN, className="btn btn-sm btn-primary", type="button")
    close = html.Button("Not now", id=HINT_CLOSE, className="btn btn-sm btn-link", type="button")
    return html.Aside(
        [words, html.Div([open_it, close])], id=HINT, className="guide-hint", hidden=True, **aria(label="Hint")
    )
