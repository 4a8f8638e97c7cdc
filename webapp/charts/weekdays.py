"""On which days of the week people buy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp import formats, theme

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

TITLE = "Orders by day of the week"


def readable(weekdays: pd.DataFrame) -> pd.DataFrame:
    """The table twin, written for people."""
    import pandas as pd

    return pd.DataFrame(
        {
            "Day": weekdays["Weekday"],
            "Orders": weekdays["orders"].map(formats.count),
            "Revenue": weekdays["revenue"].map(formats.money_exact),
            "Days of trade": weekdays["days_traded"].map(formats.count),
        }
    )


def figure(weekdays: pd.DataFrame) -> go.Figure:
    """One bar per day, Monday first; the strongest one stands out.

    Parameters
    ----------
    weekdays : Weekday, orders, revenue (money).
    """
    orders = weekdays["orders"].tolist()
    chart = theme.figure(showlegend=False, bargap=0.22)
    chart.add_bar(
        x=[str(day)[:3] for day in weekdays["Weekday"]],
        y=orders,
        marker={"color": [theme.ACCENT if count == max(orders) else theme.QUIET for count in orders]},
        customdata=[
            [row["Weekday"], formats.plural(row["orders"], "order"), formats.money(row["revenue"])]
            for row in weekdays.to_dict("records")
        ],
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
    )
    chart.update_yaxes(nticks=5, rangemode="tozero", tickformat="~s")
    return chart
