"""Whether a chance of 30 % came true for 30 of 100."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.report import past_tests
from webapp import formats, theme

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

TITLE = past_tests.CALIBRATION
CAPTION = (
    "Customers are put in groups by their forecast chance to buy; upright is the share of each group that then bought. "
    "On the line the two are equal; above it more people bought than forecast, below it fewer. The upright strokes are "
    "where the share may lie by chance (95 %). The last test is drawn strong."
)
readable = past_tests.calibration
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x")


def figure(calibration: pd.DataFrame) -> go.Figure:
    """One line of groups per past day, with intervals, and the diagonal.

    Parameters
    ----------
    calibration : one row per test and group of customers: cutoff (date), chance_mean, bought_share, low, high (0 to
        1), customers.
    """
    top = min(1.0, 1.08 * float(calibration[["chance_mean", "high"]].max().max()))
    axis = {"tickformat": ".0%", "range": [0, top], "nticks": 6}
    chart = theme.figure(
        xaxis=axis | {"title": {"text": "Forecast chance to buy"}, "showgrid": True},
        yaxis=axis | {"title": {"text": "Share that bought"}},
    )
    dash = {"color": theme.QUIET, "width": 1.5, "dash": "dot"}
    chart.add_scatter(x=[0, top], y=[0, top], mode="lines", line=dash, hoverinfo="skip", showlegend=False)
    days = sorted(set(calibration["cutoff"]))
    for place, day in enumerate(days):
        groups = calibration[calibration["cutoff"] == day].sort_values("chance_mean")
        _test(chart, formats.date(day), groups, place, day == days[-1])
    return chart


def _test(chart: go.Figure, day: str, groups: pd.DataFrame, place: int, last: bool) -> None:
    colour = theme.ACCENT if last else theme.QUIET
    told = [
        f"{formats.plural(row['customers'], 'customer')}, forecast {formats.chance(row['chance_mean'])}, "
        f"{formats.share(row['bought_share'])} bought"
        for row in groups.to_dict("records")
    ]
    chart.add_scatter(
        x=groups["chance_mean"],
        y=groups["bought_share"],
        name=f"from {day}",
        mode="lines+markers",
        line={"color": colour, "width": 2.4 if last else 1, "dash": "solid" if last else "dot"},
        marker={"symbol": _SYMBOLS[place % len(_SYMBOLS)], "size": 8 if last else 6},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": groups["high"] - groups["bought_share"],
            "arrayminus": groups["bought_share"] - groups["low"],
            "color": colour,
            "thickness": 1.4 if last else 0.8,
            "width": 0,
        },
        opacity=1 if last else 0.75,
        text=told,
        hovertemplate=f"<b>from {day}</b><br>%{{text}}<extra></extra>",
    )
