"""What counts as a purchase: the settings of cleaning, as they are declared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from pipeline.parameters import Step, choice, integer, text, toggle

NON_PRODUCTS = (
    "POST, DOT, M, C2, D, S, B, BANK CHARGES, AMAZONFEE, CRUK, PADS, gift_0001_*, ADJUST*, TEST001, TEST002, "
    "POSTAGE, SHIPPING, DELIVERY, CARRIAGE, DISCOUNT, FEE, ROUNDING, TIP"
)


def words(written: str) -> list[str]:
    """The entries of a list written with commas or line breaks, lower-case."""
    return [word.strip().lower() for word in written.replace("\n", ",").split(",") if word.strip()]


def code_pattern(written: str) -> str:
    """The regular expression that a lower-case code on the list matches; `*` stands for any letters.

    Raises
    ------
    ValueError
        With the reason, if an entry is nothing but `*` and so would take every product.
    """
    for word in words(written):
        if not word.strip("* "):
            raise ValueError(f"the entry {word!r} stands for every product")
    codes = (re.escape(word).replace(r"\*", ".*") for word in words(written))
    return f"^(?:{'|'.join(codes)})$"


@dataclass(frozen=True)
class Cleaning(Step):
    """Which lines count, beyond the five rules that always hold, and which values mean that nothing is known."""

    NAME: ClassVar[str] = "cleaning"
    TITLE: ClassVar[str] = "Cleaning"
    HELP: ClassVar[str] = "Which lines count as purchases, and which values mean that nothing is known."

    overlap: str = choice(
        "keep",
        options={"keep": "Keep every copy", "once": "Count once"},
        label="Rows that stand in several files",
        help="Two exports that share a month hold its rows twice. Counted once, a row that stands twice in one and the "
        "same file still counts twice.",
    )
    duplicates: bool = toggle(
        False,
        label="Count exact duplicates once",
        help="Of rows that are equal in every column only the first counts. Off, because two equal lines of an invoice "
        "may well be two sales.",
    )
    non_products: bool = toggle(
        False,
        label="Leave out what is no product",
        help="Postage, fees, manual corrections and vouchers, by their codes: the list below.",
    )
    non_product_codes: str = text(
        NON_PRODUCTS,
        label="Codes that are no product",
        help="Whole codes, separated by commas, in capitals or not; * stands for any letters. They count until they "
        "are left out.",
        check=code_pattern,
    )
    implausible_dates: bool = toggle(
        False,
        label="Leave out implausible dates",
        help="A handful of orders years away from all others, such as in 1900 or 2099, is a typing mistake more often "
        "than trade, and time is counted from the first day to the last.",
    )
    implausible_days: int = integer(
        365,
        low=30,
        high=3650,
        label="Years away means",
        help="With no order for more than this many days between them and the rest, a single order (or one in a "
        "thousand) has an implausible date.",
        unit="days",
    )
    partial_month: bool = toggle(
        False,
        label="End with the last full month",
        help="Leave out the days after the last month that the file covers to its end.",
    )
    cancellations: str = choice(
        "drop",
        options={
            "drop": "Leave out the cancelling lines, keep the purchases",
            "net": "Take what was cancelled off its purchase",
        },
        label="Cancellations and returns",
        help="Taken off, a purchase that is cancelled within the hour goes as a whole (void), what comes back later "
        "reduces the latest earlier purchases of the same customer and product (return), and what was never bought in "
        "this file is left out (orphan).",
    )
    free_goods: bool = toggle(
        False,
        label="Keep free goods",
        help="Lines at price 0 of customers who also paid for something count for orders, products and Recency, and "
        "add no money; the value models count only days with money.",
    )
    missing_customers: str = text(
        "NA, N/A, #N/A, NaN, NULL, None, Unknown, Guest, -",
        label="No customer",
        help="CustomerIDs that stand for no customer; lines with one of these are dropped. Separated by commas.",
    )
    missing_countries: str = text(
        "Unspecified, Unknown, Not specified, European Community, NA, N/A, #N/A, NaN, NULL, None, Other, -",
        label="No country",
        help="Countries that name no country; such lines stay, and count for no country. Separated by commas.",
    )
