"""What makes a real export untidy, added so that no customer's true purchases change after cleaning."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pipeline.simulation.baskets import GUEST, Lines, Orders, joined
from pipeline.simulation.catalogue import (
    ABROAD_WEIGHTS,
    NO_TEXT,
    NOTE_COUNT,
    TASTES,
    TASTES_BY_TYPE,
    TYPES,
    catalogue,
    drawn_products,
)
from pipeline.simulation.people import drawn_spends, picked
from pipeline.simulation.shop import WINDOW_DAYS, Integers, Shop, arrival_weights, opening_day

RETURNED_INVOICES_SHARE = 0.09
RETURNED_LINES_SHARE = 0.25
VOIDED_INVOICES_SHARE = 0.004
TWICE_WRITTEN_SHARE = 0.012
FREE_LINES_SHARE = 0.004
STOCK_NOTES_SHARE = 0.01
_WINDOW_MINUTES = 1440 * WINDOW_DAYS


def guest_orders(rng: np.random.Generator, shop: Shop, customers_orders: int) -> Orders:
    """Orders without a CustomerID: `shop.guests_share` of all orders, each guest with a spend level of their own."""
    share = shop.guests_share
    count = round(customers_orders * share / (1 - share))
    abroad = rng.random(count) < 0.04
    passing = np.full(count, TYPES.index("passing"))
    return Orders(
        customer=np.full(count, GUEST),
        day=opening_day(rng.choice(WINDOW_DAYS, count, p=arrival_weights(shop.seasonal))),
        pence=drawn_spends(rng, shop, rng.gamma(shop.q, 1 / shop.v, count)),
        taste=picked(rng, TASTES_BY_TYPE[passing]),
        focus=np.full(count, 0.5),
        country=np.where(
            abroad, 1 + picked(rng, np.broadcast_to(ABROAD_WEIGHTS[0], (count, ABROAD_WEIGHTS.shape[1]))), 0
        ),
        trade=np.zeros(count, dtype=bool),
    )


def untidied(rng: np.random.Generator, lines: Lines) -> Lines:
    """The lines with cancellations, duplicates, lines for nothing and stock keepers' notes among them."""
    next_invoice = int(lines.invoice.max(initial=0)) + 1
    lines = _written_twice(rng, lines)
    returns = _returns(rng, lines, next_invoice)
    voids = _voids(rng, lines, 2 * next_invoice)
    return joined([lines, returns, voids, _free_lines(rng, lines), _stock_notes(rng, lines, 3 * next_invoice)])


def _written_twice(rng: np.random.Generator, lines: Lines) -> Lines:
    """Some lines of an even quantity as two equal lines of half of it: exact duplicates, the same money."""
    halved = (rng.random(len(lines)) < TWICE_WRITTEN_SHARE) & (lines.quantity % 2 == 0)
    rows = np.repeat(np.arange(len(lines)), 1 + halved)
    return replace(lines.at(rows), quantity=np.where(halved, lines.quantity // 2, lines.quantity)[rows])


def _returns(rng: np.random.Generator, lines: Lines, first_invoice: int) -> Lines:
    """Cancellations of some lines of some invoices, days later: all pieces or a few."""
    chance = rng.random(first_invoice) < RETURNED_INVOICES_SHARE
    days_later = 1 + rng.integers(0, 25, first_invoice)
    returned = lines.at(chance[lines.invoice] & (rng.random(len(lines)) < RETURNED_LINES_SHARE))
    whole = rng.random(len(returned)) < 0.5
    pieces = np.where(whole, returned.quantity, rng.integers(1, returned.quantity + 1))
    day = opening_day(returned.minute // 1440 + days_later[returned.invoice])
    return _cancelled(returned, first_invoice, pieces, 1440 * day + returned.minute % 1440)


def _voids(rng: np.random.Generator, lines: Lines, first_invoice: int) -> Lines:
    """Cancellations of whole invoices within the hour, as after a slip of the keyboard."""
    chance = rng.random(first_invoice) < VOIDED_INVOICES_SHARE
    minutes_later = rng.integers(2, 60, first_invoice)
    voided = lines.at(chance[lines.invoice])
    return _cancelled(voided, first_invoice, voided.quantity, voided.minute + minutes_later[voided.invoice])


def _cancelled(lines: Lines, first_invoice: int, pieces: Integers, minute: Integers) -> Lines:
    """Credit notes for these lines; those that would fall after the window are left out."""
    notes = replace(
        lines,
        invoice=first_invoice + lines.invoice,
        minute=minute,
        quantity=-pieces,
        cancelled=np.ones(len(lines), dtype=bool),
    )
    return notes.at(minute < _WINDOW_MINUTES)


def _free_lines(rng: np.random.Generator, lines: Lines) -> Lines:
    """Give-aways at price zero on an invoice that is there anyway."""
    free = lines.at(rng.random(len(lines)) < FREE_LINES_SHARE)
    taste = np.full(len(free), list(TASTES).index("gifts"))
    return replace(
        free, item=drawn_products(rng, taste), quantity=np.ones_like(free.quantity), pence=np.zeros_like(free.pence)
    )


def _stock_notes(rng: np.random.Generator, lines: Lines, first_invoice: int) -> Lines:
    """Stock keepers' bookings: nobody's, at no price, with a note or no description, more often out than in."""
    notes = lines.at(rng.random(len(lines)) < STOCK_NOTES_SHARE)
    count = len(notes)
    pieces = rng.integers(1, 60, count)
    return replace(
        notes,
        invoice=first_invoice + np.arange(count),
        item=rng.integers(catalogue().service(NO_TEXT), catalogue().service(NOTE_COUNT) + 1, count),
        quantity=np.where(rng.random(count) < 0.8, -pieces, pieces),
        pence=np.zeros(count, dtype=np.int64),
        customer=np.full(count, GUEST),
        country=np.zeros(count, dtype=np.int64),
    )
