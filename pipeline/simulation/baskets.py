"""Turns the worth of an order into invoice lines whose quantities and prices add up to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from pipeline.simulation.catalogue import MANUAL, POSTAGE, TASTES, WEB_POSTAGE, catalogue, drawn_products
from pipeline.simulation.shop import Flags, Floats, Integers

GUEST = -1
TRADE_PRICE = 0.85
_PACKS = np.array(
    [1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 32, 36, 48, 60, 72, 96, 120, 144, 192, 240, 288, 360, 480, 600]
)
_POSTAGE_PENCE = np.array([1500, 1800, 2800, 4000])
_WEB_POSTAGE_PENCE = np.array([395, 495, 795])
_OPENS_MINUTE, _CLOSES_MINUTE = 8 * 60, 18 * 60


@dataclass(frozen=True)
class Orders:
    """What is bought on one purchase day, before it is cut into lines; every array has shape `(n_orders,)`.

    `customer` is `GUEST` where nobody is known; `pence` is the worth that the lines must add up to.
    """

    customer: Integers
    day: Integers
    pence: Integers
    taste: Integers
    focus: Floats
    country: Integers
    trade: Flags


@dataclass(frozen=True)
class Lines:
    """Invoice lines; every array has shape `(n_lines,)`.

    `invoice` tells invoices apart until they are numbered, `minute` counts from the window's opening, `item` is the
    number in the catalogue, `pence` the price of one piece, `spelling` whether the country is written untidily.
    """

    invoice: Integers
    minute: Integers
    item: Integers
    quantity: Integers
    pence: Integers
    customer: Integers
    country: Integers
    cancelled: Flags
    spelling: Flags

    def __len__(self) -> int:
        return len(self.invoice)

    def at(self, rows: Integers | Flags) -> Lines:
        """These rows only, in this order."""
        return Lines(*(getattr(self, each.name)[rows] for each in fields(self)))


def joined(parts: Sequence[Lines]) -> Lines:
    """The lines of all parts, one after another."""
    return Lines(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Lines)))


def shifted(lines: Lines, invoices: int, customers: int) -> Lines:
    """The lines with their invoices and known customers numbered from there on."""
    known = lines.customer != GUEST
    return replace(lines, invoice=lines.invoice + invoices, customer=np.where(known, lines.customer + customers, GUEST))


def order_lines(rng: np.random.Generator, orders: Orders) -> tuple[Lines, Integers]:
    """The lines of these orders, and the worth in pence that each order really came to.

    Lines cost list price (trade price for wholesalers) but one: an order's last line is priced so that the sum meets
    the drawn worth. Prices are whole pence a piece, so the sum misses it by half a penny for each piece on that line
    at most: nothing where the last line is one piece, some pence where it is many.
    """
    postage, postage_pence = _postage(rng, orders)
    owner, item, quantity, pence = _goods(rng, orders, orders.pence - postage_pence)
    posted = np.flatnonzero(postage_pence)
    owner = np.concatenate([owner, posted])
    by_order = np.argsort(owner, kind="stable")
    owner = owner[by_order]
    item = np.concatenate([item, postage[posted]])[by_order]
    quantity = np.concatenate([quantity, np.ones(len(posted), dtype=np.int64)])[by_order]
    pence = np.concatenate([pence, postage_pence[posted]])[by_order]
    came_to = np.bincount(owner, quantity * pence, minlength=len(orders.pence)).astype(np.int64)
    return _invoiced(rng, orders, owner, item, quantity, pence), came_to


def _postage(rng: np.random.Generator, orders: Orders) -> tuple[Integers, Integers]:
    """The postage item and its price for each order; price 0 where none is charged."""
    count = len(orders.pence)
    abroad = orders.country > 0
    web = (orders.customer == GUEST) & ~abroad
    price = np.where(abroad, rng.choice(_POSTAGE_PENCE, count), rng.choice(_WEB_POSTAGE_PENCE, count))
    charged = (abroad | web) & (rng.random(count) < 0.5) & (orders.pence > 3 * price)
    service = catalogue().service
    return np.where(abroad, service(POSTAGE), service(WEB_POSTAGE)), np.where(charged, price, 0)


def _goods(rng: np.random.Generator, orders: Orders, worth: Integers) -> tuple[Integers, Integers, Integers, Integers]:
    """Owner, item, quantity and price of product lines that come to `worth` pence an order."""
    wanted = 0.55 * np.sqrt(worth / 100) * rng.lognormal(0, 0.35, len(worth))
    planned = np.maximum(1, np.rint(wanted)).astype(np.int64)
    owner = np.repeat(np.arange(len(worth)), planned)
    item = _wanted(rng, orders, owner)
    price = _price(item, orders.trade[owner])
    wish = 1.1 * (worth / planned)[owner] * rng.lognormal(0, 0.6, len(owner)) / price
    quantity = _PACKS[np.maximum(0, np.searchsorted(_PACKS, wish, side="right") - 1)]
    spent = _running_sum(quantity * price, owner)
    kept = spent <= worth[owner]
    owner, item, quantity, price = owner[kept], item[kept], quantity[kept], price[kept]
    rest = worth - np.bincount(owner, quantity * price, minlength=len(worth)).astype(np.int64)
    return _settled(rng, orders, rest, owner, item, quantity, price)


def _settled(
    rng: np.random.Generator,
    orders: Orders,
    rest: Integers,
    owner: Integers,
    item: Integers,
    quantity: Integers,
    price: Integers,
) -> tuple[Integers, Integers, Integers, Integers]:
    """The lines with each order's `rest` in pence on one more line or, where that is too little, on the last."""
    lines = np.bincount(owner, minlength=len(rest))
    last = np.cumsum(lines) - 1
    extra_item = _wanted(rng, orders, np.arange(len(rest)))
    extra_price = _price(extra_item, orders.trade)
    more = (2 * rest >= extra_price) | (lines == 0)
    raised = last[~more]
    price = price.copy()
    price[raised] += np.rint(rest[~more] / quantity[raised]).astype(np.int64)
    extra_quantity = np.maximum(1, np.rint(rest / extra_price)).astype(np.int64)
    settled_price = np.maximum(1, np.rint(rest / extra_quantity)).astype(np.int64)
    owner = np.concatenate([owner, np.flatnonzero(more)])
    order = np.argsort(owner, kind="stable")
    return (
        owner[order],
        np.concatenate([item, extra_item[more]])[order],
        np.concatenate([quantity, extra_quantity[more]])[order],
        np.concatenate([price, settled_price[more]])[order],
    )


