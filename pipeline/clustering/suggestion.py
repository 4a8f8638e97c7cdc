"""Which number of clusters to take: never by one index alone.

A silhouette alone says two whatever the data, and inertia always falls. What counts is whether every cluster comes back
when customers are drawn anew and is large enough to be of use; the bend of the inertia says where more add little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from pipeline import formats

HIGHLY_STABLE, VALID = 0.85, 0.75  # Hennig's bounds of a cluster's Jaccard similarity
USEFUL_CUSTOMERS, USEFUL_SHARE = 50, 0.02  # a segment of fewer is not worth a campaign of its own


class Suggestion(NamedTuple):
    """A number of clusters, why, and whether it still waits for the test of stability."""

    k: int
    reason: str
    provisional: bool


def elbow(ks: Sequence[int], inertias: Sequence[float]) -> int:
    """The k where the inertia bends most: farthest below the straight line from the first to the last point.

    Both axes are scaled to 0 to 1 first. Source: the chord rule of Satopaa et al. (2011), "Finding a kneedle".
    """
    x, y = np.asarray(ks, dtype=np.float64), np.asarray(inertias, dtype=np.float64)
    if len(x) < 3 or y[0] == y[-1]:
        return int(ks[0])
    across = (x - x[0]) / (x[-1] - x[0])
    down = (y - y[-1]) / (y[0] - y[-1])
    return int(ks[int(np.argmax(1 - across - down))])


def suggestion(
    records: Sequence[Mapping[str, Any]], stability: Sequence[Mapping[str, Any]] | None, customers: int
) -> Suggestion:
    """The suggested k of one method.

    Parameters
    ----------
    records : `k`, `inertia` and `smallest` of each k of the method, ascending.
    stability : `k` and `weakest` of each k of the method; None while it is not known.
    customers : how many there are.

    Notes
    -----
    The most clusters that all are highly stable and useful; where there are none, the most that all are valid; else the
    ones whose weakest comes back most often, and the reason warns. Without a test of stability it is the elbow.
    """
    useful = [row for row in records if row["smallest"] >= max(USEFUL_CUSTOMERS, USEFUL_SHARE * customers)] or records
    bend = elbow([row["k"] for row in records], [row["inertia"] for row in records])
    if stability is None:
        k = min((row["k"] for row in useful), key=lambda each: abs(each - bend))
        return Suggestion(k, f"More than {k} segments describe customers little better. {_UNTESTED}", True)
    weakest = {row["k"]: row["weakest"] or 0.0 for row in stability}
    for bound, words in ((HIGHLY_STABLE, "clearly"), (VALID, "fairly well")):
        steady = [row for row in useful if weakest.get(row["k"], 0.0) >= bound]
        if steady:
            return Suggestion(steady[-1]["k"], _steady(steady[-1], weakest, bend, words), False)
    best = max(useful, key=lambda row: weakest.get(row["k"], 0.0))
    return Suggestion(best["k"], _unsteady(best, weakest), False)


_UNTESTED = "Whether they come back when customers are drawn anew has not been tested yet."


def _steady(row: Mapping[str, Any], weakest: Mapping[int, float], bend: int, words: str) -> str:
    k = row["k"]
    more = "" if k <= bend else f" Beyond {bend}, each further segment describes customers only a little better."
    return (
        f"{k} is the most segments that all come back {words} when customers are drawn anew (the weakest keeps "
        f"{formats.whole_share(weakest[k])} of its customers); the smallest has {formats.count(row['smallest'])} "
        f"customers.{more}"
    )


def _unsteady(row: Mapping[str, Any], weakest: Mapping[int, float]) -> str:
    k = row["k"]
    return (
        f"No number of segments holds when customers are drawn anew; {k} comes nearest (the weakest keeps "
        f"{formats.whole_share(weakest.get(k, 0.0))} of its customers). Take another method, or do not rely on each "
        "segment."
    )
