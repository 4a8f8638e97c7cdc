"""The customers of a view as a table that fetches only the rows in sight, so that any number scrolls.

Sorting and filtering are the server's: the browser never holds more than it shows.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import dash_ag_grid
import numpy as np
from dash import html
from dash.development.base_component import Component
from numpy.typing import NDArray

from pipeline.errors import PipelineError
from webapp import formats, grid_filters

if TYPE_CHECKING:
    import pandas as pd

ROWS_AT_A_TIME = 100
_HEIGHT = "520px"
_LOOK = (
    "themeQuartz.withParams({accentColor: 'var(--studio-accent)', backgroundColor: 'var(--studio-surface)', "
    "foregroundColor: 'var(--studio-ink)', borderColor: 'var(--studio-line)', browserColorScheme: 'inherit', "
    "headerBackgroundColor: 'var(--studio-raised)', headerTextColor: 'var(--studio-ink-soft)', "
    "fontFamily: 'inherit', wrapperBorderRadius: '9px'})"
)
TEXT, NUMBER, TENTHS, MONEY, PERCENT, DAY = "text", "number", "tenths", "money", "percent", "day"
_NUMBERS, AT_LEAST = "agNumberColumnFilter", "greaterThanOrEqual"  # nobody spends exactly 500
_FILTERS = {TEXT: "agTextColumnFilter", DAY: "agDateColumnFilter"}
_KINDS: dict[str, str] = {
    "CustomerID": TEXT,
    "SegmentName": TEXT,
    "PrimaryCountry": TEXT,
    "CLV_6m": MONEY,
    "Spend_6m_Low": MONEY,
    "Spend_6m_High": MONEY,
    "Monetary": MONEY,
    "ExpectedOrders_6m": TENTHS,
    "Overdue": TENTHS,
    "ChanceToBuy_30d": PERCENT,
    "NextOrder_25": DAY,
    "NextOrder_50": DAY,
    "NextOrder_75": DAY,
}
COLUMNS: dict[str, dict[str, Any]] = {
    "CustomerID": {"headerName": "Customer", "pinned": "left", "width": 130},
    "CLV_6m": {"headerName": "CLV, 6 months"},
    "SegmentName": {"headerName": "Segment", "minWidth": 180, "flex": 2},
    "Spend_6m_Low": {
        "headerName": "Spend, low end",
        "headerTooltip": "8 of 10 times they spend at least this in 6 months.",
    },
    "Spend_6m_High": {
        "headerName": "Spend, high end",
        "headerTooltip": "8 of 10 times they spend at most this in 6 months.",
    },
    "ExpectedOrders_6m": {"headerName": "Expected orders", "headerTooltip": "In 6 months; 0.4 is four of ten."},
    "ChanceToBuy_30d": {"headerName": "Chance in 30 days", "headerTooltip": "Of at least one order, in per cent."},
    "NextOrder_25": {"headerName": "Next order, early", "headerTooltip": "By this day with a chance of 25 %."},
    "NextOrder_50": {"headerName": "Next order, middle", "headerTooltip": "By this day with a chance of 50 %."},
    "NextOrder_75": {"headerName": "Next order, late", "headerTooltip": "By this day with a chance of 75 %."},
    "PrimaryCountry": {"headerName": "Country", "minWidth": 140, "flex": 1},
    "Recency": {"headerName": "Recency (days)"},
    "Frequency": {"headerName": "Frequency (orders)", "minWidth": 145},
    "Monetary": {"headerName": "Monetary"},
    "Overdue": {"headerName": "Overdue", "headerTooltip": "Days since the last order in own usual gaps."},
}
ALWAYS = "CustomerID"
USUAL_ORDER = "CLV_6m-desc"
"""Whoever most is expected of first, as the list opens and an audience is written."""


def grid(
    id: str,
    key: str,
    there: Collection[str] = tuple(COLUMNS),
    hidden: Collection[str] = (),
    model: Mapping[str, Any] | None = None,
    order: Sequence[Mapping[str, str]] = (),
) -> Component:
    """The empty table; it asks for its rows by `getRowsRequest` and is answered with what `page` returns.

    Parameters
    ----------
    key : another view has another one, so that no row of the old view is kept.
    there : the columns that the results have.
    hidden : those of them that do not show at first.
    model, order : the filters and the order that it begins with, as `model_of` and `order_of` read them.
    """
    table = dash_ag_grid.AgGrid(
        id=id,
        rowModelType="infinite",
        columnDefs=[{**_column(field, order), "hide": field in hidden} for field in COLUMNS if field in there],
        filterModel=dict(model or {}),
        defaultColDef={
            "sortable": True,
            "sortingOrder": ["asc", "desc"],
            "resizable": True,
            "minWidth": 120,
            "flex": 1,
            "wrapHeaderText": True,
            "autoHeaderHeight": True,
        },
        getRowId=f"params.data.{ALWAYS}",
        dashGridOptions={
            "theme": {"function": _LOOK},
            "cacheBlockSize": ROWS_AT_A_TIME,
            "suppressMultiSort": True,
            "suppressCellFocus": False,
            "ensureDomOrder": True,  # a screen reader reads the rows as they stand
            "tabToNextCell": {"function": "false"},  # Tab leaves the list, arrows move in it
            "suppressColumnVirtualisation": True,  # few columns, and a screen reader finds them all
            "tooltipShowDelay": 300,
        },
        style={"height": _HEIGHT},
        className="customer-grid",
    )
    return html.Div(table, key=key, style={"minHeight": _HEIGHT})  # its script comes after the page


def _column(field: str, order: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    kind = _KINDS.get(field, NUMBER)
    right = {} if kind == TEXT else {"type": "rightAligned"}
    filtered = {"filter": _FILTERS.get(kind, _NUMBERS), "filterParams": _filter_params(kind)}
    wide = {"minWidth": 135} if kind in (DAY, MONEY) else {}
    ways = {each["colId"]: each["sort"] for each in order}
    first = {"sort": ways[field]} if field in ways else {}
    return {"field": field, **right, **filtered, **wide, **first, **COLUMNS[field]}


def _filter_params(kind: str) -> dict[str, Any]:
    params = {"maxNumConditions": grid_filters.MOST_CONDITIONS, "buttons": ["reset"], "debounceMs": 300}
    return params if kind in _FILTERS else {**params, "defaultOption": AT_LEAST}


_WRITE: dict[str, Callable[[Any], str]] = {
    NUMBER: formats.count,
    TENTHS: formats.number,
    MONEY: formats.money_exact,
    PERCENT: lambda value: formats.chance(value / 100),
    DAY: formats.date,
}


def _written(column: str, cells: pd.Series[Any]) -> list[str | None]:
    """The cells in sight as texts for people; nothing where a value is missing."""
    write = _WRITE.get(_KINDS.get(column, NUMBER), str)
    return [write(value) if there else None for value, there in zip(cells, cells.notna(), strict=True)]


def table(customers: pd.DataFrame, names: Mapping[int, str]) -> pd.DataFrame:
    """The columns of the list, as many of `COLUMNS` as there are; chances in per cent, days that nobody knows missing.

    Parameters
    ----------
    customers : the view's customers with Segment; as they come they are in the order of CustomerID.
    names : segment -> its name.
    """
    named = customers.assign(SegmentName=customers["Segment"].map(dict(names)))
    shown = named[[field for field in COLUMNS if field in named]]
    kinds = {name: _KINDS.get(name) for name in map(str, shown.columns)}
    percent = {name: 100 * shown[name] for name, kind in kinds.items() if kind == PERCENT}
    days = {name: shown[name].where(shown[name] != "") for name, kind in kinds.items() if kind == DAY}
    return shown.assign(**percent, **days)


def order(listed: pd.DataFrame, request: Mapping[str, Any]) -> NDArray[np.intp]:
    """The rows of a table that AG Grid's "filterModel" leaves, in the order of its "sortModel"; missing values last."""
    places = np.flatnonzero(grid_filters.kept(listed, request.get("filterModel") or {}))
    for asked in request.get("sortModel") or []:
        if asked["colId"] in listed:
            cells = listed[asked["colId"]].iloc[places].reset_index(drop=True)
            ranked = cells.sort_values(ascending=asked["sort"] == "asc", kind="stable", na_position="last")
            places = places[ranked.index.to_numpy()]
    return places


