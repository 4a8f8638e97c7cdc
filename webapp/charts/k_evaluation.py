"""How well the customers fall into k segments: one small chart per measure, one line per method.

Written as SVG: of these charts there are many, every choice changes a ring and a band in each, and a chart of a library
costs the server and the browser more time than all that. Across, everything stands in per cent, as in the report.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline.report.elements import Html, tag
from pipeline.report.plots import Axis
from webapp import formats

if TYPE_CHECKING:
    import pandas as pd

    Line = list[tuple[int, float]]

TITLE = "How many segments?"
MEASURES = {
    "silhouette": "Silhouette: how clearly segments are apart (higher is better)",
    "inertia": "Inertia: how far customers are from their segment's centre (look for the bend)",
    "smallest": "Customers in the smallest segment",
    "weakest": "How much of the weakest segment comes back when customers are drawn anew (higher is better)",
    "calinski_harabasz": "Calinski-Harabasz: spread between segments over spread within (higher is better)",
    "davies_bouldin": "Davies-Bouldin: how alike the most alike segments are (lower is better)",
}
CRITERIA = {  # of the Gaussian mixture alone
    "bic": "BIC: how badly clouds describe customers, more clouds counting against them (lower is better)",
    "aic": "AIC: the same, more clouds counting less against them (lower is better)",
}
WORDS = {**MEASURES, **CRITERIA}
FINE = ("silhouette", "weakest", "davies_bouldin")  # measures about 1, written with decimals
CAPTION = "Each line is a method; the strong line is the chosen one, and the ring marks the chosen number of segments."
HEIGHT, TOP, BOTTOM, EDGE = 200, 10, 40, 5.0  # pixels; EDGE in per cent
_APART = 14.0  # pixels between the names of two lines
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def drawn(evaluation: pd.DataFrame, measure: str, titles: Mapping[str, str], method: str, k: int | None) -> str:
    """One measure over k as HTML, a line per method, the chosen method strong and the chosen k ringed.

    Methods that decide on k themselves have no line.

    Parameters
    ----------
    evaluation : method, k, and a column named `measure`; rows where it is missing are left out.
    titles : method -> its name for people, in the order of drawing.
    """
    lines = _lines(evaluation, measure, titles)
    if not lines:
        return tag("p", "Not tested yet", class_="measure measure-none")
    ks = sorted({int(value) for value in evaluation["k"].dropna()})
    room = _Room(ks, [value for line in lines.values() for _, value in line], _written(measure))
    order = sorted(lines, key=lambda name: name == method)  # the chosen one above the others
    inside = [
        room.axes(),
        [] if k is None else room.band(k),
        [room.line(name, titles[name], lines[name], list(titles).index(name), name == method) for name in order],
        [room.ring(k, value) for at, value in lines.get(method, []) if at == k],
        room.names({titles[name]: line[-1][1] for name, line in lines.items()}),
    ]
    label = f"{WORDS[measure]}. The table below holds the same numbers."
    return tag("svg", inside, class_="measure", role="img", aria_label=label, height=HEIGHT)


class _Room:
    """Where things stand in a small chart.

    Parameters
    ----------
    ks : the numbers of segments, ascending.
    values : all that is drawn.
    write : a value in words.
    """

    def __init__(self, ks: list[int], values: list[float], write: Any) -> None:
        self._ks, self._write = ks, write
        self._x = Axis(ks[0], max(ks[-1], ks[0] + 1), ())
        self._y = _around(min(values), max(values))

    def across(self, k: int) -> str:
        return f"{EDGE + (100 - 2 * EDGE) * self._x.share(k):.1f}%"

    def down(self, value: float) -> float:
        return round(TOP + (1 - self._y.share(value)) * (HEIGHT - TOP - BOTTOM), 1)

    def axes(self) -> Html:
        """Lines across with their values, the numbers of segments below, and what those are."""
        foot = HEIGHT - BOTTOM
        across = [tag("line", x1="0", x2="100%", y1=self.down(at), y2=self.down(at)) for at, _ in self._y.ticks]
        values = [tag("text", self._write(at), x=-6, y=self.down(at) + 4, text_anchor="end") for at, _ in self._y.ticks]
        below = [tag("text", str(k), x=self.across(k), y=foot + 17, text_anchor="middle") for k in self._ks]
        what = tag("text", "Segments (k)", x="50%", y=foot + 34, text_anchor="middle")
        return tag("g", across, values, below, what, class_="measure-axis")

    def band(self, k: int) -> Html:
        x = self.across(k)
        return tag("line", x1=x, x2=x, y1=TOP, y2=HEIGHT - BOTTOM, class_="measure-band")

    def ring(self, k: int, value: float) -> Html:
        return tag("circle", cx=self.across(k), cy=self.down(value), r=7, class_="measure-ring")

    def line(self, name: str, title: str, line: Line, place: int, chosen: bool) -> Html:
        """The line of one method, each of its points telling what it stands for."""
        pairs = itertools.pairwise(line)
        parts = [
            tag("line", x1=self.across(a), x2=self.across(b), y1=self.down(one), y2=self.down(other))
            for (a, one), (b, other) in pairs
        ]
        points = [
            tag("g", tag("title", f"{title}, {formats.plural(k, 'segment')}: {self._write(at)}"), self._point(k, at))
            for k, at in line
        ]
        kind = "measure-chosen" if chosen else f"measure-line measure-dash-{place % 3}"
        return tag("g", parts, points, class_=kind, data_method=name)

    def _point(self, k: int, value: float) -> Html:
        return tag("circle", cx=self.across(k), cy=self.down(value), r=3)

    def names(self, ends: Mapping[str, float]) -> Html:
        """Each line's name at its end, names of lines that end close together moved apart."""
        places: list[float] = []
        lowest_first = sorted(ends.items(), key=lambda each: -self.down(each[1]))
        for _, end in lowest_first:
            y = self.down(end)
            places.append(min(y, places[-1] - _APART) if places else y)
        words = [
            tag("text", title.split(" (")[0], x="100%", dx=2, y=round(y + 4, 1))
            for (title, _), y in zip(lowest_first, places, strict=True)
        ]
        return tag("g", words, class_="measure-names")


