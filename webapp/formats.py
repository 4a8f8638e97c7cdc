"""How the pages write numbers: as the library's own report does, and segments' names on an axis."""

from __future__ import annotations

from pipeline.formats import (
    ALONE,
    CURRENCIES,
    LETTER,
    MINUS,
    MISSING,
    SPACE,
    axis_money,
    chance,
    change,
    count,
    currency,
    date,
    days,
    in_currency,
    money,
    money_change,
    money_exact,
    month,
    number,
    plain,
    plural,
    share,
    signed_share,
    size,
    whole_share,
    write_amounts_in,
    write_numbers_as,
    written_as,
)
from pipeline.locales import writing

__all__ = [
    "ALONE",
    "CURRENCIES",
    "LETTER",
    "MINUS",
    "MISSING",
    "SPACE",
    "axis_money",
    "chance",
    "change",
    "count",
    "currency",
    "date",
    "days",
    "in_currency",
    "money",
    "money_change",
    "money_exact",
    "month",
    "number",
    "plain",
    "plural",
    "share",
    "signed_share",
    "size",
    "stacked",
    "whole_share",
    "write_amounts_in",
    "write_numbers_as",
    "writing",
    "written_as",
]


def stacked(name: str) -> str:
    """A segment's name for the axis of a chart: what tells it from its likes stands in a second line."""
    return name.replace(", ", ",<br>", 1)
