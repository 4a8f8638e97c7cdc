"""How far to trust each segment: whether it comes back, and what may be wrong with it, each in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline import formats
from pipeline.clustering.agreement import Numbers, overlap
from pipeline.clustering.suggestion import USEFUL_CUSTOMERS, VALID

if TYPE_CHECKING:
    import pandas as pd

PATTERN = 0.6  # Hennig (2007): below, a cluster is not to be trusted; from VALID on it is a stable one
FLAG_SHARE, FLAG_TIMES = 0.9, 3.0  # nearly all of a segment share a flag that a third of the base at most has
TINY_SHARE = 0.01
WHALE_SHARE, WHALE_REVENUE = 0.02, 0.2  # as few customers with as much of all revenue
BORDER, BORDER_SHARE = 0.05, 0.25  # a silhouette below this is a border; as many of a segment are worth a word
TWIN = 0.9
BADGES = {
    "stable": "Stable",
    "pattern": "Pattern",
    "doubtful": "Do not trust",
    "untested": "Not tested yet",
}


class Health(NamedTuple):
    """What is known of one segment.

    Attributes
    ----------
    badge : one of `BADGES`.
    jaccard : how alike it is to itself when customers are drawn anew, 0 to 1; None before it was tested.
    borderline : the share of its customers who lie about as near to another segment, 0 to 1; None where unknown.
    alarms : what may be wrong with it: a word or two -> the sentence.
    twins : which segments of other methods hold nearly the same customers, a sentence each: good news.
    """

    badge: str
    jaccard: float | None
    borderline: float | None
    alarms: dict[str, str]
    twins: list[str]


def health(
    customers: pd.DataFrame,
    labels: Numbers,
    jaccards: Mapping[int, float] | None,
    silhouettes: NDArray[np.float64] | None,
    others: Mapping[str, tuple[Numbers, Mapping[int, str]]],
) -> dict[int, Health]:
    """The health of every segment, by number; groups that are no segments (below 0) have none.

    Parameters
    ----------
    customers : `Monetary`, and where there is `IsUK`.
    labels : the segment of each customer, `(n_customers,)`.
    jaccards : segment -> similarity under the bootstrap; None before the test.
    silhouettes : of each customer, NaN where not measured, `(n_customers,)`; None where there are none.
    others : title of another method -> its labels and the names of its segments.
    """
    twins = _twins(labels, others)
    return {
        number: _health(number, customers, labels, jaccards, silhouettes, twins.get(number, []))
        for number in range(int(labels.max(initial=-1)) + 1)
        if (labels == number).any()
    }


def _health(
    number: int,
    customers: pd.DataFrame,
    labels: Numbers,
    jaccards: Mapping[int, float] | None,
    silhouettes: NDArray[np.float64] | None,
    twins: list[str],
) -> Health:
    member = labels == number
    jaccard = None if jaccards is None else jaccards.get(number)
    measured = np.array([]) if silhouettes is None else silhouettes[member & np.isfinite(silhouettes)]
    borderline = float((measured < BORDER).mean()) if len(measured) else None
    found = {
        "One flag": flag(customers, member),
        "Very small": _small(member),
        "Few spend much": _whale(customers, member),
        "Borderline": _border(borderline),
    }
    alarms = {word: sentence for word, sentence in found.items() if sentence}
    return Health(_badge(jaccard), jaccard, borderline, alarms, twins)


def _badge(jaccard: float | None) -> str:
    if jaccard is None:
        return "untested"
    return "stable" if jaccard >= VALID else "pattern" if jaccard >= PATTERN else "doubtful"


def flag(customers: pd.DataFrame, member: NDArray[np.bool_]) -> str:
    """Whether nearly all of a segment are abroad, or at home, and few others: then the flag alone made it."""
    if "IsUK" not in customers or customers["IsUK"].isna().all():
        return ""
    home = customers["IsUK"].fillna(0).to_numpy(dtype=np.float64)
    for words, flag in (("outside the UK", 1 - home), ("in the UK", home)):
        own, common = float(flag[member].mean()), float(flag.mean())
        if own >= FLAG_SHARE and own >= FLAG_TIMES * common:
            here, everywhere = formats.whole_share(own), formats.whole_share(common)
            return f"{here} of this segment are {words}, {everywhere} of all: one flag explains it."
    return ""


def _small(member: NDArray[np.bool_]) -> str:
    size = int(member.sum())
    if size >= max(USEFUL_CUSTOMERS, TINY_SHARE * len(member)):
        return ""
    who = f"{formats.plural(size, 'customer')} {'is' if size == 1 else 'are'}"
    return f"Only {who} in it: too few for a campaign, or for averages to mean much."


def _whale(customers: pd.DataFrame, member: NDArray[np.bool_]) -> str:
    spent = customers["Monetary"].to_numpy(dtype=np.float64)
    share, revenue = float(member.mean()), float(spent[member].sum() / (spent.sum() or 1.0))
    if share > WHALE_SHARE or revenue < WHALE_REVENUE:
        return ""
    return (
        f"{formats.share(share)} of the customers bring {formats.whole_share(revenue)} of the revenue: look at them "
        "one by one, or set them aside as key accounts."
    )


def _border(borderline: float | None) -> str:
    if borderline is None or borderline < BORDER_SHARE:
        return ""
    return f"{formats.whole_share(borderline)} of its customers lie about as near to another segment."


def _twins(labels: Numbers, others: Mapping[str, tuple[Numbers, Mapping[int, str]]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for title, (own, names) in others.items():
        similar = overlap(labels, own)
        for number, row in enumerate(similar):
            if row.size and row.max() >= TWIN:
                twin = int(row.argmax())
                told = (
                    f"{title} finds nearly the same customers ({formats.whole_share(row.max())}), as “{names[twin]}”."
                )
                found.setdefault(number, []).append(told)
    return found
