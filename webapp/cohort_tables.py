"""Cohorts of customers as tables that are darker where there is more: who came back, and what they brought."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from dash.development.base_component import Component

from webapp import formats
from webapp.charts import heat_table

if TYPE_CHECKING:
    from pipeline.profiles.cohorts import Cohorts

FIRST_MONTH = "First order in"
MEASURES = {
    "share": "Share who ordered",
    "count": "Customers who ordered",
    "value": "Spent so far, each",
    "total": "Spent so far, all",
}
UNFINISHED = "*"  # without a space: a cell has no room for a second line


def table(found: Cohorts, measure: str) -> Component:
    """One of `MEASURES` of each cohort; where the last month is not over, its numbers are marked."""
    each = found.retention.drop(columns=0)
    values = {
        "share": each,
        "count": each.mul(found.sizes, axis=0).round(),
        "value": found.value,
        "total": found.value.mul(found.sizes, axis=0),
    }[measure]
    write = {"share": formats.share, "count": formats.count}.get(measure, formats.money)
    began = [formats.month(str(month)) for month in values.index]
    ending = values.notna() & values.shift(-1, axis=1).isna() & found.partial
    marks = ending.replace({True: UNFINISHED, False: ""}).set_axis(began)
    sizes = found.sizes.map(formats.count).rename("Customers")
    top = float(np.nanmax(values.to_numpy(), initial=0.0))
    return heat_table.table(values.set_axis(began), MEASURES[measure], FIRST_MONTH, write, sizes, top, marks)


def caption(found: Cohorts) -> str:
    """How to read the tables."""
    told = "Columns are months after the month of the first order; a cell is empty where that month is not in the data."
    early = " The first row also holds everyone who was a customer before the data begins."
    late = f" {UNFINISHED} The data ends before this month does: the number will still grow."
    return told + early + (late if found.partial else "")
