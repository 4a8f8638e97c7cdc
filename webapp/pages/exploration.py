"""The Explore page: filter the customers, see which segments are worth what, and take the list along."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import ALL, Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component

from pipeline.errors import PipelineError
from pipeline.profiles.insights import insights
from pipeline.profiles.summary import segment_summary
from pipeline.segmentation import RESULTS as LAST_STAGE
from webapp import (
    components,
    downloads,
    formats,
    glossary,
    ids,
    listing,
    markup,
    panels,
    points,
    reach,
    views,
    worth_acting,
)
from webapp.charts import country_revenue, monetary_value, recency_frequency, value_box
from webapp.finished import Finished, after_run, at_hand, finished, not_there
from webapp.views import View

PATH = "/explore"
TITLE = "Explore"
LEAD = "Who is worth how much, where they are, and who comes next."
BASE, KEPT, KEPT_NAMES = "explore-base", "explore-kept", "explore-kept-names"
SHOWN, EMPTY, KPIS = "explore-shown", "explore-empty", "explore-kpis"
SUMMARY, INSIGHTS, REACH = "explore-summary", "explore-insights", "explore-reach"
TABLE, GRID = "explore-table", "explore-grid"
DOWNLOAD, BACK, RESULTS = "explore-download", "explore-back", "explore-results"
FIRST, SECOND, BOX, COUNTRIES = "explore-recency", "explore-monetary", "explore-value", "explore-countries"
CONTROLS = {
    "method": "explore-method",
    "k": "explore-k",
    "segment": "explore-segment",
    "country": "explore-country",
    "min_clv": "explore-min-clv",
    "min_frequency": "explore-min-frequency",
    "table": "explore-show-table",
}
CHARTS = {
    FIRST: (recency_frequency.TITLE, 420),
    SECOND: (monetary_value.TITLE, 420),
    BOX: (value_box.TITLE, 420),
    COUNTRIES: (country_revenue.TITLE, None),
}
FIELD_TERMS = {
    "method": "Method",
    "k": "k",
    "segment": "Segment",
    "country": "Country",
    "min_clv": "CLV",
    "min_frequency": "Frequency",
}
FILTERS = ("segment", "country", "min_clv", "min_frequency")
HIDDEN = {"display": "none"}
KEEP = (
    "(method, k, segment, country, clv, orders, table, names) => window.dash_clientside.studio.keepAddress("
    f"method, k, ...[segment, country].map((one) => one === '{views.EVERYWHERE}' ? '' : one), "
    "clv, orders, table ? 'yes' : '', names)"
)


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
    inside = results_area(results, results.settled(view)) if results else pending(view)
    return components.page(TITLE, LEAD, [base, html.Div(inside, id=RESULTS, className="stack")])


def pending(view: View) -> list[Component]:
    """The place of the results while they are being made."""
    return [
        components.working("Finding the segments of your customers."),
        components.needs(view.data, view.recipe, LAST_STAGE),
    ]


def results_area(results: Finished, view: View) -> list[Component]:
    """The controls, and what they leave."""
    drawn = {id: None if shown is no_update else shown for id, shown in explored(results, view).items()}
    cards = [
        panels.chart(id, title, drawn[id], drawn[f"{id}-caption"], html.Div(), height)
        for id, (title, height) in CHARTS.items()
    ]
    for card, id in zip(cards, CHARTS, strict=True):
        card[f"{id}-twin"].children = drawn[f"{id}-twin"]
    told = components.section("What stands out", markup.still([], id=INSIGHTS, className="stands-out"))
    summed = components.section("Segments", markup.still([], id=SUMMARY), help="Averages per customer.")
    reached = components.section(reach.TITLE, markup.kept(drawn[REACH] or "", id=REACH), help=reach.HELP)
    told[INSIGHTS].children, summed[SUMMARY].children = drawn[INSIGHTS], drawn[SUMMARY]
    kpi_row = markup.still([], id=KPIS)
    kpi_row.children = drawn[KPIS]
    shown = [kpi_row, told, summed, reached, html.Div(cards, className="pair")]
    return [
        dcc.Store(id=KEPT_NAMES, data=list(CONTROLS)),
        dcc.Store(id=KEPT),
        filters(results, view, drawn[DOWNLOAD]),
        html.Div(drawn[EMPTY], id=EMPTY),
        html.Div(shown, id=SHOWN, className="stack", style=drawn[SHOWN]),
        html.Div(drawn[TABLE], id=TABLE),
    ]


def filters(results: Finished, view: View, download: Any) -> Component:
    """The controls of the page: which segments, which customers, and what to do with them."""
    methods = [{"label": title, "value": name} for name, title in results.titles.items()]
    ks = [{"label": str(k), "value": str(k)} for k in results.ks]
    places = [{"label": "All countries", "value": views.EVERYWHERE}]
    places += [{"label": country, "value": country} for country in results.countries]
    place = view.country or views.EVERYWHERE
    segments = segment_choices(results, view)
    segment = views.EVERYWHERE if view.segment is None else str(view.segment)
    money = [dbc.InputGroupText(formats.currency() or "≥"), _number("min_clv", view.min_clv, 1)]
    fields = [
        _field("method", "Method", dbc.Select(id=CONTROLS["method"], options=methods, value=view.method)),
        _field("k", "Segments", dbc.Select(id=CONTROLS["k"], options=ks, value=str(view.k))),
        _field("segment", "Segment", dbc.Select(id=CONTROLS["segment"], options=segments, value=segment)),
        _field("country", "Country", dbc.Select(id=CONTROLS["country"], options=places, value=place)),
        _field("min_clv", "Minimum CLV", dbc.InputGroup(money)),
        _field("min_frequency", "Minimum orders", _number("min_frequency", view.min_frequency, 1)),
    ]
    take = html.A(
        [components.icon("download"), " Download CSV"],
        id=DOWNLOAD,
        href=download,
        download="",
        className="btn btn-primary",
    )
    switch = dbc.Switch(id=CONTROLS["table"], value=view.table, label="List the customers")
    buttons = html.Div(
        [html.Div(switch, className="filter-switch"), _clear("filters", "Clear filters", "outline-secondary"), take],
        className="filter-buttons",
    )
    return html.Section([html.Div(fields, className="filter-fields"), buttons], className="section filters")


def segment_choices(results: Finished, view: View) -> list[dict[str, str]]:
    """All segments, or one of those of a settled view."""
    everyone = [{"label": "All segments", "value": views.EVERYWHERE}]
    return everyone + [{"label": name, "value": str(label)} for label, name in results.names(view).items()]


def explored(results: Finished, view: View) -> dict[str, Any]:
    """What every part of the page shows under a settled view, by its id; `no_update` where nobody is left."""
    everyone = results.in_segments(view)
    customers = views.selected(everyone, view)
    names = results.names(view)
    links = {DOWNLOAD: view.address(downloads.PATH), TABLE: table(view, len(customers))}
    if customers.empty:
        parts = [
            KPIS,
            SUMMARY,
            INSIGHTS,
            REACH,
            *(f"{id}{part}" for id in CHARTS for part in ("", "-caption", "-twin")),
        ]
        return dict.fromkeys(parts, no_update) | links | {EMPTY: nobody(view, names), SHOWN: HIDDEN}
    summary = segment_summary(customers.drop(columns="Segment"), customers["Segment"])
    averages = markup.source(panels.summary_table(summary, names))
    return {
        KPIS: markup.source(panels.kpis(customers, everyone)),
        SUMMARY: averages,
        REACH: markup.source(reach.table(results, view)),
        INSIGHTS: markup.source(
            [
                panels.sentences(insights(summary, names, len(customers), len(everyone), formats.money)),
                worth_acting.listed(results, view),
            ]
        ),
        EMPTY: None,
        SHOWN: {},
        **charts(customers, names, averages),
        **links,
    }


def charts(customers: Any, names: dict[int, str], averages: str) -> dict[str, Any]:
    """The four charts with their captions and table twins, by id; `averages` is the twin of the scatters."""
    note = points.note(customers)
    return {
        FIRST: recency_frequency.figure(customers, names),
        f"{FIRST}-caption": f"{recency_frequency.CAPTION} {note}.",
        f"{FIRST}-twin": averages,
        SECOND: monetary_value.figure(customers, names),
        f"{SECOND}-caption": f"{monetary_value.CAPTION} {note}.",
        f"{SECOND}-twin": averages,
        BOX: value_box.figure(customers, names),
        f"{BOX}-caption": value_box.CAPTION,
        f"{BOX}-twin": markup.source(panels.table(value_box.readable(customers, names), value_box.TITLE)),
        COUNTRIES: country_revenue.figure(customers),
        f"{COUNTRIES}-caption": country_revenue.caption(customers),
        f"{COUNTRIES}-twin": markup.source(panels.table(country_revenue.readable(customers), country_revenue.TITLE)),
    }


def nobody(view: View, names: dict[int, str]) -> Component:
    """What to say and do where the filters leave nobody."""
    asked = " and ".join(views.filters_in_words(view, names, formats.money(view.min_clv)))
    return components.nothing_left(f"No customer is {asked}.", _clear("empty", "Clear filters", "primary"))


def table(view: View, size: int) -> Component | None:
    """The list of customers, where it is asked for and there are any."""
    if not view.table or not size:
        return None
    told = f"{formats.plural(size, 'customer')}. Click a heading to sort."
    return components.section("Customers", listing.grid(GRID, view.address("")), help=told)


def register_callbacks(app: Dash) -> None:
    """Wire the page: filters to what is shown, the list, the address and the download."""
    downloads.register(app.server)
    base = State(BASE, "data")
    asked = {name: Input(id, "value") for name, id in CONTROLS.items()}
    late = {"prevent_initial_call": True}
    app.clientside_callback(KEEP, Output(KEPT, "data"), *asked.values(), State(KEPT_NAMES, "data"), **late)
    _register_filters(app, base, asked)

    @app.callback(Output(RESULTS, "children"), Input(ids.RUN_STATUS, "data"), base, **late)
    def show_results(status: dict[str, Any] | None, base: dict[str, Any]) -> Any:
        return after_run(View.from_address(**base), status, results_area)

    @app.callback(
        output=Output(GRID, "getRowsResponse"),
        inputs={"request": Input(GRID, "getRowsRequest"), "base": base, "chosen": _states()},
    )
    def list_customers(request: dict[str, Any] | None, base: dict[str, Any], chosen: dict[str, Any]) -> Any:
        return listed(_view(base, chosen), request) if request else no_update


def _register_filters(app: Dash, base: State, asked: dict[str, Input]) -> None:
    places = {id: Output(id, "children") for id in (KPIS, SUMMARY, INSIGHTS, REACH, EMPTY, TABLE)}
    places |= {id: Output(id, "figure") for id in CHARTS}
    places |= {f"{id}-{part}": Output(f"{id}-{part}", "children") for id in CHARTS for part in ("caption", "twin")}
    places |= {SHOWN: Output(SHOWN, "style"), DOWNLOAD: Output(DOWNLOAD, "href")}

    @app.callback(output=places, inputs={"chosen": asked, "base": base}, prevent_initial_call=True)
    def filter_customers(chosen: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
        return redrawn(_view(base, chosen))

    @app.callback(
        *(Output(CONTROLS[name], "value", allow_duplicate=True) for name in FILTERS),
        Input({"type": "explore-clear", "at": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def clear(clicks: list[int | None]) -> tuple[Any, ...]:
        return (views.EVERYWHERE, views.EVERYWHERE, None, None) if any(clicks) else (no_update,) * len(FILTERS)

    @app.callback(
        Output(CONTROLS["segment"], "options"),
        Output(CONTROLS["segment"], "value"),
        asked["method"],
        asked["k"],
        State(CONTROLS["segment"], "options"),
        base,
        prevent_initial_call=True,
    )
    def offer_segments(method: str, k: str, offered: list[dict[str, str]], base: dict[str, Any]) -> Any:
        return other_segments(_view(base, {"method": method, "k": k}), offered)


def redrawn(view: View) -> dict[str, Any]:
    """Every part of the page under other filters."""
    results = at_hand(view)
    return explored(results, results.settled(view))


def other_segments(view: View, offered: list[dict[str, str]]) -> tuple[Any, Any]:
    """The segments to choose from under another method or k, and all of them chosen: a number names others now."""
    results = at_hand(view)
    choices = segment_choices(results, results.settled(view))
    return (no_update, no_update) if choices == offered else (choices, views.EVERYWHERE)


def listed(view: View, request: dict[str, Any]) -> dict[str, Any]:
    """The rows of the list that are in sight."""
    results = at_hand(view)
    settled = results.settled(view)
    return listing.rows(views.selected(results.in_segments(settled), settled), results.names(settled), request)


def _view(base: dict[str, Any], chosen: dict[str, Any]) -> View:
    return View.from_address(base["data"], base["recipe"], **chosen)


def _states() -> dict[str, State]:
    return {name: State(id, "value") for name, id in CONTROLS.items()}


def _field(name: str, label: str, control: Component) -> Component:
    help = glossary.explained(FIELD_TERMS[name], "?") if name in FIELD_TERMS else None
    head = html.Div([dbc.Label(label, html_for=CONTROLS[name]), help], className="filter-label")
    return html.Div([head, control], className="filter-field")


def _number(name: str, value: float, step: int) -> Component:
    shown = value or None
    field: Component = dbc.Input(
        id=CONTROLS[name], type="number", min=0, step=step, value=shown, placeholder="any", debounce=0.35
    )
    return field


def _clear(at: str, words: str, color: str) -> Component:
    button: Component = dbc.Button(words, id={"type": "explore-clear", "at": at}, color=color)
    return button
