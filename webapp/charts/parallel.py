"""Single customers over several measures: a line per customer, in the colour of the segment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from webapp import formats, points, theme

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

LINES = 800
CAPTION = (
    "Each line is a customer in the colour of the segment. Drag along an axis to keep only the customers who cross it "
    "there; click on it to have all back. Scales of orders and money are compressed."
)
_AXES = {
    "Recency": ("Days since last order", False),
    "Frequency": ("Orders", True),
    "Monetary": ("Spent so far", True),
    "CLV_6m": ("CLV, 6 months", True),
}


def figure(customers: pd.DataFrame) -> go.Figure:
    """Parallel axes of up to about `LINES` customers, some of every segment.

    Parameters
    ----------
    customers : Segment, Recency (days), Frequency (orders), Monetary, CLV_6m (money).
    """
    shown = points.drawn(customers, LINES)
    chart = theme.figure(height=420, margin={"l": 60, "r": 60, "t": 56, "b": 24})
    chart.add_parcoords(
        dimensions=[_dimension(shown[name], words, log) for name, (words, log) in _AXES.items()],
        line={
            "color": shown["Segment"].tolist(),
            "colorscale": theme.segment_scale(),
            "cmin": theme.SCALE_LOW - 0.5,
            "cmax": theme.SCALE_TOP + 0.5,
        },
        unselected={"line": {"color": theme.QUIET, "opacity": 0.06}},
    )
    return chart


def note(customers: pd.DataFrame) -> str:
    """How many customers the lines stand for."""
    return points.counted(len(points.drawn(customers, LINES)), len(customers))


def _dimension(values: pd.Series[Any], words: str, log: bool) -> dict[str, Any]:
    if not log:
        return {"label": words, "values": values.tolist()}
    at_least_one = values.astype("float64").clip(lower=1)
    ticks = theme.log_ticks(1, max(float(at_least_one.max()), 10))
    write = formats.count if values.name == "Frequency" else formats.axis_money
    return {
        "label": words,
        "values": np.log10(at_least_one).round(3).tolist(),
        "tickvals": [round(float(np.log10(tick)), 3) for tick in ticks],
        "ticktext": [write(tick) for tick in ticks],
    }
