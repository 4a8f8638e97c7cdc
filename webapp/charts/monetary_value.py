"""What customers have spent against what they are expected to spend: where past and future part ways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from webapp import points

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

TITLE = "Monetary × CLV"
CAPTION = (
    "Each point is a customer. To the right: spent more so far. Higher up: expected to spend more in the next six "
    "months. High spenders far below the rest have gone quiet. Both scales are compressed: equal distances "
    "are equal factors, not equal amounts. Values under 1 are drawn at 1."
)
_MONETARY = points.Axis("Monetary", "Monetary: spent so far", log=True, floor=1, money=True)
_VALUE = points.Axis("CLV_6m", "CLV: expected in the next 6 months", log=True, floor=1, money=True)


def figure(customers: pd.DataFrame, names: Mapping[int, str]) -> go.Figure:
    """Monetary against CLV_6m, both log, coloured by segment. Columns as `points.cloud` says."""
    return points.cloud(customers, _MONETARY, _VALUE, names)
