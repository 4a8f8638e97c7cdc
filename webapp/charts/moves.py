"""Where the customers of each segment are under another segmentation: a band per pair of segments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from webapp import formats, theme

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

TITLE = "Where customers go"
CAPTION = "Each band is as wide as it holds customers: on the left the first segments, on the right the second ones."


def figure(flows: pd.DataFrame, before: Mapping[int, str], after: Mapping[int, str]) -> go.Figure:
    """A Sankey diagram.

    Parameters
    ----------
    flows : Before, After (segments), Customers.
    before, after : segment -> its name.
    """
    left = sorted(flows["Before"].unique().tolist())
    right = sorted(flows["After"].unique().tolist())
    names = [*(before[number] for number in left), *(after[number] for number in right)]
    colours = [theme.segment_colour(number) for number in (*left, *right)]
    chart = theme.figure(height=max(320, 46 * max(len(left), len(right))))
    chart.add_sankey(
        node={
            "label": names,
            "color": colours,
            "pad": 14,
            "thickness": 16,
            "line": {"width": 0},
            "hovertemplate": "<b>%{label}</b><br>%{value:,.0f} customers<extra></extra>",
        },
        link={
            "source": [left.index(number) for number in flows["Before"]],
            "target": [len(left) + right.index(number) for number in flows["After"]],
            "value": flows["Customers"].tolist(),
            "color": [theme.faded(theme.segment_colour(number), 0.35) for number in flows["Before"]],
            "hovertemplate": "%{source.label} to %{target.label}<br>%{value:,.0f} customers<extra></extra>",
        },
    )
    return chart


def readable(flows: pd.DataFrame, before: Mapping[int, str], after: Mapping[int, str]) -> pd.DataFrame:
    """The same as a table: a row per first segment, a column per second one, customers in each."""
    crossed = flows.pivot_table(index="Before", columns="After", values="Customers", fill_value=0, aggfunc="sum")
    shown = crossed.map(formats.count).rename(index=before, columns=after)
    shown.columns.name = None
    return shown.rename_axis("Segment").reset_index()
