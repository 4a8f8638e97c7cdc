"""Over time: how first-time buyers went on, what each segment brought by month, and who moved between segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from dash import Dash, html
from dash.development.base_component import Component

from pipeline.profiles.cohorts import cohorts, revenue_by_segment
from webapp import components, formats, markup, who_moved
from webapp.charts import heat_table, months
from webapp.finished import Finished
from webapp.views import View

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.profiles.cohorts import Cohorts

NAME, TITLE = "time", "Over time"
MONTHS = "time-months"
PLACES = {**who_moved.PLACES, MONTHS: markup.HTML}
FIRST_MONTH = "First order in"


def area(results: Finished, view: View) -> list[Component]:
    """The whole view under a settled view of the results."""
    monthly = [
        markup.kept(_months(results, view), id=MONTHS),
        html.P("Revenue of each month from the customers who are in the segment today.", className="caption"),
    ]
    return [
        components.section("Revenue by month and segment", monthly),
        *who_moved.card(results, view),
        *results.once(("time", "cohorts"), lambda: _cohort_cards(results)),
    ]


def redrawn(results: Finished, view: View) -> dict[str, Any]:
    """What follows method and k, by id."""
    return {MONTHS: _months(results, view), **who_moved.redrawn(results, view)}


def register(app: Dash) -> None:
    """Wire the part on who moved; nothing else happens inside this view."""
    who_moved.register(app)


def _months(results: Finished, view: View) -> str:
    def drawn() -> str:
        segments = results.labels(view).set_axis(results.customers["CustomerID"])
        monthly = revenue_by_segment(_days(results), segments).T
        names = results.names(view)
        named = monthly.set_axis([names[int(segment)] for segment in monthly.index])
        named.columns = [months.name(str(month)) for month in named.columns]
        return markup.source(heat_table.table(named, "Revenue by month and segment", "Segment", formats.money))

    return results.once(("time", "months", view.method, view.k), drawn)


def _days(results: Finished) -> pd.DataFrame:
    return results.once(("time", "days"), results.segmentation.days)


def _cohort_cards(results: Finished) -> list[Component]:
    days = _days(results)
    found = cohorts(days, days["Day"].max().date())
    began = [months.name(str(month)) for month in found.sizes.index]
    sizes = found.sizes.map(formats.count).rename("Customers")
    retention, value = found.retention.drop(columns=0).set_axis(began), found.value.set_axis(began)
    top = float(np.nanmax(retention.to_numpy(), initial=0.0))
    back = heat_table.table(retention, "Who came back", FIRST_MONTH, formats.share, sizes, top)
    worth = heat_table.table(value, "Brought so far, per customer", FIRST_MONTH, formats.money, sizes)
    told = "Columns are months after the first order."
    return [
        components.section("Who came back", _cohort_part(back, f"Share who ordered in that month. {told}", found)),
        components.section("Brought so far, per customer", _cohort_part(worth, f"Spend since then. {told}", found)),
    ]


def _cohort_part(drawn: Component, told: str, found: Cohorts) -> list[Component]:
    broken_off = " The data ends before its last month does: the last number of each row will still grow."
    first = " The first row also holds everyone who was a customer before the data begins."
    return [markup.still(drawn), html.P(told + first + (broken_off if found.partial else ""), className="caption")]
