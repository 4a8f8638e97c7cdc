"""Numbers as people read them: the one place that decides how money, counts, shares, days and dates look.

The space inside a number ("£8.9 M", "24.9 %") is a no-break space, so that no number is torn at a line's end.
"""

from __future__ import annotations

import datetime
import math
from contextvars import ContextVar
from typing import TYPE_CHECKING

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
SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
_CURRENCY: ContextVar[str] = ContextVar("currency", default="£")
_SCALES = ((1e9, "bn"), (1e6, "M"), (1e4, "k"))


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


def money(amount: float | None) -> str:
    """An amount short enough for a card: `£8.9 M`, `£184 k`, `£60.4 k`, `£2,054`, `£12.40`."""
    if _is_missing(amount):
        return MISSING
    assert amount is not None
    size, sign = abs(amount), f"{MINUS if amount < 0 else ''}{currency()}"
    for scale, word in _SCALES:
        if size >= scale * 0.9995:
            divisor = 1000.0 if word == "k" else scale
            decimals = 1 if size / divisor < 99.95 else 0
            return f"{sign}{size / divisor:,.{decimals}f}{SPACE}{word}"
    return f"{sign}{size:,.{2 if size < 99.995 else 0}f}" if size else f"{sign}0"


def money_exact(amount: float | None) -> str:
    """An amount to the penny: `£8,911,407.90`."""
    if _is_missing(amount):
        return MISSING
    assert amount is not None
    return f"{MINUS if amount < 0 else ''}{currency()}{abs(amount):,.2f}"


def change(things: float) -> str:
    """A whole number that was added or taken away: `+12`, `−8,905`, `0`."""
    return count(things) if things <= 0 else f"+{count(things)}"


def money_change(amount: float) -> str:
    """An amount that was added or taken away, to the penny: `+£611,342.09`, `−£1,447,682.12`."""
    return f"{'+' if amount > 0 else ''}{money_exact(amount)}"


def axis_money(amount: float) -> str:
    """A round amount on an axis: `£200`, `£5k`, `£1M`."""
    for scale, word in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if abs(amount) >= scale:
            return f"{currency()}{amount / scale:g}{word}"
    return f"{currency()}{amount:g}"


def count(things: float | None) -> str:
    """A whole number with its thousands set off: `4,338`."""
    if _is_missing(things):
        return MISSING
    assert things is not None
    return f"{things:,.0f}".replace("-", MINUS)


def number(value: float | None, decimals: int = 1) -> str:
    """A number that need not be whole: `4.3`."""
    return MISSING if _is_missing(value) else f"{value:,.{decimals}f}".replace("-", MINUS)


def plain(value: float) -> str:
    """A number that people have set: `4`, `1.5`."""
    return f"{value:,.10g}"


def share(part: float | None) -> str:
    """A share from 0 to 1 as a percentage: `24.9 %`; what is there but rounds to nothing is `< 0.1 %`."""
    if _is_missing(part):
        return MISSING
    assert part is not None
    if 0 < part < 0.0005:
        return f"<{SPACE}0.1{SPACE}%"
    return f"{part * 100:.{0 if round(part, 9) in (0, 1) else 1}f}{SPACE}%".replace("-", MINUS)


def signed_share(part: float | None) -> str:
    """How far something is above or below, in whole per cent: `+31 %`, `−12 %`."""
    if _is_missing(part):
        return MISSING
    assert part is not None
    return f"{round(part * 100):+,d}{SPACE}%".replace("-", MINUS).replace("+0", "±0")


def days(length: float | None) -> str:
    """A length of time in days: `1 day`, `92 days`."""
    if _is_missing(length):
        return MISSING
    assert length is not None
    return f"{length:,.0f}{SPACE}day{'' if round(length) == 1 else 's'}"


def date(moment: datetime.date | pd.Timestamp | str | None) -> str:
    """A calendar day: `12 Mar 2011`. A text is read as ISO 8601."""
    if moment is None or moment == "":
        return MISSING
    day = datetime.datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{day.day}{SPACE}{day:%b}{SPACE}{day.year}"


def months_ahead(months: int) -> str:
    """A length of time from now: `the next 6 months`, `the next month`."""
    return "the next month" if months == 1 else f"the next {count(months)}{SPACE}months"


def size(number_of_bytes: float) -> str:
    """A file's size in powers of a thousand: `48.0 MB`."""
    if number_of_bytes < 999.5:
        return f"{number_of_bytes:.0f}{SPACE}byte{'' if round(number_of_bytes) == 1 else 's'}"
    for scale, unit in ((1e3, "kB"), (1e6, "MB"), (1e9, "GB")):
        if number_of_bytes < scale * 999.95 or unit == "GB":
            return f"{number_of_bytes / scale:,.1f}{SPACE}{unit}"
    raise AssertionError("every size has a unit")


def plural(things: float, one: str, many: str = "") -> str:
    """A count and its noun: `1 customer`, `4,338 customers`."""
    return f"{count(things)} {one if things == 1 else many or one + 's'}"


def _is_missing(value: float | None) -> bool:
    return value is None or math.isnan(value)
