"""How expected value spreads within each segment, not just its average."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from dash import html
from dash.development.base_component import Component

from webapp import formats, theme
from webapp.components import aria

if TYPE_CHECKING:
    import pandas as pd

TITLE = "CLV by segment"
CAPTION = (
    "The box holds the middle half of a segment's customers, its line is the median, the whiskers hold 90 % of them "
    "and the diamond is the average. The scale is compressed: equal distances are equal factors, not equal "
    "amounts. Values under 1 are drawn at 1."
)
FLOOR = 1.0
_ENDS = ("Lowest 5 %", "Highest 5 %")
_QUANTILES = {"Lowest 5 %": 0.05, "Lower quarter": 0.25, "Median": 0.5, "Upper quarter": 0.75, "Highest 5 %": 0.95}


def spread(customers: pd.DataFrame) -> pd.DataFrame:
    """Five quantiles and the mean of CLV_6m per segment, one row each, in money.

    Parameters
    ----------
    customers : Segment, CLV_6m.
    """
    import pandas as pd

    by_segment = customers.groupby("Segment", sort=True)["CLV_6m"]
    columns = {name: by_segment.quantile(at) for name, at in _QUANTILES.items()}
    return pd.DataFrame({**columns, "Average": by_segment.mean()}).reset_index()


def readable(customers: pd.DataFrame, names: Mapping[int, str]) -> pd.DataFrame:
    """The table twin: `spread` written for people."""
    table = spread(customers)
    shown = table.drop(columns="Segment").map(formats.money)
    shown.insert(0, "Segment", [names[int(label)] for label in table["Segment"]])
    return shown


def boxes(customers: pd.DataFrame, names: Mapping[int, str], setting: Callable[[int], Mapping[str, Any]]) -> Component:
    """One box per segment on a log scale; a click filters. Plain HTML, whatever the number of customers.

    Parameters
    ----------
    customers : Segment, CLV_6m.
    setting : segment -> attributes of the button that stands for it.
    """
    table = spread(customers)
    low, high = (max(float(table[name].agg(end)), FLOOR) for name, end in zip(_ENDS, ("min", "max"), strict=True))
    scale = _Scale(low * 0.85, high * 1.2)
    rows = [_row(row, names[int(row["Segment"])], scale, setting) for row in table.to_dict("records")]
    ticks = [
        html.Span(formats.axis_money(tick), style={"left": scale.place(tick)})
        for tick in theme.log_ticks(scale.low, scale.high)
    ]
    axis = html.Div(
        [html.Span(), html.Div(ticks, className="boxes-ticks")], className="boxes-axis", **aria(hidden="true")
    )
    return html.Div([*rows, axis], className="boxes")


class _Scale(NamedTuple):
    """A log scale from the left to the right of a row."""

    low: float
    high: float

    def place(self, value: float) -> str:
        """Where an amount stands; below the floor it stands there."""
        return f"{self._share(value):.2f}%"

    def width(self, first: float, last: float) -> str:
        """How far two amounts are apart."""
        return f"{max(self._share(last) - self._share(first), 0.4):.2f}%"

    def _share(self, value: float) -> float:
        return 100 * math.log(max(value, FLOOR) / self.low) / math.log(self.high / self.low)


def _row(
    row: Mapping[Hashable, Any], name: str, scale: _Scale, setting: Callable[[int], Mapping[str, Any]]
) -> Component:
    segment = int(row["Segment"])
    lowest, first, middle, third, highest = (float(row[quantile]) for quantile in _QUANTILES)
    colour = theme.segment_colour(segment)
    marks = [
        html.Span(className="whisker", style={"left": scale.place(lowest), "width": scale.width(lowest, highest)}),
        html.Span(
            className="box",
            style={
                "left": scale.place(first),
                "width": scale.width(first, third),
                "background": theme.faded(colour, 0.35),
                "border-color": colour,
            },
        ),
        html.Span(className="median", style={"left": scale.place(middle), "background": colour}),
        html.Span(className="mean", style={"left": scale.place(float(row["Average"])), "background": colour}),
    ]
    facts = [f"{word}: {formats.money(row[word])}" for word in ("Average", *_QUANTILES)]
    inside = [html.Span(name, className="boxes-name"), html.Span(marks, className="boxes-track", **aria(hidden="true"))]
    told = "; ".join([name, *facts])
    return html.Button(inside, type="button", className="boxes-row", title=told, **aria(label=told), **setting(segment))
