"""How the revenue of any group of customers goes on: month by month, and lately against before."""

from __future__ import annotations

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
    recent, before : of the last `RECENT_DAYS` and of as many before; None where the data do not reach so far back.
    """

    months: list[str]
    revenue: list[float]
    recent: float
    before: float | None

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
    """The days with orders of all customers: whose they are, in which month, how long ago, and what they brought."""

    customer: NDArray[np.intp]
    month: NDArray[np.intp]
    age: NDArray[np.intp]
    revenue: NDArray[np.float64]
    months: list[str]


def pace(results: Finished, members: NDArray[np.bool_]) -> Pace:
    """The revenue of the customers who are `members`, `(n_customers,)` in the order of `results.customers`."""
    days = results.once("pace-days", lambda: _days(results))
    own = members[days.customer] * days.revenue
    monthly = np.bincount(days.month, own, minlength=len(days.months))
    recent = float(own[days.age < RECENT_DAYS].sum())
    before = float(own[(days.age >= RECENT_DAYS) & (days.age < 2 * RECENT_DAYS)].sum())
    reaches = int(days.age.max(initial=0)) >= 2 * RECENT_DAYS - 1
    return Pace(days.months, monthly.tolist(), recent, before if reaches else None)


def bars(own: Pace, told: str) -> Component:
    """Revenue by month as small upright bars; `told` says whose it is."""
    highest = max(max(own.revenue, default=0.0), 1e-9)
    drawn = [
        html.Span(
            style={"height": f"{max(100 * max(amount, 0.0) / highest, 2):.0f}%"},
            title=f"{month}: {formats.money(amount)}",
        )
        for month, amount in zip(own.months, own.revenue, strict=True)
    ]
    label = f"{told}: {formats.money(own.revenue[0])} in {own.months[0]}, {formats.money(own.revenue[-1])} in "
    return html.Div(drawn, className="spark", role="img", **aria(label=f"{label}{own.months[-1]}"))


def _days(results: Finished) -> _Days:
    import pandas as pd

    days = results.segmentation.days()
    place = pd.Index(results.customers["CustomerID"]).get_indexer(pd.Index(days["CustomerID"]))
    known = days[place >= 0]
    when = known["Day"].dt.year * 12 + known["Day"].dt.month - 1
    first, last = int(when.min()), int(when.max())
    age = (known["Day"].max() - known["Day"]).dt.days.to_numpy(dtype=np.intp)
    return _Days(
        place[place >= 0].astype(np.intp),
        (when - first).to_numpy(dtype=np.intp),
        age,
        known["Revenue"].to_numpy(dtype=np.float64),
        [f"{month // 12}-{month % 12 + 1:02}" for month in range(first, last + 1)],
    )
