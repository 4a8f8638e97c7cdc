"""Ways to prepare customers side by side, before one is chosen: what segments come of each, and what they are worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline.clustering.agreement import jaccards, rand_index
from pipeline.clustering.labels import KEY_ACCOUNTS, Labels, numbers_by_value, renumbered, sample_of
from pipeline.clustering.methods import Method
from pipeline.clustering.preparation import Preparation
from pipeline.clustering.stability import LARGEST, LabelsByKey, clustered, quick, resampled
from pipeline.clustering.sweep import Clusters
from pipeline.profiles.foretelling import Later, explained
from pipeline.profiles.health import flag
from pipeline.threads import one_thread

if TYPE_CHECKING:
    import pandas as pd

MOST_DRAWS = 20  # of the test of stability, for each preparation
Tell = Callable[[float], None]


class Offered(NamedTuple):
    """One way to prepare customers: its words for people, and its settings."""

    title: str
    about: str
    preparation: Preparation


OFFERED = {
    "balanced": Offered("Balanced", "Skew is removed; country and product mix count little.", Preparation()),
    "log1p": Offered("Logarithm", "Ten times as much is always as far.", Preparation(scaling="log1p")),
    "winsorised": Offered(
        "Tails cut off", "The first and last 1 % count as the next ones do.", Preparation(scaling="winsorised")
    ),
    "robust": Offered(
        "Median and quartiles",
        "The middle half sets the scale; big spenders stay far off.",
        Preparation(scaling="robust"),
    ),
    "classic": Offered(
        "Classic",
        "Plain standardised columns, all counting alike.",
        Preparation(scaling="standard", country_weight=1.0, product_mix_weight=1.0),
    ),
    "behaviour": Offered(
        "Behaviour only",
        "Recency, frequency and spend alone, skew removed.",
        Preparation(country=False, bags=False, kitchen=False, home_decor=False, toys=False, other=False),
    ),
    "key": Offered(
        "Key accounts apart",
        "As balanced, with those who spend far more than the others set aside.",
        Preparation(key_accounts="far"),
    ),
}
"""The ways that are compared with the one in use."""


def compared_with(own: Preparation) -> dict[str, Offered]:
    """The ways to compare, by name: the one in use first, under its own words where it is one of `OFFERED`."""
    known = next((name for name, each in OFFERED.items() if each.preparation == own), None)
    if known is not None:
        return {known: OFFERED[known], **OFFERED}
    return {"own": Offered("Your settings", "As the recipe of this page has them.", own), **OFFERED}


def judged(
    customers: pd.DataFrame,
    after: Later | None,
    preparation: Preparation,
    clusters: Clusters,
    methods: Sequence[Method],
    draws: int,
    tell: Tell,
) -> list[dict[str, Any]]:
    """What comes of one preparation, a record for each method and k, for JSON.

    Parameters
    ----------
    customers : the customers table; above `LARGEST` a sample of them is looked at.
    after : what became of those who were there six months before the end; None where the file is too short.
    draws : how many bootstrap samples are drawn.
    tell : told the share that is done, 0 to 1.

    Returns
    -------
    list
        `method`, `k`; `sizes`, the share of customers in each segment, by descending mean spend; `key_accounts`, that
        of those set aside; `ari`, mean adjusted Rand index with the draws; `weakest`, the mean Jaccard similarity of
        the segment that comes back least; `explained`, the share of variance of later log revenue that segments
        explain, or None; `abroad`, the share outside the UK in the most foreign segment, or None; `flags`, a sentence
        for each segment that one flag explains.
    """
    base = _some(customers, clusters.seed)
    with one_thread("scipy.linalg", "sklearn.cluster"):
        whole = clustered(base, clusters, preparation, methods)
        tell(0.2)
        foretold = _foretold(after, preparation, clusters, methods)
        hasty = [quick(method) for method in methods]
        again = []
        for draw in range(draws):
            tell(0.3 + 0.7 * draw / draws)
            again.append(resampled(base, clusters, preparation, hasty, clusters.seed + 1 + draw))
    monetary = base["Monetary"].to_numpy(dtype=np.float64)
    numbered = {key: renumbered(labels, numbers_by_value(labels, monetary)) for key, labels in whole.items()}
    return [_record(base, key, labels, again, foretold) for key, labels in numbered.items()]


def _some(customers: pd.DataFrame, seed: int) -> pd.DataFrame:
    known = customers.dropna(subset=["Recency", "Frequency", "Monetary"])
    return known.iloc[sample_of(len(known), LARGEST, seed)].reset_index(drop=True)


def _foretold(
    after: Later | None, preparation: Preparation, clusters: Clusters, methods: Sequence[Method]
) -> Mapping[tuple[str, int | None], float]:
    if after is None or len(after.earlier) <= clusters.k_high:
        return {}
    drawn = sample_of(len(after.earlier), LARGEST, clusters.seed)
    found = clustered(after.earlier.iloc[drawn].reset_index(drop=True), clusters, preparation, methods)
    return {key: explained(after.log_revenue[drawn], labels) for key, labels in found.items()}


def _record(
    base: pd.DataFrame,
    key: tuple[str, int | None],
    labels: Labels,
    again: Sequence[tuple[Labels, LabelsByKey]],
    foretold: Mapping[tuple[str, int | None], float],
) -> dict[str, Any]:
    found = int(labels.max(initial=-1)) + 1
    pairs = [(labels[drawn], own[key]) for drawn, own in again if key in own]
    back = np.mean([jaccards(one, other, found) for one, other in pairs], axis=0) if pairs else np.array([])
    segments = [labels == number for number in range(found)]
    return {
        "method": key[0],
        "k": key[1],
        "sizes": [float(member.mean()) for member in segments],
        "key_accounts": float((labels == KEY_ACCOUNTS).mean()),
        "ari": float(np.mean([rand_index(one, other) for one, other in pairs])) if pairs else None,
        "weakest": float(back.min()) if back.size else None,
        "explained": foretold.get(key),
        "abroad": _abroad(base, segments),
        "flags": [sentence for member in segments if (sentence := flag(base, member))],
    }


def _abroad(base: pd.DataFrame, segments: Sequence[Any]) -> float | None:
    if "IsUK" not in base or base["IsUK"].isna().all() or not segments:
        return None
    away = 1 - base["IsUK"].fillna(0).to_numpy(dtype=np.float64)
    return max(float(away[member].mean()) for member in segments)
