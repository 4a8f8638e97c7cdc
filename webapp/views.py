"""What the address of a page asks for: which results, which segments, which customers. Bookmarked, shared, reloaded."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode

from pipeline.audience import minima
from pipeline.audience.choice import EVERYONE, Choice
from pipeline.clustering.methods import METHODS

FIRST_METHOD = next(iter(METHODS))
EVERYWHERE = "*"
VALUE = "value"
_TEXTS = ("view", "later", "since", "until", "gone_from", "gone_to", "rows", "sort")


@dataclass(frozen=True)
class View:
    """One view of finished results.

    Attributes
    ----------
    data, recipe : ids of the data set and of the recipe; None is the default recipe.
    method : one of `METHODS`.
    k : the number of segments; None is the recipe's own, or in a settled view the method's.
    choice : the filters that the customers are chosen by; in an address each is a part of its own.
    view : which view of a page shows, by its name; empty or unknown is the page's first.
    customer : the CustomerID of the one who is looked at; empty is nobody.
    later : the id of a later data set that is put into these segments; empty is none.
    since, until : the days (ISO) between which moves are looked at; empty is as usual.
    gone_from, gone_to : only moves out of or into the segment of this number; empty is any.
    rows, sort : the list of customers' own filters and order, as `listing` reads them; empty is none.
    """

    data: str
    recipe: str | None = None
    method: str = FIRST_METHOD
    k: int | None = None
    choice: Choice = EVERYONE
    view: str = ""
    customer: str = ""
    later: str = ""
    since: str = ""
    until: str = ""
    gone_from: str = ""
    gone_to: str = ""
    rows: str = ""
    sort: str = ""

    @classmethod
    def from_address(cls, data: str, recipe: str | None = None, **asked: Any) -> Self:
        """The view that an address or the controls ask for; what makes no sense there counts as not asked."""
        method = str(asked.get("method") or "")
        return cls(
            data=data,
            recipe=recipe or None,
            method=method if method in METHODS else FIRST_METHOD,
            k=int(min(minima.amount(asked.get("k")), minima.MOST)) or None,
            choice=Choice.asked({name: value for name, value in asked.items() if value != EVERYWHERE}),
            customer=str(asked.get("customer") or "").strip(),
            **{name: str(asked.get(name) or "") for name in _TEXTS},
        )

    @classmethod
    def from_query(cls, query: str) -> Self:
        """The view whose `address` has this query, the question mark in front."""
        asked: dict[str, Any] = dict(parse_qsl(query.removeprefix("?")))
        return cls.from_address(asked.pop("data", ""), asked.pop("recipe", None), **asked)

    def address(self, path: str) -> str:
        """The address of this view on a page; what is as usual is left out."""
        usual = View(self.data)._parts()
        said = {name: value for name, value in self._parts().items() if name == "data" or value != usual[name]}
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
        segment = self.choice.segment
        there = segment is not None and segment < found
        return replace(self, k=found, choice=replace(self.choice, segment=segment if there else None))

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the choice of segments narrows the customers."""
        return replace(self.choice, segment=None) != EVERYONE

    def unfiltered(self) -> Self:
        """This view of all customers."""
        return replace(self, choice=EVERYONE)

    def _parts(self) -> dict[str, Any]:
        own = asdict(self)
        filters = own.pop("choice")
        return {**own, **filters}


def _plain(value: Any) -> str:
    return f"{value:.15g}" if isinstance(value, float) and value < 1e15 else str(value)
