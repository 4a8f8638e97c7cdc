"""What sets each segment apart: its averages beside those of all customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from dash import html
from dash.development.base_component import Component

from webapp import formats, theme
from webapp.measures import MEASURES

if TYPE_CHECKING:
    import pandas as pd

TITLE = "What sets each segment apart"
CAPTION = (
    "Each cell compares the segment's average with that of all customers: ×2 is twice as much, ×0.5 is half. "
    "Blue is above, orange is below; colours stop at ×4 and ×¼."
)
_LIMIT = 2.0


def relative(customers: pd.DataFrame) -> pd.DataFrame:
    """Each segment's mean over the mean of all customers; rows are segments, columns `MEASURES`, 1 is the same.

    Parameters
    ----------
    customers : Segment and the columns of `MEASURES`. A column that is nowhere above zero comes back as missing; one
        that is missing for everyone is unknown, and left out.
    """
    columns = [name for name in MEASURES if customers[name].notna().any()]
    means = customers.groupby("Segment", sort=True)[columns].mean()
    everyone = customers[columns].mean()
    return means.div(everyone.where(everyone > 0))


def table(customers: pd.DataFrame, names: Mapping[int, str]) -> Component:
    """`relative` as a table whose cells are coloured by factor on a log scale: rows are measures, columns segments."""
    factors = relative(customers)
    labels = [int(label) for label in factors.index]
    heads = [html.Th([_swatch(label), names[label]], scope="col") for label in labels]
    rows = [
        html.Tr(
            [html.Th(MEASURES[column], scope="row"), *(_cell(factor, column, names[label]) for label, factor in row)]
        )
        for column, row in ((column, zip(labels, factors[column], strict=True)) for column in factors.columns)
    ]
    inside = [
        html.Caption(TITLE, className="visually-hidden"),
        html.Thead(html.Tr([html.Td(), *heads])),
        html.Tbody(rows),
    ]
    return html.Div(html.Table(inside, className="heat"), className="table-scroll", tabIndex=0)


def _cell(factor: float, column: str, name: str) -> Component:
    shown = _factor(factor)
    told = f"{name} · {MEASURES[column]}: {shown} the average of all customers"
    return html.Td(shown, title=told, style={"background": _shade(factor)})


def _shade(factor: float) -> str:
    """Blue above and orange below the average, see-through: the same ink reads on it in light and dark."""
    if not np.isfinite(factor) or factor < 0:
        return theme.CLEAR
    with np.errstate(divide="ignore"):
        height = float(np.clip(np.log2(factor), -_LIMIT, _LIMIT)) / _LIMIT
    return theme.faded(theme.ABOVE if height > 0 else theme.BELOW, 0.7 * abs(height))


def _swatch(label: int) -> Component:
    return html.Span(className="swatch", style={"background": theme.segment_colour(label)})


def _factor(value: float) -> str:
    if not np.isfinite(value) or value < 0:
        return formats.MISSING
    return f"×{formats.number(value, 0 if value >= 9.95 else 1 if value >= 0.95 else 2)}"
