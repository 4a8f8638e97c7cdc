"""The segments at a glance: where each lies between lapsed and recent, small and large."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from webapp import points

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

TITLE = "Segment map"
CAPTION = (
    "Each point is a customer. To the left: bought recently. Higher up: spent more so far; each step up "
    "is ten times as much."
)
_RECENCY = points.Axis("Recency", "Recency: days since last order")
_MONETARY = points.Axis("Monetary", "Monetary: spent so far", log=True, floor=1, money=True)


def figure(customers: pd.DataFrame, names: Mapping[int, str]) -> go.Figure:
    """Recency against Monetary (log), coloured by segment. Columns as `points.scatter` says."""
    return points.scatter(customers, _RECENCY, _MONETARY, names)
