"""Customers as points: which of them are drawn, on what axes, and what a point tells of its customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from webapp import formats, theme

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go
    from numpy.typing import NDArray

DRAWN_AT_MOST = 20_000
WEBGL_FROM = 3_000
_SEED = 7


@dataclass(frozen=True)
class Axis:
    """What one axis of a scatter shows.

    Attributes
    ----------
    column : of the customers table.
    title : with its unit.
    log : whether equal steps mean equal factors.
    floor : on a log axis, values below it are drawn at it; a point's tooltip still tells the true value.
    spread : on a log axis, how far (in decades) equal whole numbers are drawn apart, so that none hides another.
    money : whether ticks carry the currency (on a log axis).
    """

    column: str
    title: str
    log: bool = False
    floor: float = 0.0
    spread: float = 0.0
    money: bool = False


def drawn(customers: pd.DataFrame, at_most: int = DRAWN_AT_MOST) -> pd.DataFrame:
    """The customers to draw: all of them, or a sample of each segment in proportion, none of under 50 left out.

    Parameters
    ----------
    customers : with `Segment`; rows are customers.
    at_most : about how many rows come back.
    """
    if len(customers) <= at_most:
        return customers
    fraction = at_most / len(customers)
    order = np.random.default_rng(_SEED).permutation(len(customers))
    rank = customers["Segment"].iloc[order].groupby(customers["Segment"].iloc[order]).cumcount()
    size = customers["Segment"].map(customers["Segment"].value_counts())
    kept = rank.reindex(customers.index) < np.maximum(size * fraction, 50)
    return customers[kept]


def cloud(shown: pd.DataFrame, x: Axis, y: Axis, names: Mapping[int, str]) -> go.Figure:
    """One point per customer, all in one trace: another segmentation changes nothing but its colours.

    Parameters
    ----------
    shown : CustomerID, Segment, Recency (days), Frequency (orders), Monetary, CLV_6m (money), PrimaryCountry.
    names : segment -> its name in tooltips.
    """
    chart = frame(shown, x, y)
    mark = "scattergl" if len(shown) >= WEBGL_FROM else "scatter"
    trace = {
        "type": mark,
        "x": positions(shown, x),
        "y": positions(shown, y),
        "name": "",
        "mode": "markers",
        "marker": {"size": 6, "opacity": 0.6, **colours(shown)},
        "text": _texts(shown["CustomerID"].astype(str) + " · " + shown["PrimaryCountry"].fillna("Unknown")),
        "hovertext": _texts(shown["Segment"].map(names)),
        "customdata": shown[["Recency", "Frequency", "Monetary", "CLV_6m"]].to_numpy(dtype="float32"),
        "hovertemplate": _tooltip(),
    }
    return chart.add_trace(trace)


def _texts(told: pd.Series[str]) -> NDArray[np.str_]:
    """As an array, which Plotly takes as it is: of a list it looks at every text."""
    return told.to_numpy(dtype="U")


def frame(shown: pd.DataFrame, x: Axis, y: Axis) -> go.Figure:
    """The axes of `cloud` without a point."""
    return theme.figure(xaxis=drawn_axis(x, shown), yaxis=drawn_axis(y, shown), uirevision=f"{x.column}-{y.column}")


def colours(customers: pd.DataFrame) -> dict[str, Any]:
    """Of the marker of `cloud` what colours the points by segment."""
    scale = {"colorscale": theme.segment_scale(), "cmin": theme.SCALE_LOW - 0.5, "cmax": theme.SCALE_TOP + 0.5}
    return {**scale, "color": customers["Segment"].to_numpy(), "showscale": False}


def sampled(labels: pd.DataFrame, few: int, at_most: int = DRAWN_AT_MOST) -> NDArray[np.bool_]:
    """Which customers to draw whatever the segments: all, or a sample that leaves out nobody of a small segment.

    Parameters
    ----------
    labels : a column per method and k, rows are customers.
    few : a segment of this many customers or fewer is drawn whole.
    at_most : about how many are drawn.
    """
    if len(labels) <= at_most:
        return np.ones(len(labels), dtype=bool)
    kept: NDArray[np.bool_] = np.random.default_rng(_SEED).permutation(len(labels)) < at_most
    for column in labels:
        sizes = labels[column].value_counts()
        kept |= labels[column].isin(sizes.index[sizes <= few]).to_numpy()
    return kept


def painted(segments: Sequence[int | None], names: Mapping[int, str]) -> dict[str, Any]:
    """What `assets/dots.js` paints over a `cloud`, and says in its tooltips.

    Parameters
    ----------
    segments : of each point of the cloud; None is not painted.
    names : segment -> its name.
    """
    return {
        "segments": list(segments),
        "colours": {str(number): theme.segment_colour(number) for number in names},
        "names": {str(number): name for number, name in names.items()},
    }


def counted(shown: int, everyone: int) -> str:
    """How many customers are drawn: `4,338 customers`, or `20,000 of 100,000 customers drawn`."""
    whole = formats.plural(everyone, "customer")
    return whole if shown == everyone else f"{formats.count(shown)} of {whole} drawn"


def _tooltip() -> str:
    return (
        "<b>Customer %{text}</b><br>%{hovertext}<br>"
        "last order %{customdata[0]:,.0f} days ago, %{customdata[1]:,.0f} orders<br>"
        f"spent {formats.in_currency('%{customdata[2]:,.2f}')}<br>"
        f"expected in the next 6 months {formats.in_currency('%{customdata[3]:,.2f}')}<extra></extra>"
    )


def positions(members: pd.DataFrame, axis: Axis) -> NDArray[np.float32]:
    """Where customers stand on an axis, `(n_customers,)`, in its unit."""
    values = members[axis.column].to_numpy(dtype="float64")
    if axis.log:
        values = np.maximum(values, axis.floor)
    if axis.spread:
        spread = np.random.default_rng(_SEED).uniform(-axis.spread, axis.spread, len(values))
        values = values * 10**spread
    return values.astype("float32")


def drawn_axis(axis: Axis, shown: pd.DataFrame) -> dict[str, Any]:
    """An axis for these customers, as Plotly's layout has it."""
    if not axis.log:
        return {"title": {"text": axis.title}, "rangemode": "tozero"}
    highest = max(float(shown[axis.column].max()), axis.floor * 10)
    lowest = max(float(shown[axis.column].min()), axis.floor)
    padding = 0.04 * np.log10(highest / lowest) + axis.spread
    limits = [np.log10(lowest) - padding, np.log10(highest) + padding]
    ticks = theme.log_ticks(10 ** limits[0], 10 ** limits[1])
    write = formats.axis_money if axis.money else formats.count
    return {"title": {"text": axis.title}, "type": "log", "range": limits} | {
        "tickvals": ticks,
        "ticktext": [write(tick) for tick in ticks],
    }
