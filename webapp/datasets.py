"""The data sets that are here: open them, rename them, add files to them, delete them with all that came of them."""

from __future__ import annotations

from typing import Any

import dash
import dash_bootstrap_components as dbc
import flask
from dash import ALL, ClientsideFunction, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from pipeline.errors import PipelineError
from webapp import components, finished, formats, ids, jobs, workspace
from webapp.components import aria, icon
from webapp.disk import Usage
from webapp.sources import Dataset
from webapp.workspace import Workspace

PLACE, DID, TOLD = "data-sets", "data-sets-did", "data-sets-told"
FORGET, DELETE, NAME, SAVE = "forget-dataset", "delete-dataset", "dataset-new-name", "save-dataset-name"
NAMES_SHOWN = 3


def section() -> Component:
    """The card that lists them, and how much of the disk is used; only its place where there are none."""
    told = html.P(id=TOLD, className="data-sets-told", role="status", tabIndex=-1)
    return html.Div([told, html.Div(_card(), id=PLACE), dcc.Store(id=DID)])


def remove_button(dataset: Dataset, word: str) -> Component:
    """A button that deletes a data set and leads back to the start."""
    return html.Button(
        word,
        id={"type": FORGET, "id": dataset.id},
        className="btn btn-sm btn-link",
        **aria(label=f"{word}: {dataset.name}"),
    )


def remove(dataset: Dataset) -> int:
    """Delete a data set with everything that came of it: runs under way, results on disk and in memory; bytes freed."""
    here = workspace.current()
    frees = here.frees(dataset)
    manager = flask.current_app.config.get(jobs.SETTING)
    if manager is not None:
        manager.cancel_where(lambda arguments: any(_asks_for(each, dataset) for each in arguments))
    here.forget(dataset.id)
    finished.forget(dataset)
    return frees


