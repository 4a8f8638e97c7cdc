"""Segments that spent more than others and have been away longer."""

from __future__ import annotations

import numpy as np

from pipeline.formats import days, money, plural
from pipeline.insights.chance import bound, distances
from pipeline.insights.insight import Insight, Shop

AWAY = 1.25
"""Times everyone's median: from here on an absence is worth a word."""


def absence(shop: Shop) -> list[Insight]:
    """Value at risk. Chance is as large a group drawn by lot from all customers."""
    everyone, groups = shop.customers, shop.segments()
    spent, recency = everyone["Monetary"].clip(lower=0), everyone["Recency"]
    found = []
    far = distances(np.column_stack([np.log1p(spent), recency]), groups)
    for segment, (richer, later) in far.items():
        own = everyone[groups[segment]]
        middle = float(own["Recency"].median())
        if min(richer, later) < bound(2 * len(far)) or middle < AWAY * float(recency.median()):
            continue
        ahead = float(own["CLV_6m"].sum())
        half, usual = money(float(own["Monetary"].median())), money(float(spent.median()))
        told = (
            f"The {plural(len(own), 'customer')} of “{shop.names[int(segment)]}” spent more than others (half of them "
            f"{half} or more, half of all {usual} or more), but half of them have been away for {days(middle)} or "
            f"longer; {money(ahead)} is still expected of them in the next six months."
        )
        step = "Win these back first: they have shown what they can spend."
        chance = f"As large a group drawn by lot would have been away for about {days(float(recency.median()))}."
        found.append(Insight("absence", told, step, chance, ahead, middle, {"segment": int(segment)}))
    return found
