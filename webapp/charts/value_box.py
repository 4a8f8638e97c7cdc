"""How expected value spreads within each segment, not just its average."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from webapp import formats, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go

TITLE = "CLV by segment"
CAPTION = (
    "The box holds the middle half of a segment's customers, its line is the median, the whiskers hold 90 % of them "
    "and the diamond is the average. The scale is compressed: equal distances are equal factors, not equal "
    "amounts. Values under 1 are drawn at 1."
)
FLOOR = 1.0
_ENDS = ("Lowest 5 %", "Highest 5 %")
_QUANTILES = {"Lowest 5 %": 0.05, "Lower quarter": 0.25, "Median": 0.5, "Upper quarter": 0.75, "Highest 5 %": 0.95}


def spread(customers: pd.DataFrame) -> pd.DataFrame:
    """Five quantiles and the mean of CLV_6m per segment, one row each, in money.

    Parameters
    ----------
    customers : Segment, CLV_6m.
    """
    by_segment = customers.groupby("Segment", sort=True)["CLV_6m"]
    columns = {name: by_segment.quantile(at) for name, at in _QUANTILES.items()}
    return pd.DataFrame({**columns, "Average": by_segment.mean()}).reset_index()


def readable(customers: pd.DataFrame, names: Mapping[int, str]) -> pd.DataFrame:
    """The table twin: `spread` written for people."""
    table = spread(customers)
    shown = table.drop(columns="Segment").map(formats.money)
    shown.insert(0, "Segment", [names[int(label)] for label in table["Segment"]])
    return shown


def figure(customers: pd.DataFrame, names: Mapping[int, str]) -> go.Figure:
    """One box per segment on a log scale; quantiles are computed here, so any number of customers draws at once."""
    chart = theme.figure(
        yaxis={"type": "log", "title": {"text": "CLV: expected in the next 6 months"}},
        xaxis={"type": "category", "showgrid": False, "title": {"text": "Segment"}},
        showlegend=False,
        boxgap=0.45,
    )
    table = spread(customers)
    low, high = (max(float(table[name].agg(end)), FLOOR) for name, end in zip(_ENDS, ("min", "max"), strict=True))
    ticks = theme.log_ticks(low * 0.8, high * 1.25)
    chart.update_yaxes(tickvals=ticks, ticktext=[formats.axis_money(tick) for tick in ticks])
    for row in table.to_dict("records"):
        segment = int(row["Segment"])
        low, first, middle, third, high = (max(float(row[name]), FLOOR) for name in _QUANTILES)
        chart.add_box(
            x=[formats.stacked(names[segment])],
            lowerfence=[low],
            q1=[first],
            median=[middle],
            q3=[third],
            upperfence=[high],
            name=names[segment],
            marker={"color": theme.segment_colour(segment)},
            line={"width": 1.6},
            fillcolor=theme.faded(theme.segment_colour(segment), 0.28),
            hoverinfo="skip",
        )
    _averages(chart, table, names)
    return chart


def _averages(chart: go.Figure, table: pd.DataFrame, names: Mapping[int, str]) -> None:
    chart.add_scatter(
        x=[formats.stacked(names[int(label)]) for label in table["Segment"]],
        y=np.maximum(table["Average"].to_numpy(dtype="float64"), FLOOR),
        mode="markers",
        marker={
            "symbol": "diamond",
            "size": 9,
            "color": [theme.segment_colour(int(label)) for label in table["Segment"]],
            "line": {"width": 1.5, "color": "#ffffff"},
        },
        text=[_tooltip(row, names) for row in table.to_dict("records")],
        hovertemplate="%{text}<extra></extra>",
    )


def _tooltip(row: Mapping[Hashable, Any], names: Mapping[int, str]) -> str:
    segment = int(row["Segment"])
    facts = [f"{name}: {formats.money(row[name])}" for name in ("Average", *_QUANTILES)]
    return "<br>".join([f"<b>{names[segment]}</b>", *facts])
