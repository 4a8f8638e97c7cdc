"""What is worth acting on: sentences ranked by money, each with the filters that show it.

A finding is told only where chance does not explain it: how far a group's mean lies from everyone's is measured in
standard errors of a group drawn by lot from the same customers (no more is assumed), and the bound is Bonferroni's for
all groups and measures that were looked at, so that a file whose labels are shuffled tells nothing in 99 of 100 cases.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.features.product_mix import NAMED
from pipeline.wording import pounds

if TYPE_CHECKING:
    import pandas as pd

CHANCE = 0.01
MOST = 0.5  # of the customers: a country that holds more is where the shop is, not one apart
FEWEST = 50  # customers of a group: from here on its mean is near enough to normal
TOP = 0.1  # of the customers: whose share of revenue tells how concentrated it is
DRAWS, SEED = 99, 7
AWAY = 1.25  # times everyone's median: from here on an absence is worth a word
Money = Callable[[float], str]
Floats = NDArray[np.float64]


class Finding(NamedTuple):
    """One sentence.

    Attributes
    ----------
    sentence : what was found, with its numbers.
    money : how much it is about, for the ranking.
    filters : the parts of a view that show these customers, such as {"segment": 2}.
    """

    sentence: str
    money: float
    filters: Mapping[str, int | str]


def findings(
    customers: pd.DataFrame, names: Mapping[int, str], money: Money = pounds, orders: Floats | None = None
) -> list[Finding]:
    """What is worth acting on, most money first.

    Parameters
    ----------
    customers : Recency (days), Monetary, Segment, CLV_6m, and where there are PrimaryCountry and CatShare_*.
    names : segment -> its name.
    money : writes an amount for people.
    orders : what each order of these customers brought, in any order; without it nothing is said of concentration.
    """
    if len(customers) < 2 * FEWEST:
        return []
    found = [
        *([] if orders is None else _concentration(customers, orders, money)),
        *_away(customers, names, money),
        *_gaps(customers, names, money),
        *_countries(customers, money),
    ]
    return sorted(found, key=lambda each: -each.money)


def distances(values: Floats, groups: Mapping[int | str, NDArray[np.bool_]]) -> dict[int | str, Floats]:
    """How far the mean of each group is from everyone's, in standard errors of as large a group drawn by lot.

    Parameters
    ----------
    values : `(n_customers, n_measures)`.
    groups : who is in each, `(n_customers,)`; those under `FEWEST` customers, or of all but as few, are left out.
    """
    n = len(values)
    means, spread = values.mean(axis=0), values.std(axis=0, ddof=1)
    found: dict[int | str, Floats] = {}
    for name, member in groups.items():
        size = int(member.sum())
        if FEWEST <= size <= n - FEWEST:
            error = np.where(spread > 0, spread, np.inf) * np.sqrt((1 / size) * (1 - size / n))
            found[name] = (values[member].mean(axis=0) - means) / error
    return found


def bound(looks: int) -> float:
    """From how many standard errors on the farthest of so many looks is not chance."""
    return NormalDist().inv_cdf(1 - CHANCE / (2 * max(looks, 1)))


def share_of_top(spent: Floats) -> float:
    """The part of all money that the `TOP` who spent most brought, 0 to 1."""
    few = max(int(len(spent) * TOP), 1)
    whole = float(spent.sum())
    return float(np.sort(spent)[-few:].sum()) / whole if whole > 0 else 0.0


def _concentration(customers: pd.DataFrame, orders: Floats, money: Money) -> list[Finding]:
    """How much the few who spent most brought, where chance alone would not have made them few.

    Chance is the same orders dealt out by lot, one to each customer and the rest to anyone, `DRAWS` times: the share
    has to be larger than in all of them.
    """
    spent = customers["Monetary"].clip(lower=0).to_numpy(dtype=np.float64)
    n = len(spent)
    if len(orders) < n:
        return []
    own, rng = share_of_top(spent), np.random.default_rng(SEED)
    by_lot = [share_of_top(dealt(orders, n, rng)) for _ in range(DRAWS)]
    if own <= max(by_lot):
        return []
    edge = float(np.sort(spent)[-max(int(n * TOP), 1)])
    usual = 100 * float(np.mean(by_lot))
    told = (
        f"{100 * TOP:.0f} % of the customers bring {100 * own:.0f} % of the revenue ({money(own * spent.sum())}), each "
        f"of them {money(edge)} or more; if orders fell to customers by chance it would be {usual:.0f} %."
    )
    return [Finding(told, own * float(spent.sum()), {"monetary": f"{np.floor(100 * edge) / 100:.2f}-"})]


def dealt(orders: Floats, n: int, rng: np.random.Generator) -> Floats:
    """What `n` customers spend if one order falls to each and the rest to anyone by lot, `(n,)`."""
    shuffled = rng.permutation(orders)
    owner = np.concatenate([np.arange(n), rng.integers(0, n, len(orders) - n)])
    spent: Floats = np.bincount(owner, shuffled, minlength=n).astype(np.float64)
    return spent


def _segments(customers: pd.DataFrame) -> dict[int | str, NDArray[np.bool_]]:
    numbers = customers["Segment"]
    return {int(number): (numbers == number).to_numpy() for number in sorted(numbers.unique()) if number >= 0}


def _away(customers: pd.DataFrame, names: Mapping[int, str], money: Money) -> list[Finding]:
    """Segments that spent more than others and have been away longer."""
    spent, recency = customers["Monetary"], customers["Recency"]
    groups = _segments(customers)
    away = distances(np.column_stack([np.log1p(spent.clip(lower=0)), recency]), groups)
    found = []
    for segment, (richer, later) in away.items():
        own = customers[groups[segment]]
        middle = float(own["Recency"].median())
        if min(richer, later) < bound(2 * len(away)) or middle < AWAY * float(recency.median()):
            continue
        told = (
            f"“{names[int(segment)]}” spent more than others ({money(float(own['Monetary'].median()))} in the middle, "
            f"{money(float(spent.median()))} of all) but half of them have been away for {middle:.0f} days or more: "
            f"{money(float(own['CLV_6m'].sum()))} is still expected of these {len(own):,} customers."
        )
        found.append(Finding(told, float(own["CLV_6m"].sum()), {"segment": int(segment)}))
    return found


def _gaps(customers: pd.DataFrame, names: Mapping[int, str], money: Money) -> list[Finding]:
    """The category that fewest of a segment buy, compared with everyone: by buyers, one finding a segment."""
    columns = [f"CatShare_{name}" for name in NAMED if f"CatShare_{name}" in customers]
    shares = customers[columns].dropna(axis=1, how="all").fillna(0.0)
    if shares.empty or not len(shares.columns):
        return []
    buys = (shares > 0).to_numpy(dtype=np.float64)
    groups = _segments(customers)
    found = []
    far = distances(buys, groups)
    for segment, row in far.items():
        place = int(np.argmin(row))
        if row[place] > -bound(len(far) * len(row)):
            continue
        member, column = groups[segment], str(shares.columns[place])
        own, everyone = float(buys[member, place].mean()), float(buys[:, place].mean())
        spend = (customers.loc[member, "Monetary"] * shares.loc[member, column]).sum()
        worth = (everyone - own) * member.sum() * float(spend) / max(float(buys[member, place].sum()), 1.0)
        category = {"CatShare_HomeDecor": "home decor"}.get(column, column.removeprefix("CatShare_").lower())
        told = (
            f"{100 * own:.0f} % of “{names[int(segment)]}” have bought {category}, {100 * everyone:.0f} % of all: if "
            f"as many did, and spent what its buyers spend there, that would be {money(worth)}."
        )
        found.append(Finding(told, worth, {"segment": int(segment)}))
    return found


def _countries(customers: pd.DataFrame, money: Money) -> list[Finding]:
    """Countries whose customers spend more or less than others do."""
    if "PrimaryCountry" not in customers or customers["PrimaryCountry"].isna().all():
        return []
    place = customers["PrimaryCountry"].fillna("Unknown")
    groups: dict[int | str, NDArray[np.bool_]] = {
        str(country): (place == country).to_numpy() for country in sorted(place.unique())
    }
    spent = customers["Monetary"]
    far = distances(np.log1p(spent.clip(lower=0)).to_numpy(dtype=np.float64)[:, None], groups)
    found = []
    for country, (distance,) in far.items():
        if abs(distance) < bound(len(far)) or groups[country].mean() > MOST:
            continue
        own = spent[groups[country]]
        word = "more" if distance > 0 else "less"
        told = (
            f"Customers in {country} spend {word} than others: {money(float(own.median()))} in the middle, "
            f"{money(float(spent.median()))} of all; together {money(float(own.sum()))} from {len(own):,} customers."
        )
        worth = abs(float(own.median()) - float(spent.median())) * len(own)
        found.append(Finding(told, worth, {"country": str(country)}))
    return found
