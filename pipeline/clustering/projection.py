"""Customers on a flat map: the two directions in which they differ most, and what these directions mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.clustering.labels import Floats

if TYPE_CHECKING:
    from pipeline.clustering.scaling import Prepared

TOLD = 0.3  # from which weight on a column is named as part of a direction
MOST_TOLD = 3
WORDS = {
    "Recency": ("ordered longer ago", "ordered more recently"),
    "Frequency": ("more orders", "fewer orders"),
    "Monetary": ("spent more", "spent less"),
    "IsUK": ("in the UK", "outside the UK"),
}


class Projection(NamedTuple):
    """The principal components of prepared customers.

    Attributes
    ----------
    coordinates : `(n_customers, 2)`; the second column is 0 where there is one feature only.
    explained : the share of all variance along each direction, 0 to 1.
    loadings : the weight of each feature in each direction, `(2, n_features)`, each row of length 1.
    """

    coordinates: Floats
    explained: tuple[float, float]
    loadings: Floats


def projection(ready: Prepared) -> Projection:
    """The first two principal components of the prepared matrix; key accounts are placed but have no say in them.

    A direction and its opposite are equally right; the one is taken in which the largest weight is positive, so that
    a map does not turn over from run to run. Source: Jolliffe (2002), Principal Component Analysis, 2nd ed., ch. 2.
    """
    own = ready.in_segments().matrix
    centred, apart = ready.matrix - own.mean(axis=0), own - own.mean(axis=0)
    variances, directions = np.linalg.eigh(apart.T @ apart / max(len(apart), 1))
    loadings = np.zeros((2, len(ready.columns)))
    found = directions[:, ::-1].T[:2]
    largest = np.abs(found).argmax(axis=1)
    loadings[: len(found)] = found * np.sign(found[np.arange(len(found)), largest])[:, None]
    whole = float(variances.sum()) or 1.0
    explained: list[float] = [*(variances[::-1] / whole).clip(0, 1).tolist(), 0.0]
    return Projection(centred @ loadings.T, (explained[0], explained[1]), loadings)


def in_words(weights: Sequence[float], columns: Sequence[str]) -> str:
    """What customers further along a direction are like: "more orders, spent more, ordered more recently"."""
    by_weight = sorted(zip(weights, columns, strict=True), key=lambda each: -abs(each[0]))
    named = [(weight, column) for weight, column in by_weight[:MOST_TOLD] if abs(weight) >= TOLD] or by_weight[:1]
    return ", ".join(_words(column)[0 if weight >= 0 else 1] for weight, column in named)


def _words(column: str) -> tuple[str, str]:
    product = column.removeprefix("CatShare_")
    return WORDS.get(column, (f"more {product}", f"less {product}"))
