"""Numbers as people read them: the one place that decides how money, counts, shares, days and dates look.

The space inside a number ("£8.9 M", "24.9 %") is a no-break space, so that no number is torn at a line's end. Marks,
signs and the order of days, months and years are those of the reader's language, "8,9 Mio. €"; words are English.

A run does not know who will read what it finds: what is `noted` here it may have written later, see `pipeline.notes`.
"""

from __future__ import annotations

import datetime
import math
from contextvars import ContextVar
from typing import TYPE_CHECKING

from pipeline.locales import ALONE as ALONE
from pipeline.locales import HOUSE, Writing, writing
from pipeline.locales import LETTER as LETTER
from pipeline.locales import SPACE as SPACE
from pipeline.locales import YEAR as YEAR
from pipeline.notes import noted

if TYPE_CHECKING:
    import pandas as pd

MISSING = "–"
CURRENCIES = {
    "GBP": "£",
    "EUR": "€",
    "USD": "$",
    "JPY": "¥",
    "CNY": "¥",
    "INR": "₹",
    "KRW": "₩",
    "TRY": "₺",
    "UAH": "₴",
}
MINUS = "\N{MINUS SIGN}"
_CURRENCY: ContextVar[str] = ContextVar("currency", default="£")
_WRITING: ContextVar[Writing] = ContextVar("writing", default=HOUSE)


def currency() -> str:
    """The sign before amounts in this piece of work: `£`, `€`, `CHF ` with a space."""
    return _CURRENCY.get()


def write_amounts_in(code: str | None) -> None:
    """From here on in this piece of work (one request, one thread) amounts are in this currency, `EUR` or `€`.

    Without a sign where the text is empty, in pounds where it is not known. What is no currency by its looks counts as
    not known: the sign goes into scripts.
    """
    if code == "":
        _CURRENCY.set("")
        return
    sign = CURRENCIES.get(code or "GBP", code or "")
    if sign.isascii() and sign.isalpha() and sign.isupper() and len(sign) == 3:
        sign += SPACE
    elif sign not in CURRENCIES.values():
        sign = CURRENCIES["GBP"]
    _CURRENCY.set(sign)


def write_numbers_as(tag: str | None) -> None:
    """From here on in this piece of work numbers are written as in this language, `de-AT`; as usual if not known."""
    _WRITING.set((writing(tag) if tag else None) or HOUSE)


def written_as() -> Writing:
    """How numbers are written in this piece of work."""
    return _WRITING.get()


def in_currency(written: str) -> str:
    """Digits with the currency where it belongs: `£5`, `5 €`, `5` where there is no currency."""
    before, after = written_as().around_amount
    sign, spaced = currency().strip(SPACE), currency().endswith(SPACE)
    if not sign:
        return written
    before = f"{sign}{SPACE}" if spaced and before else before.replace("¤", sign)
    return f"{before}{written}{after.replace('¤', sign)}"


@noted
def money(amount: float | None) -> str:
    """An amount short enough for a card: `£8.9 M`, `£184 k`, `£60.4 k`, `£2,054`, `£12.40`."""
    if _is_missing(amount):
        return MISSING
    assert amount is not None
    size, here = abs(amount), written_as()
    short = here.compact(size) if size >= 9_995 else here.digits(size, 2 if 0 < size < 99.995 else 0)
    return f"{MINUS if amount < 0 else ''}{in_currency(short)}"


@noted
def money_exact(amount: float | None) -> str:
    """An amount to the penny: `£8,911,407.90`."""
    if _is_missing(amount):
        return MISSING
    assert amount is not None
    return f"{MINUS if amount < 0 else ''}{in_currency(written_as().digits(abs(amount), 2))}"


def change(things: float) -> str:
    """A whole number that was added or taken away: `+12`, `−8,905`, `0`."""
    return count(things) if things <= 0 else f"+{count(things)}"


def money_change(amount: float) -> str:
    """An amount that was added or taken away, to the penny: `+£611,342.09`, `−£1,447,682.12`."""
    return f"{'+' if amount > 0 else ''}{money_exact(amount)}"


@noted
def axis_money(amount: float) -> str:
    """A round amount on an axis: `£200`, `£5k`, `£1M`."""
    here = written_as()
    if here is not HOUSE:
        return in_currency(here.compact(amount) if amount >= 1e4 else plain(amount))
    for scale, word in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if abs(amount) >= scale:
            return in_currency(f"{amount / scale:g}{word}")
    return in_currency(f"{amount:g}")


