"""Which columns an audience may carry, in groups that people choose by, and how finely each is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import SettingError

if TYPE_CHECKING:
    import pandas as pd

ALWAYS = ("CustomerID",)


@dataclass(frozen=True)
class ColumnGroup:
    """Columns that answer one question.

    Attributes
    ----------
    label, help : for people.
    pattern : the columns' names, as a regular expression that matches them whole.
    """

    label: str
    help: str
    pattern: str


GROUPS = {
    "segment": ColumnGroup("Segment", "The segment's name and number.", "SegmentName|Segment"),
    "history": ColumnGroup(
        "What they bought", "Days since the last order, orders, spend and country.", "Recency|Frequency|Monetary|"
        "PrimaryCountry|IsUK",
    ),
    "value": ColumnGroup(
        "What to expect", "Value, orders and the range of spend ahead.", r"CLV_\d+m|ExpectedOrders_\d+m|Spend_\d+m_\w+"
    ),
    "next_order": ColumnGroup(
        "When to expect them", "Chance to buy, dates of the next order, overdue.",
        r"ChanceToBuy_\d+d|NextOrder_\d+|Overdue",
    ),
    "products": ColumnGroup("Product mix", "Share of spend in each category.", r"CatShare_\w+"),
    "campaign": ColumnGroup(
        "Does it pay", "Profit per customer and break-even uplift, under your assumptions.",
        "ExpectedProfit|BreakEvenUplift|ProfitPerCost",
    ),
}  # fmt: skip
USUAL = ("segment", "history", "value", "next_order")
_DECIMALS = {
    r"Monetary|SpentSince|CLV_\w+|Spend_\w+|ExpectedProfit|ProfitPerCost|Overdue": 2,
    r"CatShare_\w+|ChanceToBuy_\w+|BreakEvenUplift|ExpectedOrders_\w+|P_Alive": 4,
}
DATES = r"NextOrder_\d+"


def chosen_groups(asked: Iterable[str]) -> tuple[str, ...]:
    """The asked groups in the order of `GROUPS`. Raises `SettingError` for one that there is not."""
    wanted = set(asked)
    for name in sorted(wanted - set(GROUPS)):
        raise SettingError(f"There are no columns {name!r}; the groups of columns are: {', '.join(GROUPS)}.")
    return tuple(name for name in GROUPS if name in wanted)


def columns_of(names: Iterable[str], groups: Sequence[str]) -> list[str]:
    """Those of the columns `names` that stand in an audience with these groups, in the order of the groups."""
    there = list(names)
    picked = [name for group in groups for name in there if re.fullmatch(GROUPS[group].pattern, name)]
    return [*ALWAYS, *dict.fromkeys(picked)]


def rounded(table: pd.DataFrame) -> pd.DataFrame:
    """The table with amounts to the penny and shares to the hundredth of a per cent."""
    decimals = {
        name: places
        for pattern, places in _DECIMALS.items()
        for name in map(str, table.columns)
        if re.fullmatch(pattern, name)
    }
    return table.round(decimals)


def date_columns(names: Iterable[str]) -> list[str]:
    """The columns that hold ISO dates."""
    return [name for name in names if re.fullmatch(DATES, name)]
