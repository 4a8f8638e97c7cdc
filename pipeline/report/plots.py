"""Small charts as SVG: dots and columns between two axes.

Across, everything is placed in per cent, so a chart is as wide as its place while its letters keep their size.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pipeline.report.elements import Html, tag

TOP, BOTTOM, EDGE = 10, 24, 1.0  # pixels above and below the plot, per cent beside it
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Axis:
    """From where to where an axis runs, and what is written at it.

    Attributes
    ----------
    low, high : the values at its ends.
    ticks : values and their words.
    log : whether equal steps mean equal factors.
    """

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    log: bool = False

    def share(self, value: float) -> float:
        """Where a value stands, 0 at the low end and 1 at the high one; values beyond an end stand there."""
        if self.log:
            low, high, value = math.log10(self.low), math.log10(self.high), math.log10(max(value, self.low))
        else:
            low, high = self.low, self.high
        return min(max((value - low) / ((high - low) or 1.0), 0.0), 1.0)


def linear(highest: float, write: Callable[[float], str], steps: int = 4) -> Axis:
    """An axis from 0 to a little above `highest`, with about so many steps of a round size."""
    highest = highest or 1.0
    raw = highest / steps
    scale = 10.0 ** math.floor(math.log10(raw))
    step = next(each * scale for each in _STEPS if each * scale >= raw * 0.999)
    count = math.ceil(highest / step - 1e-9) or 1
    return Axis(0.0, count * step, tuple((place * step, write(place * step)) for place in range(count + 1)))


def logarithmic(lowest: float, highest: float, write: Callable[[float], str]) -> Axis:
    """An axis between two values, a little beyond them; named are the powers of ten, or 1, 2 and 5 times them."""
    low, high = math.log10(lowest), max(math.log10(highest), math.log10(lowest) + 0.5)
    beyond = 0.04 * (high - low)
    first, last = 10 ** (low - beyond), 10 ** (high + beyond)
    digits = (1,) if last / first > 200 else (1, 2, 5)
    named = [digit * 10.0**power for power in range(math.floor(low) - 1, math.ceil(high) + 1) for digit in digits]
    ticks = tuple((value, write(value)) for value in named if first <= value <= last)
    return Axis(first, last, ticks, log=True)


@dataclass(frozen=True)
class Plot:
    """Two axes and the room between them; `height` in pixels."""

    x: Axis
    y: Axis
    height: int = 280

    def across(self, value: float) -> float:
        """Per cent from the left."""
        return EDGE + (100 - 2 * EDGE) * self.x.share(value)

    def down(self, value: float) -> float:
        """Pixels from the top."""
        return TOP + (1 - self.y.share(value)) * (self.height - TOP - BOTTOM)

    def drawn(self, title: str, description: str, marks: Iterable[Html]) -> Html:
        """The chart; its title, which no other chart of the page has, and its description are read out."""
        name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
        chart = tag(
            "svg",
            tag("title", title, id=f"{name}-title"),
            tag("desc", description, id=f"{name}-desc"),
            tag("g", self._grid(), class_="axis"),
            marks,
            tag("g", self._words(), class_="axis"),
            class_="plot",
            role="img",
            aria_labelledby=f"{name}-title {name}-desc",
            width="100%",
            height=self.height,
        )
        return tag("div", chart, class_="plot-box")

    def _grid(self) -> list[Html]:
        lines = []
        for value, _ in self.y.ticks:
            y = f"{self.down(value):.1f}"
            lines.append(tag("line", x1="0", x2="100%", y1=y, y2=y))
        return lines

    def _words(self) -> list[Html]:
        """The words of both axes; those of y stand in the margin on the left."""
        words = [
            tag("text", text, x="-8", y=f"{self.down(value) + 4:.1f}", text_anchor="end")
            for value, text in self.y.ticks
        ]
        for value, text in self.x.ticks:
            share = self.x.share(value)
            anchor = "start" if share < 0.03 else "end" if share > 0.97 else "middle"
            x = f"{self.across(value):.2f}%"
            words.append(tag("text", text, x=x, y=self.height - 6, text_anchor=anchor))
        return words


def dots(plot: Plot, points: Iterable[tuple[float, float]], colour: str) -> Html:
    """A dot a point, all of one colour."""
    drawn = [tag("circle", cx=f"{plot.across(x):.2f}%", cy=f"{plot.down(y):.1f}", r="2.6") for x, y in points]
    return tag("g", drawn, fill=colour, fill_opacity="0.6")


def columns(plot: Plot, values: Sequence[float], pale: Sequence[bool] = ()) -> Html:
    """Columns side by side at 0, 1 and so on of the x axis, which runs from -0.5; pale ones are not whole."""
    foot, width = plot.down(0.0), 70.0 / max(len(values), 1)
    drawn = []
    for place, value in enumerate(values):
        top, left = plot.down(value), plot.across(place) - width / 2
        faint = "0.45" if place < len(pale) and pale[place] else None
        box = {"x": f"{left:.2f}%", "width": f"{width:.2f}%", "y": f"{top:.1f}", "height": f"{max(foot - top, 0):.1f}"}
        drawn.append(tag("rect", **box, fill_opacity=faint))
    return tag("g", drawn, class_="columns")
