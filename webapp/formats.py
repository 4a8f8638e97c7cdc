"""How numbers and dates are written for people: one place, so that every page and chart writes them alike."""

from __future__ import annotations

import math
from datetime import date as calendar_date
from datetime import datetime

_MILLION = 1_000_000
_THOUSAND = 1_000


def money(amount: float, currency: str = "£") -> str:
    """`£8.9 M`, `£12.4 k`, `£317`; a dash where there is no amount."""
    if not math.isfinite(amount):
        return "–"
    sign, size = ("−" if amount < 0 else ""), abs(amount)
    if size >= 999_950:
        return f"{sign}{currency}{size / _MILLION:,.1f} M"
    if size >= 9_999.5:
        return f"{sign}{currency}{size / _THOUSAND:,.1f} k"
    return f"{sign}{currency}{size:,.0f}" if size >= 100 or size == 0 else f"{sign}{currency}{size:,.2f}"


def money_exact(amount: float, currency: str = "£") -> str:
    """`£8,911,407.90`, for tables that must reconcile to the penny."""
    return f"{'−' if amount < 0 else ''}{currency}{abs(amount):,.2f}" if math.isfinite(amount) else "–"


def count(number: float) -> str:
    """`4,338`; a dash where there is no number."""
    return f"{number:,.0f}" if math.isfinite(number) else "–"


def share(part: float) -> str:
    """`24.9 %` of a share from 0 to 1; a dash where there is none."""
    return f"{part * 100:.1f} %" if math.isfinite(part) else "–"


def date(moment: str | calendar_date | datetime) -> str:
    """`12 Mar 2011`, from a date or an ISO text."""
    when = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{when.day} {when:%b %Y}"


def size(number_of_bytes: int) -> str:
    """`45.6 MB`, in powers of a thousand."""
    amount = float(number_of_bytes)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 999.5 or unit == "GB":
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    raise AssertionError("every size has a unit")
