"""How far to trust a segment in a word or two: its badge, and what may be wrong with it, explained on hover."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from pipeline.profiles.health import BADGES, Health
from webapp import components

ICONS = {"stable": "check-circle", "pattern": "dash-circle", "doubtful": "x-circle", "untested": "question-circle"}
LOOKS = {"stable": "good", "pattern": "fair", "doubtful": "poor", "untested": "untested"}
TWIN = "Found twice"


def badge(own: Health) -> Component:
    """The verdict on a segment."""
    words: list[Any] = [components.icon(ICONS[own.badge]), f" {BADGES[own.badge]}"]
    return html.Span(words, className=f"badge-health verdict-{LOOKS[own.badge]}")


def on_a_card(own: Health, address: str, switch: str, view: str) -> Component:
    """The badge, which leads to the view of trust, and a word for each thing to know.

    Parameters
    ----------
    address : of that view, for a new tab.
    switch, view : the id of the page's switch and the name of the view, so that `assets/tabs.js` opens it in place.
    """
    there: dict[str, Any] = {"data-switch": switch, "data-view": view}
    link = html.A(badge(own), href=address, title="Why, and how it was tested", **there)
    twins = {TWIN: " ".join(own.twins)} if own.twins else {}
    words = [components.term(word, told) for word, told in (own.alarms | twins).items()]
    return html.Div([link, *words], className="card-health")
