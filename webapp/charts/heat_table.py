"""A table of numbers whose cells are darker the more they hold: cohorts, months and moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from dash import html
from dash.development.base_component import Component

from webapp import formats, theme

if TYPE_CHECKING:
    import pandas as pd

DARKEST = 0.65


def table(
    values: pd.DataFrame,
    title: str,
    corner: str,
    write: Callable[[float], str],
    notes: pd.Series[str] | None = None,
    highest: float | None = None,
    marks: pd.DataFrame | None = None,
) -> Component:
    """The numbers as a table in HTML; missing ones are empty cells.

    Parameters
    ----------
    values : what to show; index and columns are the headings.
    corner : what the headings of the rows are.
    write : a number as people read it.
    notes : one text per row that stands before its numbers, named by its own name.
    marks : of the shape of `values`, a few characters that stand after a number.
    highest : from where on a cell is as dark as can be; else the largest number.
    """
    top = highest or float(np.nanmax(values.to_numpy(dtype=np.float64), initial=0.0)) or 1.0
    heads = [corner, *([str(notes.name)] if notes is not None else []), *map(str, values.columns)]
    body = []
    for place, (name, row) in enumerate(values.iterrows()):
        before = [html.Td(notes.iloc[place], className="num")] if notes is not None else []
        after = marks.iloc[place] if marks is not None else [""] * len(row)
        cells = [_cell(float(value), write, top, mark) for value, mark in zip(row, after, strict=True)]
        body.append(html.Tr([html.Th(str(name), scope="row"), *before, *cells]))
    inside = [
        html.Caption(title, className="visually-hidden"),
        html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])),
        html.Tbody(body),
    ]
    narrowing = html.Table(inside, className="heat narrowing", style={"--columns": len(heads)})
    return html.Div(narrowing, className="table-scroll", tabIndex=0)


def _cell(value: float, write: Callable[[float], str], top: float, mark: str) -> Component:
    if not np.isfinite(value):
        return html.Td()
    shade = DARKEST * min(1.0, max(0.0, value) / top)
    written = (formats.MISSING if value == 0 else write(value)) + mark
    return html.Td(written, style={"background": theme.faded(theme.ACCENT, shade)})
