"""Outlines drawn around the points of a chart, corner by corner as an address carries them: `12_1.5~40_1.5~40_8`.

An outline goes by what is drawn: its edges are straight on the chart's own scales, compressed where these are.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.audience.ranges import MEASURES

if TYPE_CHECKING:
    import pandas as pd

MOST_CORNERS = 60
"""So that an address stays one that can be sent around."""

_NUMBER = r"-?\d{1,12}(?:\.\d{1,6})?"
_CORNER = re.compile(rf"({_NUMBER})_({_NUMBER})")


class Side(NamedTuple):
    """What one axis of a chart goes by: a measure; on a compressed scale, what is below `floor` is drawn at it."""

    measure: str
    log: bool = False
    floor: float = 0.0

    def drawn(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where values stand along the axis."""
        return np.log10(np.maximum(values, self.floor)) if self.log else values


@dataclass(frozen=True)
class Plane:
    """A chart that can be drawn in: its title, what goes to the right and what goes up."""

    title: str
    across: Side
    upwards: Side


PLANES = {
    "outline_orders": Plane("Recency × Frequency", Side("recency"), Side("frequency", log=True, floor=1.0)),
    "outline_value": Plane("Monetary × CLV", Side("monetary", log=True, floor=1.0), Side("clv", log=True, floor=1.0)),
}
"""Part of an address -> the chart that its outline is drawn in."""

Corners = tuple[tuple[float, float], ...]


def parsed(asked: Any, plane: Plane) -> Corners | None:
    """The corners (in the units of the axes) that a text asks for; None where it asks for none that make sense."""
    found = [_CORNER.fullmatch(corner) for corner in str(asked or "").strip().split("~")]
    if not 3 <= len(found) <= MOST_CORNERS or not all(found):
        return None
    corners = tuple((float(each[1]), float(each[2])) for each in found if each)
    sides = (plane.across, plane.upwards)
    drawable = all(value > 0 for corner in corners for value, side in zip(corner, sides, strict=True) if side.log)
    return corners if drawable else None


def settled(asked: Any, plane: Plane) -> str:
    """The text as an address carries it; empty where it is no outline."""
    return "~".join(f"{_plain(x)}_{_plain(y)}" for x, y in parsed(asked, plane) or ())


def inside(customers: pd.DataFrame, corners: Corners, plane: Plane) -> NDArray[np.bool_]:
    """Who stands inside an outline, `(n_customers,)`; where it crosses itself, as a pen that changes colour would fill.

    Parameters
    ----------
    customers : the columns of `MEASURES` that the chart is of; who has none of it is outside.
    """
    x, y = (_along(customers, side) for side in (plane.across, plane.upwards))
    ends = np.array(corners, dtype=np.float64)
    ends = np.column_stack([side.drawn(ends[:, place]) for place, side in enumerate((plane.across, plane.upwards))])
    found = np.zeros(len(x), dtype=bool)
    for (x1, y1), (x2, y2) in zip(ends, np.roll(ends, -1, axis=0), strict=True):
        if y1 != y2:
            found ^= ((y1 > y) != (y2 > y)) & (x < x1 + (x2 - x1) * (y - y1) / (y2 - y1))
    return found & np.isfinite(x)


def _along(customers: pd.DataFrame, side: Side) -> NDArray[np.float64]:
    return side.drawn(customers[MEASURES[side.measure]].to_numpy(dtype=np.float64))


def _plain(value: float) -> str:
    assert math.isfinite(value)
    return f"{value:.6f}".rstrip("0").rstrip(".")
