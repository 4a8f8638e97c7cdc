"""Who bought lately, and how often: the first look at any customer base."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from webapp import points

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

TITLE = "Recency × Frequency"
CAPTION = (
    "Each point is a customer. To the left: bought recently. Higher up: ordered more often. "
    "The upright scale is compressed: equal distances are equal factors, not equal numbers of orders. "
    "Equal counts are drawn slightly apart so that none hides."
)
_RECENCY = points.Axis("Recency", "Recency: days since last order")
_FREQUENCY = points.Axis("Frequency", "Frequency: orders", log=True, floor=1, spread=0.06)


def figure(customers: pd.DataFrame, names: Mapping[int, str]) -> go.Figure:
    """Recency against Frequency (log), coloured by segment. Columns as `points.cloud` says."""
    return points.cloud(customers, _RECENCY, _FREQUENCY, names)
