"""The frame around every page: where one stands, which data is open, the run that is under way, light or dark.

Everything about a run lives here, outside the pages, so that it survives a change of page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import dash
import dash_bootstrap_components as dbc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component
from flask import Response, request

from pipeline.errors import PipelineError
from webapp import formats, guide, ids, incidents, languages, runs, workspace
from webapp.components import aria, failed, icon
from webapp.components import page as page_of
from webapp.pages import exploration, modelling, upload

BRAND = "Segment Studio"
NOT_FOUND = "Page not found"
POLL_MILLISECONDS = 250
NOTICE_MILLISECONDS = 12_000
PAGES: tuple[Any, ...] = (upload, modelling, exploration)
ANY_ADDRESS = "/<path:path>"
"""Dash's own name for whatever address nothing else answers."""
STEPS = (("/", "Data"), ("/model", "Model"), ("/explore", "Explore"))

INDEX = """<!DOCTYPE html>
<html lang="en" data-bs-theme="light">
    <head>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        {%metas%}
        <title>{%title%}</title>
        <link rel="icon" type="image/svg+xml" href="/assets/icon.svg">
        <script src="/assets/theme.js"></script>
        {%css%}
    </head>
    <body>
        {%app_entry%}
        <footer>
            {%config%}
            {%scripts%}
            {%renderer%}
        </footer>
        <noscript>Segment Studio draws its pages in the browser: please allow JavaScript for this address.</noscript>
    </body>
</html>"""


def register(app: Dash) -> None:
    """Give the app its frame, its pages and all their callbacks."""
    for page in PAGES:
        title = f"{page.TITLE} · {BRAND}"
        dash.register_page(page.__name__, path=page.PATH, name=page.TITLE, title=title, layout=told(page))
    dash.register_page("not_found_404", title=f"{NOT_FOUND} · {BRAND}", layout=not_found)
    app.layout = layout
    app.server.before_request(amounts_as_usual)
    app.server.before_request(languages.follow_the_reader)
    app.server.after_request(nothing_there)
    _register_runs(app)
    _register_frame(app)
    guide.register(app)
    for page in PAGES:
        page.register_callbacks(app)


def amounts_as_usual() -> None:
    """Forget the currency of the request before on this thread; a page's data set says its own."""
    formats.write_amounts_in(None)


def nothing_there(response: Response) -> Response:
    """An address that is no page's is answered as one: Dash sends the frame for whatever address is left over."""
    left_over = request.endpoint == ANY_ADDRESS
    if left_over and request.path.removesuffix("/") not in {page.PATH for page in PAGES}:
        response.status_code = 404
    return response


def layout() -> Component:
    """The frame, with a place for the page."""
    return html.Div(
        [
            html.A("Skip to the content", href=f"#{ids.CONTENT}", className="skip-link"),
            _top_bar(),
            _run_strip(),
            html.Main(dash.page_container, id=ids.CONTENT, tabIndex=-1),
            _toasts(),
            _outage(),
            guide.panel(),
            *_stores(),
        ],
        className="frame",
    )


def told(page: Any) -> Callable[..., Component]:
    """The layout of a page; where what it shows cannot be had, the reason in its place."""

    def layout(**asked: Any) -> Component:
        try:
            shown: Component = page.layout(**asked)
        except PipelineError as error:
            again = html.A("Try again", href="", className="btn btn-sm btn-outline-danger")
            return page_of(page.TITLE, "", failed(str(error), again))
        return shown

    return layout


def not_found(**_: Any) -> Component:
    """What stands at an address that is none of the pages."""
    home = dcc.Link("Go to the Data page", href="/", className="btn btn-sm btn-outline-danger")
    return page_of(NOT_FOUND, "", failed("There is no page at this address; it may be mistyped.", home))


def _top_bar() -> Component:
    brand = dcc.Link(
        [html.Img(src="/assets/icon.svg", alt="", width=28, height=28), html.Span(BRAND)], href="/", className="brand"
    )
    switch = html.Button(
        [icon("moon-stars"), icon("sun")],
        id=ids.THEME_SWITCH,
        className="icon-button theme-switch",
        title="Light or dark",
        **aria(label="Switch between light and dark"),
    )
    return html.Header(
        [
            brand,
            html.Nav(html.Ol(step_links("/", "", None), id=ids.STEPS), className="steps", **aria(label="Steps")),
            html.Div(id=ids.DATASET_NAME, className="dataset-name"),
            html.Div([guide.button(), switch], className="top-tools"),
        ],
        className="top-bar",
    )


