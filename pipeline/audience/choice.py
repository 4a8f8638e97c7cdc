"""Whom a page shows and a list holds: the filters on customers, said once for the browser and the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from pipeline.audience import minima, outlines, ranges
from pipeline.clustering.labels import GROUP_NAMES
from pipeline.features.product_mix import CATEGORIES, WORDS
from pipeline.formats import count, plain

if TYPE_CHECKING:
    import pandas as pd

DRAWN = ("never", *ranges.MEASURES, *outlines.PLANES)
"""The parts of a choice that a box or a lasso in a chart or a sentence sets; texts, empty where nothing is asked."""


def _segment(asked: Any) -> int | None:
    """A segment may be number 0, so nothing else may be read as 0."""
    digits = str(asked)
    if digits in map(str, GROUP_NAMES):
        return int(digits)
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 4 else None


def _country(asked: Any) -> str:
    return str(asked or "")


def _category(asked: Any) -> str:
    return str(asked) if asked in CATEGORIES else ""


def _filter(usual: Any, settled: Callable[[Any], Any]) -> Any:
    """A filter: its value where nothing is asked, and what it makes of an address that asks for something."""
    return field(default=usual, metadata={"settled": settled})


def _range() -> Any:
    return _filter("", ranges.settled)


def _outline(name: str) -> Any:
    return _filter("", partial(outlines.settled, plane=outlines.PLANES[name]))


@dataclass(frozen=True)
class Choice:
    """Filters that all have to hold.

    Attributes
    ----------
    segment : only customers of this segment, or of a group that is none (-1, -2); None is everyone.
    country : only customers of this `PrimaryCountry`, `Unknown` where it is missing; empty is everywhere.
    min_clv : only customers with at least this `CLV_6m`, in money.
    min_frequency : only customers with at least this many orders.
    never : only customers who have never bought from this product category, one of `CATEGORIES`; empty is anyone.
    recency, frequency, monetary, clv, overdue, first : only customers in this range of days since the last order,
        orders, money, money, own usual gaps since the last order, days since the first order, written as `ranges`
        does; empty is any.
    outline_orders, outline_value : only customers inside this outline in a chart, written as `outlines` does.
    """

    segment: int | None = _filter(None, _segment)
    country: str = _filter("", _country)
    min_clv: float = _filter(0.0, minima.amount)
    min_frequency: int = _filter(0, minima.orders)
    recency: str = _range()
    frequency: str = _range()
    monetary: str = _range()
    clv: str = _range()
    overdue: str = _range()
    first: str = _range()
    never: str = _filter("", _category)
    outline_orders: str = _outline("outline_orders")
    outline_value: str = _outline("outline_value")

    @classmethod
    def asked(cls, asked: Mapping[str, Any]) -> Self:
        """The filters that texts ask for, by their names here; what makes no sense counts as not asked."""
        return cls(**{each.name: each.metadata["settled"](asked.get(each.name)) for each in fields(cls)})

    def ranged(self) -> dict[str, ranges.Range]:
        """The ranges that are asked for, by their names here."""
        found = {name: ranges.parsed(getattr(self, name)) for name in ranges.MEASURES}
        return {name: each for name, each in found.items() if each is not None}

    def outlined(self) -> dict[str, outlines.Corners]:
        """The outlines that are asked for, by their names here."""
        found = {name: outlines.parsed(getattr(self, name), plane) for name, plane in outlines.PLANES.items()}
        return {name: each for name, each in found.items() if each is not None}


EVERYONE = Choice()
"""No filter at all."""


def chosen(customers: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """The customers that a choice leaves, in their order.

    Parameters
    ----------
    customers : PrimaryCountry, CLV_6m (money), Frequency (orders), Segment, and what is drawn around.
    """
    kept = (customers["CLV_6m"] >= choice.min_clv) & (customers["Frequency"] >= choice.min_frequency)
    if choice.segment is not None:
        kept &= customers["Segment"] == choice.segment
    if choice.country:
        kept &= customers["PrimaryCountry"].fillna("Unknown") == choice.country
    if choice.never:
        kept &= customers[f"CatShare_{choice.never}"] == 0  # where nothing is known of products the share is missing
    for name, own in choice.ranged().items():
        kept &= own.holds(customers[ranges.MEASURES[name]])
    for name, corners in choice.outlined().items():
        kept &= outlines.inside(customers, corners, outlines.PLANES[name])
    return customers[kept]


def in_words(choice: Choice, names: Mapping[int, str], money: Callable[[float], str]) -> dict[str, str]:
    """The filters that are on, a short phrase each, by their names in `Choice`.

    Parameters
    ----------
    names : segment -> its name.
    money : writes an amount for people.
    """
    segment = names.get(choice.segment, "that segment") if choice.segment is not None else ""
    found = {
        "segment": f"in “{segment}”" if segment else "",
        "country": f"in {choice.country}" if choice.country else "",
        "min_clv": f"CLV of {money(choice.min_clv)} or more" if choice.min_clv else "",
        "min_frequency": f"{count(choice.min_frequency)} or more orders" if choice.min_frequency else "",
        "never": f"never bought {WORDS.get(choice.never, choice.never)}" if choice.never else "",
        **{name: _range_in_words(name, own, money) for name, own in choice.ranged().items()},
        **{name: f"inside the outline in {outlines.PLANES[name].title}" for name in choice.outlined()},
    }
    return {name: phrase for name, phrase in found.items() if phrase}


def _range_in_words(name: str, own: ranges.Range, money: Callable[[float], str]) -> str:
    before, after = {
        "recency": ("last order ", " days ago"),
        "frequency": ("", " orders"),
        "monetary": ("spent ", ""),
        "clv": ("CLV of ", ""),
        "overdue": ("last order ", " own usual gaps ago"),
        "first": ("first order ", " days ago"),
    }[name]
    write = money if name in ("monetary", "clv") else plain if name == "overdue" else count
    low, high = ("" if end is None else write(end) for end in own)
    middle = f"{low} to {high}" if low and high else f"{low} or more" if low else f"{high} or less"
    return f"{before}{middle}{after}"