def register_callbacks(app: Dash) -> None:
    """What happens there."""
    app.callback(
        Output(ids.ADDRESS, "href", allow_duplicate=True),
        Input({"type": FORGET, "id": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )(_forget)
    changed = Output(PLACE, "children", allow_duplicate=True), Output(DID, "data", allow_duplicate=True)
    app.callback(*changed, Input({"type": DELETE, "id": ALL}, "n_clicks"), prevent_initial_call=True)(_delete)
    app.callback(
        *changed,
        Input({"type": SAVE, "id": ALL}, "n_clicks"),
        State({"type": NAME, "id": ALL}, "value"),
        State({"type": NAME, "id": ALL}, "id"),
        prevent_initial_call=True,
    )(_rename)
    did = ClientsideFunction("datasets", "did")
    app.clientside_callback(did, Output(TOLD, "children"), Input(DID, "data"), prevent_initial_call=True)


def _forget(clicks: list[int | None]) -> Any:
    if not any(clicks):
        return dash.no_update
    remove(workspace.current().dataset(dash.ctx.triggered_id["id"]))
    return "/"


def _delete(clicks: list[int | None]) -> Any:
    if not any(clicks):
        return dash.no_update, dash.no_update
    dataset = workspace.current().dataset(dash.ctx.triggered_id["id"])
    freed = formats.size(remove(dataset))
    return _card(), {"told": f"{dataset.name} is deleted; {freed} are free again.", "row": None}


def _rename(clicks: list[int | None], names: list[str | None], fields: list[Any]) -> Any:
    if not any(clicks):
        return dash.no_update, dash.no_update
    id = dash.ctx.triggered_id["id"]
    name = dict(zip([field["id"] for field in fields], names, strict=True))[id]
    renamed = workspace.current().rename(id, name or "")
    return _card(), {"told": f"It is now called {renamed.name}.", "row": id}


def _asks_for(argument: Any, dataset: Dataset) -> bool:
    return isinstance(argument, dict) and argument.get("data") == dataset.id


def _card() -> Component | None:
    here = workspace.current()
    known = here.datasets()
    if not known:
        return None
    return components.section(
        "Your data",
        [html.Ul([_row(here, dataset) for dataset in known], className="datasets"), _disk(here.usage())],
        help="Uploaded before; what was computed is kept with it.",
    )


def _row(here: Workspace, dataset: Dataset) -> Component:
    opened, recipe = here.last_opened(dataset)
    address = f"/?data={dataset.id}" + (f"&recipe={recipe}" if recipe else "")
    link = dcc.Link([icon("file-earmark-spreadsheet"), html.Span(dataset.name)], href=address, className="dataset-link")
    return html.Li(
        [
            html.Div([link, _name_form(dataset), html.Div(_files(dataset), className="dataset-files")]),
            html.Div(_found(here, dataset, recipe), className="dataset-found num"),
            html.Div(_when(dataset, opened), className="dataset-when"),
            html.Div(_actions(dataset), className="dataset-actions"),
            _confirmation(here, dataset),
        ],
        **{"data-row": dataset.id},  # type: ignore[arg-type]
    )


def _name_form(dataset: Dataset) -> Component:
    name = {"type": NAME, "id": dataset.id}
    save = html.Button(
        icon("check-lg"),
        id={"type": SAVE, "id": dataset.id},
        className="icon-button dataset-name-keep",
        title="Keep this name (Enter)",
        **aria(label="Keep this name"),
    )
    back = html.Button(
        icon("x-lg"), className="icon-button dataset-name-back", title="As it was (Escape)", **aria(label="As it was")
    )
    field = dbc.Input(id=name, value=dataset.name, maxlength=workspace.NAME_LENGTH, size="sm", autocomplete="off")
    spoken = html.Span(f"New name for {dataset.name}", className="visually-hidden")
    return html.Div([html.Label([spoken, field]), save, back], className="dataset-name-form")


def _files(dataset: Dataset) -> str:
    names, size = [source.name for source in dataset.sources], formats.size(dataset.bytes)
    if names == [dataset.name]:
        return size
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    count = f"{len(names)} files, " if len(names) > 1 else ""
    return f"{count}{size}: {', '.join(names[:NAMES_SHOWN])}{more}"


def _found(here: Workspace, dataset: Dataset, recipe: str | None) -> list[Any]:
    """Its customers and purchases, where it was read under the recipe it was last looked at."""
    try:
        read = here.find(dataset.id, recipe, "cleaning")
    except PipelineError:  # that recipe is not kept any more
        return []
    if read is None:
        return [html.Span("not read yet")]
    cleaned = read.facts("cleaning")
    return [
        html.Span(formats.plural(cleaned["customers"], "customer")),
        html.Span(formats.plural(cleaned["rows"], "purchase line")),
    ]


def _when(dataset: Dataset, opened: str | None) -> list[Any]:
    return [
        html.Span(f"added {formats.date(dataset.added)}"),
        html.Span(f"opened {formats.date(opened)}" if opened else "not opened yet"),
    ]


def _actions(dataset: Dataset) -> list[Any]:
    return [
        html.Button(
            icon("pencil"),
            className="icon-button dataset-rename",
            title="Rename",
            **aria(label=f"Rename {dataset.name}"),
        ),
        dcc.Link(
            [icon("file-earmark-plus"), html.Span(f"Add files to {dataset.name}", className="visually-hidden")],
            href=f"/?onto={dataset.id}",
            className="icon-button",
            title="Add files",
        ),
        html.Button(
            icon("trash3"),
            className="icon-button dataset-delete",
            title="Delete",
            **aria(label=f"Delete {dataset.name}"),
        ),
    ]


def _confirmation(here: Workspace, dataset: Dataset) -> Component:
    """What a person is asked before a data set is deleted: what goes, and what that frees."""
    what = "Its file" if len(dataset.sources) == 1 else f"Its {len(dataset.sources)} files"
    goes = [
        html.Li(f"{what} on this server, {formats.size(dataset.bytes)}; the original on your computer stays."),
        html.Li("Everything that was computed from it, and runs of it that are under way."),
    ]
    buttons = [
        html.Button("Keep it", className="btn btn-outline-secondary dataset-keep", autoFocus=True),
        html.Button("Delete it", id={"type": DELETE, "id": dataset.id}, className="btn btn-danger"),
    ]
    title = f"delete-{dataset.id}"
    return html.Dialog(
        [
            html.H3(f"Delete {dataset.name}?", id=title),
            html.Ul(goes),
            html.P(f"That frees {formats.size(here.frees(dataset))}. Recipes stay. It cannot be undone."),
            html.Div(buttons, className="dialog-actions"),
        ],
        className="studio-dialog",
        **aria(labelledby=title),
    )


def _disk(usage: Usage) -> Component:
    told = (
        f"{formats.size(usage.uploads + usage.results)} of {formats.size(usage.limit)} used: uploads "
        f"{formats.size(usage.uploads)}, results {formats.size(usage.results)}"
    )
    parts = ((usage.uploads, "disk-uploads"), (usage.results, "disk-results"))
    bars = [html.Span(className=name, style={"width": f"{100 * size / usage.limit:.2f}%"}) for size, name in parts]
    return html.Div(
        [html.Span(told, className="num"), html.Div(bars, className="disk-bar", **aria(hidden="true"))],
        className="disk",
    )
