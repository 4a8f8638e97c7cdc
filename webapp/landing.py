"""Where a visit begins: drop a file, try the sample shop, open what is here already."""

from __future__ import annotations

from typing import Any

import dash
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from webapp import components, datasets, formats, ids, runs, workspace
from webapp.components import icon

TRY_SAMPLE = "try-sample"
WHAT_A_FILE_NEEDS = (
    ("receipt", "Invoice", "which lines were bought together"),
    ("person", "Customer", "who bought; lines without one are left out"),
    ("calendar3", "Date", "when"),
    ("box-seam", "Product", "a code and a description"),
    ("123", "Quantity and price", "per line; returns may be negative"),
    ("globe2", "Country", "where the customer is"),
)


def page() -> Component:
    """The landing page."""
    known = workspace.current().datasets()
    return html.Div(
        [
            html.Header(
                [
                    html.Div(
                        [
                            html.H1("Know whom to talk to, with what, and when."),
                            html.P(
                                "Segment Studio turns a file of orders into customer segments, their lifetime value "
                                "and the charts to decide with.",
                                className="lead",
                            ),
                        ]
                    ),
                    html.Img(src="/assets/banner.svg", alt="", className="banner"),
                ],
                className="hero",
            ),
            html.Div([_drop_zone(), _sample_card()], className="start"),
            datasets.section(known) if known else None,
            _needed_columns(),
            dcc.Store(id=ids.UPLOADED),
        ]
    )


def register_callbacks(app: Dash) -> None:
    """What happens on it."""
    app.callback(
        Output(ids.RUN_REQUEST, "data", allow_duplicate=True),
        Input(TRY_SAMPLE, "n_clicks"),
        prevent_initial_call=True,
    )(_ask_for_sample)
    go = Output(ids.ADDRESS, "search", allow_duplicate=True)
    uploaded, sampled = ClientsideFunction("uploads", "openUploaded"), ClientsideFunction("uploads", "openSample")
    app.clientside_callback(uploaded, go, Input(ids.UPLOADED, "data"), prevent_initial_call=True)
    here = State(ids.ADDRESS, "pathname"), State(ids.ADDRESS, "search")
    app.clientside_callback(sampled, go, Input(ids.RUN_STATUS, "data"), *here, prevent_initial_call=True)


def _ask_for_sample(clicks: int | None) -> Any:
    return {"data": runs.SAMPLE, "recipe": None, "until": runs.DATA_PAGE} if clicks else dash.no_update


def _drop_zone() -> Component:
    idle = html.Div(
        [
            html.Div(icon("cloud-arrow-up"), className="drop-icon"),
            html.H2("Drop your transactions here"),
            html.P("A CSV or text file from your shop or till. It goes to this server only."),
            html.Button("Choose a file", id="choose-file", className="btn btn-primary btn-lg", type="button"),
        ],
        className="drop-idle",
    )
    bar = html.Div(
        html.Div(id="upload-bar", className="run-bar"), id="upload-track", className="run-track", role="progressbar"
    )
    sending = html.Div(
        [
            html.H2(id="upload-name"),
            bar,
            html.P(id="upload-figures", className="num"),
            html.Button("Cancel", id="upload-cancel", className="btn btn-outline-secondary", type="button"),
        ],
        className="drop-sending",
    )
    alert = html.Div(
        [icon("exclamation-triangle"), html.Span(id="upload-error")],
        className="drop-error alert alert-danger",
        role="alert",
    )
    state: dict[str, Any] = {"data-state": "idle"}
    spoken = html.Div(id="upload-spoken", className="visually-hidden", role="status")
    return html.Section([alert, idle, sending, spoken], id="drop-zone", className="drop-zone", **state)


def _sample_card() -> Component:
    return html.Section(
        [
            html.Div(icon("shop"), className="card-icon"),
            html.H2("No file at hand?"),
            html.P(
                f"Look around with a simulated gift shop: {formats.count(runs.SAMPLE_CUSTOMERS)} customers, two years "
                "of orders, returns and all the untidiness of a real export."
            ),
            html.Button("Try it with sample data", id=TRY_SAMPLE, className="btn btn-outline-primary", type="button"),
        ],
        className="section sample-card",
    )


def _needed_columns() -> Component:
    entries = [
        html.Li([icon(picture), html.Div([html.Strong(name), html.Span(why)])])
        for picture, name, why in WHAT_A_FILE_NEEDS
    ]
    return components.section(
        "What a file needs",
        html.Ul(entries, className="needed"),
        help="One row per line of an order. Headings, separators, encodings and date formats are found out.",
    )