def _run_strip() -> Component:
    words = html.Div(
        [
            html.Span(className="spinner", **aria(hidden="true")),
            html.Strong(id=ids.RUN_STAGE),
            html.Span(id=ids.RUN_SENTENCE, className="run-sentence"),
            html.Span(id=ids.RUN_ELAPSED, className="run-elapsed num"),
            html.Button("Cancel", id=ids.RUN_CANCEL, className="btn btn-sm btn-outline-secondary run-cancel"),
            html.Button("Try again", id=ids.RUN_AGAIN, className="btn btn-sm btn-outline-danger run-again"),
            html.Button(icon("x-lg"), id=ids.RUN_DISMISS, className="icon-button run-dismiss", **aria(label="Dismiss")),
        ],
        className="run-words",
    )
    bar = html.Div(html.Div(id=ids.RUN_BAR, className="run-bar"), className="run-track")
    spoken = html.Div(id=ids.RUN_SPOKEN, className="visually-hidden", role="status", **aria(live="polite"))
    named: dict[str, Any] = {"role": "region", **aria(label="The run under way")}
    return html.Div([html.Div([words, bar], id=ids.RUN_STRIP, className="run-strip", **named), spoken])


def _toasts() -> Component:
    """What was done and what did not work; both outlast a change of page."""
    done = dbc.Toast(
        id=ids.NOTICE,
        header="Done",
        icon="success",
        is_open=False,
        dismissable=True,
        duration=NOTICE_MILLISECONDS,
        className="studio-toast",
    )
    failed = dbc.Toast(
        id=ids.TOAST,
        header="That did not work",
        icon="danger",
        is_open=False,
        dismissable=True,
        className="studio-toast",
    )
    return html.Div([done, failed], className="studio-toasts")


def _outage() -> Component:
    """What says that the page is behind while the server is away; `assets/studio.js` shows and hides it."""
    told = "The server does not answer, so the page still shows what was there before. It follows as soon as it can."
    again = html.Button("Try again", type="button", className="btn btn-sm btn-outline-danger")
    return html.Div([html.Span(told), again], id=ids.OUTAGE, className="outage", hidden=True, role="alert")


def _stores() -> list[Component]:
    kept = (ids.RUN_REQUEST, ids.RUN_WANTED, ids.RUN_JOB, ids.RUN_RESULT, ids.RUN_PROGRESS, ids.RUN_STATUS, ids.THEME)
    return [dcc.Store(id=name) for name in kept]


def _register_runs(app: Dash) -> None:
    browser: Any = app.clientside_callback
    wanted = Output(ids.RUN_WANTED, "data", allow_duplicate=True)
    strip = Output(ids.RUN_STRIP, "className", allow_duplicate=True)
    ask, late = ClientsideFunction("studio", "ask"), {"prevent_initial_call": True}
    browser(ask, wanted, Input(ids.NEEDS, "data"), **late)
    browser(ask, wanted, Input(ids.RUN_REQUEST, "data"), **late)
    browser(
        ClientsideFunction("studio", "resume"),
        wanted,
        Input(ids.CONTENT, "id"),
        prevent_initial_call="initial_duplicate",
    )
    again = Input(ids.RUN_AGAIN, "n_clicks")
    browser(ClientsideFunction("studio", "askAgain"), wanted, again, State(ids.RUN_STATUS, "data"), **late)
    browser(ClientsideFunction("studio", "jobStarted"), strip, Input(ids.RUN_JOB, "data"), **late)
    browser(ClientsideFunction("studio", "statusChanged"), strip, Input(ids.RUN_STATUS, "data"), **late)
    browser(ClientsideFunction("studio", "dismiss"), strip, Input(ids.RUN_DISMISS, "n_clicks"), **late)
    shown = [Output(ids.RUN_STAGE, "children"), Output(ids.RUN_SENTENCE, "children"), Output(ids.RUN_BAR, "style")]
    spoken = Output(ids.RUN_SPOKEN, "children")
    both = Input(ids.RUN_PROGRESS, "data"), Input(ids.RUN_STATUS, "data")
    browser(ClientsideFunction("studio", "progress"), *shown, spoken, *both, **late)
    app.callback(
        Output(ids.RUN_STATUS, "data"),
        Output(ids.RUN_JOB, "data"),
        Input(ids.RUN_WANTED, "data"),
        State(ids.RUN_JOB, "data"),
        prevent_initial_call=True,
    )(look_up)
    app.callback(
        Output(ids.RUN_RESULT, "data"),
        Input(ids.RUN_JOB, "data"),
        background=True,
        interval=POLL_MILLISECONDS,
        progress=[Output(ids.RUN_PROGRESS, "data")],
        cancel=[Input(ids.RUN_CANCEL, "n_clicks")],
        prevent_initial_call=True,
    )(runs.run_stages)


