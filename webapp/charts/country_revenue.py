"""Where the money comes from, readable even where one country brings nearly all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from plotly.subplots import make_subplots

from webapp import formats, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go

TITLE = "Revenue by country"
TOP = 10
DOMINANT_SHARE = 0.5
UNKNOWN = "Unknown"
_REST = "All others"


def caption(customers: pd.DataFrame) -> str:
    """What the chart shows, for these customers."""
    table = countries(customers)
    if table["Country"].eq(UNKNOWN).all():
        return "The file names no country, so nothing is known of where these customers are."
    if not _is_dominated(table):
        return "Revenue of the customers shown, by the country where each has spent most."
    first = table.iloc[0]
    return (
        f"{first['Country']} brings {formats.share(first['RevenueShare'])} of the revenue, so it has a bar of its own; "
        "the other countries below are on a scale of their own."
    )


def countries(customers: pd.DataFrame) -> pd.DataFrame:
    """One row per country by descending revenue: Country, Customers, Revenue (money), RevenueShare (0 to 1).

    Parameters
    ----------
    customers : PrimaryCountry, Monetary.
    """
    country = customers["PrimaryCountry"].fillna(UNKNOWN).astype(str).rename("Country")
    by_country = customers["Monetary"].groupby(country)
    revenue = pd.DataFrame({"Customers": by_country.size(), "Revenue": by_country.sum()}).reset_index()
    table = revenue.sort_values("Revenue", ascending=False, kind="stable", ignore_index=True)
    total = float(table["Revenue"].sum())
    return table.assign(RevenueShare=table["Revenue"] / total if total > 0 else 0.0)


def readable(customers: pd.DataFrame) -> pd.DataFrame:
    """The table twin: every country, written for people."""
    table = countries(customers)
    return pd.DataFrame(
        {
            "Country": table["Country"],
            "Customers": table["Customers"].map(formats.count),
            "Revenue": table["Revenue"].map(formats.money_exact),
            "of all": table["RevenueShare"].map(formats.share),
        }
    )


def top(table: pd.DataFrame, most: int = TOP) -> pd.DataFrame:
    """The first rows of `countries`, and all the rest as one; columns as in `countries`."""
    if len(table) <= most + 1:
        return table
    rest = table.iloc[most:]
    summed = rest[["Customers", "Revenue", "RevenueShare"]].sum().to_frame().T
    named = summed.assign(Country=f"{_REST} ({len(rest)})", Customers=summed["Customers"].astype(int))
    return pd.concat([table.iloc[:most], named[list(table.columns)]], ignore_index=True)


def figure(customers: pd.DataFrame) -> go.Figure:
    """Bars of the top countries; above them, where one country dominates, that country against all others."""
    table = countries(customers)
    if not _is_dominated(table):
        chart = theme.figure()
        _bars(chart, top(table), {})
        return chart.update_layout(height=_height(len(top(table))))
    others = top(table.iloc[1:].reset_index(drop=True))
    height = _height(len(others)) + 90
    chart = make_subplots(rows=2, cols=1, row_heights=[54 / height, 1 - 54 / height], vertical_spacing=46 / height)
    chart.update_layout(template=theme.TEMPLATE, height=height, barmode="stack", showlegend=False)
    _whole(chart, table)
    _bars(chart, others, {"row": 2, "col": 1})
    return chart


def _is_dominated(table: pd.DataFrame) -> bool:
    return len(table) > 2 and bool(table["RevenueShare"].iloc[0] > DOMINANT_SHARE)


def _height(bars: int) -> int:
    return 56 + 30 * max(bars, 3)


def _whole(chart: go.Figure, table: pd.DataFrame) -> None:
    first, rest = table.iloc[0], table.iloc[1:]
    parts = [
        (str(first["Country"]), float(first["RevenueShare"]), float(first["Revenue"]), theme.ACCENT),
        (f"{len(rest)} other countries", float(rest["RevenueShare"].sum()), float(rest["Revenue"].sum()), theme.QUIET),
    ]
    for name, part, revenue, colour in parts:
        label = f"{name} {formats.share(part)}"
        chart.add_bar(
            x=[part],
            y=["all"],
            orientation="h",
            name=name,
            marker={"color": colour},
            text=[label if part > 0.25 else formats.share(part)],
            textposition="inside",
            insidetextanchor="middle",
            textfont={"color": "#ffffff"},
            hovertemplate=f"<b>{name}</b><br>{formats.money_exact(revenue)}<br>{formats.share(part)}<extra></extra>",
            row=1,
            col=1,
        )
    chart.update_xaxes(visible=False, range=[0, 1], row=1, col=1)
    chart.update_yaxes(visible=False, row=1, col=1)


def _bars(chart: go.Figure, table: pd.DataFrame, place: dict[str, int]) -> None:
    is_rest = table["Country"].str.startswith(_REST)
    chart.add_bar(
        x=table["Revenue"],
        y=table["Country"],
        orientation="h",
        marker={"color": [theme.QUIET if rest else theme.ACCENT for rest in is_rest]},
        text=[
            f"{formats.money(row['Revenue'])} · {formats.share(row['RevenueShare'])}"
            for row in table.to_dict("records")
        ],
        textposition="outside",
        cliponaxis=False,
        customdata=[[formats.plural(buyers, "customer")] for buyers in table["Customers"]],
        hovertemplate="<b>%{y}</b><br>%{text}<br>%{customdata[0]}<extra></extra>",
        showlegend=False,
        **place,
    )
    longest = float(table["Revenue"].max()) if len(table) else 1.0
    chart.update_xaxes(visible=False, range=[0, longest * 1.75], **place)
    chart.update_yaxes(autorange="reversed", showgrid=False, **place)
