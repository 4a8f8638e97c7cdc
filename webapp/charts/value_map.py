"""What a customer is worth by when they last ordered and how often: the trade-off between the two at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from webapp import formats, theme
from webapp.horizon import Horizon

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go
    from numpy.typing import NDArray

TITLE = "What recency and frequency are worth"
DAY_BINS = 24
LARGEST_DOT = 26.0
MOST_LEVELS = 9
_STEPS = (1, 2, 5)


def caption(usual_order: float, horizon: Horizon) -> str:
    """What the chart shows, and at what order value."""
    return (
        f"The stronger the colour, the more a customer is expected to spend in {horizon.ahead} (the bar to the right). "
        "Along a line the value is the same: so many more orders make up for so much more silence. Reckoned for the "
        f"shop's average repeat order (all of one day), {formats.money(usual_order)}. Dots are your customers, the "
        "larger the more."
    )


def figure(surface: pd.DataFrame, customers: pd.DataFrame, horizon: Horizon) -> go.Figure:
    """Bands of equal value over silence in days and days (weeks) with an order (log), and where the customers are.

    Parameters
    ----------
    surface : a full grid of DaysSince, PurchaseDays and Value (money).
    customers : frequency, recency, T (days), as the models read them, and the value within the horizon, among which
        the lines are laid.
    """
    grid = surface.pivot_table(index="PurchaseDays", columns="DaysSince", values="Value")
    amounts = levels(customers[horizon.value].to_numpy(dtype="float64"))
    chart = theme.figure(
        xaxis={
            "title": {"text": "Days since last order"},
            "showgrid": False,
            "range": _wide(float(grid.columns.max())),
        },
        yaxis=_upright(grid.index.to_numpy(dtype="float64"), horizon.counted),
        showlegend=False,
    )
    heights = _height(grid.to_numpy(), amounts)
    _surface(chart, grid, heights, amounts, horizon)
    _dots(chart, places(customers, DAY_BINS), float(grid.index.max()), horizon.bought)
    return chart


def levels(values: NDArray[np.float64]) -> list[float]:
    """Round amounts (1, 2, 5, 10, ...) among which nearly all the values lie, `MOST_LEVELS` at most."""
    lowest, top = (max(float(np.quantile(values, part)), least) for part, least in ((0.02, 0.5), (0.995, 2.0)))
    decades = range(int(np.floor(np.log10(lowest))), int(np.ceil(np.log10(top))) + 1)
    ticks = [step * 10.0**decade for decade in decades for step in _STEPS]
    return [tick for tick in ticks if lowest <= tick <= top][-MOST_LEVELS:]


def places(customers: pd.DataFrame, bins: int) -> pd.DataFrame:
    """How many customers are where: PurchaseDays, DaysSince (the middle of a bin), Customers.

    Parameters
    ----------
    customers : frequency, recency, T (days).
    """
    import pandas as pd

    since = customers["T"] - customers["recency"]
    width = max(float(since.max()) / bins, 1.0)
    where = pd.DataFrame({"PurchaseDays": customers["frequency"] + 1, "DaysSince": (since // width + 0.5) * width})
    return where.groupby(["PurchaseDays", "DaysSince"]).size().rename("Customers").reset_index()


def readable(surface: pd.DataFrame, horizon: Horizon) -> pd.DataFrame:
    """The table twin: expected value at some numbers of orders and some silences, written for people."""
    grid = surface.pivot_table(index="PurchaseDays", columns="DaysSince", values="Value")
    rows = grid.index[np.unique(np.linspace(0, len(grid) - 1, 8).round().astype(int))]
    columns = grid.columns[np.unique(np.linspace(0, len(grid.columns) - 1, 7).round().astype(int))]
    shown = grid.loc[rows, columns].map(formats.money)
    shown.columns = [f"{formats.days(float(day))} ago" for day in columns]
    shown.insert(0, horizon.counted, [formats.count(number) for number in rows])
    return shown.reset_index(drop=True)


def _height(values: NDArray[np.float64], amounts: list[float]) -> NDArray[np.float64]:
    """On which level each value lies, between levels by its logarithm: levels are one apart."""
    logs = np.log10(np.maximum(values, amounts[0] / 10))
    knots = np.log10([amounts[0] / 10, *amounts])
    heights: NDArray[np.float64] = np.round(np.interp(logs, knots, np.arange(-1.0, len(amounts))), 2)
    return heights


def _surface(
    chart: go.Figure, grid: pd.DataFrame, heights: NDArray[np.float64], amounts: list[float], horizon: Horizon
) -> None:
    shared: dict[str, Any] = {"x": list(grid.columns), "y": list(grid.index), "z": heights, "hoverinfo": "skip"}
    bands = {"zmin": -1, "zmax": len(amounts) - 1, "colorscale": [list(stop) for stop in theme.SEQUENTIAL]}
    bar = {
        "tickvals": list(range(len(amounts))),
        "ticktext": [formats.axis_money(amount) for amount in amounts],
        "thickness": 10,
        "outlinewidth": 0,
    }
    told = [[formats.money(value) for value in row] for row in grid.to_numpy()]
    chart.add_heatmap(
        **{**shared, "hoverinfo": None},
        **bands,
        colorbar=bar,
        customdata=told,
        hovertemplate=f"%{{y:.0f}} {horizon.bought}, the last %{{x:.0f}} days ago<br>"
        f"worth <b>%{{customdata}}</b> in {horizon.length}<extra></extra>",
    )
    lines = {"start": 0, "end": len(amounts) - 1, "size": 1, "coloring": "none"}
    chart.add_contour(**shared, contours=lines, line={"color": theme.ACCENT, "width": 1.2}, showscale=False)


def _dots(chart: go.Figure, where: pd.DataFrame, highest: float, bought: str) -> None:
    shown = where[where["PurchaseDays"] <= highest]
    size = LARGEST_DOT * np.sqrt(shown["Customers"] / max(int(shown["Customers"].max()), 1))
    chart.add_scatter(
        x=shown["DaysSince"].round(1),
        y=shown["PurchaseDays"],
        mode="markers",
        marker={
            "size": np.maximum(size, 3).round(1),
            "color": theme.faded(theme.FORECAST, 0.7),
            "line": {"width": 0.6, "color": "rgba(255, 255, 255, 0.6)"},
        },
        text=[formats.plural(number, "customer") for number in shown["Customers"]],
        hovertemplate=f"%{{text}}: %{{y}} {bought}, the last about %{{x:.0f}} days ago<extra></extra>",
    )


def _wide(longest: float) -> list[float]:
    return [-0.03 * longest, longest]


def _upright(numbers: NDArray[np.float64], title: str) -> dict[str, Any]:
    ticks = [tick for tick in (1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000) if tick <= numbers.max()]
    limits = [float(np.log10(numbers.min() * 0.75)), float(np.log10(numbers.max() * 1.05))]
    return {"type": "log", "range": limits, "tickvals": ticks, "showgrid": False} | {"title": {"text": title}}
