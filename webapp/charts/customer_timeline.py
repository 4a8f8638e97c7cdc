"""One customer's orders, the chance of the next one as it stood on every day, and when to expect it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from webapp import formats, theme

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

TITLE = "Orders, and the chance of the next one"
CAPTION = (
    "Below, each dot is a day with orders, the larger the more was spent; the bar to the right is when to expect the "
    "next order: with a chance of 25 % before its left end, 50 % before the mark, 75 % before its right end. Where "
    "that is too far ahead to be drawn, the bar ends in an arrow and what lies beyond is written there. Above, the "
    "chance of an order within 30 days as it stood on each day, by the models as they are fitted today: it jumps with "
    "each order and falls in silence."
)
HEIGHT = 360
LARGEST_DOT, SMALLEST_DOT = 30.0, 7.0
LONGEST_VIEW_DAYS = 400
_ORDERS, _NEXT = "Orders", "Next order"


def figure(orders: pd.DataFrame, chances: pd.DataFrame, expected: Mapping[str, pd.Timestamp | None]) -> go.Figure:
    """The chance over time above the orders, on one axis of time.

    Parameters
    ----------
    orders : one row per day with an order: Day, Orders, Money.
    chances : one row per day: Day, ChanceToBuy (0 to 1); the last row is the end of the data.
    expected : the days by which the next order has come with a chance of 25, 50 and 75 %, under "25", "50" and "75";
        None where no day is that sure.
    """
    import pandas as pd

    first, end = orders["Day"].min(), chances["Day"].max()
    span = (end - first).days
    padding = pd.Timedelta(days=0.02 * span + 3)
    top = min(1.0, max(0.1, 1.15 * float(chances["ChanceToBuy"].max())))
    today = {"type": "line", "x0": end, "x1": end, "yref": "paper", "y0": 0, "y1": 1}
    shown = _last_shown(expected, end, span)
    begins, ends = first - padding, shown + padding
    chart = theme.figure(
        height=HEIGHT,
        showlegend=False,
        xaxis={"range": [begins, ends], "anchor": "y2", **theme.month_ticks(begins, ends)},
        yaxis={"domain": [0.42, 1], "range": [0, top], "tickformat": ".0%", "nticks": 5}
        | {"title": {"text": "Chance in 30 days"}},
        yaxis2={"domain": [0, 0.36], "range": [-0.6, 1.6], "tickvals": [0, 1], "ticktext": [_NEXT, _ORDERS]}
        | {"showgrid": False, "zeroline": False, "automargin": True},
        shapes=[today | {"line": {"color": theme.QUIET, "width": 1.2, "dash": "dot"}}],
    )
    _chance(chart, chances)
    _orders(chart, orders)
    _expected(chart, expected, shown)
    return chart


def readable(orders: pd.DataFrame) -> pd.DataFrame:
    """The table twin: every day with an order, the latest first."""
    import pandas as pd

    latest = orders.sort_values("Day", ascending=False)
    return pd.DataFrame(
        {
            "Day": latest["Day"].map(formats.date),
            "Orders": latest["Orders"].map(formats.count),
            "Spent": latest["Money"].map(formats.money_exact),
        }
    )


def _chance(chart: go.Figure, chances: pd.DataFrame) -> None:
    chart.add_scatter(
        x=chances["Day"],
        y=chances["ChanceToBuy"].round(4),
        mode="lines",
        line={"color": theme.ACCENT, "width": 2},
        fill="tozeroy",
        fillcolor=theme.faded(theme.ACCENT, 0.14),
        text=chances["Day"].map(formats.date),
        hovertemplate="%{text}: %{y:.0%} chance of an order in 30 days<extra></extra>",
    )


def _orders(chart: go.Figure, orders: pd.DataFrame) -> None:
    money = np.maximum(orders["Money"].to_numpy(dtype="float64"), 0.0)
    size = np.maximum(LARGEST_DOT * np.sqrt(money / max(money.max(), 1e-9)), SMALLEST_DOT)
    chart.add_scatter(
        x=orders["Day"],
        y=[1] * len(orders),
        yaxis="y2",
        mode="markers",
        marker={
            "size": size.round(1),
            "color": theme.faded(theme.ACCENT, 0.6),
            "line": {"width": 1, "color": theme.ACCENT},
        },
        text=[
            f"<b>{formats.date(row['Day'])}</b><br>"
            f"{formats.plural(row['Orders'], 'order')}, {formats.money_exact(row['Money'])}"
            for row in orders.to_dict("records")
        ],
        hovertemplate="%{text}<extra></extra>",
    )


def _expected(chart: go.Figure, expected: Mapping[str, pd.Timestamp | None], shown: pd.Timestamp) -> None:
    first, middle, last = (expected[name] for name in ("25", "50", "75"))
    if first is None:
        return
    told = [f"{name} %: by {formats.date(day)}" for name, day in expected.items() if day is not None]
    shared: dict[str, Any] = {"text": ["<br>".join(told)] * 2, "yaxis": "y2"}
    shared["hovertemplate"] = "<b>Next order, with a chance of</b><br>%{text}<extra></extra>"
    if first < shown:
        line = {"color": theme.faded(theme.FORECAST, 0.55), "width": 12}
        chart.add_scatter(x=[first, min(last or shown, shown)], y=[0, 0], mode="lines", line=line, **shared)
    if middle is not None and middle <= shown:
        marker = {"symbol": "diamond", "size": 13, "color": theme.FORECAST, "line": {"width": 1.5, "color": "#ffffff"}}
        chart.add_scatter(x=[middle], y=[0], mode="markers", marker=marker, **shared)
    beyond = {name: day for name, day in expected.items() if day is None or day > shown}
    if beyond:
        arrow = {"symbol": "triangle-right", "size": 16, "color": theme.FORECAST}
        chart.add_scatter(x=[shown], y=[0], mode="markers", marker=arrow, cliponaxis=False, **shared)
        _written_beyond(chart, beyond, shown)


def _written_beyond(chart: go.Figure, beyond: Mapping[str, pd.Timestamp | None], shown: pd.Timestamp) -> None:
    """The days that the axis does not reach, above the arrow in which the bar ends."""
    days = [f"{name} %: {f'by {formats.date(day)}' if day else 'not in sight'}" for name, day in beyond.items()]
    where = {"x": shown, "y": 0, "yref": "y2", "xanchor": "right", "yanchor": "bottom", "xshift": 8, "yshift": 7}
    chart.add_annotation(text="<br>".join(days), showarrow=False, align="right", **where)


def _last_shown(expected: Mapping[str, pd.Timestamp | None], end: pd.Timestamp, span: int) -> pd.Timestamp:
    """How far the axis goes: to the end of the bar, but never so far that the past is squeezed."""
    import pandas as pd

    first, last = expected["25"], expected["75"]
    if first is None:
        return end
    furthest = end + pd.Timedelta(days=min(LONGEST_VIEW_DAYS, max(60, span)))
    return furthest if last is None else min(max(end, last), furthest)
