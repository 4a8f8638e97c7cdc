"""The Data page: bring a file, see what was read and what cleaning left out, and go on to the segments."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import dash
from dash import ALL, ClientsideFunction, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from pipeline.errors import PipelineError
from pipeline.reading.settings import Reading
from pipeline.results import Segmentation
from webapp import account, components, formats, ids, runs, workspace
from webapp.components import aria, icon
from webapp.workspace import Dataset

PATH = "/"
TITLE = "Data"
UNTIL = "cleaning"
PREVIEW_ROWS = 12
GONE = "The file was read, but the results are not kept any more: read it again."
WAITING = "Reading and cleaning the file …"
VIEW = "dataset-view"
TRY_SAMPLE = "try-sample"
FORGET = "forget-dataset"
READ_AGAIN = "read-again"
WHAT_A_FILE_NEEDS = (
    ("receipt", "Invoice", "which lines were bought together"),
    ("person", "Customer", "who bought; lines without one are left out"),
    ("calendar3", "Date", "when"),
    ("box-seam", "Product", "a code and a description"),
    ("123", "Quantity and price", "per line; returns may be negative"),
    ("globe2", "Country", "where the customer is"),
)


def layout(data: str | None = None, recipe: str | None = None, **_: Any) -> Component:
    """The landing page, or what is known of one data set."""
    if not data:
        return _landing()
    try:
        dataset = workspace.current().dataset(data)
        shown = _shown(dataset, recipe)
    except PipelineError as error:
        return components.page("Data", "", [components.failed(str(error), _other_data())])
    return html.Div(shown, id=VIEW)


def register_callbacks(app: Dash) -> None:
    """What happens on this page."""
    app.callback(
        Output(ids.RUN_REQUEST, "data", allow_duplicate=True),
        Input(TRY_SAMPLE, "n_clicks"),
        prevent_initial_call=True,
    )(_ask_for_sample)
    app.callback(
        Output(ids.RUN_REQUEST, "data", allow_duplicate=True),
        Output(VIEW, "children", allow_duplicate=True),
        Input(READ_AGAIN, "n_clicks"),
        State(ids.ADDRESS, "search"),
        prevent_initial_call=True,
    )(_read_again)
    go = Output(ids.ADDRESS, "search", allow_duplicate=True)
    uploaded, sampled = ClientsideFunction("uploads", "openUploaded"), ClientsideFunction("uploads", "openSample")
    app.clientside_callback(uploaded, go, Input(ids.UPLOADED, "data"), prevent_initial_call=True)
    here = State(ids.ADDRESS, "pathname"), State(ids.ADDRESS, "search")
    app.clientside_callback(sampled, go, Input(ids.RUN_STATUS, "data"), *here, prevent_initial_call=True)
    app.callback(
        Output(VIEW, "children"), Input(ids.RUN_STATUS, "data"), State(ids.ADDRESS, "search"), prevent_initial_call=True
    )(_redraw)
    app.callback(
        Output(ids.ADDRESS, "href", allow_duplicate=True),
        Input({"type": FORGET, "id": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )(_forget)


def _ask_for_sample(clicks: int | None) -> Any:
    return {"data": runs.SAMPLE, "recipe": None, "until": UNTIL} if clicks else dash.no_update


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


def _forget(clicks: list[int | None]) -> Any:
    if not any(clicks):
        return dash.no_update
    workspace.current().forget(dash.ctx.triggered_id["id"])
    return "/"


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
    lead = account.in_a_sentence(read, cleaned)
    few = account.too_few(cleaned["customers"], workspace.current().recipe(recipe))
    onward = dcc.Link(
        ["Build segments ", icon("arrow-right")],
        href=_model_page(dataset, recipe),
        className=f"btn btn-lg {'btn-outline-secondary' if few else 'btn-primary'}",
    )
    preview = found.preview(PREVIEW_ROWS)
    cards = [
        html.Div(account.key_facts(cleaned), className="kpis"),
        components.notes([*few, *found.warnings()]),
        components.section(
            "What cleaning left out",
            account.table(cleaned["ledger"]),
            help="Each rule in order. Every line and every pound of the file is accounted for.",
        ),
        components.section(
            "First transactions",
            account.preview(preview.columns, preview.itertuples(index=False)),
            help=f"The first {len(preview)} usable lines, as the models will see them.",
        ),
        components.section(
            "How the file was read",
            account.interpretation(found.interpretation(), read),
            help="Found out from the file itself. Where that went wrong, the Model page has settings to say it.",
        ),
    ]
    return components.page(dataset.name, lead, cards, [_other_data(), onward])


def _model_page(dataset: Dataset, recipe: str | None) -> str:
    return f"/model?data={dataset.id}" + (f"&recipe={recipe}" if recipe else "")


def _other_data() -> Component:
    return dcc.Link("Other data", href="/", className="btn btn-outline-secondary btn-lg")


def _after_failure(dataset: Dataset, recipe: str | None, status: Any) -> list[Component]:
    return [
        *(_settings_that_mend(dataset, recipe) if status["state"] == "failed" and not status["reference"] else []),
        dcc.Link("Choose another file", href="/", className="btn btn-sm btn-outline-danger"),
        html.Button("Read it again", id=READ_AGAIN, className="btn btn-sm btn-link"),
        _forget_button(dataset, "Remove this one"),
    ]


def _settings_that_mend(dataset: Dataset, recipe: str | None) -> list[Component]:
    """The way to the settings of the first step, for a file that says too little of itself."""
    return [
        html.P(f"How a file is read can be set: Model page, All settings, {Reading.TITLE}."),
        dcc.Link("Reading settings", href=_model_page(dataset, recipe), className="btn btn-sm btn-danger"),
    ]


def _forget_button(dataset: Dataset, word: str) -> Component:
    return html.Button(
        word,
        id={"type": FORGET, "id": dataset.id},
        className="btn btn-sm btn-link",
        **aria(label=f"{word}: {dataset.name}"),
    )


def _landing() -> Component:
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
            _known_datasets(known) if known else None,
            _needed_columns(),
            dcc.Store(id=ids.UPLOADED),
        ]
    )


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


def _known_datasets(known: list[Dataset]) -> Component:
    rows = [
        html.Li(
            [
                dcc.Link([icon("file-earmark-spreadsheet"), html.Span(dataset.name)], href=f"/?data={dataset.id}"),
                html.Span(formats.size(dataset.bytes), className="num"),
                html.Span(f"added {formats.date(dataset.added)}"),
                html.Details([html.Summary("Remove"), _forget_button(dataset, "Yes, remove the file")]),
            ]
        )
        for dataset in known
    ]
    return components.section(
        "Your data", html.Ul(rows, className="datasets"), help="Uploaded before; results are kept."
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
