"""Bars and ranges as HTML: labels in the page's own letters, as wide as the page, the figure beside each bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.report.elements import Html, Inside, tag
from pipeline.report.plots import Axis


class Bar(NamedTuple):
    """One bar: what it is of, how long (0 to 1), the figure in words, and its colour (else that of its series)."""

    label: Inside
    length: float
    figure: str
    colour: str | None = None
    series: str = "one"


class Spread(NamedTuple):
    """How the values of a group lie: its label, quantiles at 10, 25, 50, 75 and 90 %, the figure in words, a colour."""

    label: Inside
    quantiles: Sequence[float]
    figure: str
    colour: str


def bars(rows: Sequence[Bar]) -> Html:
    """One bar a line."""
    return tag("ul", [_line(bar) for bar in rows], class_="bars")


def grouped(groups: Sequence[tuple[str, Sequence[Bar]]]) -> Html:
    """Bars under headings, for what is compared within each."""
    return tag(
        "div",
        [tag("div", tag("p", heading, class_="bar-title"), bars(rows), class_="bar-group") for heading, rows in groups],
        class_="bar-groups",
    )


def spreads(rows: Sequence[Spread], axis: Axis) -> Html:
    """One line a group: a thin bar over the middle 80 %, a thick one over the middle half, a mark in the middle."""
    lines = [
        tag(
            "li",
            tag("span", row.label, class_="bar-label"),
            tag("span", _spread(row, axis), class_="track spread"),
            tag("span", row.figure, class_="bar-figure"),
        )
        for row in rows
    ]
    ticks = [
        tag("span", words, style=f"left:{100 * axis.share(value):.1f}%", class_=_side(axis.share(value)))
        for value, words in axis.ticks
    ]
    scale = tag("li", tag("span", class_="bar-label"), tag("span", ticks, class_="scale"), aria_hidden="true")
    return tag("ul", lines, scale, class_="bars")


def _side(share: float) -> str:
    return "first" if share < 0.03 else "last" if share > 0.97 else "between"


def _line(bar: Bar) -> Html:
    style = f"width:{100 * min(max(bar.length, 0.0), 1.0):.2f}%" + (f";background:{bar.colour}" if bar.colour else "")
    return tag(
        "li",
        tag("span", bar.label, class_="bar-label"),
        tag("span", tag("span", class_=f"fill {bar.series}", style=style), class_="track"),
        tag("span", bar.figure, class_="bar-figure"),
    )


def _spread(row: Spread, axis: Axis) -> list[Html]:
    def part(name: str, low: float, high: float) -> Html:
        left, right = 100 * axis.share(low), 100 * axis.share(high)
        return tag("span", class_=name, style=f"left:{left:.2f}%;width:{right - left:.2f}%;background:{row.colour}")

    low, quarter, middle, three_quarters, high = row.quantiles
    mark = tag("span", class_="mark", style=f"left:{100 * axis.share(middle):.2f}%")
    return [part("thin", low, high), part("thick", quarter, three_quarters), mark]
