"""What became of the file's money: from all that stands in it, rule by rule, down to what is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from webapp import formats, theme

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

TITLE = "From the file to what is used"
FIRST, LAST = "In the file", "Used"
LOST, GAINED = "#c2571a", "#3a7bd5"
_ROW = 34
_ROOM = 1 / 3  # of the chart's width: what a bar's label takes on a phone
_PENNY = Decimal("0.01")


def steps(ledger: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> pd.DataFrame:
    """One row per bar, first to last: Name, Before, After, Change (money), IsTotal, Rows (change), Customers (change).

    Every amount is the difference of two running sums in whole pennies, so what is shown adds up to the penny.

    Parameters
    ----------
    ledger : entries with rule, rows, customers and money_exact before and after.
    names : rule -> its name in a few words.
    """
    import pandas as pd

    first, last = ledger[0], ledger[-1]
    rows = [_total(FIRST, _pennies(first["money_before_exact"]), first["rows_before"], first["customers_before"])]
    for entry in ledger:
        before, after = _pennies(entry["money_before_exact"]), _pennies(entry["money_after_exact"])
        changes = [entry[f"{what}_after"] - entry[f"{what}_before"] for what in ("rows", "customers")]
        name = names.get(entry["rule"], str(entry["rule"]))
        rows.append((name, float(before), float(after), float(after - before), False, *changes))
    rows.append(_total(LAST, _pennies(last["money_after_exact"]), last["rows_after"], last["customers_after"]))
    return pd.DataFrame(rows, columns=["Name", "Before", "After", "Change", "IsTotal", "Rows", "Customers"])


def drawn(table: pd.DataFrame) -> pd.DataFrame:
    """Those of `steps` that have a bar: the totals, and the rules that changed the money."""
    return table[table["IsTotal"] | (table["Change"] != 0)]


def caption(table: pd.DataFrame) -> str:
    """What the chart shows."""
    quiet = table.loc[~table["IsTotal"] & (table["Change"] == 0), "Name"].tolist()
    told = "Bars to the left take money away; bars to the right are negative amounts that no longer count."
    return told + (f" No money changed by: {', '.join(name.lower() for name in quiet)}." if quiet else "")


def figure(table: pd.DataFrame) -> go.Figure:
    """One bar per total and per rule that changed the money, each beginning where the one above it ends."""
    shown = drawn(table)
    bars: list[Any] = shown.to_dict("records")
    low, high = _span(shown)
    sides = [_side(row, low, high) for row in bars]
    chart = theme.figure(showlegend=False, bargap=0.32, height=_ROW * len(shown) + 24)
    _links(chart, shown)
    chart.add_bar(
        x=shown["Change"],
        y=shown["Name"],
        base=[0.0 if row["IsTotal"] else row["Before"] for row in bars],
        orientation="h",
        marker={"color": [_colour(row) for row in bars]},
        text=[_label(row) for row in bars],
        textposition=["inside" if side == "inside" else "none" for side in sides],
        insidetextanchor="end",
        insidetextfont={"color": "#ffffff"},
        constraintext="none",
        customdata=[_told(row) for row in bars],
        hovertemplate="<b>%{y}</b><br>%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
    )
    for row, side in zip(bars, sides, strict=True):
        if side != "inside":
            chart.add_annotation(_beside(row, side))
    chart.update_xaxes(visible=False, range=[low, low + (high - low) * 1.05])
    chart.update_yaxes(autorange="reversed", showgrid=False, ticksuffix="  ")
    return chart


def _span(shown: pd.DataFrame) -> tuple[float, float]:
    """From where to where bars reach, 0 included; never nothing."""
    ends = shown[["Before", "After"]].to_numpy()
    low, high = min(0.0, float(ends.min())), max(0.0, float(ends.max()))
    return low, high if high > low else low + 1.0


def _ends(row: Mapping[Any, Any]) -> tuple[float, float]:
    start = 0.0 if row["IsTotal"] else row["Before"]
    return min(start, row["After"]), max(start, row["After"])


def _side(row: Mapping[Any, Any], low: float, high: float) -> str:
    """Where a bar's label has room at any width: in a long bar, else before one that begins far enough in, or after."""
    (left, right), room = _ends(row), _ROOM * (high - low)
    if right - left >= room:
        return "inside"
    return "left" if left - low >= room else "right"


def _beside(row: Mapping[Any, Any], side: str) -> dict[str, Any]:
    """The label of a bar that is too short to hold it."""
    left, right = _ends(row)
    place = {"x": left, "xanchor": "right", "xshift": -4} if side == "left" else {"x": right, "xanchor": "left"}
    return {"y": row["Name"], "text": _label(row), "showarrow": False, **place}


def _total(name: str, money: Decimal, rows: int, customers: int) -> tuple[Any, ...]:
    return (name, 0.0, float(money), float(money), True, rows, customers)


def _pennies(exact: str) -> Decimal:
    return Decimal(exact).quantize(_PENNY)


def _links(chart: go.Figure, shown: pd.DataFrame) -> None:
    """A hair line from the end of each bar to the start of the next."""
    names, ends = shown["Name"].tolist(), shown["After"].tolist()
    for upper, lower, end in zip(names, names[1:], ends, strict=False):
        chart.add_scatter(
            x=[end, end],
            y=[upper, lower],
            mode="lines",
            line={"color": theme.QUIET, "width": 1, "dash": "dot"},
            hoverinfo="skip",
        )


def _colour(row: Mapping[Any, Any]) -> str:
    if row["IsTotal"]:
        return theme.ACCENT
    return LOST if row["Change"] < 0 else GAINED


def _label(row: Mapping[Any, Any]) -> str:
    sign = "+" if not row["IsTotal"] and row["Change"] > 0 else ""
    return f"{sign}{formats.money(row['Change'])}"


def _told(row: Mapping[Any, Any]) -> list[str]:
    if row["IsTotal"]:
        people = f"{formats.count(row['Rows'])} lines, {formats.count(row['Customers'])} customers"
        return [formats.money_exact(row["Change"]), people]
    people = f"{formats.change(row['Rows'])} lines, {formats.change(row['Customers'])} customers"
    return [formats.money_change(row["Change"]), people]
