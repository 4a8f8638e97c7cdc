"""The segments as cards on the Explore page: who, how much money, what to do, with what and when."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from pipeline.profiles.history import CATEGORY, PRODUCT
from webapp import filters, formats, pace, panels, segment_facts, theme
from webapp.finished import Finished
from webapp.views import View

TITLE = "Segments to act on"
HELP = (
    "Of the middle customer of each segment, whatever the filters. Numbers behind categories and products: 100 is as "
    "many buyers as among all customers, in brackets the 95 % range. Bars are revenue by month, pale where the file "
    "does not cover it whole."
)
OWN_VIEW = "segment"


def drawn(results: Finished, view: View) -> Component:
    """A card for every segment of a settled view."""
    return html.Div([_card(results, view, segment) for segment in results.named(view)], className="segment-cards")


def _card(results: Finished, view: View, segment: int) -> Component:
    named, member = results.named(view)[segment], segment_facts.members(results, view, segment)
    colour, revenue = theme.segment_colour(segment), segment_facts.share(results, member, "Monetary")
    size = f"{formats.plural(int(member.sum()), 'customer')} · {formats.share(float(member.mean()))}"
    own = pace.pace(results, member)
    return html.Article(
        [
            html.H3([panels.swatch(segment), named.name]),
            html.P([size, segment_facts.trust(results, view, segment)], className="quiet card-size"),
            html.Div([html.Strong(formats.share(revenue)), " of revenue"], className="weight"),
            pace.bars(own, f"Revenue of {named.name} by month"),
            html.P(own.sentence(), className="quiet"),
            panels.card_facts("Median", _facts(results, view, segment)),
            html.P([html.Strong("Do: "), named.action], className="card-action"),
            *_with_what_and_when(results, view, segment),
            _ways(segment, named.name),
        ],
        className="segment-card",
        style={"borderTopColor": colour},
    )


def _facts(results: Finished, view: View, segment: int) -> list[tuple[str, str, str]]:
    member = segment_facts.members(results, view, segment)
    words = {"Last order": "Recency", "Orders": "Frequency", "Spent": "Monetary", "CLV": "CLV"}
    facts = [(words[word], word, fact) for word, fact in segment_facts.medians(results, member).items()]
    return [*facts, ("Chance to buy", "Order in 30 days", formats.chance(segment_facts.chance(results, member)))]


def _with_what_and_when(results: Finished, view: View, segment: int) -> list[Component]:
    member = segment_facts.members(results, view, segment)
    kinds = {
        "Categories: ": segment_facts.favourites(results, member, CATEGORY, 2),
        "Products: ": segment_facts.favourites(results, member, PRODUCT, 2),
    }
    told = [html.P([html.Strong(word), ", ".join(items) or "nothing for sure"]) for word, items in kinds.items()]
    when = segment_facts.window(results, view, segment)
    late = f" {formats.plural(when.overdue, 'regular')} overdue." if when.overdue else ""
    return [html.Div([*told, html.P([html.Strong("When: "), when.sentence(), late])], className="card-reach")]


def _ways(segment: int, name: str) -> Component:
    only = filters.setting({"segment": str(segment)})
    closer = filters.setting({"segment": str(segment), "view": OWN_VIEW})
    ways = {"Only these": only, "Look closer": closer}
    look: dict[str, Any] = {"type": "button", "title": name, "className": "btn btn-sm btn-outline-secondary"}
    return html.Div([html.Button(words, **look, **sets) for words, sets in ways.items()], className="card-ways")