def model_of(asked: str) -> dict[str, Any]:
    """The filters of the list that a text of an address asks for, empty for none.

    Raises
    ------
    PipelineError
        If it asks for none that there are.
    """
    try:
        model = json.loads(asked or "{}")
    except ValueError:
        model = None
    if not isinstance(model, dict) or not all(
        name in COLUMNS and grid_filters.is_understood(each) for name, each in model.items()
    ):
        raise PipelineError("The address asks for a filter of the list that there is not; take it from the page again.")
    return model


def order_of(asked: str) -> list[dict[str, str]]:
    """The order of the list that a text of an address asks for, such as `CLV_6m-desc`, as AG Grid words it.

    Raises
    ------
    PipelineError
        If it asks for none that there is.
    """
    column, _, way = asked.partition("-")
    if asked and (column not in COLUMNS or way not in ("asc", "desc")):
        raise PipelineError("The address asks for an order of the list that there is not; take it from the page again.")
    return [{"colId": column, "sort": way}] if asked else []


def is_there(read: Callable[[str], Any], asked: str) -> bool:
    """Whether `model_of` or `order_of` finds what a text asks for."""
    with contextlib.suppress(PipelineError):
        read(asked)
        return True
    return False


def in_words(model: Mapping[str, Any]) -> list[str]:
    """What the list's own filters ask for, a phrase each."""
    return grid_filters.in_words(model, {name: str(each["headerName"]) for name, each in COLUMNS.items()})


def narrowed(customers: pd.DataFrame, names: Mapping[int, str], model: Mapping[str, Any]) -> pd.DataFrame:
    """Those whom the list's own filters leave, in their order; `customers` and `names` are those of `table`."""
    return customers[grid_filters.kept(table(customers, names), model)] if model else customers


def page(listed: pd.DataFrame, places: NDArray[np.intp], request: Mapping[str, Any]) -> dict[str, Any]:
    """The rows in sight, written for people: {"rowData", "rowCount"}.

    Parameters
    ----------
    request : AG Grid's {"startRow", "endRow"}.
    """
    start = max(int(request.get("startRow") or 0), 0)
    end = min(int(request.get("endRow") or ROWS_AT_A_TIME), start + 10 * ROWS_AT_A_TIME)
    shown = listed.iloc[places[start:end]]
    columns = {str(name): _written(str(name), shown[name]) for name in shown}
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return {"rowData": rows, "rowCount": len(places)}
