"""Countries whose customers spend more or less than others do."""

from __future__ import annotations

import numpy as np

from pipeline.features.geography import UNKNOWN
from pipeline.formats import money, plural
from pipeline.insights.chance import bound, distances
from pipeline.insights.insight import Insight, Mask, Shop

MOST = 0.5
"""Of the customers: a country that holds more is where the shop is, not one apart."""


def country_outliers(shop: Shop) -> list[Insight]:
    """Chance is as large a group drawn by lot from all customers."""
    if "PrimaryCountry" not in shop.customers or shop.customers["PrimaryCountry"].isna().all():
        return []
    place, spent = shop.customers["PrimaryCountry"].fillna(UNKNOWN), shop.customers["Monetary"]
    groups: dict[int | str, Mask] = {str(name): (place == name).to_numpy() for name in sorted(place.unique())}
    far = distances(np.log1p(spent.clip(lower=0)).to_numpy(dtype=np.float64)[:, None], groups)
    usual, found = float(spent.median()), []
    for country, (distance,) in far.items():
        own = spent[groups[country]]
        if country == UNKNOWN or abs(distance) < bound(len(far)) or groups[country].mean() > MOST:
            continue
        middle, more = float(own.median()), distance > 0
        worth = abs(middle - usual) * len(own)
        told = (
            f"The {plural(len(own), 'customer')} in {country} spend {'more' if more else 'less'} than others: "
            f"half of them {money(middle)} or more, half of all {money(usual)} or more. Together they have brought "
            f"{money(float(own.sum()))}."
        )
        step = "Look for more customers like them." if more else "Check prices, delivery and offers there."
        chance = f"Of as many customers drawn by lot half would have spent about {money(usual)} or more."
        ratio = middle / usual if usual else 0.0
        stake, only = f"{'above' if more else 'below'} usual", {"country": str(country)}
        found.append(Insight("country_outliers", told, step, chance, worth, ratio, only, stake=stake))
    return found
