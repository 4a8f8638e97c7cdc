"""What the address of a page asks for: which results, which segments, which customers. Bookmarked, shared, reloaded."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, urlencode

from pipeline.audience import choice, outlines, ranges
from pipeline.audience.choice import Choice
from pipeline.clustering.labels import GROUP_NAMES
from pipeline.clustering.methods import METHODS

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
    view : which view of a page shows, by its name; empty or unknown is the page's first.
    customer : the CustomerID of the one who is looked at; empty is nobody.
    later : the id of a later data set that is put into these segments; empty is none.
    since, until : the days (ISO) between which moves are looked at; empty is as usual.
    gone_from, gone_to : only moves out of or into the segment of this number; empty is any.
    recency, frequency, monetary, clv, overdue, first : only customers in this range, as `Choice` has it; empty is any.
    never : only customers who have never bought from this product category; empty is anyone.
    outline_orders, outline_value : only customers inside this outline in a chart, written as `outlines` does.
    """

    data: str
    recipe: str | None = None
    method: str = FIRST_METHOD
    k: int | None = None
    segment: int | None = None
    country: str = ""
    min_clv: float = 0.0
    min_frequency: int = 0
    view: str = ""
    customer: str = ""
    later: str = ""
    since: str = ""
    until: str = ""
    gone_from: str = ""
    gone_to: str = ""
    recency: str = ""
    frequency: str = ""
    monetary: str = ""
    clv: str = ""
    overdue: str = ""
    first: str = ""
    never: str = ""
    outline_orders: str = ""
    outline_value: str = ""

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
            min_frequency=math.ceil(min(_at_least_zero(asked.get("min_frequency")), 1e9)),
            view=str(asked.get("view") or ""),
            customer=str(asked.get("customer") or "").strip(),
            **{name: str(asked.get(name) or "") for name in ("later", "since", "until", "gone_from", "gone_to")},
            never=choice.category(asked.get("never")),
            **{name: ranges.settled(asked.get(name)) for name in ranges.MEASURES},
            **{name: outlines.settled(asked.get(name), plane) for name, plane in outlines.PLANES.items()},
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
    def choice(self) -> Choice:
        """The filters alone."""
        return Choice(**{each.name: getattr(self, each.name) for each in fields(Choice)})

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the choice of segments narrows the customers."""
        return replace(self.choice, segment=None) != Choice()

    def unfiltered(self) -> Self:
        """This view of all customers."""
        return replace(self, **asdict(Choice()))


def selected(customers: pd.DataFrame, view: View, segments: str = "Segment") -> pd.DataFrame:
    """The customers that a view's filters leave, as `pipeline.audience.choice` chooses them."""
    return choice.chosen(customers, view.choice, segments)


def filters_in_words(view: View, names: Mapping[int, str], money: Callable[[float], str]) -> dict[str, str]:
    """The filters of a view that are on, as `pipeline.audience.choice` tells them."""
    return choice.in_words(view.choice, names, money)


def _number_of_segment(asked: Any) -> int | None:
    """A segment may be number 0, so nothing else may be read as 0."""
    digits = str(asked)
    if digits in map(str, GROUP_NAMES):
        return int(digits)
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 4 else None


def is_minimum(asked: str) -> bool:
    """Whether a text asks for a minimum that narrows anything."""
    return _at_least_zero(asked) > 0


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
