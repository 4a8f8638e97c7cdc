"""Where the money comes from, readable even where one country brings nearly all of it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from webapp import formats
from webapp.components import aria

if TYPE_CHECKING:
    import pandas as pd

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
    import pandas as pd

    country = customers["PrimaryCountry"].fillna(UNKNOWN).astype(str).rename("Country")
    by_country = customers["Monetary"].groupby(country)
    revenue = pd.DataFrame({"Customers": by_country.size(), "Revenue": by_country.sum()}).reset_index()
    table = revenue.sort_values("Revenue", ascending=False, kind="stable", ignore_index=True)
    total = float(table["Revenue"].sum())
    return table.assign(RevenueShare=table["Revenue"] / total if total > 0 else 0.0)


def readable(customers: pd.DataFrame) -> pd.DataFrame:
    """The table twin: every country, written for people."""
    import pandas as pd

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
    import pandas as pd

    if len(table) <= most + 1:
        return table
    rest = table.iloc[most:]
    summed = rest[["Customers", "Revenue", "RevenueShare"]].sum().to_frame().T
    named = summed.assign(Country=f"{_REST} ({_how_many(rest)})", Customers=summed["Customers"].astype(int))
    return pd.concat([table.iloc[:most], named[list(table.columns)]], ignore_index=True)


def _how_many(table: pd.DataFrame, one: str = "", many: str = "") -> str:
    """How many countries some rows of `countries` are: who is from nowhere known is told beside, not counted."""
    is_known = table["Country"] != UNKNOWN
    count = int(is_known.sum())
    known = formats.plural(count, one, many) if one else formats.count(count)
    return known if is_known.all() else f"{known} and unknown" if count else UNKNOWN.lower()


def bars(customers: pd.DataFrame, setting: Callable[[str], Mapping[str, Any]]) -> Component:
    """Bars of the top countries; above them, where one country dominates, that country against all others.

    A click on a country filters. Plain HTML: the browser paints it in a small part of the time of a Plotly chart.

    Parameters
    ----------
    customers : PrimaryCountry, Monetary.
    setting : country -> attributes of the button that stands for it.
    """
    table = countries(customers)
    if not _is_dominated(table):
        return html.Div(_bars(top(table), setting), className="country-bars")
    others = top(table.iloc[1:].reset_index(drop=True))
    return html.Div([_whole(table, setting), *_bars(others, setting)], className="country-bars")


def _is_dominated(table: pd.DataFrame) -> bool:
    return len(table) > 2 and bool(table["RevenueShare"].iloc[0] > DOMINANT_SHARE)


def _whole(table: pd.DataFrame, setting: Callable[[str], Mapping[str, Any]]) -> Component:
    first, rest = table.iloc[0], table.iloc[1:]
    parts = [
        (str(first["Country"]), float(first["RevenueShare"]), float(first["Revenue"]), "first"),
        (
            _how_many(rest, "other country", "other countries"),
            float(rest["RevenueShare"].sum()),
            float(rest["Revenue"].sum()),
            "rest",
        ),
    ]
    return html.Div([_part(*part, setting) for part in parts], className="country-whole")


def _part(name: str, part: float, revenue: float, kind: str, setting: Callable[[str], Mapping[str, Any]]) -> Component:
    told = f"{name}: {formats.money_exact(revenue)}, {formats.share(part)} of all"
    label = f"{name} {formats.share(part)}" if part > 0.25 else formats.share(part) if part > 0.06 else ""
    look: dict[str, Any] = {
        "style": {"width": f"{100 * part:.2f}%"},
        "title": told,
        "className": f"country-part country-{kind}",
    }
    if kind == "rest":
        return html.Div(label, **look)
    return html.Button(label, type="button", **look, **aria(label=told), **setting(name))


def _bars(table: pd.DataFrame, setting: Callable[[str], Mapping[str, Any]]) -> list[Component]:
    longest = max(float(table["Revenue"].max()), 1e-9) if len(table) else 1.0
    return [_bar(row, longest, setting) for row in table.to_dict("records")]


def _bar(row: Mapping[Hashable, Any], longest: float, setting: Callable[[str], Mapping[str, Any]]) -> Component:
    country, revenue = str(row["Country"]), float(row["Revenue"])
    is_rest = country.startswith(_REST)
    told = f"{formats.money(revenue)} · {formats.share(row['RevenueShare'])}"
    filled = html.Span(className="country-fill", style={"width": f"{max(100 * revenue / longest, 0.5):.2f}%"})
    inside = [
        html.Span(country, className="country-name"),
        html.Span([filled, html.Span(told, className="country-told")], className="country-track"),
    ]
    title = f"{country}: {told}, {formats.plural(row['Customers'], 'customer')}"
    if is_rest:
        return html.Div(inside, className="country-bar country-quiet", title=title)
    return html.Button(inside, type="button", className="country-bar", title=title, **setting(country))
