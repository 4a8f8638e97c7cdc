"""How the revenue of any group of customers goes on: month by month, and lately against before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from dash import html
from dash.development.base_component import Component

from webapp import formats
from webapp.components import aria
from webapp.finished import Finished

if TYPE_CHECKING:
    from numpy.typing import NDArray

RECENT_DAYS = 90
TWICE = 2.0


class Pace(NamedTuple):
    """The revenue of a group.

    Attributes
    ----------
    months : names like `2011-12`, without a gap.
    revenue : of each of them, in money.
    buyers : how many of the group ordered in each of them.
    recent, before : of the last `RECENT_DAYS` and of as many before; None where the data do not reach so far back.
    covered : for each of the months that the file does not cover whole, which part of it is, in words.
    """

    months: list[str]
    revenue: list[float]
    buyers: list[int]
    recent: float
    before: float | None
    covered: Mapping[str, str]

    @property
    def whens(self) -> list[str]:
        """The months in words, with the part of them that is covered where that is not the whole."""
        words = {month: formats.month(month) for month in self.months}
        return [f"{word}, {self.covered[month]}" if month in self.covered else word for month, word in words.items()]

    @property
    def cut_short(self) -> set[int]:
        """The places of the months that are not covered whole."""
        return {place for place, month in enumerate(self.months) if month in self.covered}

    def sentence(self) -> str:
        """Lately against before, in words: from twice as much on in times, since nobody reads +1,857 %."""
        if self.before is None or not (self.recent or self.before):
            return ""
        lately = f"{formats.money(self.recent)} in the last {RECENT_DAYS} days"
        if self.before <= 0:
            return f"{lately}, nothing in the {RECENT_DAYS} days before"
        times, before = self.recent / self.before, f"{formats.money(self.before)} of the {RECENT_DAYS} days before"
        if times >= TWICE:
            return f"{lately}, {formats.number(times, 0 if times >= 10 else 1)} times the {before}"
        if abs(times - 1) < 0.005:
            return f"{lately}, as much as the {before}"
        word = "more" if times > 1 else "less"
        return f"{lately}, {formats.whole_share(abs(times - 1))} {word} than the {before}"


class _Days(NamedTuple):
    """The days with orders of all customers: whose they are, in which month, how long ago, and what they brought.

    `opens` says whether a day is the first of its customer in its month; `covered` is that of a `Pace`.
    """

    customer: NDArray[np.intp]
    month: NDArray[np.intp]
    age: NDArray[np.intp]
    revenue: NDArray[np.float64]
    opens: NDArray[np.bool_]
    months: list[str]
    covered: dict[str, str]


def pace(results: Finished, members: NDArray[np.bool_]) -> Pace:
    """The revenue of the customers who are `members`, `(n_customers,)` in the order of `results.customers`."""
    days = results.once("pace-days", lambda: _days(results))
    own = members[days.customer] * days.revenue
    monthly = np.bincount(days.month, own, minlength=len(days.months))
    recent = float(own[days.age < RECENT_DAYS].sum())
    before = float(own[(days.age >= RECENT_DAYS) & (days.age < 2 * RECENT_DAYS)].sum())
    reaches = int(days.age.max(initial=0)) >= 2 * RECENT_DAYS - 1
    buyers = np.bincount(days.month[days.opens & members[days.customer]], minlength=len(days.months))
    return Pace(days.months, monthly.tolist(), buyers.tolist(), recent, before if reaches else None, days.covered)


def bars(own: Pace, told: str) -> Component:
    """Revenue by month as small upright bars, paler where a month is not covered whole; `told` says whose it is."""
    return upright(own.whens, own.revenue, formats.money, told, own.cut_short)


def buyer_bars(own: Pace, told: str) -> Component:
    """The same of how many ordered."""
    return upright(own.whens, own.buyers, formats.count, told, own.cut_short)


def upright(
    whens: Sequence[str],
    heights: Sequence[float],
    write: Callable[[float], str],
    told: str,
    pale: Collection[int] = (),
) -> Component:
    """Small upright bars, at least one, those at the places `pale` paler than the others.

    Parameters
    ----------
    whens : in words when each of them was.
    told : what they are.
    """
    highest = max(max(heights, default=0.0), 1e-9)
    drawn = [
        html.Span(
            style={"height": f"{max(100 * max(height, 0.0) / highest, 2):.0f}%"},
            title=f"{when}: {write(height)}",
            className="pale" if place in pale else None,
        )
        for place, (when, height) in enumerate(zip(whens, heights, strict=True))
    ]
    first, last = (f"{write(heights[end])} ({whens[end]})" for end in (0, -1))
    return html.Div(drawn, className="spark", role="img", **aria(label=f"{told}: {first}, {last}"))


def _days(results: Finished) -> _Days:
    import pandas as pd

    days = results.segmentation.days()
    place = results.ids.get_indexer(pd.Index(days["CustomerID"]))
    known = days[place >= 0]
    when = known["Day"].dt.year * 12 + known["Day"].dt.month - 1
    first, last = int(when.min()), int(when.max())
    age = (known["Day"].max() - known["Day"]).dt.days.to_numpy(dtype=np.intp)
    customer, month = place[place >= 0].astype(np.intp), (when - first).to_numpy(dtype=np.intp)
    goes_on = (customer[1:] == customer[:-1]) & (month[1:] == month[:-1])
    return _Days(
        customer,
        month,
        age,
        known["Revenue"].to_numpy(dtype=np.float64),
        np.concatenate([np.ones(min(len(customer), 1), dtype=bool), ~goes_on]),
        [f"{month // 12}-{month % 12 + 1:02}" for month in range(first, last + 1)],
        _covered(results),
    )


def _covered(results: Finished) -> dict[str, str]:
    """The months that the file does not cover whole, `2011-12` -> `until 9 Dec 2011`."""
    months, span = results.segmentation.months(), results.segmentation.facts("cleaning")["span"]
    first, last = formats.date(span["first"]), formats.date(span["last"])
    words = {span["first"][:7]: f"from {first}"}
    words[span["last"][:7]] = f"until {last}" if span["last"][:7] not in words else f"from {first} to {last}"
    return {month: words[month] for month in months.loc[months["partial"], "Month"]}
