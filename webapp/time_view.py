"""Over time: how first-time buyers went on, what each segment brought by month, and who moved between segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from dash import Dash, Input, Output, html
from dash.development.base_component import Component

from pipeline.profiles.cohorts import cohorts, revenue_by_segment
from webapp import cohort_tables, components, controls, formats, markup, who_moved
from webapp.charts import heat_table
from webapp.finished import Finished
from webapp.views import View

if TYPE_CHECKING:
    import pandas as pd

NAME, TITLE = "time", "Over time"
MONTHS = "time-months"
PLACES = {**who_moved.PLACES, MONTHS: markup.HTML}
COHORT_CHOICE = "time-cohort-choice"
ACROSS = 12  # months; more of them stand below one another, or the table would be cut on a screen and on paper
SHOW_CHOSEN = f"(chosen) => {list(cohort_tables.MEASURES)}.map((name) => name !== chosen)"


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
    shown = [Output(cohort_id(measure), "hidden") for measure in cohort_tables.MEASURES]
    app.clientside_callback(SHOW_CHOSEN, *shown, Input(COHORT_CHOICE, "value"), prevent_initial_call=True)


def _months(results: Finished, view: View) -> str:
    import pandas as pd

    def drawn() -> str:
        place = results.once(
            ("time", "places"), lambda: results.ids.get_indexer(pd.Index(_days(results)["CustomerID"]))
        )
        segments = np.where(place >= 0, results.labels(view).to_numpy()[place], np.nan)
        monthly = revenue_by_segment(_days(results), segments).T
        names = results.names(view)
        named = monthly.set_axis([names[int(segment)] for segment in monthly.index])
        named.columns = [formats.month(str(month)) for month in named.columns]
        shown, corner = (named, "Segment") if len(named.columns) <= ACROSS else (named.T, "Month")
        return markup.source(heat_table.table(shown, "Revenue by month and segment", corner, formats.money))

    return results.once(("time", "months", view.method, view.k), drawn)


def _days(results: Finished) -> pd.DataFrame:
    return results.once(("time", "days"), results.segmentation.days)


def _cohort_card(results: Finished) -> Component:
    days = _days(results)
    found = cohorts(days, days["Day"].max().date())
    options = [{"label": words, "value": name} for name, words in cohort_tables.MEASURES.items()]
    first = next(iter(cohort_tables.MEASURES))
    tables = [
        markup.still(cohort_tables.table(found, name), id=cohort_id(name), hidden=name != first, className="cohorts")
        for name in cohort_tables.MEASURES
    ]
    choice = controls.segmented(COHORT_CHOICE, "Shown", options, first)
    return components.section(
        "Who came back", [choice, *tables, html.P(cohort_tables.caption(found), className="caption")]
    )


def cohort_id(measure: str) -> str:
    """The id of the table of one of `cohort_tables.MEASURES`."""
    return f"time-cohorts-{measure}"
