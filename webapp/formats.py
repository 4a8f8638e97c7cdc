"""How the pages write numbers: as the library's own report does, and segments' names on an axis."""

from __future__ import annotations

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
    "share",
    "signed_share",
    "size",
    "stacked",
    "write_amounts_in",
]


def stacked(name: str) -> str:
    """A segment's name for the axis of a chart: what tells it from its likes stands in a second line."""
    return name.replace(", ", ",<br>", 1)
