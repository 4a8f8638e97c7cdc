"""How many customers each segment has, and how much of the money: the imbalance is the point."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from webapp import formats, theme
from webapp.components import aria

if TYPE_CHECKING:
    import pandas as pd

TITLE = "Customers and revenue"
CAPTION = (
    "Both bars are 100 %. A segment that is wider below than above brings more money than its head count suggests."
)
LABELLED = 0.06
_ROWS = {"CustomerShare": "Customers", "RevenueShare": "Revenue"}


def bars(summary: pd.DataFrame, names: Mapping[int, str]) -> Component:
    """Two stacked bars, share of customers above share of revenue, in the order of the segments.

    They are plain HTML: the browser paints them in a small part of the time of a Plotly chart.

    Parameters
    ----------
    summary : Segment, Customers, CustomerShare, Revenue (money), RevenueShare.
    """
    rows = summary.sort_values("Segment").to_dict("records")
    return html.Div([_bar(rows, column, words, names) for column, words in _ROWS.items()], className="shares")


def _bar(rows: list[dict[Hashable, Any]], column: str, words: str, names: Mapping[int, str]) -> Component:
    parts = [_part(row, column, words, names) for row in rows]
    track = html.Div(parts, className="share-track", role="img", **aria(label=_spoken(rows, column, words, names)))
    return html.Div([html.Span(words, className="share-name"), track], className="share-row")


def _part(row: Mapping[Hashable, Any], column: str, words: str, names: Mapping[int, str]) -> Component:
    label, part = int(row["Segment"]), float(row[column])
    amounts = {
        "CustomerShare": formats.plural(row["Customers"], "customer"),
        "RevenueShare": formats.money(row["Revenue"]),
    }
    colour = theme.segment_colour(label)
    return html.Span(
        formats.share(part) if part >= LABELLED else None,
        title=f"{names[label]}: {amounts[column]}, {formats.share(part)} of {words.lower()}",
        style={"width": f"{100 * part:.3f}%", "background": colour, "color": theme.ink_on(colour)},
    )


def _spoken(rows: list[dict[Hashable, Any]], column: str, words: str, names: Mapping[int, str]) -> str:
    return f"{words}: " + ", ".join(f"{names[int(row['Segment'])]} {formats.share(row[column])}" for row in rows)
