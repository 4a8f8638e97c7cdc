"""How much of the revenue hangs on a few customers."""

from __future__ import annotations

import math

import numpy as np

from pipeline.audience.choice import Choice
from pipeline.audience.ranges import Range
from pipeline.formats import money, plural, share
from pipeline.insights.chance import dealt
from pipeline.insights.insight import Floats, Insight, Shop

TOP = 0.1
"""Of the customers: whose share of the revenue tells how concentrated it is."""

DRAWS, SEED = 20, 7
BEYOND = 4.0
"""Standard deviations of the share by lot; with 20 draws one in some 2,000 shops of chance is beyond that."""


def concentration(shop: Shop) -> list[Insight]:
    """The few who spent most, where chance would not have made them few.

    Chance is the same orders dealt out by lot, one to each customer and the rest to anyone.
    """
    spent = shop.customers["Monetary"].clip(lower=0).to_numpy(dtype=np.float64)
    orders = shop.days["Revenue"].to_numpy(dtype=np.float64)
    few = max(int(len(spent) * TOP), 1)
    if len(orders) < len(spent) or spent.sum() <= 0:
        return []
    edge = math.floor(100 * float(np.sort(spent)[-few])) / 100
    written = str(Range(edge, None))
    top = shop.left_by(Choice(monetary=written))
    own, rng = float(top["Monetary"].sum() / spent.sum()), np.random.default_rng(SEED)
    by_lot = np.array([share_of_top(dealt(orders, len(spent), rng), len(top)) for _ in range(DRAWS)])
    if own <= by_lot.mean() + BEYOND * by_lot.std(ddof=1):
        return []
    ahead = float(top["CLV_6m"].sum())
    told = (
        f"{plural(len(top), 'customer')}, {share(len(top) / len(spent))} of all, bring {share(own)} of the revenue, "
        f"{money(edge)} or more each; {money(ahead)} is expected of them in the next six months."
    )
    step = "Know them by name: losing one costs more than a campaign wins."
    chance = f"If the same orders fell to customers by lot, as many would bring {share(float(by_lot.mean()))}."
    return [Insight("concentration", told, step, chance, ahead, own, {"monetary": written})]


def share_of_top(spent: Floats, few: int) -> float:
    """The part of all money that the `few` who spent most brought, 0 to 1."""
    whole = float(spent.sum())
    return float(np.partition(spent, -few)[-few:].sum()) / whole if whole > 0 else 0.0