def _wanted(rng: np.random.Generator, orders: Orders, owner: Integers) -> Integers:
    """A product for each line: after its buyer's taste or, the less focused the buyer, after anybody's."""
    own = rng.random(len(owner)) < orders.focus[owner]
    return drawn_products(rng, np.where(own, orders.taste[owner], rng.integers(0, len(TASTES), len(owner))))


def _price(item: Integers, trade: Flags) -> Integers:
    list_price = catalogue().pence[item]
    return np.where(trade, np.rint(TRADE_PRICE * list_price), list_price).astype(np.int64)


def _running_sum(amount: Integers, owner: Integers) -> Integers:
    """The running sum of `amount` within each run of equal owners."""
    total = np.cumsum(amount)
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    before = (total - amount)[starts]
    return total - np.repeat(before, np.diff(np.append(starts, len(owner))))


def _invoiced(
    rng: np.random.Generator, orders: Orders, owner: Integers, item: Integers, quantity: Integers, pence: Integers
) -> Lines:
    """The lines with their invoices: one an order, for some orders two on the same day; the hour is decoration."""
    count = len(orders.day)
    two = (rng.random(count) < 0.06)[owner] & (rng.random(len(owner)) < 0.4)
    noon = (_OPENS_MINUTE + _CLOSES_MINUTE) / 2
    hours = rng.triangular(_OPENS_MINUTE, noon, _CLOSES_MINUTE, (2, count)).astype(np.int64)
    manual = (rng.random(len(owner)) < 0.001) & (item < catalogue().service(POSTAGE))
    return Lines(
        invoice=2 * owner + two,
        minute=1440 * orders.day[owner] + np.where(two, hours[1][owner], hours[0][owner]),
        item=np.where(manual, catalogue().service(MANUAL), item),
        quantity=quantity,
        pence=pence,
        customer=orders.customer[owner],
        country=orders.country[owner],
        cancelled=np.zeros(len(owner), dtype=bool),
        spelling=(rng.random(count) < 0.004)[owner],
    )
