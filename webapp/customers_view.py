"""The customers that the page's filters leave, as a list to sort, filter and search, and each of them whole.

A click or Enter on a row opens the customer, and the address says so; `assets/customers.js` does that in the browser.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import dash_bootstrap_components as dbc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component

from pipeline.audience.choice import chosen
from webapp import components, customer_view, export_panel, filters, formats, listing, one_customer
from webapp.finished import Finished, at_hand
from webapp.views import View

NAME, TITLE = "customers", "Customers"
GRID, FIND, CHOSEN, COUNT = "customers-grid", "customers-find", "customers-columns", "customers-count"
ASKED, LIST, ONE = "customers-asked", "customers-list", "customers-one"
DONE, USUAL = "customers-done", "customers-usual-order"
SHOWN = export_panel.SHOWN
PLACES = {SHOWN: "data"}
HELP = (
    "Whoever most is expected of comes first; click a heading to sort otherwise. Click a customer, or press Enter on "
    "one, to see all that is known of them."
)
HIDDEN_AT_FIRST = ("Overdue",)


def area(results: Finished, view: View) -> list[Component]:
    """The list and the panel to take it along, or the customer whom the address asks for."""
    customer = view.customer
    shown = opened(results, view, customer) if customer else []
    place = html.Div(shown, id=ONE, className="stack")
    stores = [
        dcc.Store(id=ASKED, data=customer),
        dcc.Store(id=USUAL, data=listing.USUAL_ORDER),
        *(dcc.Store(id=f"{DONE}-{part}") for part in ("find", "columns", "rows", "kept")),
    ]
    return [
        *stores,
        html.Div(_list(results, view), id=LIST, className="stack", hidden=bool(shown) and is_there(results, customer)),
        place,
    ]


def redrawn(_: Finished, view: View) -> dict[str, Any]:
    """What the list with its count, the panel and the open customer follow, by id."""
    return {SHOWN: export_panel.query(view)}


def register(app: Dash) -> None:
    """Wire the list, the search, the choice of columns, and the opening of a customer."""
    export_panel.register(app)
    _register_browser(app)
    shown, late = State(SHOWN, "data"), {"prevent_initial_call": True}

    rows, count = Output(GRID, "getRowsResponse"), Output(COUNT, "children")
    own, was = Output(export_panel.NARROWED, "data"), State(export_panel.NARROWED, "data")

    @app.callback(rows, count, own, Input(GRID, "getRowsRequest"), shown, was, **late)
    def list_customers(request: dict[str, Any] | None, shown: str, was: str) -> Any:
        if not request:
            return no_update, no_update, no_update
        view, model = View.from_query(shown), request.get("filterModel") or {}
        answer, now = listed(view, request), _written(model)
        told = counted(at_hand(view), view, answer["rowCount"], model)
        return answer, told, no_update if now == was else now

    @app.callback(Output(ONE, "children"), Output(LIST, "hidden"), Input(ASKED, "data"), Input(SHOWN, "data"), **late)
    def open_customer(customer: str | None, shown: str) -> tuple[Any, bool]:
        view = View.from_query(shown)
        results = at_hand(view)
        return opened(results, view, customer or ""), is_there(results, customer or "")


def opened(results: Finished, view: View, customer: str) -> list[Component]:
    """A customer of a settled view; a sentence where there is nobody of that number, and nothing for none."""
    if not customer:
        return []
    if not is_there(results, customer):
        return [components.failed(customer_view.unknown(customer).split(";")[0] + ".")]
    drawn: list[Component] = results.once(
        ("one customer", replace(view, customer=""), customer), lambda: one_customer.area(results, view, customer)
    )
    return drawn


def is_there(results: Finished, customer: str) -> bool:
    """Whether there is a customer of this number."""
    return bool(customer) and customer_view.known(results, customer)


def counted(results: Finished, view: View, rows: int | None = None, model: Mapping[str, Any] | None = None) -> str:
    """How many customers the filters of the page leave, and how many of them the list's own filters.

    Parameters
    ----------
    rows, model : how many the list holds, and by which filters of its own; None where it has none.
    """
    left = len(chosen(results.in_segments(view), view.choice))
    if not left:
        return "No customer is left after the filters of the page."
    if not model:
        return formats.plural(left, "customer")
    words = " and ".join(listing.in_words(model))
    told = f"{formats.count(rows)} of {formats.plural(left, 'customer')}: {words}."
    return f"{told} The audience below holds these; the other views show all {formats.count(left)}."


def listed(view: View, request: dict[str, Any]) -> dict[str, Any]:
    """The rows of the list that are in sight; what was sorted and filtered once is kept for the next rows."""
    results = at_hand(view)
    whole = results.once(
        ("listed", view),
        lambda: listing.table(chosen(results.in_segments(view), view.choice), results.names(view)),
    )
    asked = repr((request.get("sortModel"), request.get("filterModel")))
    places = results.once(("order", view, asked), lambda: listing.order(whole, request))
    return listing.page(whole, places, request)


def _list(results: Finished, view: View) -> list[Component]:
    there = [field for field in listing.COLUMNS if field in results.customers or field == "SegmentName"]
    choices = [
        {"label": described["headerName"], "value": name}
        for name, described in listing.COLUMNS.items()
        if name in there and name != listing.ALWAYS
    ]
    first = [name for name in there if name not in (*HIDDEN_AT_FIRST, listing.ALWAYS)]
    model = listing.model_of(view.rows) if listing.is_there(listing.model_of, view.rows) else {}
    sort = view.sort if listing.is_there(listing.order_of, view.sort) else ""
    boxes = dbc.Checklist(id=CHOSEN, options=choices, value=first, persistence=True, persistence_type="local")
    columns = html.Details([html.Summary("Columns"), boxes], className="fold column-choice")
    field = dbc.Input(
        id=FIND, type="search", debounce=0.25, placeholder="How it begins", autocomplete="off", value=_searched(model)
    )
    search = html.Div([dbc.Label("Find a customer", html_for=FIND), field], className="filter-field")
    left = chosen(results.in_segments(view), view.choice)
    size = len(listing.narrowed(left, results.names(view), model))
    count = html.P(counted(results, view, size, model), id=COUNT, role="status")
    held = [
        dcc.Input(type="hidden", id=id, value=value)
        for id, value in zip(filters.LISTED.values(), (_written(model), sort), strict=True)
    ]
    tools = html.Div([search, columns, count], className="customer-search")
    order = listing.order_of(sort or listing.USUAL_ORDER)
    grid = listing.grid(GRID, "customers", there, HIDDEN_AT_FIRST, model, order)
    table = components.section(TITLE, [tools, grid, *held], help=HELP)
    return [table, export_panel.section(results, view, _written(model))]


def _written(model: Mapping[str, Any]) -> str:
    """The list's own filters as the address and the panel hold them; empty for none."""
    return json.dumps(model, separators=(",", ":")) if model else ""


