"""How the reader's numbers and days are written: as their browser asks, or in a language that they have chosen."""

from __future__ import annotations

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component
from flask import request

from webapp import formats

COOKIE = "studio-numbers"
FIELD = "numbers-language"
AS_ASKED = ""
OFFERED = {
    "en": "English",
    "de": "Deutsch",
    "de-CH": "Deutsch (Schweiz)",
    "fr": "Français",
    "es": "Español",
    "it": "Italiano",
    "nl": "Nederlands",
    "pt-BR": "Português",
    "pl": "Polski",
    "sv": "Svenska",
    "tr": "Türkçe",
    "en-IN": "English (India)",
    "ja": "日本語",
}
HELP = "Marks in numbers, the place of the currency and the order of day, month and year. The words stay English."


def follow_the_reader() -> None:
    """Write the numbers of this request as its reader is used to."""
    formats.write_numbers_as(asked_for())


def asked_for() -> str | None:
    """The language chosen here before, else the first one of the browser that is known."""
    chosen = request.cookies.get(COOKIE)
    wished = [chosen] if chosen in OFFERED else [tag for tag, _ in request.accept_languages]
    return next((tag for tag in wished if tag and formats.writing(tag)), None)


def field() -> Component:
    """The choice, which `assets/languages.js` keeps and fills in."""
    options = [{"label": "As the browser asks", "value": AS_ASKED}]
    options += [{"label": name, "value": tag} for tag, name in OFFERED.items()]
    choice = dbc.Select(id=FIELD, options=options, value=AS_ASKED)
    return html.Div([dbc.Label("Written as in", html_for=FIELD), choice, html.P(HELP, className="setting-help")])
