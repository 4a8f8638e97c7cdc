"""Where a visit begins: drop a file, try the sample shop, open what is here already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import dash
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from pipeline.errors import PipelineError
from pipeline.reading.columns import LOSSES
from webapp import components, datasets, formats, ids, runs, workspace
from webapp.components import aria, icon
from webapp.sources import Dataset
from webapp.views import View

TRY_SAMPLE = "try-sample"
NEW_DATA = "newdata"  # the view of the Model page that takes a later file
NEEDED = (
    ("person", "Customer", "who bought; lines without one are left out"),
    ("calendar3", "Date", "when it was bought"),
    ("cash-coin", "Money", "the amount of the line, or quantity and price of one; returns may be negative"),
)
USED_WHERE_THERE = (
    ("receipt", "Order number", "InvoiceNo"),
    ("box-seam", "Product", "Description"),
    ("upc", "Product code", "StockCode"),
    ("globe2", "Country", "Country"),
)


def page(onto: str | None = None, later_of: View | None = None) -> Component:
    """The landing page.

    Parameters
    ----------
    onto : a data set to which the files are to be added.
    later_of : the segments into which the customers of the file are to be put.
    """
    try:
        added_to = workspace.current().dataset(onto) if onto else None
        segmented = workspace.current().dataset(later_of.data) if later_of else None
    except PipelineError as error:
        return components.page("Data", "", components.failed(str(error), _back("Choose other data")))
    if later_of is not None and segmented is not None:
        beside = _way_back(segmented, later_of)
    else:
        beside = _sample_card() if added_to is None else _explained(added_to)
    return html.Div(
        [
            _hero() if added_to is None and segmented is None else None,
            html.Div([_drop_zone(_heading(added_to, segmented), added_to), beside], className="start"),
            datasets.section(),
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
    page = Output(ids.ADDRESS, "pathname", allow_duplicate=True)
    uploaded, sampled = ClientsideFunction("uploads", "openUploaded"), ClientsideFunction("uploads", "openSample")
    app.clientside_callback(uploaded, page, go, Input(ids.UPLOADED, "data"), prevent_initial_call=True)
    here = State(ids.ADDRESS, "pathname"), State(ids.ADDRESS, "search")
    app.clientside_callback(sampled, go, Input(ids.RUN_STATUS, "data"), *here, prevent_initial_call=True)
    shown = ClientsideFunction("uploads", "shownAgain")
    app.clientside_callback(shown, Output("drop-zone", "title"), Input("drop-zone", "id"))


def _ask_for_sample(clicks: int | None) -> Any:
    return {"data": runs.SAMPLE, "recipe": None, "until": runs.DATA_PAGE} if clicks else dash.no_update


def _hero() -> Component:
    words = [
        html.H1("Know whom to talk to, with what, and when."),
        html.P(
            "Segment Studio turns a file of orders into customer segments, their lifetime value and the charts to "
            "decide with.",
            className="lead",
        ),
    ]
    return html.Header(
        [html.Div(words), html.Img(src="/assets/banner.svg", alt="", className="banner")], className="hero"
    )


def _heading(onto: Dataset | None, later_of: Dataset | None) -> Component:
    if later_of is not None:
        return html.H1(f"Add a later file to compare with {later_of.name}")
    return html.H2("Drop your transactions here") if onto is None else html.H1(f"Add files to {onto.name}")


def _drop_zone(heading: Component, onto: Dataset | None) -> Component:
    idle = html.Div(
        [
            html.Div(icon("cloud-arrow-up"), className="drop-icon"),
            heading,
            html.P("One file, or several of one kind: CSV, text, Excel or Parquet, also packed as .zip or .gz."),
            html.Button("Choose files", id="choose-file", className="btn btn-primary btn-lg", type="button"),
            html.P("Files go to this server only.", className="drop-note"),
            html.Ul(id="upload-halves", className="upload-halves", **aria(label="Half sent")),
        ],
        className="drop-idle",
    )
    alert = html.Div(
        [icon("exclamation-triangle"), html.Div(id="upload-error")],
        className="drop-error alert alert-danger",
        role="alert",
    )
    state = {"data-state": "idle", **({"data-onto": onto.id} if onto else {})}
    spoken = html.Div(id="upload-spoken", className="visually-hidden", role="status")
    return html.Section([alert, idle, _sending(), spoken], id="drop-zone", className="drop-zone", **state)  # type: ignore[arg-type]


def _sending() -> Component:
    """What is seen while files are on their way; `assets/upload_view.js` fills it."""
    track = {"role": "progressbar", **aria(label="All files", valuemin="0", valuemax="100", valuenow="0")}
    buttons = [
        html.Button("Go on", id="upload-go-on", className="btn btn-primary", type="button", hidden=True),
        html.Button("Try again", id="upload-again", className="btn btn-outline-primary", type="button", hidden=True),
        html.Button("Cancel", id="upload-cancel", className="btn btn-outline-secondary", type="button"),
    ]
    return html.Div(
        [
            html.H2(id="upload-name"),
            html.P(id="upload-line", className="upload-line"),
            html.Div(html.Div(className="run-bar"), id="upload-track", className="run-track", **track),
            html.P(id="upload-figures", className="num"),
            html.Ul(id="upload-list", className="upload-list", hidden=True, **aria(label="Files")),
            html.Div(buttons, className="upload-buttons"),
        ],
        className="drop-sending",
    )


def _explained(onto: Dataset) -> Component:
    """What adding files does."""
    return html.Section(
        [
            html.Div(icon("file-earmark-plus"), className="card-icon"),
            html.H2("Old and new, read as one"),
            html.P(
                f"The files you add and those of {onto.name} become a new data set; the one you have stays as it is, "
                "and its files are kept once."
            ),
            _back("Back to the start"),
        ],
        className="section sample-card",
    )


def _way_back(segmented: Dataset, view: View) -> Component:
    """What happens with a later file."""
    there = replace(view, view=NEW_DATA).address("/model")
    return html.Section(
        [
            html.Div(icon("people"), className="card-icon"),
            html.H2("Back to your segments"),
            html.P(
                "As soon as the file is here you are back where you came from, with the file chosen: its customers are "
                f"put into the segments of {segmented.name}. Nothing is fitted again."
            ),
            _back("Back without a file", there),
        ],
        className="section sample-card",
    )


def _back(words: str, address: str = "/") -> Component:
    link: Component = dcc.Link(words, href=address, className="btn btn-outline-secondary")
    return link


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
    without = [(picture, name, f"without it, {LOSSES[column]}") for picture, name, column in USED_WHERE_THERE]
    return components.section(
        "What a file needs",
        [_listed(NEEDED), html.H3("Used where it is there", className="needed-head"), _listed(without)],
        help="One row per line of an order. Headings, separators, encodings and date formats are found out.",
    )


def _listed(entries: Sequence[tuple[str, str, str]]) -> Component:
    items = [html.Li([icon(picture), html.Div([html.Strong(name), html.Span(why)])]) for picture, name, why in entries]
    return html.Ul(items, className="needed")
