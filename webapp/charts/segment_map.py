"""The segments at a glance: where each lies between lapsed and recent, small and large."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import Patch

from webapp import points

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

TITLE = "Segment map"
CAPTION = (
    "Each point is a customer. To the left: bought recently. Higher up: spent more so far. The upright "
    "scale is compressed: equal distances are equal factors, not equal amounts."
)
_RECENCY = points.Axis("Recency", "Recency: days since last order")
_MONETARY = points.Axis("Monetary", "Monetary: spent so far", log=True, floor=1, money=True)


def figure(customers: pd.DataFrame) -> go.Figure:
    """Recency against Monetary (log), coloured by segment. Columns as `points.scatter` says."""
    return points.cloud(customers, _RECENCY, _MONETARY)


def recoloured(customers: pd.DataFrame) -> Patch | go.Figure:
    """The figure of the same customers in other segments: their colours only, where the same points stay."""
    if len(customers) > points.DRAWN_AT_MOST:
        return figure(customers)
    change = Patch()
    change["data"][0]["marker"]["color"] = points.labels(customers).tolist()
    return change
