"""Product categories that a segment passes over, though others who spend as much buy them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.audience.choice import Choice
from pipeline.features.product_mix import NAMED, WORDS
from pipeline.formats import money, plural, share
from pipeline.insights.chance import FEWEST, bound
from pipeline.insights.insight import Floats, Insight, Mask, Shop

LEAST = 0.05
"""Of the segment: how many more would have to buy before a gap is worth a campaign."""

Levels = NDArray[np.intp]

LEVELS = 20
"""Groups of equal size by spend: who spends more buys from more categories, in any segment."""


class Gap(NamedTuple):
    """Buyers of one category in one segment: as they are, as among others who spend as much, and how far apart."""

    share: float
    usual: float
    distance: float


def category_gaps(shop: Shop) -> list[Insight]:
    """The largest gap of each segment: the category that would bring most if as many bought it.

    Chance is the same customers with their purchases dealt out by lot among those who spend about as much.
    """
    columns = [f"CatShare_{name}" for name in NAMED if f"CatShare_{name}" in shop.customers]
    shares = shop.customers[columns].dropna(axis=1, how="all").fillna(0.0)
    groups = {name: member for name, member in shop.segments().items() if member.sum() >= FEWEST}
    if not len(shares.columns):
        return []
    levels = _levels(shop.customers["Monetary"].to_numpy(dtype=np.float64))
    edge, found = bound(len(groups) * len(shares.columns)), []
    for segment, member in groups.items():
        told = []
        for column in shares:
            gap = compared((shares[column] > 0).to_numpy(), member, levels)
            if gap.distance < -edge and gap.usual - gap.share >= LEAST:
                told.append(_told(shop, int(segment), str(column).removeprefix("CatShare_"), gap))
        found += sorted(told, key=lambda each: -each.money)[:1]
    return found


def compared(buys: Mask, member: Mask, levels: Levels) -> Gap:
    """The buyers in a group, and how many there would be if buyers were dealt out within each level of spend."""
    buyers, sizes = np.bincount(levels, buys), np.bincount(levels)
    own = np.bincount(levels[member], minlength=len(sizes))
    part = buyers / np.maximum(sizes, 1)
    left = (sizes - own) / np.maximum(sizes - 1, 1)  # hypergeometric: drawn without putting back
    spread = float(np.sqrt((own * part * (1 - part) * left).sum()))
    n, expected, actual = int(member.sum()), float((own * part).sum()), float(buys[member].sum())
    return Gap(actual / n, expected / n, (actual - expected) / spread if spread else 0.0)


def _levels(spent: Floats) -> Levels:
    edges = np.unique(np.quantile(spent, np.arange(1, LEVELS) / LEVELS))
    levels: Levels = np.searchsorted(edges, spent, side="right")
    return levels


def _told(shop: Shop, segment: int, category: str, gap: Gap) -> Insight:
    filters: dict[str, int | str] = {"segment": segment, "never": category}
    without, own = shop.left_by(Choice(segment=segment, never=category)), shop.left_by(Choice(segment=segment))
    bought = own["Monetary"] * own[f"CatShare_{category}"]
    worth = (gap.usual - gap.share) * len(own) * float(bought.sum()) / max(int((bought > 0).sum()), 1)
    word = WORDS[category]
    told = (
        f"{plural(len(without), 'customer')} of “{shop.names[segment]}” have never bought {word}. "
        f"{share(gap.share)} of the segment have, but {share(gap.usual)} of customers who spend as much: as many "
        f"buyers here, each spending on {word} what the segment's buyers do, would have brought {money(worth)} more."
    )
    chance = f"Dealt out by lot among customers who spend as much, {share(gap.usual)} of them would have bought {word}."
    return Insight(
        "category_gaps", told, f"Offer them {word}.", chance, worth, gap.usual - gap.share, filters, stake="to gain"
    )
