"""Ward's tree of any number of customers: of every one while that can be done, of many small groups of them above that.

Above `LARGEST_EXACT` customers the tree has two steps. K-means divides the customers into `GROUPS` small groups; Ward's
method then merges the groups, each counted with its customers, exactly as if all of them stood at its mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pipeline.clustering.labels import LARGEST_EXACT, SAMPLE, Floats, Labels, nearest, sample_of

GROUPS = 1_000  # leaves of the tree of many customers; more take longer and come no nearer to the exact tree
BLOCK = 50_000  # customers whose distances to all groups are held at a time


class Tree(NamedTuple):
    """A tree of customers, or of small groups of them.

    Attributes
    ----------
    steps : the two clusters that merge at each step, `(n_leaves - 1, 2)`, lowest first. Leaf i is cluster i; step j
        makes cluster n_leaves + j.
    heights : how far apart these are, `(n_leaves - 1,)`: the root of twice the growth of the within-cluster sum of
        squares, as scipy and fastcluster have it.
    leaf : the leaf of every customer, `(n_customers,)`.
    sizes : the customers of every leaf, `(n_leaves,)`.
    """

    steps: Labels
    heights: Floats
    leaf: Labels
    sizes: Labels

    @property
    def exact(self) -> bool:
        """Whether every customer is a leaf."""
        return len(self.sizes) == len(self.leaf)


def ward_tree(matrix: Floats, seed: int) -> Tree:
    """The tree of these customers, `(n_customers, n_features)`; in two steps above `LARGEST_EXACT` of them.

    Memory grows with the customers, not with their pairs.
    """
    if len(matrix) <= LARGEST_EXACT:
        return exact_tree(matrix)
    return grouped_tree(matrix, GROUPS, seed)


def exact_tree(matrix: Floats) -> Tree:
    """The tree of which every customer is a leaf, by fastcluster."""
    from fastcluster import linkage_vector

    tree = linkage_vector(matrix, method="ward")
    everyone = np.arange(len(matrix))
    return Tree(tree[:, :2].astype(np.intp), tree[:, 2], everyone, np.ones_like(everyone))


def grouped_tree(matrix: Floats, groups: int, seed: int) -> Tree:
    """The tree in two steps: `groups` small groups, fewer where customers are alike, then Ward's of their means."""
    leaf = small_groups(matrix, groups, seed)
    sizes = np.bincount(leaf)
    means = np.stack([np.bincount(leaf, column) for column in matrix.T], axis=1) / sizes[:, None]
    steps, heights = weighted_merges(means, sizes)
    return Tree(steps, heights, leaf, sizes)


def small_groups(matrix: Floats, groups: int, seed: int) -> Labels:
    """The group of each customer, from 0 without gaps: k-means of a sample, then the nearest centre for everyone."""
    from sklearn.cluster import MiniBatchKMeans

    drawn = matrix[sample_of(len(matrix), max(SAMPLE, 10 * groups), seed)]
    fit = MiniBatchKMeans(n_clusters=min(groups, len(drawn)), n_init=1, batch_size=4096, random_state=seed)
    centres = fit.fit(drawn).cluster_centers_
    blocks = [nearest(matrix[start : start + BLOCK], centres) for start in range(0, len(matrix), BLOCK)]
    found: Labels = np.unique(np.concatenate(blocks), return_inverse=True)[1]
    return found


def weighted_merges(means: Floats, sizes: Labels) -> tuple[Labels, Floats]:
    """Ward's merges of groups of customers who all stand at their group's mean; as `exact_tree` of the customers.

    Parameters
    ----------
    means, sizes : of the groups, `(n_groups, n_features)` and `(n_groups,)`.

    Notes
    -----
    The height of merging two clusters of n and m customers is sqrt(2 n m / (n + m)) times the distance of their means
    (Ward, 1963), so means and sizes are all that a cluster is known by. Merged along chains of nearest neighbours,
    which gives the same tree as always taking the lowest merge (Murtagh, 1983) with memory that grows with the groups.
    """
    merging = _Merging(means.copy(), sizes.astype(np.float64))
    pairs, heights = np.empty((len(means) - 1, 2), dtype=np.intp), np.empty(len(means) - 1)
    chain: list[int] = []
    for step in range(len(pairs)):
        growth = merging.follow(chain)
        pairs[step] = one, other = sorted((chain.pop(), chain.pop()))
        heights[step] = np.sqrt(2 * growth)
        merging.join(one, other)
    return _in_order(pairs, heights)


class _Merging:
    """The clusters that are left, each under the name of its first group; those that were merged away weigh nothing."""

    def __init__(self, centres: Floats, weights: Floats) -> None:
        self.centres, self.weights = centres, weights

    def follow(self, chain: list[int]) -> float:
        """Lengthen the chain by nearest neighbours until its last two are each other's; what merging them costs."""
        if not chain:
            chain.append(int(np.argmax(self.weights > 0)))
        while True:
            growth = self._growth(chain[-1])
            near = int(np.argmin(growth))
            if len(chain) > 1 and growth[chain[-2]] <= growth[near]:
                return float(growth[chain[-2]])
            chain.append(near)

    def _growth(self, own: int) -> Floats:
        """By how much the within-cluster sum of squares grows if a cluster merges with each other one."""
        apart = ((self.centres - self.centres[own]) ** 2).sum(axis=1)
        there = self.weights > 0
        there[own] = False
        share = self.weights * self.weights[own] / (self.weights + self.weights[own])
        found: Floats = np.where(there, apart * share, np.inf)
        return found

    def join(self, one: int, other: int) -> None:
        whole = self.weights[one] + self.weights[other]
        self.centres[one] += self.weights[other] / whole * (self.centres[other] - self.centres[one])
        self.weights[one], self.weights[other] = whole, 0.0


def _in_order(pairs: Labels, heights: Floats) -> tuple[Labels, Floats]:
    """Merges lowest first, clusters named as `Tree` has them; `pairs` names a cluster by its first leaf."""
    order = np.argsort(heights, kind="stable")
    name = np.arange(len(pairs) + 1)
    steps = np.empty_like(pairs)
    for step, (one, other) in enumerate(pairs[order]):
        steps[step] = sorted((name[one], name[other]))
        name[one] = len(pairs) + 1 + step
    return steps, heights[order]


def tree_cuts(tree: Tree, ks: Sequence[int]) -> dict[int, Labels]:
    """The clusters that are left when k remain, for every k: labels from 0, `(n_customers,)` each."""
    n_leaves = len(tree.sizes)
    return {k: np.unique(holders(tree.steps, max(n_leaves - k, 0)), return_inverse=True)[1][tree.leaf] for k in ks}


def holders(steps: Labels, made: int) -> Labels:
    """The cluster that holds each leaf once the first `made` merges are made."""
    n_leaves = len(steps) + 1
    parent = np.arange(n_leaves + made)
    for side in (0, 1):
        parent[steps[:made, side]] = np.arange(n_leaves, n_leaves + made)
    while not np.array_equal(further := parent[parent], parent):
        parent = further
    held: Labels = parent[:n_leaves]
    return held
