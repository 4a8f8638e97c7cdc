"""Where members of groups on the left are on the right, as SVG: a band a pair, as wide as it holds members.

Bands stretch with the page, and letters keep their size, as in `plots`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pipeline.palette import segment_colour
from pipeline.profiles.moves import ordered
from pipeline.report.elements import Html, tag

if TYPE_CHECKING:
    import pandas as pd

PAD, EACH, LEAST = 10, 44, 220  # pixels: between two groups, for each of them, and in all
NODE = 1.2  # per cent of the width
STAYS, MOVES = "0.16", "0.5"


class _Block(NamedTuple):
    """A group on one side: its number, and from where to where it reaches in pixels."""

    number: int
    top: float
    height: float


def bands(flows: pd.DataFrame, names: Mapping[int, str], title: str, description: str) -> Html:
    """The diagram; who stays in a group is drawn paler than who leaves it.

    Parameters
    ----------
    flows : Before, After (numbers of groups), Customers.
    names : number -> name; its colour is that of the segment.
    """
    sides = {side: ordered(flows[side]) for side in ("Before", "After")}
    most = max(map(len, sides.values()))
    height = max(LEAST, EACH * most)
    scale = (height - PAD * (most - 1)) / (int(flows["Customers"].sum()) or 1)
    left, right = (_blocks(flows, side, order, scale, height) for side, order in sides.items())
    inside = tag(
        "svg",
        _ribbons(flows, left, right, scale),
        [
            tag("rect", x=x, y=f"{block.top:.1f}", width=NODE, height=f"{block.height:.1f}", fill=_colour(block))
            for x, side in ((0, left), (100 - NODE, right))
            for block in side
        ],
        viewBox=f"0 0 100 {height}",
        preserveAspectRatio="none",
        width="100%",
        height=height,
    )
    words = [
        *(_word(block, names, "2.2%", "start") for block in left),
        *(_word(b, names, "97.8%", "end") for b in right),
    ]
    chart = tag(
        "svg",
        inside,
        words,
        class_="plot bands",
        role="img",
        aria_label=f"{title}. {description}",
        width="100%",
        height=height,
    )
    return tag("div", chart)


def _colour(block: _Block) -> str:
    return segment_colour(block.number)


def _blocks(flows: pd.DataFrame, side: str, order: Sequence[int], scale: float, height: int) -> list[_Block]:
    """The groups of one side below one another, in the middle of the height."""
    sizes = flows.groupby(side)["Customers"].sum()
    free = height - scale * float(sizes.sum()) - PAD * (len(order) - 1)
    found, top = [], free / 2
    for number in order:
        found.append(_Block(number, top, scale * float(sizes[number])))
        top += found[-1].height + PAD
    return found


def _ribbons(flows: pd.DataFrame, left: Sequence[_Block], right: Sequence[_Block], scale: float) -> list[Html]:
    """A band a flow, those of a group in the order of the groups that they lead to."""
    starts, ends = ({block.number: block.top for block in side} for side in (left, right))
    first, then = list(starts), list(ends)
    drawn = []
    in_order = sorted(
        flows.to_dict("records"), key=lambda each: (first.index(each["Before"]), then.index(each["After"]))
    )
    for flow in in_order:
        one, other, wide = flow["Before"], flow["After"], scale * flow["Customers"]
        start, end = starts[one], ends[other]
        starts[one], ends[other] = start + wide, end + wide
        path = (
            f"M{NODE} {start:.1f}C50 {start:.1f} 50 {end:.1f} {100 - NODE} {end:.1f}"
            f"V{end + wide:.1f}C50 {end + wide:.1f} 50 {start + wide:.1f} {NODE} {start + wide:.1f}Z"
        )
        drawn.append(tag("path", d=path, fill=segment_colour(one), fill_opacity=STAYS if one == other else MOVES))
    return drawn


def _word(block: _Block, names: Mapping[int, str], x: str, anchor: str) -> Html:
    return tag("text", names[block.number], x=x, y=f"{block.top + block.height / 2 + 4:.1f}", text_anchor=anchor)
