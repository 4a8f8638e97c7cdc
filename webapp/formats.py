"""How the pages write numbers: as the library's own report does, and how they call a segment."""

from __future__ import annotations

from pipeline.clustering.labels import GROUP_NAMES
from pipeline.formats import (
    CURRENCIES,
    MINUS,
    MISSING,
    SPACE,
    axis_money,
    change,
    count,
    currency,
    date,
    days,
    money,
    money_change,
    money_exact,
    number,
    plural,
    share,
    signed_share,
    size,
    write_amounts_in,
)

__all__ = [
    "CURRENCIES",
    "MINUS",
    "MISSING",
    "SPACE",
    "axis_money",
    "change",
    "count",
    "currency",
    "date",
    "days",
    "money",
    "money_change",
    "money_exact",
    "number",
    "plural",
    "segment",
    "share",
    "signed_share",
    "size",
    "write_amounts_in",
]


def segment(label: int, traits: str = "") -> str:
    """A segment as it is shown everywhere: `Segment 0 · recent, frequent`; the number is the one in the CSV."""
    name = GROUP_NAMES.get(label, f"Segment {label}")
    return name + (f" · {traits}" if traits else "")
