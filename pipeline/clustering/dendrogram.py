"""The top of Ward's tree, as it can be drawn: which groups merge at what height, and what each cut of it gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pipeline.clustering.labels import Floats, Labels
from pipeline.clustering.ward import Tree, holders, ward_tree

DRAWN = 30  # merges; below them a tree has too many branches to be read


def dendrogram(matrix: Floats, cuts: Mapping[int, Labels], seed: int) -> dict[str, Any]:
    """The last merges of the tree, for JSON.

    Parameters
    ----------
    matrix : the prepared customers, `(n_customers, n_features)`. Above `LARGEST_EXACT` of them the tree is that in
        two steps which the clusters were cut from.
    cuts : k -> the segments that Ward's method gave the customers, `(n_customers,)` each.

    Returns
    -------
    dict
        `leaves`, from left to right: `size` (customers in the tree) and `segments`, k -> the number that most of the
        leaf's customers have; `links`, lowest first: `left` and `right` (x, from 0 at the first leaf), `from_left` and
        `from_right` (the heights they start at) and `height`; `cuts`, k -> a height between those of the merges
        that leave k + 1 and k clusters; `customers` in the tree.
    """
    tree = ward_tree(matrix, seed)
    members = _top_members(tree)
    order = _left_to_right(tree, list(members))
    place = {cluster: float(at) for at, cluster in enumerate(order)}
    return {
        "leaves": [_leaf(members[cluster], cuts) for cluster in order],
        "links": _links(tree, place),
        "cuts": {str(k): _height_of(tree, k) for k in cuts if k <= len(order)},
        "customers": len(matrix),
    }


def _top_members(tree: Tree) -> dict[int, Labels]:
    """The clusters before the last merges are made -> their customers."""
    tops = holders(tree.steps, max(len(tree.steps) - DRAWN, 0))[tree.leaf]
    return {int(top): np.flatnonzero(tops == top) for top in np.unique(tops)}


def _left_to_right(tree: Tree, leaves: list[int]) -> list[int]:
    """The leaves in an order in which no branches cross, the larger height on the left."""
    n_leaves, known = len(tree.sizes), set(leaves)
    order, waiting = [], [2 * n_leaves - 2]
    while waiting:
        cluster = waiting.pop()
        if cluster in known:
            order.append(cluster)
            continue
        waiting.extend(int(side) for side in tree.steps[cluster - n_leaves])
    return order


def _leaf(members: Labels, segments: Mapping[int, Labels]) -> dict[str, Any]:
    most = {str(k): int(np.bincount(labels[members] + 2).argmax()) - 2 for k, labels in segments.items()}
    return {"size": len(members), "segments": most}


def _links(tree: Tree, place: dict[int, float]) -> list[dict[str, float]]:
    n_leaves = len(tree.sizes)
    at, heights = dict(place), dict.fromkeys(place, 0.0)
    links = []
    for step in range(max(len(tree.steps) - DRAWN, 0), len(tree.steps)):
        left, right = sorted((int(side) for side in tree.steps[step]), key=lambda cluster: at[cluster])
        height = float(tree.heights[step])
        link = {"left": at[left], "right": at[right], "from_left": heights[left], "from_right": heights[right]}
        links.append({**link, "height": height})
        at[n_leaves + step], heights[n_leaves + step] = (at[left] + at[right]) / 2, height
    return links


def _height_of(tree: Tree, k: int) -> float:
    """Half way between the merge that leaves k clusters and the next one."""
    n_leaves = len(tree.sizes)
    below = float(tree.heights[n_leaves - k - 1]) if k < n_leaves else 0.0
    return (below + float(tree.heights[n_leaves - k])) / 2
