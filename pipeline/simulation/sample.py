"""Makes the sample: draws the shop chunk by chunk, writes it beside its truth, all files or none."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from pipeline.parameters import Value
from pipeline.simulation.baskets import GUEST, Lines, Orders, joined, order_lines, shifted
from pipeline.simulation.catalogue import COUNTRIES, FAMILIES, TASTES, TYPES
from pipeline.simulation.mess import guest_orders, untidied
from pipeline.simulation.people import WHOLESALE_FROM, People, Purchases, drawn_people, drawn_purchases
from pipeline.simulation.shop import FIRST_DAY, FUTURE_DAYS, WINDOW_DAYS, Integers, Shop
from pipeline.simulation.writing import (
    HEADINGS,
    by_date,
    invoice_numbers,
    new_files,
    pounds,
    rounded,
    words,
    write_lines,
    write_table,
)

CUSTOMERS_AT_ONCE = 5_000
SORTED_UP_TO = 100_000
_FIRST_CUSTOMER_ID = 12_346
_FIRST_INVOICE_NO = 400_001
_ELSEWHERE_SHARE = 0.01


@dataclass(frozen=True)
class _Chunk:
    shop: Shop
    people: People
    purchases: Purchases
    came_to: Integers
    lines: Lines


def simulate_shop(target: Path, customers: int = 1500, seed: int = 7, **parameters: Value) -> dict[str, Any]:
    """Write a made-up shop's transactions in the Online Retail layout, and the truth about them.

    Beside `target` stand `<stem>.truth.json` (what this returns) and `<stem>.truth.csv`, one row per customer: the true
    type, taste and focus on it, country, buying rate, chance to leave, usual spend, whether still a customer when the
    window closes, orders (purchase days) and spend inside it, and those that really follow in the next six months.

    The file is sorted by date up to 100,000 customers; above, it is written in chunks of 5,000 customers, each sorted
    by date, so that memory stays level. Only arrivals follow the seasons, hours are decoration and orders of closed
    days move to the next open day: the models' steady rates hold, which a stronger season would break.

    Parameters
    ----------
    target : the CSV to write. Existing files are replaced, as a whole or not at all.
    customers, seed : how many customers with an ID; the same seed makes the same bytes.
    parameters : other settings of `Shop`, such as `alpha` or `seasonal`.

    Raises
    ------
    SettingError
        If a setting is not allowed, or the file cannot be written there.
    """
    shop = Shop.from_json({"customers": customers, "seed": seed, **parameters})
    truth_table = target.with_name(f"{target.stem}.truth.csv")
    with new_files(truth_table, target.with_name(f"{target.stem}.truth.json"), target) as (table, facts, export):
        counts = _write_chunks(shop, export, table)
        truth = _truth(shop, counts, truth_table.name)
        json.dump(truth, facts, indent=2, allow_nan=False)
        facts.write("\n")
    return truth


def _write_chunks(shop: Shop, export: IO[str], table: IO[str]) -> Counter[str]:
    """Write the lines and the customers' table; returns the totals, money in pence."""
    export.write(",".join(HEADINGS) + "\n")
    ids = _FIRST_CUSTOMER_ID + np.arange(shop.customers)
    totals: Counter[str] = Counter()
    waiting: list[Lines] = []
    first_customer = first_invoice = 0
    for chunk in _chunks(shop):
        count = len(chunk.people.rate)
        table_ids = ids[first_customer : first_customer + count]
        write_table(table, _customers_table(chunk, table_ids), with_heading=first_customer == 0)
        totals.update(_purchase_totals(chunk))
        waiting.append(shifted(chunk.lines, first_invoice, first_customer))
        first_invoice += int(chunk.lines.invoice.max()) + 1
        first_customer += count
        if shop.customers > SORTED_UP_TO or first_customer == shop.customers:
            totals.update(_write_sorted(export, joined(waiting), totals["numbered"], ids))
            waiting.clear()
    return totals


def _chunks(shop: Shop) -> Iterator[_Chunk]:
    """The shop's customers and their lines, each chunk from a seed of its own."""
    starts = range(0, shop.customers, CUSTOMERS_AT_ONCE)
    for start, seed in zip(starts, np.random.SeedSequence(shop.seed).spawn(len(starts)), strict=True):
        rng = np.random.default_rng(seed)
        people = drawn_people(rng, shop, min(CUSTOMERS_AT_ONCE, shop.customers - start))
        purchases = drawn_purchases(rng, shop, people)
        orders = _orders(rng, people, purchases)
        lines, came_to = order_lines(rng, orders)
        guests, _ = order_lines(rng, guest_orders(rng, shop, len(orders.day)))
        everybody = joined([lines, shifted(guests, 2 * len(orders.day), 0)])
        yield _Chunk(shop, people, purchases, came_to, untidied(rng, everybody))


