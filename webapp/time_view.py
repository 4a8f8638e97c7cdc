"""Over time: how first-time buyers went on, what each segment brought by month, and who moved between segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from dash import Dash, Input, Output, html
from dash.development.base_component import Component

from pipeline.profiles.cohorts import cohorts, revenue_by_segment
from webapp import components, controls, formats, markup, who_moved
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
COHORT_CHOICE = "time-cohort-choice"
MEASURES = {
    "share": "Share who ordered",
    "count": "Customers who ordered",
    "value": "Spent so far, each",
    "total": "Spent so far, all",
}
UNFINISHED = "*"  # without a space: a cell has no room for a second line
SHOW_CHOSEN = f"(chosen) => {list(MEASURES)}.map((name) => name !== chosen)"


def area(results: Finished, view: View) -> list[Component]:
    """The whole view under a settled view of the results."""
    monthly = [
        markup.kept(_months(results, view), id=MONTHS),
        html.P("Revenue of each month from the customers who are in the segment today.", className="caption"),
    ]
    return [
        components.section("Revenue by month and segment", monthly),
        *who_moved.card(results, view),
        results.once(("time", "cohorts"), lambda: _cohort_card(results)),
    ]


def redrawn(results: Finished, view: View) -> dict[str, Any]:
    """What follows method and k, by id."""
    return {MONTHS: _months(results, view), **who_moved.redrawn(results, view)}


def register(app: Dash) -> None:
    """Wire the part on who moved, and which table of cohorts shows."""
    who_moved.register(app)
    shown = [Output(cohort_id(measure), "hidden") for measure in MEASURES]
    app.clientside_callback(SHOW_CHOSEN, *shown, Input(COHORT_CHOICE, "value"), prevent_initial_call=True)


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


def _cohort_card(results: Finished) -> Component:
    days = _days(results)
    found = cohorts(days, days["Day"].max().date())
    options = [{"label": words, "value": name} for name, words in MEASURES.items()]
    first = next(iter(MEASURES))
    tables = [
        markup.still(_cohort_table(found, name), id=cohort_id(name), hidden=name != first, className="cohorts")
        for name in MEASURES
    ]
    told = "Columns are months after the month of the first order; a cell is empty where that month is not in the data."
    early = " The first row also holds everyone who was a customer before the data begins."
    late = f" {UNFINISHED} The data ends before this month does: the number will still grow."
    caption = told + early + (late if found.partial else "")
    choice = controls.segmented(COHORT_CHOICE, "Shown", options, first)
    return components.section("Who came back", [choice, *tables, html.P(caption, className="caption")])


def cohort_id(measure: str) -> str:
    """The id of the table of one of `MEASURES`."""
    return f"time-cohorts-{measure}"


def _cohort_table(found: Cohorts, measure: str) -> Component:
    """One table of cohorts; where the last month is not over, its numbers are marked."""
    each = found.retention.drop(columns=0)
    values = {
        "share": each,
        "count": each.mul(found.sizes, axis=0).round(),
        "value": found.value,
        "total": found.value.mul(found.sizes, axis=0),
    }[measure]
    write = {"share": formats.share, "count": formats.count}.get(measure, formats.money)
    began = [months.name(str(month)) for month in values.index]
    ending = values.notna() & values.shift(-1, axis=1).isna() & found.partial
    marks = ending.replace({True: UNFINISHED, False: ""}).set_axis(began)
    sizes = found.sizes.map(formats.count).rename("Customers")
    top = float(np.nanmax(values.to_numpy(), initial=0.0))
    return heat_table.table(values.set_axis(began), MEASURES[measure], FIRST_MONTH, write, sizes, top, marks)
