"""Customers and orders that are perhaps not what they look like."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np

from pipeline.formats import date, money, plural, share
from pipeline.insights.chance import CHANCE, FEWEST
from pipeline.insights.insight import DOUBTFUL, Floats, Insight, Shop

MANY = 0.05
"""Of all orders: a shop of consumers has no customer with as many."""

SWAY = 0.05
"""Of a segment's revenue: a single day that brings as much moves what the segment looks like."""


def one_that_is_many(shop: Shop) -> list[Insight]:
    """Numbers that may stand for many people: a large part of all orders, or many orders within one minute.

    Chance is a shop whose customers' orders spread as theirs do.
    """
    orders = shop.customers["Frequency"].to_numpy(dtype=np.float64)
    crowded = {row["customer"]: row for row in shop.oddities("crowded") or []}
    found, unlikely = [], beyond(orders)
    for place in np.flatnonzero((orders >= MANY * orders.sum()) & unlikely | _in(shop, crowded)):
        customer = shop.customers.iloc[int(place)]
        row = crowded.get(customer["CustomerID"])
        minute = f", with up to {row['most']} of them in the same minute" if row else ""
        part = float(orders[place] / orders.sum())
        told = (
            f"Customer {customer['CustomerID']} has {plural(float(orders[place]), 'order')}, {share(part)} of all"
            f"{minute}, worth {money(float(customer['Monetary']))}: one number may stand for many people."
        )
        step = "If it is a collective number, name it under “No customer” in the cleaning settings."
        chance = "Orders of the other customers do not spread so far that one of them would have as many."
        worth = float(customer["Monetary"])
        one = str(customer["CustomerID"])
        found.append(Insight("one_that_is_many", told, step, chance, worth, part, customer=one, stake=DOUBTFUL))
    return found


def odd_days(shop: Shop) -> list[Insight]:
    """Single days of one customer that move the revenue of a whole segment.

    Chance is a segment whose days spread as the others of it do (by median and median deviation of logarithms).
    """
    places, groups = shop.places, shop.segments()
    revenue = shop.days["Revenue"].to_numpy(dtype=np.float64)
    found = []
    for segment, member in groups.items():
        own = np.flatnonzero((places >= 0) & member[places])
        if len(own) < FEWEST or revenue[own].sum() <= 0:
            continue
        most = own[int(np.argmax(revenue[own]))]
        part = float(revenue[most] / revenue[own].sum())
        if part < SWAY or not beyond(revenue[own], len(groups)).any():
            continue
        customer, worth = str(shop.days["CustomerID"].iloc[most]), float(revenue[most])
        name = shop.names[int(segment)]
        told = (
            f"One day of customer {customer}, {date(shop.days['Day'].iloc[most])} with {money(worth)}, brought "
            f"{share(part)} of all that “{name}” has spent."
        )
        step = "Check that it was not cancelled or mistyped; cancellations can be taken off in the cleaning settings."
        chance = f"Other days of “{name}” do not spread so far that one of them would be as large."
        about: dict[str, Any] = {"customer": customer, "segment": int(segment), "stake": DOUBTFUL}
        found.append(Insight("odd_days", told, step, chance, worth, part, **about))
    return found


def beyond(values: Floats, looks: int = 1) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which of these amounts are too large for a log-normal law with their median and spread, `(n_values,)`.

    So that the largest of as many values of that law is called too large in `CHANCE` of all cases.
    """
    logs = np.log(np.maximum(values, 1e-9))
    middle = np.median(logs)
    spread = np.median(np.abs(logs - middle)) / NormalDist().inv_cdf(0.75)
    edge = NormalDist().inv_cdf(1 - CHANCE / (looks * max(len(values), 1)))
    far: np.ndarray[tuple[int], np.dtype[np.bool_]] = logs > middle + edge * max(float(spread), 1e-9)
    return far


def _in(shop: Shop, customers: dict[str, object]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return shop.customers["CustomerID"].isin(list(customers)).to_numpy()
