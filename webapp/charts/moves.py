"""Where the customers of each segment are under another segmentation: a band per pair of segments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from pipeline.profiles.moves import ordered
from webapp import formats, theme

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

PAD, AROUND = 14, 20  # pixels between two segments, and above and below all of them
TITLE = "Where customers go"
CAPTION = "Each band is as wide as it holds customers: on the left the first segments, on the right the second ones."


def figure(flows: pd.DataFrame, before: Mapping[int, str], after: Mapping[int, str]) -> go.Figure:
    """A Sankey diagram, the segments of either side in their order, groups that are none below them.

    Parameters
    ----------
    flows : Before, After (segments), Customers.
    before, after : segment -> its name; where they are the same, who stays is drawn paler than who moves.
    """
    left, right = ordered(flows["Before"]), ordered(flows["After"])
    names = [*(before[number] for number in left), *(after[number] for number in right)]
    colours = [theme.segment_colour(number) for number in (*left, *right)]
    most = max(len(left), len(right))
    height = max(320, 46 * most)
    gap = PAD / (height - AROUND)
    chart = theme.figure(height=height)
    chart.add_sankey(
        arrangement="snap",
        node={
            "label": names,
            "color": colours,
            "x": [0.001] * len(left) + [0.999] * len(right),
            "y": [*_middles(flows, "Before", left, gap, most), *_middles(flows, "After", right, gap, most)],
            "pad": PAD,
            "thickness": 16,
            "line": {"width": 0},
            "hovertemplate": "<b>%{label}</b><br>%{value:,.0f} customers<extra></extra>",
        },
        link={
            "source": [left.index(number) for number in flows["Before"]],
            "target": [len(left) + right.index(number) for number in flows["After"]],
            "value": flows["Customers"].tolist(),
            "customdata": [f"{one},{other}" for one, other in zip(flows["Before"], flows["After"], strict=True)],
            "color": [
                theme.faded(theme.segment_colour(one), 0.14 if before == after and one == other else 0.42)
                for one, other in zip(flows["Before"], flows["After"], strict=True)
            ],
            "hovertemplate": "%{source.label} to %{target.label}<br>%{value:,.0f} customers<extra></extra>",
        },
    )
    return chart


def _middles(flows: pd.DataFrame, side: str, order: list[int], gap: float, most: int) -> list[float]:
    """How far down the middle of each segment lies, above 0 and below 1, which Plotly takes for no place.

    Parameters
    ----------
    gap : between two segments, as a share of the height; `most` is how many the longer side has.
    """
    sizes = flows.groupby(side)["Customers"].sum().reindex(order).to_numpy(dtype=np.float64)
    sizes = sizes / sizes.sum() * (1 - (most - 1) * gap)
    above = gap * (np.arange(len(order)) + (most - len(order)) / 2)
    found: list[float] = np.clip(np.cumsum(sizes) - sizes / 2 + above, 0.001, 0.999).tolist()
    return found


def readable(flows: pd.DataFrame, before: Mapping[int, str], after: Mapping[int, str]) -> pd.DataFrame:
    """The same as a table: a row per first segment, a column per second one, customers in each."""
    crossed = flows.pivot_table(index="Before", columns="After", values="Customers", fill_value=0, aggfunc="sum")
    shown = crossed.map(formats.count).rename(index=before, columns=after)
    shown.columns.name = None
    return shown.rename_axis("Segment").reset_index()