def count(things: float | None) -> str:
    """A whole number with its thousands set off: `4,338`."""
    return number(things, 0)


@noted
def number(value: float | None, decimals: int = 1) -> str:
    """A number that need not be whole: `4.3`."""
    if _is_missing(value):
        return MISSING
    assert value is not None
    return written_as().digits(value, decimals).replace("-", MINUS)


@noted
def plain(value: float) -> str:
    """A number that people have set, with as many decimals as it has: `4`, `1.5`."""
    return written_as().digits(value, len(f"{value:.10g}".partition(".")[2]))


def share(part: float | None) -> str:
    """A share from 0 to 1 as a percentage: `24.9 %`; what is there but rounds to nothing is `< 0.1 %`."""
    if _is_missing(part):
        return MISSING
    assert part is not None
    if 0 < part < 0.0005:
        return f"<{SPACE}{_percent(0.1, 1)}"
    return _percent(part * 100, 0 if round(part, 9) in (0, 1) else 1)


def chance(likely: float | None) -> str:
    """A chance from 0 to 1, of which nothing is ever quite sure: `24.9 %`, `< 0.1 %`, `> 99.9 %`."""
    if _is_missing(likely):
        return MISSING
    assert likely is not None
    if likely < 0.0005:
        return f"<{SPACE}{_percent(0.1, 1)}"
    if likely > 0.9995:
        return f">{SPACE}{_percent(99.9, 1)}"
    return _percent(likely * 100, 1)


def whole_share(part: float | None) -> str:
    """A share from 0 to 1 as a percentage without decimals: `25 %`."""
    if _is_missing(part):
        return MISSING
    assert part is not None
    return _percent(part * 100, 0)


def signed_share(part: float | None) -> str:
    """How far something is above or below, in whole per cent: `+31 %`, `−12 %`."""
    if _is_missing(part):
        return MISSING
    assert part is not None
    points = round(part * 100)
    return f"{'+' if points > 0 else '' if points else '±'}{_percent(points, 0)}"


@noted
def _percent(points: float, decimals: int) -> str:
    before, after = written_as().around_share
    return f"{MINUS if round(points, decimals) < 0 else ''}{before}{written_as().digits(abs(points), decimals)}{after}"


def days(length: float | None) -> str:
    """A length of time in days: `1 day`, `92 days`."""
    if _is_missing(length):
        return MISSING
    assert length is not None
    return f"{count(length)}{SPACE}day{'' if round(length) == 1 else 's'}"


@noted
def date(moment: datetime.date | pd.Timestamp | str | None) -> str:
    """A calendar day: `12 Mar 2011`, `12.03.2011`. A text is read as ISO 8601."""
    if moment is None or moment == "":
        return MISSING
    day = datetime.datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return written_as().day(datetime.date(day.year, day.month, day.day))


@noted
def month(name: str, form: str = YEAR) -> str:
    """A calendar month, written `2011-03`: `Mar 2011`, `März 2011`; by itself or as a letter in another `form`."""
    year, number = name.split("-")[:2]
    return written_as().month(datetime.date(int(year), int(number), 1), form)


def months_ahead(months: int) -> str:
    """A length of time from now: `the next 6 months`, `the next month`."""
    return "the next month" if months == 1 else f"the next {count(months)}{SPACE}months"


def size(number_of_bytes: float) -> str:
    """A file's size in powers of a thousand: `48.0 MB`."""
    if number_of_bytes < 999.5:
        return f"{number_of_bytes:.0f}{SPACE}byte{'' if round(number_of_bytes) == 1 else 's'}"
    for scale, unit in ((1e3, "kB"), (1e6, "MB"), (1e9, "GB")):
        if number_of_bytes < scale * 999.95 or unit == "GB":
            return f"{number(number_of_bytes / scale)}{SPACE}{unit}"
    raise AssertionError("every size has a unit")


def plural(things: float, one: str, many: str = "") -> str:
    """A count and its noun: `1 customer`, `4,338 customers`."""
    return f"{count(things)} {one if things == 1 else many or one + 's'}"


def _is_missing(value: float | None) -> bool:
    return value is None or math.isnan(value)
