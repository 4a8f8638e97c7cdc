"""Plots as SVG files of their own, for the tables in this folder: lines between two axes, and bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.report.elements import Html, tag
from pipeline.report.plots import Axis

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 460, 300, 64, 16, 58, 48
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#333}.title{font-size:14px;font-weight:600}"
    ".grid{stroke:#ddd}.limit{stroke:#b00020;stroke-dasharray:5 4}.limit-text{fill:#b00020}"
)
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Panel:
    """One plot: a title, two axes with their words, named lines, and a limit that they should stay below."""

    title: str
    x: Axis
    y: Axis
    x_title: str
    series: Mapping[str, Points]
    limit: tuple[float, str] | None = None

    def drawn(self) -> Html:
        """The plot as a group, its upper left corner at 0, 0."""
        return tag("g", self._title(), self._axes(), self._limit(), self._series())

    def _across(self, value: float) -> float:
        return LEFT + self.x.share(value) * (WIDTH - LEFT - RIGHT)

    def _down(self, value: float) -> float:
        return TOP + (1 - self.y.share(value)) * (HEIGHT - TOP - BOTTOM)

    def _title(self) -> list[Html]:
        names = [tag("text", self.title, x=0, y=16, class_="title")]
        for place, name in enumerate(self.series):
            x = LEFT + 110 * place
            names.append(tag("line", x1=x, x2=x + 18, y1=36, y2=36, stroke=_colour(place), stroke_width=2))
            names.append(tag("text", name, x=x + 24, y=40))
        return names

    def _axes(self) -> list[Html]:
        marks = []
        for value, words in self.y.ticks:
            y = round(self._down(value), 1)
            marks.append(tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_="grid"))
            marks.append(tag("text", words, x=LEFT - 8, y=y + 4, text_anchor="end"))
        for value, words in self.x.ticks:
            marks.append(
                tag("text", words, x=round(self._across(value), 1), y=HEIGHT - BOTTOM + 18, text_anchor="middle")
            )
        middle = (LEFT + WIDTH - RIGHT) / 2
        return [*marks, tag("text", self.x_title, x=middle, y=HEIGHT - 10, text_anchor="middle")]

    def _limit(self) -> list[Html]:
        if self.limit is None:
            return []
        y = round(self._down(self.limit[0]), 1)
        return [
            tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_="limit"),
            tag("text", self.limit[1], x=WIDTH - RIGHT, y=y - 5, text_anchor="end", class_="limit-text"),
        ]

    def _series(self) -> list[Html]:
        drawn = []
        for place, points in enumerate(self.series.values()):
            at = [(round(self._across(x), 1), round(self._down(y), 1)) for x, y in points]
            path = "M" + " L".join(f"{x},{y}" for x, y in at)
            drawn.append(tag("path", d=path, fill="none", stroke=_colour(place), stroke_width=2))
            drawn += [tag("circle", cx=x, cy=y, r=3.5, fill=_colour(place)) for x, y in at]
        return drawn


def save(target: Path, title: str, panels: Sequence[Panel]) -> None:
    """Write plots side by side as one SVG file; the title is read out."""
    width = WIDTH * len(panels)
    groups = [tag("g", panel.drawn(), transform=f"translate({WIDTH * place} 0)") for place, panel in enumerate(panels)]
    body = tag(
        "svg",
        tag("title", title),
        tag("style", STYLE),
        tag("rect", width="100%", height="100%", fill="#fff"),
        groups,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"-12 -8 {width + 24} {HEIGHT + 16}",
        role="img",
        width=width + 24,
    )
    target.write_text(body + "\n", encoding="utf-8")


def _colour(place: int) -> str:
    return COLOURS[place % len(COLOURS)]
