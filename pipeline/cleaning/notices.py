"""What a person should know of the lines that were left out, or are still in, before they trust the rest."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

from pipeline import formats
from pipeline.cleaning.figures import Figures
from pipeline.cleaning.rules import RULES
from pipeline.cleaning.settings import Cleaning

NOTABLE_SHARE = 0.05
FAR_DAYS = 90  # a first or last day this far from the next one is more often a typing mistake than trade


def without_customer(figures: Figures, ledger: list[dict[str, Any]]) -> dict[str, float]:
    """The shares (0 to 1) of the rows, and of the revenue of all rows that sold something, that have no CustomerID."""
    line = next(line for line in ledger if line["rule"] == "customer")
    sold, guests = figures["sold"] or 0, figures["sold_to_guests"] or 0
    return {
        "rows_share": 1 - line["rows_after"] / max(line["rows_before"], 1),
        "revenue_share": float(guests / sold) if sold else 0.0,
    }


def notices(
    figures: Figures,
    ledger: list[dict[str, Any]],
    guests: dict[str, float],
    days: list[dt.date],
    settings: Cleaning,
) -> list[str]:
    """Sentences on rows in several files, lines without customer or price, cancellations, and days far from others."""
    return [*_copies(int(figures["is_overlap"] or 0), settings), *_lost(ledger, guests), *_far_days(days)]


def _copies(copies: int, settings: Cleaning) -> list[str]:
    if not copies:
        return []
    stands, counts = ("row stands", "counts") if copies == 1 else ("rows stand", "count")
    them = "it" if copies == 1 else "them"
    often = "once" if settings.overlap == "once" else f"each time, unless cleaning counts {them} once"
    return [
        f"The files overlap: {formats.count(copies)} {stands} in more than one of them, used or not, and {counts} "
        f"{often}."
    ]


def _lost(ledger: list[dict[str, Any]], guests: dict[str, float]) -> list[str]:
    found = []
    lines = {line["rule"]: line for line in ledger}
    share = {name: 1 - line["rows_after"] / max(line["rows_before"], 1) for name, line in lines.items()}
    if max(guests.values()) >= NOTABLE_SHARE:
        found.append(
            f"{formats.share(guests['rows_share'])} of the lines, with {formats.share(guests['revenue_share'])} of all "
            "sales before cancellations, have no CustomerID: the segments do not cover them."
        )
    if share["price"] >= NOTABLE_SHARE:
        takes = next(rule.takes for rule in RULES if rule.name == "price")
        found.append(f"{formats.share(share['price'])} of the lines {takes}, and were dropped.")
    returned = lines["quantity"]["money_before"] - lines["quantity"]["money_after"]
    if -returned >= NOTABLE_SHARE * ledger[-1]["money_after"]:
        found.append(
            f"Cancellations worth {formats.share(-returned / ledger[-1]['money_after'])} of the revenue that counts "
            "were dropped, but the purchases that they cancel still count, unless cleaning takes them off."
        )
    return found


def _far_days(days: list[dt.date]) -> list[str]:
    if len(days) < 3:
        return []
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    found = []
    for name, gap, day, others in (("first", gaps[0], days[0], gaps[1:]), ("last", gaps[-1], days[-1], gaps[:-1])):
        if gap > max(FAR_DAYS, 3 * max(others)):
            found.append(
                f"The {name} day, {formats.date(day)}, is {formats.days(gap)} away from the next one with a sale: if "
                "that is a typing mistake, mend it in the file or let cleaning leave out implausible dates, because "
                "time is counted from the first day to the last."
            )
    return found
