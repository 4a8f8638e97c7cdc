"""The months of the data: revenue, orders or buyers of each, with months that are not covered whole set apart."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from webapp import formats, theme

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

MEASURES = {"revenue": "Revenue by month", "orders": "Orders by month", "buyers": "Customers who bought, by month"}
FEW = 14


def caption(months: pd.DataFrame) -> str:
    """Which months are not whole, and so not to be compared with the others.

    Parameters
    ----------
    months : Month (`2011-12`) and partial, in order.
    """
    partial = [formats.month(month) for month in months.loc[months["partial"], "Month"]]
    if not partial:
        return "Every month is covered from its first day to its last."
    verb = "is" if len(partial) == 1 else "are"
    return f"{' and '.join(partial)} {verb} not covered whole (grey, hatched): not to be compared with the others."


def readable(months: pd.DataFrame) -> pd.DataFrame:
    """The table twin: every month, written for people."""
    import pandas as pd

    return pd.DataFrame(
        {
            "Month": [formats.month(month) for month in months["Month"]],
            "Revenue": months["revenue"].map(formats.money_exact),
            "Orders": months["orders"].map(formats.count),
            "Customers": months["buyers"].map(formats.count),
            "of them new": months["new_buyers"].map(formats.count),
            "Days of trade": months["days_traded"].map(formats.count),
            "Covered": ["in part" if partial else "whole" for partial in months["partial"]],
        }
    )


def figure(months: pd.DataFrame, measure: str) -> go.Figure:
    """One bar per month; months that are covered in part are grey and hatched.

    Parameters
    ----------
    months : Month, partial, and a column named `measure`.
    """
    partial = months["partial"].tolist()
    write = formats.money if measure == "revenue" else formats.count
    chart = theme.figure(showlegend=False, bargap=0.22)
    chart.add_bar(
        x=[formats.month(month) for month in months["Month"]],
        y=months[measure],
        marker={
            "color": [theme.QUIET if each else theme.ACCENT for each in partial],
            "pattern": {"shape": ["/" if each else "" for each in partial], "solidity": 0.35},
        },
        customdata=[
            [write(value), "covered in part" if each else "covered whole"]
            for value, each in zip(months[measure], partial, strict=True)
        ],
        hovertemplate="<b>%{x}</b><br>%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
    )
    chart.update_xaxes(type="category", tickangle=0, **_ticks(months))
    signs = formats.in_currency("|").split("|") if measure == "revenue" else ["", ""]
    chart.update_yaxes(nticks=5, rangemode="tozero", tickformat="~s", tickprefix=signs[0], ticksuffix=signs[1])
    return chart


def _ticks(months: pd.DataFrame) -> dict[str, Any]:
    """A label under every so many months: its letter, and the year under the first one of each.

    Years that stand side by side are cut to two digits, as four have no room on a phone.
    """
    step = -(-len(months) // FEW)
    shown = [str(month) for month in months["Month"]][::step]
    years = [None, *(month[:4] for month in shown)]
    turns = [place for place, month in enumerate(shown) if month[:4] != years[place]]
    is_tight = any(later - earlier < 2 for earlier, later in pairwise(turns))
    words = [
        formats.month(month, formats.LETTER) + (f"<br>{_year(month, is_tight)}" if place in turns else "")
        for place, month in enumerate(shown)
    ]
    return {"tickmode": "array", "tickvals": [formats.month(month) for month in shown], "ticktext": words}


def _year(month: str, is_tight: bool) -> str:
    return f"’{month[2:4]}" if is_tight else month[:4]
