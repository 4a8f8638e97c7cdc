"""What sets each segment apart: its averages beside those of all customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from webapp import formats, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go

TITLE = "What sets each segment apart"
CAPTION = (
    "Each cell compares the segment's average with that of all customers: ×2 is twice as much, ×0.5 is half. "
    "Blue is above, orange is below; colours stop at ×4 and ×¼."
)
MEASURES = {
    "Recency": "Days since last order",
    "Frequency": "Orders",
    "Monetary": "Spent so far",
    "CLV_6m": "CLV, 6 months",
    "CatShare_Bags": "Bags",
    "CatShare_Kitchen": "Kitchen",
    "CatShare_HomeDecor": "Home decor",
    "CatShare_Toys": "Toys",
    "CatShare_Other": "Other products",
    "IsUK": "In the UK",
}
_LIMIT = 2.0


def relative(customers: pd.DataFrame) -> pd.DataFrame:
    """Each segment's mean over the mean of all customers; rows are segments, columns `MEASURES`, 1 is the same.

    Parameters
    ----------
    customers : Segment and the columns of `MEASURES`. A column that is nowhere above zero comes back as missing; one
        that is missing for everyone is unknown, and left out.
    """
    columns = [name for name in MEASURES if customers[name].notna().any()]
    means = customers.groupby("Segment", sort=True)[columns].mean()
    everyone = customers[columns].mean()
    return means.div(everyone.where(everyone > 0))


def figure(customers: pd.DataFrame, names: Mapping[int, str]) -> go.Figure:
    """A heat map of `relative`: rows are measures, columns segments, colour by factor on a log scale."""
    table = relative(customers)
    factors = table.to_numpy(dtype="float64").T
    with np.errstate(divide="ignore", invalid="ignore"):
        shades = np.clip(np.log2(factors), -_LIMIT, _LIMIT)
    segments = [int(label) for label in table.index]
    chart = theme.figure(xaxis={"side": "top", "showgrid": False, "showline": False, "type": "category"})
    chart.add_heatmap(
        z=shades,
        x=[formats.stacked(names[label]) for label in segments],
        y=[MEASURES[name] for name in table.columns],
        zmin=-_LIMIT,
        zmax=_LIMIT,
        colorscale=[list(stop) for stop in theme.DIVERGING],
        showscale=False,
        xgap=3,
        ygap=3,
        text=[[_factor(value) for value in row] for row in factors],
        texttemplate="%{text}",
        textfont={"color": theme.INK},
        customdata=[[names[label] for label in segments] for _ in factors],
        hovertemplate="<b>%{customdata}</b><br>%{y}: %{text} the average of all customers<extra></extra>",
        hoverongaps=False,
    )
    chart.update_yaxes(autorange="reversed", showgrid=False)
    return chart.update_layout(height=60 + 34 * len(table.columns))


def _factor(value: float) -> str:
    if not np.isfinite(value) or value < 0:
        return formats.MISSING
    return f"×{value:.0f}" if value >= 9.95 else f"×{value:.1f}" if value >= 0.95 else f"×{value:.2f}"
