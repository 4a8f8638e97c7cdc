"""The RFM grid: no clusters but rules, by how recently and how often customers bought."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from pipeline.clustering.labels import Clustering, Labels, Tick
from pipeline.features.rfm_scores import CELLS, Scale, cell_names, scales
from pipeline.parameters import Step

if TYPE_CHECKING:
    from pipeline.clustering.scaling import Prepared

NAMES = tuple(CELLS)
_SCORED = ("Recency", "Frequency")


@dataclass(frozen=True)
class RFMGrid(Step):
    """Segments by the scores of recency and frequency: ten names that share out the 25 cells."""

    NAME: ClassVar[str] = "rfm_grid"
    TITLE: ClassVar[str] = "RFM grid"
    COLUMN: ClassVar[str] = "Segment_RFM"
    TAKES_K: ClassVar[bool] = False
    HELP: ClassVar[str] = "Fixed rules instead of clusters: scores from 1 to 5 by how recently and how often they buy."

    def clusterings(self, ready: Prepared, ks: Sequence[int], _: int, tick: Tick) -> dict[int | None, Clustering]:
        """One partition, under None. The model: `edges` of the scores of Recency and Frequency."""
        tick(min(ks))
        own = scales(ready.raw)
        edges = {name: [edge if math.isfinite(edge) else None for edge in own[name].edges] for name in _SCORED}
        model = {"edges": edges}
        return {None: Clustering(self.assigned(model, ready), {}, model, NAMES)}

    @staticmethod
    def assigned(model: dict[str, Any], ready: Prepared) -> Labels:
        """The segment of each customer, as its place in `NAMES`."""
        recency, frequency = (
            Scale(
                tuple(math.inf if edge is None else edge for edge in model["edges"][name]),
                small_is_good=name == "Recency",
            ).scores(ready.raw[name])
            for name in _SCORED
        )
        place = {name: number for number, name in enumerate(NAMES)}
        return np.array([place[name] for name in cell_names(recency, frequency)], dtype=np.intp)