def _orders(rng: np.random.Generator, people: People, purchases: Purchases) -> Orders:
    """What the customers buy inside the window; now and then it is sent to another country."""
    shown = purchases.day < WINDOW_DAYS
    customer = purchases.customer[shown]
    elsewhere = rng.random(len(customer)) < _ELSEWHERE_SHARE
    there = rng.integers(1, len(COUNTRIES), len(customer))
    return Orders(
        customer=customer,
        day=purchases.day[shown],
        pence=purchases.pence[shown],
        taste=people.taste[customer],
        focus=people.focus[customer],
        country=np.where(elsewhere, there, people.country[customer]),
        trade=people.type[customer] == TYPES.index("wholesaler"),
    )


def _customers_table(chunk: _Chunk, ids: Integers) -> dict[str, Sequence[object]]:
    """What is true of each customer, as the columns of the truth table."""
    people, purchases = chunk.people, chunk.purchases
    shown = purchases.day < WINDOW_DAYS
    inside, after = purchases.customer[shown], purchases.customer[~shown]
    count = len(ids)
    first_day = np.zeros(count, dtype=np.int64)
    first_day[inside[::-1]] = purchases.day[shown][::-1]
    return {
        "CustomerID": ids.tolist(),
        "type": words(people.type, TYPES),
        "taste": words(people.taste, tuple(TASTES)),
        "focus": rounded(people.focus),
        "country": words(people.country, COUNTRIES),
        "first_day": np.datetime_as_string(FIRST_DAY + first_day).tolist(),
        "rate_per_day": rounded(people.rate),
        "leave_chance": rounded(people.leave_chance),
        "mean_spend": rounded(chunk.shop.p / people.spend_rate),
        "alive": purchases.alive.astype(int).tolist(),
        "orders": np.bincount(inside, minlength=count).tolist(),
        "spend": pounds(_sums(inside, chunk.came_to, count)),
        "orders_next_6m": np.bincount(after, minlength=count).tolist(),
        "spend_next_6m": pounds(_sums(after, purchases.pence[~shown], count)),
    }


def _sums(owner: Integers, pence: Integers, count: int) -> Integers:
    return np.bincount(owner, pence, minlength=count).astype(np.int64)


def _purchase_totals(chunk: _Chunk) -> dict[str, int]:
    shown = chunk.purchases.day < WINDOW_DAYS
    return {
        "purchase_days": int(shown.sum()),
        "alive": int(chunk.purchases.alive.sum()),
        "next_orders": int((~shown).sum()),
        "next_pence": int(chunk.purchases.pence[~shown].sum()),
        "drawn_pence": int(chunk.purchases.pence[shown].sum()),
    }


def _write_sorted(export: IO[str], lines: Lines, invoices_before: int, ids: Integers) -> dict[str, int]:
    """Write these lines by date; returns how much of what was written."""
    lines = by_date(lines)
    numbers = invoice_numbers(lines, _FIRST_INVOICE_NO + invoices_before)
    write_lines(export, lines, numbers, ids)
    sold = (lines.quantity > 0) & (lines.pence > 0)
    usable = sold & (lines.customer != GUEST)
    money = lines.quantity * lines.pence
    return {
        "numbered": int(numbers[-1]) - _FIRST_INVOICE_NO - invoices_before + 1,
        "lines": len(lines),
        "guest_lines": int((lines.customer == GUEST).sum()),
        "guest_pence": int(money[sold & ~usable].sum()),
        "cancelled_lines": int(lines.cancelled.sum()),
        "cancelled_pence": int(-money[lines.cancelled].sum()),
        "free_lines": int((lines.pence == 0).sum()),
        "usable_lines": int(usable.sum()),
        "usable_customers": len(np.unique(lines.customer[usable])),
        "usable_invoices": len(np.unique(numbers[usable])),
        "usable_pence": int(money[usable].sum()),
    }


def _truth(shop: Shop, totals: Counter[str], table: str) -> dict[str, Any]:
    """Everything known about the shop, money in pounds."""

    def money(name: str) -> float:
        return totals[f"{name}_pence"] / 100

    return {
        "settings": shop.to_json(),
        "bg_nbd": {name: getattr(shop, name) for name in ("r", "alpha", "a", "b")},
        "gamma_gamma": {name: getattr(shop, name) for name in ("p", "q", "v")},
        "currency": "GBP",
        "window": {"first_day": str(FIRST_DAY), "last_day": str(FIRST_DAY + WINDOW_DAYS - 1), "days": WINDOW_DAYS},
        "file": {
            "lines": totals["lines"],
            "guest_lines": totals["guest_lines"],
            "guest_revenue": money("guest"),
            "cancelled_lines": totals["cancelled_lines"],
            "cancelled_revenue": money("cancelled"),
            "free_lines": totals["free_lines"],
        },
        "cleaned": {
            "lines": totals["usable_lines"],
            "customers": totals["usable_customers"],
            "invoices": totals["usable_invoices"],
            "revenue": money("usable"),
        },
        "purchase_days": totals["purchase_days"],
        "revenue_as_drawn": money("drawn"),
        "alive_customers": totals["alive"],
        "next_6m": {"days": FUTURE_DAYS, "orders": totals["next_orders"], "revenue": money("next")},
        "tastes": {taste: dict(zip(FAMILIES, shares, strict=True)) for taste, shares in TASTES.items()},
        "wholesale_from_mean_spend": WHOLESALE_FROM,
        "customers_table": table,
    }
