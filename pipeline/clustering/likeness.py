"""Who is most like a customer: the nearest ones in the space in which clusters are looked for."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.clustering.labels import Floats, Labels


class Alike(NamedTuple):
    """The customers nearest to one, the nearest first.

    Attributes
    ----------
    rows : their rows of the matrix, `(count,)`; the customer is not among them.
    distances : Euclidean, in the matrix's own unit, `(count,)`.
    """

    rows: Labels
    distances: Floats


def nearest_customers(matrix: Floats, row: int, count: int) -> Alike:
    """The `count` customers nearest to the one at `row`: exact, and of equally near ones the first in the table.

    Parameters
    ----------
    matrix : `Prepared.matrix`, `(n_customers, n_features)`.
    """
    squared = ((matrix - matrix[row]) ** 2).sum(axis=1)
    squared[row] = np.inf
    wanted = min(count, len(matrix) - 1)
    if wanted < 1:
        return Alike(np.zeros(0, dtype=np.intp), np.zeros(0))
    furthest = np.partition(squared, wanted - 1)[wanted - 1]
    near = np.flatnonzero(squared <= furthest)
    rows = near[np.argsort(squared[near], kind="stable")][:wanted]
    return Alike(rows, np.sqrt(squared[rows]))
