"""Who buys, when and for how much: BG/NBD purchases and Gamma-Gamma spends, drawn as the papers tell the story."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.simulation.catalogue import ABROAD_BY_TYPE, ABROAD_WEIGHTS, TASTES_BY_TYPE, TYPES
from pipeline.simulation.shop import (
    FUTURE_DAYS,
    WINDOW_DAYS,
    Flags,
    Floats,
    Integers,
    Shop,
    arrival_weights,
    opening_day,
)

WHOLESALE_FROM = 800.0  # pounds that an order is worth on average
REGULAR_FROM = 1 / 75  # orders a day
PASSING_BELOW = 1 / 400
LEAST_SPEND_PENCE = 30  # so that every order can buy something; a Gamma-Gamma draw below it is one in a million
_LAST_YEARLY_STEP = WINDOW_DAYS + FUTURE_DAYS


@dataclass(frozen=True)
class People:
    """Customers and what is true of them; every array has shape `(n_customers,)`.

    `arrival` is the first purchase in days since the window opened, `rate` in orders a day, `leave_chance` after each
    repeat order, `spend_rate` the nu of the Gamma-Gamma model. `type`, `taste` and `country` number catalogue entries;
    `focus` is the share of lines bought after the own taste instead of anybody's.
    """

    arrival: Floats
    rate: Floats
    leave_chance: Floats
    spend_rate: Floats
    type: Integers
    taste: Integers
    focus: Floats
    country: Integers


@dataclass(frozen=True)
class Purchases:
    """Purchase days, by customer and day: `customer` and `day` number them, `pence` is the day's spend as drawn.

    `alive` has one flag a customer: not gone when the window closes.
    """

    customer: Integers
    day: Integers
    pence: Integers
    alive: Flags


def drawn_people(rng: np.random.Generator, shop: Shop, count: int) -> People:
    """`count` customers from the shop's one population.

    A customer's type only names the region of the population that the draws fell into; tastes and countries lean on it.
    """
    rate = rng.gamma(shop.r, 1 / shop.alpha, count)
    leave_chance = rng.beta(shop.a, shop.b, count)
    spend_rate = rng.gamma(shop.q, 1 / shop.v, count)
    kind = np.where(rate >= REGULAR_FROM, TYPES.index("regular"), TYPES.index("occasional"))
    kind = np.where(rate < PASSING_BELOW, TYPES.index("passing"), kind)
    kind = np.where(shop.p / spend_rate >= WHOLESALE_FROM, TYPES.index("wholesaler"), kind)
    day = rng.choice(WINDOW_DAYS, count, p=arrival_weights(shop.seasonal))
    return People(
        arrival=day + rng.random(count),
        rate=rate,
        leave_chance=leave_chance,
        spend_rate=spend_rate,
        type=kind,
        taste=picked(rng, TASTES_BY_TYPE[kind]),
        focus=rng.beta(2.2, 1.8, count),
        country=_countries(rng, kind),
    )


def drawn_purchases(rng: np.random.Generator, shop: Shop, people: People) -> Purchases:
    """Every purchase day of these customers, in the window and in the six months after it.

    Fader, Hardie and Lee (2005), section 3: exponential times between orders, and after each repeat order a coin that
    decides whether the customer leaves. Several orders on one day are one purchase day with one spend, as the models
    count; that, and closed days, blur the fastest buyers' rates by a few per cent.
    """
    buyers = [np.arange(len(people.arrival))]
    times = [people.arrival]
    alive = np.ones(len(people.arrival), dtype=bool)
    active, clock = buyers[0], times[0]
    while len(active):
        with np.errstate(divide="ignore", over="ignore"):
            clock = clock + rng.standard_exponential(len(active)) / people.rate[active]
        coming = clock < _LAST_YEARLY_STEP
        active, clock = active[coming], clock[coming]
        buyers.append(active)
        times.append(clock)
        leaving = rng.random(len(active)) < people.leave_chance[active]
        alive[active[leaving & (clock < WINDOW_DAYS)]] = False
        active, clock = active[~leaving], clock[~leaving]
    day = opening_day(np.concatenate(times).astype(np.int64))
    visits = np.unique(np.concatenate(buyers) * 10_000 + day)
    customer, day = visits // 10_000, visits % 10_000
    return Purchases(customer, day, drawn_spends(rng, shop, people.spend_rate[customer]), alive)


def drawn_spends(rng: np.random.Generator, shop: Shop, spend_rate: Floats) -> Integers:
    """One Gamma-Gamma spend in pence for each nu: Gamma with shape p and rate nu."""
    pence = np.rint(100 * rng.gamma(shop.p, 1, len(spend_rate)) / spend_rate).astype(np.int64)
    return np.maximum(pence, LEAST_SPEND_PENCE)


def picked(rng: np.random.Generator, chances: Floats) -> Integers:
    """One column number for each row of chances, shape `(n, n_choices)`; every row sums to 1."""
    steps = np.cumsum(chances, axis=1)[:, :-1]
    return np.asarray((rng.random(len(chances))[:, None] >= steps).sum(axis=1))


def _countries(rng: np.random.Generator, kind: Integers) -> Integers:
    abroad = rng.random(len(kind)) < ABROAD_BY_TYPE[kind]
    trade = (kind == TYPES.index("wholesaler")).astype(np.int64)
    return np.where(abroad, 1 + picked(rng, ABROAD_WEIGHTS[trade]), 0)
