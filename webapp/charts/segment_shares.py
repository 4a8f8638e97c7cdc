"""How many customers each segment has, and how much of the money: the imbalance is the point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from webapp import formats, theme

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

TITLE = "Customers and revenue"
CAPTION = (
    "Both bars are 100 %. A segment that is wider below than above brings more money than its head count suggests."
)
LABELLED = 0.13
_ROWS = {"CustomerShare": "Customers", "RevenueShare": "Revenue"}


def figure(summary: pd.DataFrame, names: Mapping[int, str]) -> go.Figure:
    """Two stacked bars, share of customers above share of revenue, in the order of the segments.

    Parameters
    ----------
    summary : Segment, Customers, CustomerShare, Revenue (money), RevenueShare.
    """
    chart = theme.figure(barmode="stack", showlegend=False, bargap=0.35)
    for row in summary.sort_values("Segment").to_dict("records"):
        segment = int(row["Segment"])
        parts = [float(row[column]) for column in _ROWS]
        amounts = [formats.plural(row["Customers"], "customer"), formats.money(row["Revenue"])]
        chart.add_bar(
            x=parts,
            y=list(_ROWS.values()),
            orientation="h",
            name=names[segment],
            marker={"color": theme.segment_colour(segment)},
            text=[formats.share(part) if part >= LABELLED else "" for part in parts],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            constraintext="none",
            textfont={"color": theme.ink_on(theme.segment_colour(segment))},
            customdata=[
                [amount, formats.share(part), words.lower()]
                for amount, part, words in zip(amounts, parts, _ROWS.values(), strict=True)
            ],
            hovertemplate=(
                "<b>%{fullData.name}</b><br>%{customdata[0]}<br>%{customdata[1]} of %{customdata[2]}<extra></extra>"
            ),
        )
    chart.update_xaxes(visible=False, range=[0, 1])
    chart.update_yaxes(autorange="reversed", showgrid=False)
    return chart
