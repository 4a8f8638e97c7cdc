"""What a segment card on the Explore page and a segment's own view tell of the segment, whatever the filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from dash.development.base_component import Component

from pipeline.features.product_mix import NAMED
from pipeline.profiles.affinity import Purchased, affinity, purchases
from pipeline.profiles.history import CATEGORY
from pipeline.profiles.windows import Window, windows
from webapp import badges, formats, measures
from webapp.finished import Finished
from webapp.views import View

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CATEGORIES = {"HomeDecor": "Home decor"}


def members(results: Finished, view: View, segment: int) -> NDArray[np.bool_]:
    """Who is in a segment of a settled view, `(n_customers,)`."""
    found: NDArray[np.bool_] = (results.labels(view) == segment).to_numpy(dtype=bool)
    return found


def trust(results: Finished, view: View, segment: int) -> Component | None:
    """The badge of a segment of a settled view; nothing for groups that are no segments."""
    own = results.health(view).get(segment)
    return None if own is None else badges.badge(own)


def counted_from(results: Finished) -> str:
    """Since when the dates ahead count, which may be long ago for who reads it."""
    return f"Dates count from the last day of the file, {formats.date(results.segmentation.models()['last_day'])}."


def window(results: Finished, view: View, segment: int) -> Window:
    """When the customers of a segment order next, and who of them is overdue."""

    def found() -> dict[int, Window]:
        return windows(results.value, results.customers["Frequency"], results.labels(view))

    return results.once(("windows", view.method, view.k), found)[segment]


def chance(results: Finished, member: NDArray[np.bool_]) -> float:
    """How many of these customers are expected to order within 30 days, 0 to 1."""
    return float(results.value["ChanceToBuy_30d"].to_numpy()[member].mean())


def favourites(results: Finished, member: NDArray[np.bool_], kind: str, most: int) -> list[str]:
    """What more of these customers have bought than of all, for sure: `Bags 134 (117-154)`, the surest first.

    Parameters
    ----------
    kind : `CATEGORY` or `PRODUCT`.
    """
    held = results.once(("purchases", kind), lambda: _purchases(results, kind))
    found = affinity(member, held)
    sure = found[found["Marked"] & (found["Index"] > 100)].sort_values("Low", ascending=False).head(most)
    return [
        f"{_item(str(row['Item']), kind)} {formats.count(row['Index'])} "
        f"({formats.count(row['Low'])}\N{EN DASH}{formats.count(row['High'])})"
        for row in sure.to_dict("records")
    ]


def _purchases(results: Finished, kind: str) -> Purchased:
    only = NAMED if kind == CATEGORY else ()
    return purchases(results.segmentation.bought(), results.customers["CustomerID"], kind, only)


def _item(written: str, kind: str) -> str:
    return _CATEGORIES.get(written, written) if kind == CATEGORY else written.capitalize()


def share(results: Finished, member: NDArray[np.bool_], column: str) -> float:
    """The part of a sum over all customers that these have, 0 to 1."""
    values = results.customers[column].to_numpy(dtype=np.float64)
    whole = float(values.sum())
    return float(values[member].sum()) / whole if whole else 0.0


def medians(results: Finished, member: NDArray[np.bool_]) -> dict[str, str]:
    """What the middle customer of these is like, written for people."""
    own = results.customers[member]
    return {
        "Last order": f"{formats.days(own['Recency'].median())} ago",
        "Orders": measures.written("Frequency", own["Frequency"].median()),
        "Spent": formats.money(own["Monetary"].median()),
        "CLV": formats.money(own["CLV_6m"].median()),
    }
