"""The top of Ward's tree, as it can be drawn: which groups merge at what height, and what each cut of it gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pipeline.clustering.labels import LARGEST_EXACT, SAMPLE, Floats, Labels, sample_of

DRAWN = 30  # merges; below them a tree has too many branches to be read


def dendrogram(matrix: Floats, cuts: Mapping[int, Labels], seed: int) -> dict[str, Any]:
    """The last merges of the tree, for JSON.

    Parameters
    ----------
    matrix : the prepared customers, `(n_customers, n_features)`. Above `LARGEST_EXACT` of them the tree is that of the
        sample which the clusters were found in.
    cuts : k -> the segments that Ward's method gave the customers, `(n_customers,)` each.

    Returns
    -------
    dict
        `leaves`, from left to right: `size` (customers in the tree) and `segments`, k -> the number that most of the
        leaf's customers have; `links`, lowest first: `left` and `right` (x, from 0 at the first leaf), `from_left` and
        `from_right` (the heights they start at) and `height`; `cuts`, k -> a height between those of the merges
        that leave k + 1 and k clusters; `customers` in the tree.
    """
    from fastcluster import linkage_vector

    drawn = sample_of(len(matrix), len(matrix) if len(matrix) <= LARGEST_EXACT else SAMPLE, seed)
    tree = linkage_vector(matrix[drawn], method="ward")
    members = _top_members(tree)
    order = _left_to_right(tree, list(members))
    place = {cluster: float(at) for at, cluster in enumerate(order)}
    segments = {k: labels[drawn] for k, labels in cuts.items()}
    return {
        "leaves": [_leaf(members[cluster], segments) for cluster in order],
        "links": _links(tree, place),
        "cuts": {str(k): _height_of(tree, k) for k in cuts if k <= len(order)},
        "customers": len(drawn),
    }


def _top_members(tree: Floats) -> dict[int, Labels]:
    """The clusters before the last merges are made -> their customers."""
    n_customers = len(tree) + 1
    made = max(len(tree) - DRAWN, 0)
    parent = np.arange(n_customers + made)
    for side in (0, 1):
        parent[tree[:made, side].astype(np.intp)] = np.arange(n_customers, n_customers + made)
    while not np.array_equal(further := parent[parent], parent):
        parent = further
    tops = parent[:n_customers]
    return {int(top): np.flatnonzero(tops == top) for top in np.unique(tops)}


def _left_to_right(tree: Floats, leaves: list[int]) -> list[int]:
    """The leaves in an order in which no branches cross, the larger height on the left."""
    n_customers, known = len(tree) + 1, set(leaves)
    order, waiting = [], [2 * n_customers - 2]
    while waiting:
        cluster = waiting.pop()
        if cluster in known:
            order.append(cluster)
            continue
        waiting.extend(int(side) for side in tree[cluster - n_customers, :2])
    return order


def _leaf(members: Labels, segments: Mapping[int, Labels]) -> dict[str, Any]:
    most = {str(k): int(np.bincount(labels[members] + 2).argmax()) - 2 for k, labels in segments.items()}
    return {"size": len(members), "segments": most}


def _links(tree: Floats, place: dict[int, float]) -> list[dict[str, float]]:
    n_customers = len(tree) + 1
    at, heights = dict(place), dict.fromkeys(place, 0.0)
    links = []
    for step in range(max(len(tree) - DRAWN, 0), len(tree)):
        left, right = sorted((int(side) for side in tree[step, :2]), key=lambda cluster: at[cluster])
        height = float(tree[step, 2])
        link = {"left": at[left], "right": at[right], "from_left": heights[left], "from_right": heights[right]}
        links.append({**link, "height": height})
        at[n_customers + step], heights[n_customers + step] = (at[left] + at[right]) / 2, height
    return links


def _height_of(tree: Floats, k: int) -> float:
    """Half way between the merge that leaves k clusters and the next one."""
    n_customers = len(tree) + 1
    below = float(tree[n_customers - k - 1, 2]) if k < n_customers else 0.0
    return (below + float(tree[n_customers - k, 2])) / 2
