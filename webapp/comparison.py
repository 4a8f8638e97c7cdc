"""What happened beside what was forecast: bars and lines that look the same in every chart of the past tests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from webapp import formats, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go

HAPPENED, FORECAST = "What happened", "Forecast"
_COLOURS = {HAPPENED: theme.HAPPENED, FORECAST: theme.FORECAST}
_PATTERN = {"shape": "/", "fillmode": "overlay", "size": 7, "solidity": 0.28, "fgcolor": "rgba(255, 255, 255, 0.7)"}


DAYS = {"showgrid": False, "type": "category", "tickangle": 0, "title": {"text": "Tested from"}}
"""The axis of past days, written by `day`."""

WITHIN = {
    "textposition": "inside",
    "insidetextanchor": "end",
    "textfont": {"size": 11, "color": theme.ink_on(theme.FORECAST)},
    "textangle": 0,
    "constraintext": "none",
}
"""A bar's text inside its top, always upright and of one size."""


def day(written: str) -> str:
    """A past day, in two lines where its month is a word, so that it fits under its bars: `6 Mar`, `2011`."""
    before, _, year = formats.date(written).rpartition(formats.SPACE)
    return f"{before}<br>{year}" if before else year


def figure(**layout: Any) -> go.Figure:
    """An empty figure for bars or lines to compare, with their legend above; `layout` is added to it."""
    return theme.figure(**{"hovermode": "x unified", "barmode": "group", "bargap": 0.32, "bargroupgap": 0.08} | layout)


def bars(
    chart: go.Figure, name: str, places: Iterable[Any], heights: Iterable[float], written: Iterable[str], **more: Any
) -> None:
    """One bar a place: solid for what happened, hatched for the forecast, grey for a rule of thumb.

    Parameters
    ----------
    written : each height as its tooltip tells it.
    more : properties of the trace, such as `text`.
    """
    marker: dict[str, Any] = {"color": _COLOURS.get(name, theme.QUIET)}
    if name == FORECAST:
        marker["pattern"] = _PATTERN
    chart.add_bar(
        x=list(places),
        y=list(heights),
        name=name,
        marker=marker,
        customdata=list(written),
        hovertemplate="%{customdata}",
        **more,
    )


def line(
    chart: go.Figure, name: str, places: Iterable[Any], heights: Iterable[float], written: Iterable[str], **more: Any
) -> None:
    """A line: full for what happened, dashed for the forecast."""
    dash = "dash" if name == FORECAST else "solid"
    chart.add_scatter(
        x=list(places),
        y=list(heights),
        name=name,
        mode="lines",
        line={"color": _COLOURS.get(name, theme.QUIET), "width": 2.4, "dash": dash},
        customdata=list(written),
        hovertemplate="%{customdata}",
        **more,
    )


def words_above(chart: go.Figure, places: Iterable[Any], heights: Iterable[float], words: Iterable[str]) -> None:
    """A few characters over the middle of each group of bars, at the height of its highest."""
    chart.add_scatter(
        x=list(places),
        y=list(heights),
        text=list(words),
        mode="text",
        textposition="top center",
        textfont={"size": 12},
        cliponaxis=False,
        showlegend=False,
        hoverinfo="skip",
    )
