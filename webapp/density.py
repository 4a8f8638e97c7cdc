"""Where most of a group of points lie: for 100,000 customers, of whom points hide each other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
CELLS = 64
SMOOTH = 1.6  # standard deviation of the smoothing, in cells
REACH = 5  # cells to either side that it takes in
TAIL = 0.001  # so few of the furthest, on each side, do not stretch the picture


class Region(NamedTuple):
    """How tightly a group lies, on a grid.

    Attributes
    ----------
    across, up : the middles of the cells, `(CELLS,)`.
    rank : for each cell the share of the group (0 to 1) that lies in cells as crowded or less, `(CELLS, CELLS)`, rows
        run upwards: where it is .5 or more lies the closest half of the group.
    peak : the most crowded cell: its place across and up.
    """

    across: Floats
    up: Floats
    rank: Floats
    peak: tuple[float, float]


def frame(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The edges of the cells for all points, `(CELLS + 1,)` each way; the furthest few are left outside."""
    ends = [np.quantile(values, (TAIL, 1 - TAIL)) for values in (x, y)]
    room = [max(high - low, 1e-9) * 0.08 for low, high in ends]
    across, up = (np.linspace(low - more, high + more, CELLS + 1) for (low, high), more in zip(ends, room, strict=True))
    return across, up


def region(x: Floats, y: Floats, edges: tuple[Floats, Floats]) -> Region:
    """Where the points of one group lie, in the cells of a `frame`."""
    counted = np.histogram2d(y, x, bins=(edges[1], edges[0]))[0]
    smooth = _smoothed(_smoothed(counted).T).T
    order = np.argsort(smooth, axis=None, kind="stable")
    rank = np.empty(smooth.size)
    rank[order] = np.cumsum(smooth.ravel()[order]) / max(smooth.sum(), 1e-12)
    across, up = ((each[1:] + each[:-1]) / 2 for each in edges)
    row, column = np.unravel_index(int(smooth.argmax()), smooth.shape)
    return Region(across, up, rank.reshape(smooth.shape), (float(across[column]), float(up[row])))


def _smoothed(counts: Floats) -> Floats:
    steps = np.arange(-REACH, REACH + 1)
    weights = np.exp(-0.5 * (steps / SMOOTH) ** 2)
    weights /= weights.sum()
    found: Floats = np.apply_along_axis(lambda row: np.convolve(row, weights, mode="same"), 1, counts)
    return found
