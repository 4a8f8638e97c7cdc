"""All customers at a glance, on axes and in colours of one's choice: where segments lie and how they touch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import Patch

from webapp import density, formats, points, theme

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

TITLE = "Map of customers"
POINTS, CROWDS = "points", "density"
WAYS = {POINTS: "Points", CROWDS: "Density"}
CROWDED = "The inner ground of each colour holds the closest half of the segment, the outer one nine in ten."
ACROSS, UP = "Across", "Up"
LIKENESS, SEGMENT = "likeness", "segment"
AXES = {
    LIKENESS: "Likeness",
    "Recency": "Last order",
    "Frequency": "Orders",
    "Monetary": "Spent so far",
    "CLV_6m": "CLV",
}
COLOURS = {SEGMENT: "Segment", **{name: words for name, words in AXES.items() if name != LIKENESS}}
_MEASURES = {
    "Recency": points.Axis("Recency", "Recency: days since last order"),
    "Frequency": points.Axis("Frequency", "Frequency: orders", log=True, floor=1, spread=0.06),
    "Monetary": points.Axis("Monetary", "Monetary: spent so far", log=True, floor=1, money=True),
    "CLV_6m": points.Axis("CLV_6m", "CLV: expected in the next 6 months", log=True, floor=1, money=True),
}
_LIKENESS = {
    ACROSS: points.Axis(ACROSS, "Likeness, first direction"),
    UP: points.Axis(UP, "Likeness, second direction"),
}


def figure(customers: pd.DataFrame, names: Mapping[int, str]) -> go.Figure:
    """One point per customer, by likeness and in the colours of the segments; `moved` and `recoloured` change it.

    Parameters
    ----------
    customers : as `points.cloud` says, and Across and Up, the two directions in which customers differ most.
    names : segment -> its name, for tooltips.
    """
    chart = points.cloud(customers, _axis(LIKENESS, ACROSS), _axis(LIKENESS, UP), names)
    _without_unit(chart, LIKENESS, LIKENESS)
    return chart


def crowds(customers: pd.DataFrame, names: Mapping[int, str], across: str = LIKENESS, up: str = LIKENESS) -> go.Figure:
    """Where each segment is at home: the ground that holds its closest half, and that of nine in ten.

    Parameters
    ----------
    customers, names : as in `figure`; any number of customers, since none is drawn by itself.
    across, up : which of `AXES` runs to the right and which upwards.
    """
    x, y = _axis(across, ACROSS), _axis(up, UP)
    chart = theme.figure(xaxis=points.drawn_axis(x, customers), yaxis=points.drawn_axis(y, customers))
    _without_unit(chart, across, up)
    places = [_steps(points.positions(customers, axis), axis) for axis in (x, y)]
    edges = density.frame(*places)
    labels = customers["Segment"].to_numpy()
    for label in sorted(set(labels.tolist())):
        member = labels == label
        found = density.region(places[0][member], places[1][member], edges)
        _draw(chart, found, label, names[label], (x.log, y.log))
    return chart


def _draw(chart: go.Figure, found: density.Region, label: int, name: str, logs: tuple[bool, bool]) -> None:
    colour = theme.segment_colour(label)
    shades = [[0.0, theme.CLEAR], [0.5, theme.faded(colour, 0.3)], [1.0, theme.faded(colour, 0.65)]]
    middle = [10**place if log else place for place, log in zip((found.across, found.up), logs, strict=True)]
    chart.add_contour(
        x=middle[0],
        y=middle[1],
        z=found.rank.round(4),
        name=name,
        contours={"start": 0.1, "end": 0.5, "size": 0.4},
        colorscale=shades,
        line={"color": colour, "width": 1.2},
        showscale=False,
        hoverinfo="skip",
    )
    words = {"text": f"<b>{name}</b>", "showarrow": False, "font": {"size": 12}}
    chart.add_annotation(x=found.peak[0], y=found.peak[1], **words)


def _steps(places: Any, axis: points.Axis) -> Any:
    """Places on an axis in steps of equal length on the paper."""
    import numpy as np

    return np.log10(places.astype("float64")) if axis.log else places.astype("float64")


def _without_unit(chart: go.Figure, across: str, up: str) -> None:
    """Likeness has no unit and no zero."""
    for name, of in (("xaxis", across), ("yaxis", up)):
        if of == LIKENESS:
            chart.layout[name].update(rangemode="normal", showticklabels=False)


def recoloured(customers: pd.DataFrame, colour: str) -> Patch:
    """The figure of the same customers in other colours."""
    change = Patch()
    marker = points.colours(customers) if colour == SEGMENT else _shades(customers, colour)
    for name, value in marker.items():
        change["data"][0]["marker"][name] = value
    return change


def moved(customers: pd.DataFrame, across: str, up: str) -> Patch:
    """The figure of the same customers, coloured as it is, on other axes."""
    change = Patch()
    x, y = _axis(across, ACROSS), _axis(up, UP)
    places = points.frame(customers, x, y)
    _without_unit(places, across, up)
    for side, axis in (("x", x), ("y", y)):
        change["data"][0][side] = points.positions(customers, axis)
        change["layout"][f"{side}axis"] = places.layout[f"{side}axis"].to_plotly_json()
    change["layout"]["uirevision"] = places.layout.uirevision
    return change


def caption(across: str, up: str, words: Sequence[str], explained: Sequence[float], note: str) -> str:
    """What the axes mean, and how many customers are drawn.

    Parameters
    ----------
    words, explained : of both directions of likeness: what customers further along are like, and the share of all
        differences that lies along it.
    """
    told = ["Each point is a customer; customers who are alike in everything that segments are made of lie close."]
    sides = (("To the right", across, 0), ("Upwards", up, 1))
    told += [
        f"{side}: {words[place]} ({formats.share(explained[place])} of all differences)."
        for side, axis, place in sides
        if axis == LIKENESS
    ]
    if LIKENESS not in (across, up):
        told[0] = "Each point is a customer."
    if any(_MEASURES[axis].log for axis in (across, up) if axis in _MEASURES):
        told.append("Scales of orders and money are compressed: equal distances are equal factors, not equal amounts.")
    return " ".join([*told, f"{note}."])


def _axis(name: str, side: str) -> points.Axis:
    return _LIKENESS[side] if name == LIKENESS else _MEASURES[name]


def _shades(customers: pd.DataFrame, column: str) -> Mapping[str, Any]:
    """A marker coloured by rank, so that a few very large customers do not make all others look the same."""
    values = customers[column].astype("float64")
    rank = values.rank(pct=True)
    at = (0.0, 0.25, 0.5, 0.75, 1.0)
    write = formats.money if _MEASURES[column].money else formats.count
    bar = {
        "title": {"text": COLOURS[column], "side": "right"},
        "tickvals": list(at),
        "ticktext": [write(float(values.quantile(share))) for share in at],
        "thickness": 10,
        "outlinewidth": 0,
    }
    scale = {"colorscale": [list(stop) for stop in theme.LITTLE_TO_MUCH], "cmin": 0.0, "cmax": 1.0}
    return {"color": rank.to_numpy().round(3).tolist(), **scale, "showscale": True, "colorbar": bar}