def _searched(model: Mapping[str, Any]) -> str:
    """What the search holds where the filters are those that it sets."""
    asked = model.get(listing.ALWAYS, {})
    return str(asked["filter"]) if asked.get("type") == "startsWith" else ""


def _register_browser(app: Dash) -> None:
    late = {"prevent_initial_call": True}

    def function(name: str) -> ClientsideFunction:
        return ClientsideFunction("customers", name)

    app.clientside_callback(
        function("find"), Output(GRID, "filterModel"), Input(FIND, "value"), State(GRID, "filterModel"), **late
    )
    app.clientside_callback(
        function("choose"),
        Output(f"{DONE}-columns", "data"),
        Input(CHOSEN, "value"),
        State(CHOSEN, "options"),
        State(GRID, "id"),
    )
    rows, sort = filters.LISTED.values()
    app.clientside_callback(
        function("keep"),
        Output(rows, "value"),
        Output(sort, "value"),
        Input(GRID, "getRowsRequest"),
        State(rows, "value"),
        State(sort, "value"),
        State(USUAL, "data"),
        **late,
    )
    app.clientside_callback(
        function("restore"),
        Output(f"{DONE}-kept", "data"),
        Input(rows, "value"),
        Input(sort, "value"),
        State(GRID, "id"),
        State(FIND, "id"),
        State(USUAL, "data"),
    )
    app.clientside_callback(
        function("refresh"), Output(f"{DONE}-rows", "data"), Input(SHOWN, "data"), State(GRID, "id"), **late
    )
    app.clientside_callback(function("arrive"), Output(f"{DONE}-find", "data"), Input(ONE, "children"), **late)