def _register_frame(app: Dash) -> None:
    app.clientside_callback(
        ClientsideFunction("studio", "switchTheme"), Output(ids.THEME, "data"), Input(ids.THEME_SWITCH, "n_clicks")
    )
    app.callback(
        Output(ids.STEPS, "children"),
        Output(ids.DATASET_NAME, "children"),
        Input(ids.ADDRESS, "pathname"),
        Input(ids.ADDRESS, "search"),
        Input(ids.RUN_STATUS, "data"),
    )(where_one_stands)
    carry = ClientsideFunction("studio", "carryView")
    app.clientside_callback(carry, Output(ids.STEPS, "title"), Input(ids.STEPS, "children"))


def look_up(wanted: Any, job: Any) -> tuple[Any, Any]:
    """Answer a request from the store, or hand it to the job."""
    if not wanted:
        return dash.no_update, dash.no_update
    found, to_start = runs.look_up(wanted, job)
    return found, to_start if to_start is not None else dash.no_update


def where_one_stands(pathname: str | None, search: str | None, status: Any) -> tuple[list[Component], Any]:
    """The steps of the top bar, and the name of the data set that is open."""
    asked = {name: values[0] for name, values in parse_qs((search or "").removeprefix("?")).items()}
    data, recipe = asked.get("data"), asked.get("recipe")
    try:
        here = workspace.current()
        dataset = here.dataset(data) if data else None
        if dataset is not None:
            here.opened(dataset, status["recipe"] if status and status["data"] == data else recipe)
        modelled = dataset is not None and here.find(dataset.id, recipe) is not None
    except PipelineError:
        return step_links(pathname or "/", "", None), None
    done = None if dataset is None else 1 + modelled
    name = [icon("file-earmark-spreadsheet"), html.Span(dataset.name, title=dataset.name)] if dataset else None
    return step_links(pathname or "/", search if dataset and search else "", done), name


def step_links(pathname: str, query: str, done: int | None) -> list[Component]:
    """One entry per step: where one is, what is done, what comes next, and what must wait for data.

    Parameters
    ----------
    done : how many steps are done; None where there is no data set, so that the later steps cannot be opened.
    """
    entries: list[Component] = []
    for position, (path, word) in enumerate(STEPS):
        locked = done is None and position > 0
        here, finished = path == pathname, done is not None and position < done
        mark = icon("check-lg") if finished and not here else str(position + 1)
        inside = [html.Span(mark, className="step-mark"), html.Span(word, className="step-word")]
        state = "current" if here else "locked" if locked else "done" if finished else "next"
        entry = (
            html.Span(inside, title="First choose your data")
            if locked
            else dcc.Link(inside, href=path + query, id=f"step-{word.lower()}")
        )
        entries.append(html.Li(entry, className=f"step step-{state}", **(aria(current="step") if here else {})))
    return entries


def on_error(error: Exception) -> None:
    """An error in an ordinary callback: its sentence, or a reference to the log, on a toast; the page stays."""
    told = str(error) if isinstance(error, PipelineError) else incidents.sentence(incidents.record(error))
    dash.set_props(ids.TOAST, {"children": told, "is_open": True})
