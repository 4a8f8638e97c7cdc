"""A segment in a few words, by where its middle customer stands among all customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

# By the share of all customers below the segment's median (ties count half): up to which share, which words.
STANDING = {
    "Recency": ((0.2, "very recent"), (0.4, "recent"), (0.6, ""), (0.8, "quiet"), (1.0, "long quiet")),
    "Frequency": ((0.35, "few orders"), (0.65, ""), (0.85, "frequent"), (1.0, "very frequent")),
    "Monetary": ((0.15, "lowest spend"), (0.35, "low spend"), (0.65, ""), (0.85, "high spend"), (1.0, "top spend")),
}
ABROAD = 0.4  # how much the share of UK customers must differ from that of all to be worth a word
FAVOURED = 1.5  # how many times the share of revenue of all customers makes a category a segment's own
NOTABLE = 0.25  # and at least this share of the segment's own revenue
ORDINARY = "typical"


def traits(segment: pd.DataFrame, base: pd.DataFrame) -> str:
    """Words such as "very recent, frequent, top spend"; "typical" where a segment differs in nothing.

    Parameters
    ----------
    segment, base : customers tables, of one segment and of everyone it is compared with.
    """
    words = [*_standing(segment, base), *_home(segment, base), *_taste(segment, base)]
    return ", ".join(word for word in words if word) or ORDINARY


def _standing(segment: pd.DataFrame, base: pd.DataFrame) -> list[str]:
    words = []
    for column, ladder in STANDING.items():
        middle = float(segment[column].median())
        if column == "Frequency" and middle == 1:
            words.append("one order" if bool(segment[column].max() == 1) else "mostly one order")
            continue
        everyone = base[column].to_numpy(dtype=np.float64)
        share = float(((everyone < middle).mean() + (everyone <= middle).mean()) / 2)
        word = next(word for limit, word in ladder if share <= limit)
        words.append(f"mostly {word}" if "low" in word and _is_lifted(segment, base, column) else word)
    return words


def _is_lifted(segment: pd.DataFrame, base: pd.DataFrame, column: str) -> bool:
    """Whether a few large values lift a segment's average above the middle of everyone."""
    return bool(segment[column].mean() > base[column].median())


def _home(segment: pd.DataFrame, base: pd.DataFrame) -> list[str]:
    if "IsUK" not in base:
        return []
    more = float(segment["IsUK"].mean() - base["IsUK"].mean())
    return ["outside the UK" if more < 0 else "in the UK"] if abs(more) >= ABROAD else []


def _taste(segment: pd.DataFrame, base: pd.DataFrame) -> list[str]:
    """The category that a segment favours most, by the mean share of its customers."""
    names = [column for column in base.columns if column.startswith("CatShare_") and column != "CatShare_Other"]
    own, common = segment[names].mean(), base[names].mean()
    favoured = {name: own[name] / common[name] for name in names if common[name] > 0 and own[name] >= NOTABLE}
    favoured = {name: times for name, times in favoured.items() if times >= FAVOURED}
    if not favoured:
        return []
    return [f"mostly {max(favoured, key=lambda name: favoured[name]).removeprefix('CatShare_')}"]
