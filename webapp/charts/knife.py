"""How well each customer sits in their segment: the silhouettes of every segment, sorted, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from webapp import formats, theme

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

TITLE = "How well customers sit in their segments"
CAPTION = (
    "Each blade is a segment, as wide as it has customers, sorted from those who sit well in it (high) to those who "
    "lie nearer to another one (below the line)."
)
POINTS = 120  # of a blade: more than its width in pixels shows nothing more
BORDER = 0.05


def readable(customers: pd.DataFrame, names: Mapping[int, str]) -> pd.DataFrame:
    """Segment, average, share on the border and share nearer to another segment, written for people.

    Parameters
    ----------
    customers : Segment, Silhouette (missing where not measured).
    """
    import pandas as pd

    groups = customers.dropna(subset="Silhouette").groupby("Segment", sort=True)["Silhouette"]
    rows = [
        {
            "Segment": names[int(str(label))],
            "Average": formats.number(float(own.mean()), 2),
            "On the border": formats.share(float(own.between(0, BORDER).mean())),
            "Nearer to another": formats.share(float((own < 0).mean())),
        }
        for label, own in groups
    ]
    return pd.DataFrame(rows, columns=["Segment", "Average", "On the border", "Nearer to another"])


def figure(customers: pd.DataFrame, names: Mapping[int, str]) -> go.Figure:
    """A filled line per segment; columns as in `readable`."""
    measured = customers.dropna(subset="Silhouette")
    chart = theme.figure(
        xaxis={"visible": False},
        yaxis={"title": {"text": "Silhouette"}, "zeroline": True, "zerolinecolor": theme.QUIET, "tickformat": ".1f"},
        showlegend=False,
    )
    start = 0.0
    for label, own in measured.groupby("Segment", sort=True)["Silhouette"]:
        segment, share = int(str(label)), len(own) / len(measured)
        at = np.linspace(0, 1, min(POINTS, len(own)))
        chart.add_scatter(
            x=start + share * at,
            y=np.quantile(own.to_numpy(), 1 - at).round(4),
            name=names[segment],
            mode="lines",
            fill="tozeroy",
            line={"color": theme.segment_colour(segment), "width": 1},
            fillcolor=theme.faded(theme.segment_colour(segment), 0.5),
            hovertemplate=f"<b>{names[segment]}</b><br>silhouette %{{y:.2f}}<extra></extra>",
        )
        start += share
    return chart
