"""How far later customers differ from those that a model was made from: the population stability index.

The index of one measure is the sum over tenths of the old customers of (new - old) * ln(new / old), shares each. Below
.1 it counts as no change, below .25 as some, above as a change that asks for a new model (Siddiqi, 2006).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
TENTHS = 10
SOME, MUCH = 0.1, 0.25
LEAST = 1e-4  # a share that is nil counts as this, or the logarithm would be infinite


def reference(values: Floats) -> dict[str, Any]:
    """What later values are compared with, for JSON: the `edges` of tenths (fewer where equal), the `shares`."""
    kept = values[np.isfinite(values)]
    edges = np.unique(np.quantile(kept, np.linspace(0, 1, TENTHS + 1)[1:-1])) if len(kept) else np.array([])
    return {"edges": edges.tolist(), "shares": _shares(kept, edges).tolist()}


def stability_index(known: dict[str, Any], values: Floats) -> float:
    """The population stability index of new values against a `reference`."""
    new = _shares(values[np.isfinite(values)], np.array(known["edges"]))
    return index(np.array(known["shares"]), new)


def index(old: Floats, new: Floats) -> float:
    """The index of two distributions over the same groups, shares each."""
    one, other = np.maximum(old, LEAST), np.maximum(new, LEAST)
    return float(((other - one) * np.log(other / one)).sum())


def in_words(found: float) -> str:
    """What an index means: `hardly changed`, `changed somewhat`, `changed much`."""
    return "hardly changed" if found < SOME else "changed somewhat" if found < MUCH else "changed much"


def _shares(values: Floats, edges: Floats) -> Floats:
    counts = np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1)
    shares: Floats = counts / max(len(values), 1)
    return shares