def _around(low: float, high: float) -> Axis:
    """An axis around these values, with about five steps of a round size."""
    apart = (high - low) or abs(high) or 1.0
    low, high = low - 0.06 * apart, high + 0.06 * apart
    scale = 10.0 ** math.floor(math.log10(apart / 5))
    step = next(each * scale for each in _STEPS if each * scale >= apart / 5 * 0.999)
    first, last = math.ceil(low / step), math.floor(high / step)
    return Axis(low, high, tuple((place * step, "") for place in range(first, last + 1)))


def _written(measure: str) -> Any:
    if measure in FINE:
        return lambda value: formats.number(value, 2)
    return _short


def _short(value: float) -> str:
    """A number as short as an axis needs it: `840`, `26 k`, `1.2 M`."""
    for least, unit, sign in ((1e6, 1e6, "M"), (1e4, 1e3, "k")):
        if abs(value) >= least:
            return f"{formats.plain(round(value / unit, 1))}{formats.SPACE}{sign}"
    return formats.plain(round(value, 2))


def _lines(evaluation: pd.DataFrame, measure: str, titles: Mapping[str, str]) -> dict[str, Line]:
    """Of each method that has them: (k, value), k ascending."""
    if measure not in evaluation:
        return {}
    known = evaluation[evaluation["k"].notna() & evaluation[measure].notna()].sort_values("k")
    found: dict[str, Line] = {name: [] for name in titles}
    for name, k, value in zip(known["method"], known["k"], known[measure], strict=True):
        if name in found:
            found[name].append((int(k), float(value)))
    return {name: line for name, line in found.items() if line}


def twin(evaluation: pd.DataFrame, titles: Mapping[str, str]) -> pd.DataFrame:
    """The same figures as a table: one row per k, one column per measure and method, written for people."""
    table = _over_k(evaluation)
    titles = {name: title for name, title in titles.items() if (table["method"] == name).any()}
    table = table[table["method"].isin(list(titles))].set_index(["k", "method"])
    columns = {}
    for measure, words in WORDS.items():
        if measure not in table:
            continue
        for method, title in titles.items():
            values = table[measure].xs(method, level="method")
            if measure in CRITERIA and values.isna().all():
                continue
            columns[f"{words.split(':')[0]}, {title}"] = values.map(
                lambda value, decimals=3 if measure in FINE else 0: formats.number(value, decimals)
            )
    import pandas as pd

    return pd.DataFrame(columns).rename_axis("k").reset_index()


def _over_k(evaluation: pd.DataFrame) -> pd.DataFrame:
    return evaluation[evaluation["k"].notna()].astype({"k": int})
