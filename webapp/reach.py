"""With what and when to reach each segment: products it buys more often than all do, and when it orders next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash.development.base_component import Component

from pipeline.profiles.history import PRODUCT
from pipeline.profiles.windows import windows
from webapp import formats, panels, segment_facts
from webapp.finished import Finished
from webapp.views import View

if TYPE_CHECKING:
    import pandas as pd

FAVOURITES = 3
TITLE = "With what, and when"
HELP = (
    "Products that more of the segment's customers have bought than of all (100 is as many; in brackets its 95 % "
    "range), and when half of its customers are expected to order next. Overdue are regulars who have been away twice "
    "their usual gap or longer."
)


def table(results: Finished, view: View) -> Component:
    """One row per segment of all customers, under a settled view."""
    rows = results.once(("reach", view.method, view.k), lambda: readable(results, view))
    return panels.table(rows, TITLE, ("Segment", "Bought more than usual", "Best reached"))


def readable(results: Finished, view: View) -> pd.DataFrame:
    """The table as texts for people: Segment, Best reached, Overdue regulars, Bought more than usual."""
    import pandas as pd

    labels, names = results.labels(view), results.names(view)
    when = windows(results.value, results.customers["Frequency"], labels)
    return pd.DataFrame(
        {
            "Segment": [names[segment] for segment in when],
            "Best reached": [window.sentence() for window in when.values()],
            "Overdue regulars": [formats.count(window.overdue) for window in when.values()],
            "Bought more than usual": [_favourites(results, view, segment) for segment in when],
        }
    )


def _favourites(results: Finished, view: View, segment: int) -> str:
    member = segment_facts.members(results, view, segment)
    return ", ".join(segment_facts.favourites(results, member, PRODUCT, FAVOURITES)) or "Nothing for sure"
