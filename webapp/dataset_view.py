"""One data set on the Data page: what its file holds, what became of it, and the way on."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import dash
from dash import Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from pipeline.errors import PipelineError
from pipeline.reading.settings import Reading
from pipeline.results import Segmentation
from webapp import account, components, datasets, formats, ids, ledger_view, left_out, workspace
from webapp.components import icon
from webapp.workspace import Dataset

UNTIL = "cleaning"
PREVIEW_ROWS = 12
GONE = "The file was read, but the results are not kept any more: read it again."
WAITING = "Reading and cleaning the file …"
VIEW = "dataset-view"
READ_AGAIN = "read-again"


def page(data: str, recipe: str | None) -> Component:
    """What is known of one data set under a recipe, or why there is nothing to see."""
    try:
        shown = _shown(workspace.current().dataset(data), recipe)
    except PipelineError as error:
        return components.page("Data", "", [components.failed(str(error), _other_data())])
    return html.Div(shown, id=VIEW)


def register_callbacks(app: Dash) -> None:
    """What happens there."""
    left_out.register(app.server)
    app.callback(
        Output(ids.RUN_REQUEST, "data", allow_duplicate=True),
        Output(VIEW, "children", allow_duplicate=True),
        Input(READ_AGAIN, "n_clicks"),
        State(ids.ADDRESS, "search"),
        prevent_initial_call=True,
    )(_read_again)
    app.callback(
        Output(VIEW, "children"), Input(ids.RUN_STATUS, "data"), State(ids.ADDRESS, "search"), prevent_initial_call=True
    )(_redraw)


def _redraw(status: Any, search: str | None) -> Any:
    data, recipe = _asked(search)
    if not status or status["state"] == "working" or data is None or status["data"] != data:
        return dash.no_update
    dataset = workspace.current().dataset(data)
    found = workspace.current().find(data, recipe, UNTIL) if status["state"] == "done" else None
    if found is not None:
        return _results(dataset, recipe, found)
    told = components.failed(status["sentence"] or GONE, _after_failure(dataset, recipe, status))
    return _without_results(dataset, told)


def _read_again(clicks: int | None, search: str | None) -> Any:
    data, recipe = _asked(search)
    if not clicks or data is None:
        return dash.no_update, dash.no_update
    waiting = _without_results(workspace.current().dataset(data), components.working(WAITING))
    return {"data": data, "recipe": recipe, "until": UNTIL}, waiting


def _asked(search: str | None) -> tuple[str | None, str | None]:
    asked = parse_qs((search or "").removeprefix("?"))
    return asked.get("data", [None])[0], asked.get("recipe", [None])[0]


def _shown(dataset: Dataset, recipe: str | None) -> Component:
    found = workspace.current().find(dataset.id, recipe, UNTIL)
    if found is None:
        waiting = [components.working(WAITING), components.needs(dataset.id, recipe, UNTIL)]
        return _without_results(dataset, waiting)
    return _results(dataset, recipe, found)


def _without_results(dataset: Dataset, children: Any) -> Component:
    return components.page(
        dataset.name, f"{formats.size(dataset.bytes)}, added {formats.date(dataset.added)}", children
    )


def _results(dataset: Dataset, recipe: str | None, found: Segmentation) -> Component:
    cleaned, read = found.facts("cleaning"), found.facts("reading")
    few = account.too_few(cleaned["customers"], workspace.current().recipe(recipe))
    onward = dcc.Link(
        ["Build segments ", icon("arrow-right")],
        href=_model_page(dataset, recipe),
        className=f"btn btn-lg {'btn-outline-secondary' if few else 'btn-primary'}",
    )
    cards = [
        html.Div(account.key_facts(cleaned), className="kpis"),
        components.notes([*few, *found.warnings()]),
        ledger_view.section(cleaned["ledger"]),
        _how_it_was_read(found),
        _first_transactions(found),
    ]
    return components.page(dataset.name, account.in_a_sentence(read, cleaned), cards, [_other_data(), onward])


def _how_it_was_read(found: Segmentation) -> Component:
    return components.section(
        "How the file was read",
        account.interpretation(found.interpretation(), found.facts("reading")),
        help="Found out from the file itself. Where that went wrong, the Model page has settings to say it.",
    )


def _first_transactions(found: Segmentation) -> Component:
    preview = found.preview(PREVIEW_ROWS)
    return components.section(
        "First transactions",
        account.preview(preview.columns, preview.itertuples(index=False)),
        help=f"The first {len(preview)} usable lines, as the models will see them.",
    )


def _model_page(dataset: Dataset, recipe: str | None) -> str:
    return f"/model?data={dataset.id}" + (f"&recipe={recipe}" if recipe else "")


def _other_data() -> Component:
    return dcc.Link("Other data", href="/", className="btn btn-outline-secondary btn-lg")


def _after_failure(dataset: Dataset, recipe: str | None, status: Any) -> list[Component]:
    return [
        *(_settings_that_mend(dataset, recipe) if status["state"] == "failed" and not status["reference"] else []),
        dcc.Link("Choose another file", href="/", className="btn btn-sm btn-outline-danger"),
        html.Button("Read it again", id=READ_AGAIN, className="btn btn-sm btn-link"),
        datasets.remove_button(dataset, "Remove this one"),
    ]


def _settings_that_mend(dataset: Dataset, recipe: str | None) -> list[Component]:
    """The way to the settings of the first step, for a file that says too little of itself."""
    return [
        html.P(f"How a file is read can be set: Model page, All settings, {Reading.TITLE}."),
        dcc.Link("Reading settings", href=_model_page(dataset, recipe), className="btn btn-sm btn-danger"),
    ]
