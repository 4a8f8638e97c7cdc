"""Parts of a page that are drawn when they come into view: until then each keeps its place, so that nothing jumps.

`assets/later.js` watches the places and asks for a part by its `asked_id`; the page's callback answers under `part_id`.
"""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from webapp import components


def part_id(name: Any) -> dict[str, Any]:
    """The id of a part's place; `name` may be a wildcard."""
    return {"type": "later", "part": name}


def asked_id(name: Any) -> dict[str, Any]:
    """The id of the store that holds a part's name once it is asked for; `name` may be a wildcard."""
    return {"type": "later-asked", "part": name}


def place(name: str, title: str) -> Component:
    """The place of a part: a card of its title until it comes; the style sheet knows its height as `.later-<name>`."""
    card = components.section(title, components.working(f"{title}: being drawn."))
    waiting = html.Div(card, id=part_id(name), className=f"later later-{name}")
    return html.Div([waiting, dcc.Store(id=asked_id(name))], className="later-place")
