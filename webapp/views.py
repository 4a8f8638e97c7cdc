"""What the address of a page asks for: which results, which segments, which customers. Bookmarked, shared, reloaded."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, urlencode

from pipeline.clustering.labels import GROUP_NAMES
from pipeline.clustering.methods import METHODS
from webapp import ranges

if TYPE_CHECKING:
    import pandas as pd

FIRST_METHOD = next(iter(METHODS))
EVERYWHERE = "*"
VALUE = "value"


@dataclass(frozen=True)
class View:
    """One view of finished results.

    Attributes
    ----------
    data, recipe : ids of the data set and of the recipe; None is the default recipe.
    method : one of `METHODS`.
    k : the number of segments; None is the recipe's own, or in a settled view the method's.
    segment : only customers of this segment, 0 to k-1, or of a group that is none (-1, -2); None is everyone.
    country : only customers of this `PrimaryCountry`; empty is everywhere.
    min_clv : only customers with at least this `CLV_6m`, in money.
    min_frequency : only customers with at least this many orders.
    table : whether the customers are listed.
    view : which view of a page shows, by its name; empty or unknown is the page's first.
    customer : the CustomerID of the one who is looked at; empty is nobody.
    later : the id of a later data set that is put into these segments; empty is none.
    recency, frequency, monetary, clv : only customers in this range of days, orders or money, written as `ranges` does;
        empty is any.
    """

    data: str
    recipe: str | None = None
    method: str = FIRST_METHOD
    k: int | None = None
    segment: int | None = None
    country: str = ""
    min_clv: float = 0.0
    min_frequency: int = 0
    table: bool = False
    view: str = ""
    customer: str = ""
    later: str = ""
    recency: str = ""
    frequency: str = ""
    monetary: str = ""
    clv: str = ""

    @classmethod
    def from_address(cls, data: str, recipe: str | None = None, **asked: Any) -> Self:
        """The view that an address or the controls ask for; what makes no sense there counts as not asked."""
        method = str(asked.get("method") or "")
        return cls(
            data=data,
            recipe=recipe or None,
            method=method if method in METHODS else FIRST_METHOD,
            k=_whole(asked.get("k")) or None,
            segment=_number_of_segment(asked.get("segment")),
            country="" if asked.get("country") in (None, EVERYWHERE) else str(asked["country"]),
            min_clv=_at_least_zero(asked.get("min_clv")),
            min_frequency=_whole(asked.get("min_frequency")),
            table=str(asked.get("table") or "").lower() in ("1", "true", "yes"),
            view=str(asked.get("view") or ""),
            customer=str(asked.get("customer") or "").strip(),
            later=str(asked.get("later") or ""),
            **{name: ranges.settled(asked.get(name)) for name in ranges.MEASURES},
        )

    @classmethod
    def from_query(cls, query: str) -> Self:
        """The view whose `address` has this query, the question mark in front."""
        asked: dict[str, Any] = dict(parse_qsl(query.removeprefix("?")))
        return cls.from_address(asked.pop("data", ""), asked.pop("recipe", None), **asked)

    def address(self, path: str) -> str:
        """The address of this view on a page; what is as usual is left out."""
        usual = asdict(View(self.data))
        said = {name: value for name, value in asdict(self).items() if name == "data" or value != usual[name]}
        return f"{path}?{urlencode({name: _plain(value) for name, value in said.items()})}"

    def within(self, ks: list[int], usual: int) -> Self:
        """This view with a k that was computed: the one asked for, else the one nearest to the recipe's own.

        A segment that there is not under that k counts as not asked. Where the method decides on k itself there is
        none.
        """
        if not METHODS[self.method].TAKES_K:
            return replace(self, k=None)
        wanted = self.k if self.k in ks else usual
        found = min(ks, key=lambda k: abs(k - wanted))
        there = self.segment is not None and self.segment < found
        return replace(self, k=found, segment=self.segment if there else None)

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the choice of segments narrows the customers."""
        return bool(self.country or self.min_clv or self.min_frequency or self.ranged())

    def unfiltered(self) -> Self:
        """This view of all customers."""
        anywhere: Any = dict.fromkeys(ranges.MEASURES, "")
        return replace(self, segment=None, country="", min_clv=0.0, min_frequency=0, **anywhere)

    def ranged(self) -> dict[str, ranges.Range]:
        """The ranges that are asked for, by their part of the address."""
        found = {name: ranges.parsed(getattr(self, name)) for name in ranges.MEASURES}
        return {name: each for name, each in found.items() if each is not None}


def selected(customers: pd.DataFrame, view: View, segments: str = "Segment") -> pd.DataFrame:
    """The customers that a view's filters leave, in their order.

    Parameters
    ----------
    customers : PrimaryCountry, CLV_6m (money), Frequency (orders), a column of segments, and what a range is of.
    segments : the name of that column.
    """
    kept = (customers["CLV_6m"] >= view.min_clv) & (customers["Frequency"] >= view.min_frequency)
    if view.segment is not None:
        kept &= customers[segments] == view.segment
    if view.country:
        kept &= customers["PrimaryCountry"].fillna("Unknown") == view.country
    for name, own in view.ranged().items():
        kept &= own.holds(customers[ranges.MEASURES[name]])
    return customers[kept]


def filters_in_words(view: View, names: Mapping[int, str], money: Callable[[float], str]) -> dict[str, str]:
    """The filters that are on, a short phrase each, by their part of the address.

    Parameters
    ----------
    names : segment -> its name.
    money : writes an amount for people.
    """
    segment = names.get(view.segment, "that segment") if view.segment is not None else ""
    found = {
        "segment": f"in “{segment}”" if segment else "",
        "country": f"in {view.country}" if view.country else "",
        "min_clv": f"CLV of {money(view.min_clv)} or more" if view.min_clv else "",
        "min_frequency": f"{view.min_frequency} or more orders" if view.min_frequency else "",
        **{name: _range_in_words(name, own, money) for name, own in view.ranged().items()},
    }
    return {name: phrase for name, phrase in found.items() if phrase}


def _range_in_words(name: str, own: ranges.Range, money: Callable[[float], str]) -> str:
    before, after = {
        "recency": ("last order ", " days ago"),
        "frequency": ("", " orders"),
        "monetary": ("spent ", ""),
        "clv": ("CLV of ", ""),
    }[name]
    is_money = name in ("monetary", "clv")
    low, high = ("" if end is None else money(end) if is_money else f"{end:,.0f}" for end in own)
    middle = f"{low} to {high}" if low and high else f"{low} or more" if low else f"{high} or less"
    return f"{before}{middle}{after}"


def _number_of_segment(asked: Any) -> int | None:
    """A segment may be number 0, so nothing else may be read as 0."""
    digits = str(asked)
    if digits in map(str, GROUP_NAMES):
        return int(digits)
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 4 else None


def _whole(asked: Any) -> int:
    return int(min(_at_least_zero(asked), 1e9))


def _at_least_zero(asked: Any) -> float:
    try:
        number = float(asked)
    except (TypeError, ValueError):
        return 0.0
    return number if math.isfinite(number) and number > 0 else 0.0


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.15g}" if isinstance(value, float) and value < 1e15 else str(value)
