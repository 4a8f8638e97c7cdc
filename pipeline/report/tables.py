"""Tables of texts, and tables whose cells are shaded by how far they stand from the average."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline.report.elements import Html, Inside, tag

if TYPE_CHECKING:
    import pandas as pd

_ABOVE, _BELOW = "76,94,245", "224,123,18"
Row = tuple[Inside, Sequence[tuple[float, str]]]
_STRONGEST = 2.0  # doublings at which a shade is as strong as it gets


def table(rows: pd.DataFrame | Sequence[Mapping[str, Inside]], label: str, words: Sequence[str] = ()) -> Html:
    """A table written for people; columns in `words` (the first, where none is named) are set to the left.

    Parameters
    ----------
    rows : a frame of texts, or a row each as heading -> cell: a frame would turn markup into texts.
    """
    if isinstance(rows, Sequence):
        heads, lines = list(rows[0]), [list(row.values()) for row in rows]
    else:
        heads, lines = list(map(str, rows.columns)), rows.to_numpy().tolist()
    left = set(words) or {heads[0]}
    return _table(label, heads, lines, [name in left for name in heads])


def _table(label: str, heads: list[str], rows: Iterable[Iterable[Inside]], left: list[bool]) -> Html:
    kinds = ["words" if is_left else "num" for is_left in left]
    head = tag("tr", [tag("th", name, scope="col", class_=kind) for name, kind in zip(heads, kinds, strict=True)])
    body = [tag("tr", [tag("td", cell, class_=kind) for cell, kind in zip(row, kinds, strict=True)]) for row in rows]
    inside = tag("table", tag("caption", label), tag("thead", head), tag("tbody", body))
    return tag("div", inside, class_="wide", tabindex="0", role="region", aria_label=label)


def heat(label: str, corner: str, heads: Sequence[Inside], rows: Sequence[tuple[str, Sequence[float]]]) -> Html:
    """Factors (1 is the average) as a table: blue above, orange below, the number in every cell."""
    head = tag("tr", tag("th", corner, scope="col"), [tag("th", each, scope="col", class_="num") for each in heads])
    body = [tag("tr", tag("th", name, scope="row"), [_cell(factor) for factor in factors]) for name, factors in rows]
    inside = tag("table", tag("caption", label), tag("thead", head), tag("tbody", body), class_="heat")
    return tag("div", inside, class_="wide", tabindex="0", role="region", aria_label=label)


def shaded(label: str, corner: str, heads: Sequence[Inside], rows: Sequence[Row], highest: float) -> Html:
    """Numbers as a table, darker the larger they are; missing ones are empty cells.

    Parameters
    ----------
    rows : the heading of each and its cells: the number, and how it is written.
    highest : from where on a cell is as dark as can be.
    """
    head = tag("tr", tag("th", corner, scope="col"), [tag("th", each, scope="col", class_="num") for each in heads])
    body = [tag("tr", tag("th", name, scope="row"), [_shade(*each, highest) for each in cells]) for name, cells in rows]
    inside = tag("table", tag("caption", label), tag("thead", head), tag("tbody", body), class_="heat")
    return tag("div", inside, class_="wide", tabindex="0", role="region", aria_label=label)


def _shade(value: float, written: str, highest: float) -> Html:
    if not math.isfinite(value):
        return tag("td")
    strength = 0.55 * min(max(value, 0.0) / (highest or 1.0), 1.0)
    return tag("td", written, class_="num", style=f"background:rgba({_ABOVE},{strength:.2f})")


def _cell(factor: float) -> Html:
    if not math.isfinite(factor) or factor < 0:
        return tag("td", "–", class_="num")
    doublings = math.log2(factor) if factor > 0 else -_STRONGEST
    strength = min(abs(doublings) / _STRONGEST, 1.0) * 0.55
    colour = _ABOVE if doublings > 0 else _BELOW
    words = f"×{factor:.0f}" if factor >= 9.95 else f"×{factor:.1f}" if factor >= 0.95 else f"×{factor:.2f}"
    return tag("td", words, class_="num", style=f"background:rgba({colour},{strength:.2f})")
