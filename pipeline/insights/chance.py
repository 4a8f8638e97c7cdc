"""What chance alone gives, and from where on something is more than that."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import NormalDist

import numpy as np

from pipeline.insights.insight import Floats, Mask

CHANCE = 0.01
"""How often a rule may find something where there is nothing: of shuffled shops one in a hundred."""

FEWEST = 50
"""Customers of a group: from here on its mean is near enough to normal."""


def bound(looks: int) -> float:
    """From how many standard errors on the farthest of so many looks, up or down, is not chance (Bonferroni)."""
    return NormalDist().inv_cdf(1 - CHANCE / (2 * max(looks, 1)))


def above() -> float:
    """The same for one look that only goes up."""
    return NormalDist().inv_cdf(1 - CHANCE)


def distances(values: Floats, groups: Mapping[int | str, Mask]) -> dict[int | str, Floats]:
    """How far the mean of each group is from everyone's, in standard errors of as large a group drawn by lot.

    Parameters
    ----------
    values : `(n_customers, n_measures)`.
    groups : who is in each, `(n_customers,)`; those under `FEWEST` customers, or of all but as few, are left out.
    """
    n = len(values)
    means, spread = values.mean(axis=0), values.std(axis=0, ddof=1)
    found: dict[int | str, Floats] = {}
    for name, member in groups.items():
        size = int(member.sum())
        if FEWEST <= size <= n - FEWEST:
            error = np.where(spread > 0, spread, np.inf) * np.sqrt((1 / size) * (1 - size / n))
            found[name] = (values[member].mean(axis=0) - means) / error
    return found


def dealt(orders: Floats, n: int, rng: np.random.Generator) -> Floats:
    """What `n` customers spend if one order falls to each and the rest to anyone by lot, `(n,)`."""
    shuffled = rng.permutation(orders)
    owner = np.concatenate([np.arange(n), rng.integers(0, n, len(orders) - n)])
    spent: Floats = np.bincount(owner, shuffled, minlength=n).astype(np.float64)
    return spent
