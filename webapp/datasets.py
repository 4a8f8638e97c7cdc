"""The data sets that are here: open them, remove them."""

from __future__ import annotations

from typing import Any

import dash
from dash import ALL, Dash, Input, Output, dcc, html
from dash.development.base_component import Component

from webapp import components, formats, ids, workspace
from webapp.components import aria, icon
from webapp.workspace import Dataset

FORGET = "forget-dataset"


def section(known: list[Dataset]) -> Component:
    """The card that lists them."""
    rows = [
        html.Li(
            [
                dcc.Link([icon("file-earmark-spreadsheet"), html.Span(dataset.name)], href=f"/?data={dataset.id}"),
                html.Span(formats.size(dataset.bytes), className="num"),
                html.Span(f"added {formats.date(dataset.added)}"),
                html.Details([html.Summary("Remove"), remove_button(dataset, "Yes, remove the file")]),
            ]
        )
        for dataset in known
    ]
    return components.section(
        "Your data", html.Ul(rows, className="datasets"), help="Uploaded before; results are kept."
    )


def remove_button(dataset: Dataset, word: str) -> Component:
    """A button that removes a data set."""
    return html.Button(
        word,
        id={"type": FORGET, "id": dataset.id},
        className="btn btn-sm btn-link",
        **aria(label=f"{word}: {dataset.name}"),
    )


def register_callbacks(app: Dash) -> None:
    """What happens there."""
    app.callback(
        Output(ids.ADDRESS, "href", allow_duplicate=True),
        Input({"type": FORGET, "id": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )(_forget)


def _forget(clicks: list[int | None]) -> Any:
    if not any(clicks):
        return dash.no_update
    workspace.current().forget(dash.ctx.triggered_id["id"])
    return "/"
