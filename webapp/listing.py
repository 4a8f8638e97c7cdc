"""The customers of a view as a table that fetches only the rows in sight, so that any number scrolls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import dash_ag_grid
from dash import html
from dash.development.base_component import Component

from webapp import formats

if TYPE_CHECKING:
    import pandas as pd

ROWS_AT_A_TIME = 100
_WHOLE = "params.value == null ? '' : d3.format(',.0f')(params.value)"
_LOOK = (
    "themeQuartz.withParams({accentColor: 'var(--studio-accent)', backgroundColor: 'var(--studio-surface)', "
    "foregroundColor: 'var(--studio-ink)', borderColor: 'var(--studio-line)', browserColorScheme: 'inherit', "
    "headerBackgroundColor: 'var(--studio-raised)', headerTextColor: 'var(--studio-ink-soft)', "
    "fontFamily: 'inherit', wrapperBorderRadius: '9px'})"
)
MONEY = ("Monetary", "CLV_6m")
COLUMNS: dict[str, dict[str, Any]] = {
    "CustomerID": {"headerName": "Customer", "pinned": "left", "width": 120},
    "SegmentName": {"headerName": "Segment", "minWidth": 220, "flex": 2},
    "PrimaryCountry": {"headerName": "Country", "minWidth": 140, "flex": 1},
    "Recency": {"headerName": "Recency (days)", "type": "rightAligned", "valueFormatter": {"function": _WHOLE}},
    "Frequency": {"headerName": "Frequency (orders)", "type": "rightAligned", "valueFormatter": {"function": _WHOLE}},
    "Monetary": {"headerName": "Monetary", "type": "rightAligned"},
    "CLV_6m": {"headerName": "CLV, 6 months", "type": "rightAligned"},
}


def grid(id: str, key: str) -> Component:
    """The empty table; it asks for its rows by `getRowsRequest` and is answered with what `rows` returns.

    Parameters
    ----------
    key : another view has another one, so that no row of the old view is kept.
    """
    table = dash_ag_grid.AgGrid(
        id=id,
        rowModelType="infinite",
        columnDefs=[{"field": field, **described, **_amount(field)} for field, described in COLUMNS.items()],
        defaultColDef={"sortable": True, "resizable": True, "minWidth": 110, "flex": 1},
        dashGridOptions={
            "theme": {"function": _LOOK},
            "cacheBlockSize": ROWS_AT_A_TIME,
            "suppressMultiSort": True,
            "suppressCellFocus": False,
        },
        style={"height": "520px"},
        className="customer-grid",
    )
    return html.Div(table, key=key)


def _amount(field: str) -> dict[str, Any]:
    """How the browser writes an amount: in the currency of the page that it is on."""
    if field not in MONEY:
        return {}
    written = f"params.value == null ? '' : '{formats.currency()}' + d3.format(',.2f')(params.value)"
    return {"valueFormatter": {"function": written}}


def rows(customers: pd.DataFrame, names: Mapping[int, str], request: Mapping[str, Any]) -> dict[str, Any]:
    """The rows that the table has in sight, in the order it asks for: {"rowData", "rowCount"}.

    Parameters
    ----------
    customers : the view's customers with Segment; as they come they are in the order of CustomerID.
    request : AG Grid's {"startRow", "endRow", "sortModel": [{"colId", "sort"}]}.
    """
    named = customers.assign(SegmentName=customers["Segment"].map(lambda label: names[int(label)]))
    for order in request.get("sortModel") or []:
        if order["colId"] in COLUMNS:
            named = named.sort_values(order["colId"], ascending=order["sort"] == "asc", kind="stable")
    start = max(int(request.get("startRow") or 0), 0)
    end = min(int(request.get("endRow") or ROWS_AT_A_TIME), start + 10 * ROWS_AT_A_TIME)
    shown = named[list(COLUMNS)].iloc[start:end]
    readable = shown.astype(object).where(shown.notna(), None)
    return {"rowData": readable.to_dict("records"), "rowCount": len(named)}
