"""The plain rule of each segment and how far it holds, for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from pipeline.profiles.rules import in_words
from webapp import components, formats, panels, theme

TITLE = "In one sentence"
CAPTION = (
    "The simplest rule that tells a segment from the others. It covers so many of the segment's customers, and so many "
    "of the customers it names are in the segment: a rule for briefings and filters, not the segment itself."
)


def listed(rules: Mapping[int, Mapping[str, Any]], names: Mapping[int, str]) -> Component:
    """One line per segment: its name, its rule, how many it covers and how often it is right.

    Parameters
    ----------
    rules : segment -> its rule, as `pipeline.profiles.rules` tells it; segments that are none have no rule.
    """
    return html.Ul(
        [_line(label, rules[label], name) for label, name in names.items() if label in rules], className="rules"
    )


def _line(label: int, rule: Mapping[str, Any], name: str) -> Component:
    return html.Li(
        [
            html.Strong([panels.swatch(label), name]),
            html.Span(f"{in_words(rule['conditions'])}.", className="rule"),
            _measure("covers", rule["covered"], label, f"The rule names {formats.share(rule['covered'])} of {name}."),
            _measure(
                "right",
                rule["right"],
                label,
                f"Of the {formats.plural(rule['named'], 'customer')} whom the rule names, "
                f"{formats.share(rule['right'])} are in {name}.",
            ),
        ]
    )


def _measure(word: str, part: float, label: int, told: str) -> Component:
    filled = html.Span(style={"width": f"{100 * part:.1f}%", "background": theme.segment_colour(label)})
    shown = html.Span([f"{word} ", html.B(formats.whole_share(part))])
    return html.Span([shown, html.Span(filled, className="bar-track")], className="rule-measure", title=told)


def section(inside: Component) -> Component:
    """The card around the list."""
    return components.section(TITLE, [inside, html.P(CAPTION, className="caption")])
