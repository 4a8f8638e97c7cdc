"""How well each customer sits in their segment: the silhouettes of every segment, sorted, side by side.

Written as SVG, since every choice of the page draws it anew, and a chart of a library takes the browser longer than the
rest of the view. The blades are stretched to the room there is, their axis is not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from pipeline.report.elements import Html, tag
from webapp import formats, theme

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

TITLE = "How well customers sit in their segments"
CAPTION = (
    "Each blade is a segment, as wide as it has customers, sorted from those who sit well in it (high) to those who "
    "lie nearer to another one (below the line)."
)
POINTS = 120  # of a blade: more than its width in pixels shows nothing more
BORDER = 0.05
STEP, HEIGHT = 0.2, 230  # of the axis; pixels


def readable(customers: pd.DataFrame, names: Mapping[int, str]) -> pd.DataFrame:
    """Segment, average, share on the border and share nearer to another segment, written for people.

    Parameters
    ----------
    customers : Segment, Silhouette (missing where not measured).
    """
    import pandas as pd

    groups = customers.dropna(subset="Silhouette").groupby("Segment", sort=True)["Silhouette"]
    rows = [
        {
            "Segment": names[int(str(label))],
            "Average": formats.number(float(own.mean()), 2),
            "On the border": formats.share(float(own.between(0, BORDER).mean())),
            "Nearer to another": formats.share(float((own < 0).mean())),
        }
        for label, own in groups
    ]
    return pd.DataFrame(rows, columns=["Segment", "Average", "On the border", "Nearer to another"])


def drawn(customers: pd.DataFrame, names: Mapping[int, str]) -> str:
    """A blade per segment as HTML, their names below them; columns as in `readable`."""
    measured = customers.dropna(subset="Silhouette")
    blades = {
        int(str(label)): np.quantile(own.to_numpy(), 1 - np.linspace(0, 1, min(POINTS, len(own))))
        for label, own in measured.groupby("Segment", sort=True)["Silhouette"]
    }
    if not blades:
        return tag("p", "Nobody was measured", class_="measure measure-none")
    widths = measured["Segment"].value_counts(normalize=True)
    starts = np.cumsum([0.0, *(widths[segment] for segment in blades)])[:-1]
    floor, top = (step * STEP for step in _steps(np.concatenate(list(blades.values()))))
    averages = readable(measured, names)["Average"]
    shapes = [
        tag(
            "g",
            tag("title", f"{names[segment]}: silhouette {average} on average"),
            _blade(heights, segment, start, float(widths[segment])),
        )
        for (segment, heights), start, average in zip(blades.items(), starts, averages, strict=True)
    ]
    box = f"0 {-top:.2f} 1 {top - floor:.2f}"  # upwards is less in SVG
    stretched = tag("svg", shapes, viewBox=box, preserveAspectRatio="none", height="100%")
    label = f"{TITLE}. The table below it holds the same numbers."
    chart = tag("svg", _axis(floor, top), stretched, class_="knife", role="img", aria_label=label, height=HEIGHT)
    return chart + tag("div", [_name(names[each], float(widths[each])) for each in blades], class_="knife-names")


def _steps(heights: NDArray[np.float64]) -> tuple[int, int]:
    """The steps of the axis between which all blades lie; zero, from which they rise, is one of those in between."""
    return min(0, math.floor(heights.min() / STEP)), max(1, math.ceil(heights.max() / STEP))


def _blade(heights: NDArray[np.float64], segment: int, start: float, width: float) -> Html:
    """The ground between a line of sorted silhouettes and zero."""
    across = start + width * np.linspace(0, 1, len(heights))
    corners = " ".join(f"{x:.4f},{-y:.4f}" for x, y in zip(across, heights, strict=True))
    colour = theme.segment_colour(segment)
    points = f"{start:.4f},0 {corners} {start + width:.4f},0"
    return tag("polygon", points=points, fill=colour, stroke=colour, class_="knife-blade")


def _axis(floor: float, top: float) -> Html:
    """A line across with its value at every step, that of zero stronger."""
    lines = []
    for step in range(round(floor / STEP), round(top / STEP) + 1):
        down = f"{100 * (top - step * STEP) / (top - floor):.2f}%"
        kind = "knife-zero" if step == 0 else None
        value = tag("text", formats.number(step * STEP, 1), x=-6, y=down, dy="0.35em", text_anchor="end")
        lines.append([tag("line", x1="0", x2="100%", y1=down, y2=down, class_=kind), value])
    return tag("g", lines, class_="measure-axis")


def _name(name: str, width: float) -> Html:
    """A segment's name under its blade, cut where that is narrow; the table has it whole."""
    return tag("span", name, style=f"width: {100 * width:.2f}%", title=name)
