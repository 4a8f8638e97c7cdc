"""What in the lines of a file makes its numbers doubtful. All of it is counted: chance has a part in the last only."""

from __future__ import annotations

import math

from pipeline.formats import date, days, money, money_exact, number, plural, share
from pipeline.insights.chance import CHANCE
from pipeline.insights.insight import DOUBTFUL, LEDGER, MONTHS, PRICES, RULES, Insight, Shop

GUESTS = 0.05
"""Of all sales: from here on who has no number is worth a word."""

MOVED = 0.001
"""Of the revenue: what odd prices have to move before they matter."""

COUNTED = "Counted in the file, not estimated."


def guests(shop: Shop) -> list[Insight]:
    """Sales without a CustomerID, which no segment covers."""
    part = shop.cleaned.get("without_customer", {}).get("revenue_share", 0.0)
    if part < GUESTS or part >= 1:
        return []
    worth = float(shop.cleaned["money"]) * part / (1 - part)
    lines = shop.cleaned["without_customer"]["rows_share"]
    told = (
        f"{share(lines)} of the lines, with {share(part)} of all sales (about {money(worth)}, before cancellations), "
        "have no CustomerID: no segment covers them."
    )
    step = "Find out which channel leaves the number out."
    return [Insight("guests", told, step, COUNTED, worth, part, stake="not covered", place=LEDGER)]


def given_back(shop: Shop) -> list[Insight]:
    """Customers who took back nearly all they bought, while their purchases still count."""
    found = shop.oddities("given_back") or {"customers": 0}
    if not found["customers"]:
        return []
    worth = min(found["bought"], found["back"])
    told = (
        f"{plural(found['customers'], 'customer')} took back nine tenths or more of what they bought, yet "
        f"{money(worth)} of what came back still counts as revenue."
    )
    step = "Take cancellations off in the cleaning settings, then run again."
    return [Insight("given_back", told, step, COUNTED, worth, float(found["customers"]), stake=DOUBTFUL, place=RULES)]


def odd_prices(shop: Shop) -> list[Insight]:
    """Lines whose price is ten times the usual one of their product, or a tenth of it."""
    found = shop.oddities("prices")
    if not found or found["money"] < MOVED * float(shop.customers["Monetary"].sum()):
        return []
    told = (
        f"{plural(found['lines'], 'line')} at ten times the usual price of the product, or a tenth of it, "
        f"{'move' if found['lines'] != 1 else 'moves'} revenue by {money(found['money'])}; most of it "
        f"“{found['product']}” at {money_exact(found['price'])} instead of {money_exact(found['usual'])}."
    )
    step = "Check these prices: a slip of the point makes anyone a key account."
    chance = "Half of the lines of each of these products stay within a sixth of that distance from its usual price."
    evidence = float(found["lines"])
    return [Insight("odd_prices", told, step, chance, found["money"], evidence, stake=DOUBTFUL, place=PRICES)]


def missing_days(shop: Shop) -> list[Insight]:
    """Days in a row without a sale, where orders come too often for that to be chance."""
    checked = shop.checked
    span = checked["span"]["days"] if "span" in checked else 0
    rate = checked["orders"] / span if span else 0.0
    unlikely = [gap for gap in checked.get("gaps", []) if span * math.exp(-rate * gap["days"]) < CHANCE]
    if not unlikely:
        return []
    longest = max(unlikely, key=lambda gap: float(gap["days"]))
    missing = sum(gap["days"] for gap in unlikely)
    worth = checked["revenue"] / (span - missing) * missing
    others = f", and {days(missing - longest['days'])} more elsewhere" if len(unlikely) > 1 else ""
    told = (
        f"Nothing was sold from {date(longest['first'])} to {date(longest['last'])} ({days(longest['days'])}){others}; "
        f"as many other days bring {money(worth)}."
    )
    step = "If the shop was open then, a part of the file is missing."
    chance = f"With {number(rate)} orders a day, so many days without any are no chance."
    return [Insight("missing_days", told, step, chance, worth, float(missing), stake="missing", place=MONTHS)]
