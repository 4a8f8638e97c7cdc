"""How a language writes numbers, amounts and days, by Unicode's CLDR as Babel has it; words stay English everywhere.

English has the house's own style, with room between a number and its unit; any other language has its own usage.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

SPACE = "\N{NO-BREAK SPACE}"
_KEPT = 4096  # written texts: a page says the same few hundred again and again, and Babel takes 20 to 120 µs for each
YEAR, ALONE, LETTER = "yMMM", "LLL", "LLLLL"
"""A month with its year (`Mar 2011`), by itself (`Mar`), and as short as can be (`M`), as CLDR's skeletons."""
_SCALES = ((1e9, "bn"), (1e6, "M"), (1e4, "k"))


@dataclass(frozen=True)
class Writing:
    """The usage of one language.

    Attributes
    ----------
    tag : `de` or `de-CH`.
    name : in the language itself.
    marks : the decimal mark and the mark between thousands.
    digits : (value, decimals) -> its digits with both marks.
    compact : an amount (none negative, 10,000 or more) as few digits and a word or letter.
    around_amount, around_share : what stands before and after; the currency's sign is `¤`.
    day : writes a calendar day.
    month : (a day of it, `YEAR`, `ALONE` or `LETTER`) -> its month.
    """

    tag: str
    name: str
    marks: tuple[str, str]
    digits: Callable[[float, int], str]
    compact: Callable[[float], str]
    around_amount: tuple[str, str]
    around_share: tuple[str, str]
    day: Callable[[datetime.date], str]
    month: Callable[[datetime.date, str], str]


def _house_compact(size: float) -> str:
    for scale, word in _SCALES:
        if size >= scale * 0.9995:
            divisor = 1000.0 if word == "k" else scale
            return f"{size / divisor:,.{1 if size / divisor < 99.95 else 0}f}{SPACE}{word}"
    return f"{size:,.0f}"


def _house_month(day: datetime.date, form: str) -> str:
    return f"{day:%b}{SPACE}{day.year}" if form == YEAR else f"{day:%b}"[: 1 if form == LETTER else None]


HOUSE = Writing(
    tag="en",
    name="English",
    marks=(".", ","),
    digits=lambda value, decimals: f"{value:,.{decimals}f}",
    compact=_house_compact,
    around_amount=("¤", ""),
    around_share=("", f"{SPACE}%"),
    day=lambda day: f"{day.day}{SPACE}{day:%b}{SPACE}{day.year}",
    month=_house_month,
)


@functools.lru_cache(maxsize=256)
def writing(tag: str) -> Writing | None:
    """The usage of a language tag as browsers send them, `de-AT`; None where it is not known."""
    if tag in ("en", "en-US", "en-GB"):
        return HOUSE  # what most browsers ask, and a first page need not wait for Babel

    from babel import Locale, UnknownLocaleError

    try:
        known = Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return None
    marks = _marks(known)
    if known.language == "en" and (marks, _groups(known)) == (HOUSE.marks, (3, 3)):
        return HOUSE
    amounts, shares = known.currency_formats["standard"], known.percent_formats[None]
    return Writing(
        tag=tag,
        name=str(known.get_display_name(known)),
        marks=marks,
        digits=_digits(known),
        compact=_compact(known),
        around_amount=(_shown(amounts.prefix[0]), _shown(amounts.suffix[0])),
        around_share=(_shown(shares.prefix[0]), _shown(shares.suffix[0])),
        day=_day(known),
        month=_month(known),
    )


def _marks(known: Any) -> tuple[str, str]:
    from babel.numbers import get_decimal_symbol, get_group_symbol

    return get_decimal_symbol(known), get_group_symbol(known)


def _groups(known: Any) -> tuple[int, int]:
    first, further = known.decimal_formats[None].grouping
    return first, further


def _shown(text: str) -> str:
    """Without marks of direction: the words around are read from left to right."""
    return text.replace("\N{RIGHT-TO-LEFT MARK}", "").replace("\N{LEFT-TO-RIGHT MARK}", "").replace(" ", SPACE)


def _digits(known: Any) -> Callable[[float, int], str]:
    from babel.numbers import format_decimal

    decimal, group = _marks(known)
    swapped = str.maketrans({",": group, ".": decimal})
    if _groups(known) == (3, 3):
        return lambda value, decimals: f"{value:,.{decimals}f}".translate(swapped)

    whole = known.decimal_formats[None].pattern.partition(".")[0]

    @functools.lru_cache(maxsize=_KEPT)
    def grouped(value: float, decimals: int) -> str:
        return format_decimal(value, f"{whole}.{'0' * decimals}".rstrip("."), known)

    return grouped


def _compact(known: Any) -> Callable[[float], str]:
    from babel.numbers import format_compact_decimal

    digits = _digits(known)

    @functools.lru_cache(maxsize=_KEPT)
    def written(size: float) -> str:
        short = format_compact_decimal(size, locale=known, fraction_digits=1)
        has_word = not short.isdecimal() and any(each.isalpha() for each in short)
        return _shown(short) if has_word else digits(size, 0)

    return written


def _day(known: Any) -> Callable[[datetime.date], str]:
    from babel.dates import format_date

    @functools.lru_cache(maxsize=_KEPT)
    def written(day: datetime.date) -> str:
        return _shown(format_date(day, "medium", locale=known))

    return written


def _month(known: Any) -> Callable[[datetime.date, str], str]:
    from babel.dates import format_date, format_skeleton

    @functools.lru_cache(maxsize=_KEPT)
    def written(day: datetime.date, form: str) -> str:
        found = format_skeleton(form, day, locale=known) if form == YEAR else format_date(day, form, locale=known)
        return _shown(found)

    return written
