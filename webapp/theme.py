"""How charts look: one colour per segment wherever it appears, and one Plotly template.

Grid, axis and font colours here suit a light page and an exported picture; `assets/charts.css` recolours them where the
page is dark, so that a chart never has to be drawn again when the theme changes.
"""

from __future__ import annotations

import datetime
import functools
import math
from typing import TYPE_CHECKING, Any

from pipeline.clustering.labels import GROUP_NAMES
from pipeline.palette import PALETTE as PALETTE
from pipeline.palette import segment_colour as segment_colour
from webapp import formats

if TYPE_CHECKING:
    import plotly.graph_objects as go

SCALE_LOW, SCALE_TOP = min(GROUP_NAMES), 3 * len(PALETTE) - 1
ACCENT = "#1c8f8b"
INK = "#3b4252"
QUIET = "#8a93a3"
GRID = "rgba(128, 138, 153, 0.2)"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif"
CLEAR = "rgba(0, 0, 0, 0)"
HAPPENED = ACCENT
FORECAST = "#f08c1a"
"""Teal and orange differ in lightness too, so that what happened and what was forecast stay apart in every eye."""
BELOW, ABOVE = "#e07b12", "#4c5ef5"
"""What is less and what is more than usual."""

SEQUENTIAL = ((0.0, "rgba(28, 143, 139, 0.03)"), (1.0, "rgba(28, 143, 139, 0.78)"))
"""Little to much, see-through for the same reason."""

LITTLE_TO_MUCH = ((0.0, "#c9ab62"), (0.4, "#5fb48c"), (0.7, "#1c8f8b"), (1.0, "#3d5fd0"))
"""For points, which have to show one by one on light and dark."""


def segment_scale() -> list[list[Any]]:
    """A stepped colour scale for labels `SCALE_LOW` to `SCALE_TOP`: each has the colour of its segment."""
    labels = range(SCALE_LOW, SCALE_TOP + 1)
    steps = len(labels)
    return [[edge / steps, segment_colour(label)] for place, label in enumerate(labels) for edge in (place, place + 1)]


def faded(colour: str, opacity: float) -> str:
    """A `#rrggbb` colour with an opacity from 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity:g})"


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on a `#rrggbb` colour."""
    red, green, blue = ((int(colour[at : at + 2], 16) / 255) ** 2.2 for at in (1, 3, 5))
    return "#101418" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.25 else "#ffffff"


def log_ticks(low: float, high: float) -> list[float]:
    """Where ticks stand on a log axis: at powers of ten, or at 1, 2 and 5 times them where these alone are too few."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    digits = (1,) if high / low > 200 else (1, 2, 5)
    ticks = [digit * 10.0**decade for decade in decades for digit in digits]
    return [tick for tick in ticks if low * 0.999 <= tick <= high * 1.001]


def month_ticks(first: datetime.date, last: datetime.date, most: int = 6) -> dict[str, Any]:
    """Ticks of an axis of time at the beginnings of months, no more than `most`, named in the reader's language."""
    months = range(first.year * 12 + first.month, last.year * 12 + last.month)
    step = next(step for step in (1, 2, 3, 6, *range(12, 12 * 1000, 12)) if len(months) // step < most)
    shown = [f"{month // 12}-{month % 12 + 1:02}" for month in months if month % step == 0]
    return {
        "tickmode": "array",
        "tickvals": [f"{month}-01" for month in shown],
        "ticktext": [formats.month(month) for month in shown],
    }


def figure(**layout: Any) -> go.Figure:
    """An empty figure in the house's style, with the reader's marks in numbers; `layout` is added to it."""
    import plotly.graph_objects as go

    return go.Figure(layout={"template": template(), "separators": "".join(formats.written_as().marks), **layout})


def _axis(**more: Any) -> dict[str, Any]:
    return {
        "gridcolor": GRID,
        "linecolor": GRID,
        "zeroline": False,
        "ticks": "",
        "automargin": True,
        "title": {"standoff": 10, "font": {"size": 13}},
        **more,
    }


@functools.cache
def template() -> go.layout.Template:
    """How every chart looks; put together at the first chart, not at the start of the server."""
    import plotly.graph_objects as go

    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 12, "color": INK},
            "paper_bgcolor": CLEAR,
            "plot_bgcolor": CLEAR,
            "colorway": PALETTE,
            "margin": {"l": 8, "r": 12, "t": 12, "b": 8},
            "xaxis": _axis(showline=True),
            "yaxis": _axis(),
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "title": {"text": ""}},
            "hoverlabel": {"font": {"family": FONT, "size": 13}, "align": "left", "namelength": -1},
            "hovermode": "closest",
            "bargap": 0.28,
            "barcornerradius": 4,
            "modebar": {"bgcolor": CLEAR, "color": QUIET, "activecolor": ACCENT},
        }
    )
