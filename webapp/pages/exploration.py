"""The Explore page: filter the customers, look at them from several sides, and take the list along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from pipeline.audience.choice import chosen
from pipeline.errors import PipelineError
from webapp import (
    components,
    customers_view,
    downloads,
    filters,
    ids,
    markup,
    one_segment_view,
    overview_view,
    report_menu,
    slips,
)
from webapp.awaited import after_run, guessed, not_there, pending
from webapp.finished import Finished, at_hand, finished
from webapp.tabs import Tabs
from webapp.views import View

PATH = "/explore"
TITLE = "Explore"
LEAD = "Who is worth how much, where they are, and who comes next."
BASE, KEPT, KEPT_NAMES, RESULTS = "explore-base", "explore-kept", "explore-kept-names", "explore-results"
SHOWN, EMPTY, SLIPS = "explore-shown", "explore-empty", "explore-slips"
KEEP = ClientsideFunction("wayBack", "keep")
EVERY_SEGMENT = ClientsideFunction("explore", "everySegment")


def _read(base: Mapping[str, Any], chosen: Mapping[str, Any]) -> tuple[Finished, View]:
    kept = {name: base.get(name) for name in ("customer", *filters.LISTED)}
    view = View.from_address(base["data"], base["recipe"], **kept, **chosen)
    results = at_hand(view)
    return results, results.settled(view)


TABS = Tabs("explore", (overview_view, one_segment_view, customers_view), filters.CONTROLS, BASE, _read)
"""The views of the page, in the order of its switch: each shows the customers that the filters leave."""


def layout(data: str | None = None, recipe: str | None = None, **asked: Any) -> Component:
    """The page for a view: finished results at once, else a run is started."""
    if not data:
        return components.page(TITLE, LEAD, components.no_data())
    try:
        view = View.from_address(data, recipe, **asked)
        results = finished(view)
    except PipelineError as problem:
        return components.page(TITLE, LEAD, not_there(data, problem))
    base = dcc.Store(id=BASE, data={"data": view.data, "recipe": view.recipe, **asked})
    inside = results_area(results, view, asked) if results else pending(view)
    body = [base, guessed(view), html.Div(inside, id=RESULTS, className="stack")]
    return components.page(TITLE, LEAD, body, actions=report_menu.menu("explore", view))


def results_area(results: Finished, asked: View, typed: Mapping[str, Any] | None = None) -> list[Component]:
    """The filters, which stand above every view, and what they leave; `typed` is the address as it came."""
    view = results.settled(asked)
    left = around(results, view)
    places = TABS.places(results, view, filters.values(view))
    return [
        dcc.Store(id=KEPT_NAMES, data=[*filters.CONTROLS, "view"]),
        dcc.Store(id=KEPT),
        TABS.controls(view, filters.section(results, view, left[filters.DOWNLOAD], left[filters.CHIPS])),
        TABS.switch(view),
        slips.place(SLIPS, _slips(results, typed or {}, view)),
        html.Div(left[EMPTY], id=EMPTY),
        html.Div(places, id=SHOWN, hidden=left[SHOWN]),
    ]


def _slips(results: Finished, typed: Mapping[str, Any], view: View) -> list[str | list[str | Component]]:
    shown = TABS.shown(view).NAME
    told: list[str | list[str | Component]] = [
        *slips.of_view(view.view, TABS.titles, shown),
        *slips.told(results, typed, view),
    ]
    if shown == customers_view.NAME or not customers_view.is_there(results, view.customer):
        return told
    where, here = TABS.titles[customers_view.NAME], TABS.titles[shown]
    said = f"Customer {view.customer} is open in the view “{where}”; “{here}” is shown. "
    there = replace(view, view=customers_view.NAME).address(PATH)
    return [*told, [said, html.A(f"Show customer {view.customer}", href=there)]]


def around(results: Finished, view: View) -> dict[str, Any]:
    """What stands around the views of a settled view, by its id: whether anybody is left, the download."""
    size, names = len(chosen(results.in_segments(view), view.choice)), results.names(view)
    return {
        filters.CHIPS: filters.chips(view, names, size, len(results.customers)),
        EMPTY: None if size else filters.nobody(view, names),
        SHOWN: not size,
        SLIPS: None,
        filters.DOWNLOAD: view.address(downloads.PATH),
    }


def register_callbacks(app: Dash) -> None:
    """Wire the page: the views, what stands around them, the address and the download."""
    downloads.register(app.server)
    TABS.register(app)
    base, late = State(BASE, "data"), {"prevent_initial_call": True}
    asked = {name: Input(id, "value") for name, id in filters.CONTROLS.items()}
    shown, names = Input(TABS.switch_id, "value"), State(KEPT_NAMES, "data")
    app.clientside_callback(KEEP, Output(KEPT, "data"), *asked.values(), shown, names, **late)
    _register_filters(app, base, asked)

    @app.callback(Output(RESULTS, "children"), Input(ids.RUN_STATUS, "data"), base, **late)
    def show_results(status: dict[str, Any] | None, base: dict[str, Any]) -> Any:
        return after_run(View.from_address(**base), status, lambda results, view: results_area(results, view, base))


def _register_filters(app: Dash, base: State, asked: dict[str, Input]) -> None:
    places = {id: Output(id, "children") for id in (EMPTY, SLIPS)}
    places |= {
        filters.CHIPS: Output(filters.CHIPS, markup.HTML),
        SHOWN: Output(SHOWN, "hidden"),
        filters.DOWNLOAD: Output(filters.DOWNLOAD, "href"),
    }
    segment, late = filters.CONTROLS["segment"], {"prevent_initial_call": True}
    app.clientside_callback(EVERY_SEGMENT, Output(segment, "value"), asked["method"], asked["k"], **late)

    @app.callback(output=places, inputs={"chosen": asked, "base": base}, **late)
    def redraw_around(chosen: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
        return around(*_read(base, chosen))

    @app.callback(Output(segment, "options"), asked["method"], asked["k"], base, **late)
    def offer_segments(method: str, k: str, base: dict[str, Any]) -> Any:
        return filters.segment_choices(*_read(base, {"method": method, "k": k}))
