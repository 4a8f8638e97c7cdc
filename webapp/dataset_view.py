"""One data set on the Data page: how its file reads, what became of it, and the way on.

What is shown follows from the data set, the recipe and what was confirmed before; nothing else is kept between steps.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import dash
from dash import ALL, MATCH, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component

from pipeline.errors import PipelineError
from pipeline.reading.settings import Reading
from pipeline.results import Segmentation
from pipeline.store import Facts
from webapp import (
    account,
    check_view,
    components,
    datasets,
    formats,
    ids,
    ledger_view,
    left_out,
    mapping,
    proposals,
    runs,
    toggles,
    workspace,
)
from webapp.components import icon
from webapp.sources import Dataset

PREVIEW_ROWS = 12
GONE = "The file was read, but the results are not kept any more: read it again."
LOOKING, WAITING = "Looking at the file …", "Reading and cleaning the file …"
VIEW, KEPT, READ_AGAIN = "dataset-view", "dataset-kept", "read-again"
KEEP = "shown => window.dash_clientside.studio.keepAddress(shown.recipe, shown.confirm, ['recipe', 'confirm'])"


def page(data: str, recipe: str | None, confirm: bool) -> Component:
    """What is known of one data set under a recipe, or why there is nothing to see.

    Parameters
    ----------
    confirm : whether to show how the file reads, to change it, even where it was read before.
    """
    try:
        shown = _shown(workspace.current().dataset(data), recipe, confirm)
    except PipelineError as error:
        return components.page("Data", "", [components.failed(str(error), _other_data())])
    return html.Div([html.Div(shown, id=VIEW), dcc.Store(id=KEPT)])


def register_callbacks(app: Dash) -> None:
    """What happens there."""
    left_out.register(app.server)
    toggles.register_callbacks(app)
    late: dict[str, Any] = {"prevent_initial_call": True}
    view, shown = Output(VIEW, "children", allow_duplicate=True), State(ids.SHOWN_DATA, "data")
    app.clientside_callback(KEEP, Output(KEPT, "data"), Input(ids.SHOWN_DATA, "data"))
    app.callback(Output(VIEW, "children"), Input(ids.RUN_STATUS, "data"), shown, **late)(_after_run)
    app.callback(view, Input(READ_AGAIN, "n_clicks"), shown, **late)(_read_again)
    select, answer = {"type": mapping.SELECT, "column": ALL}, {"type": mapping.ANSWER, "setting": ALL}
    setting = {"type": mapping.SETTING, "key": ALL}
    app.callback(
        Output({"type": mapping.SEEN, "column": MATCH}, "children"),
        Input({"type": mapping.SELECT, "column": MATCH}, "value"),
        State(select, "value"),
        shown,
        **late,
    )(_look_under)
    form = [Input(select, "value"), Input(answer, "value"), Input(setting, "value")]
    told = [Output(mapping.TOLD, "children"), Output(mapping.READ, "children"), Output(mapping.READ, "disabled")]
    app.callback(*told, *form, shown)(_tell)
    states = [State(select, "value"), State(answer, "value"), State(setting, "value")]
    go = Output(ids.ADDRESS, "search", allow_duplicate=True)
    app.callback(view, go, Input(mapping.READ, "n_clicks"), *states, shown, **late)(_read)


def _after_run(status: Any, shown: Any) -> Any:
    """The page as it is after a run that it waited for; a page that shows something already is left alone."""
    mine = status and shown and (status["data"], status["recipe"]) == (shown["data"], shown["recipe"])
    if not mine or not shown["waits"] or status["state"] == "working":
        return dash.no_update
    dataset = workspace.current().dataset(shown["data"])
    if status["state"] == "done" and runs.is_done(workspace.current(), {**shown, "until": shown["waits"]}):
        return _shown(dataset, shown["recipe"], bool(shown["confirm"]))
    return _ended_badly(dataset, status)


def _read_again(clicks: int | None, shown: Any) -> Any:
    if not clicks:
        return dash.no_update
    return _shown(workspace.current().dataset(shown["data"]), shown["recipe"], bool(shown["confirm"]))


def _look_under(value: str, _: Any, shown: Any) -> Any:
    chosen = {name: mapping.position(each) for name, each in mapping.entered(dash.ctx.states_list[0], "column").items()}
    proposed = proposals.find(workspace.current(), shown["data"], shown["recipe"])
    name = dash.ctx.triggered_id["column"]
    return dash.no_update if proposed is None else mapping.seen(proposed, name, mapping.position(value), chosen)


def _tell(*_: Any) -> Any:
    listed, shown = dash.ctx.inputs_list, dash.ctx.states_list[0]["value"]
    proposed = proposals.find(workspace.current(), shown["data"], shown["recipe"])
    if proposed is None:
        return [], mapping.READ_WORDS, True
    chosen, answers, settings = _entered(listed)
    altered = settings != _reading(shown["recipe"])
    return mapping.told(proposed, chosen, unanswered=None in answers.values(), altered=altered)


def _read(clicks: int | None, *_: Any) -> Any:
    shown = dash.ctx.states_list[-1]["value"]
    if not clicks:
        return dash.no_update, dash.no_update
    here = workspace.current()
    dataset, (chosen, answers, settings) = here.dataset(shown["data"]), _entered(dash.ctx.states_list[:3])
    if settings != _reading(shown["recipe"]):
        return dash.no_update, _address(dataset, _with_reading(shown["recipe"], settings), confirm="yes")
    proposed = proposals.at_hand(here, dataset.id, shown["recipe"])
    reading = mapping.settled(settings, proposed, chosen, answers)
    proposals.confirm(dataset, proposed["headings_key"], reading)
    return _shown(dataset, _with_reading(shown["recipe"], reading), confirm=False), dash.no_update


def _entered(listed: list[Any]) -> tuple[dict[str, int | None], dict[str, str], Reading]:
    """What a form holds: our columns and where they stand, the answers, and the other settings of reading."""
    columns, answers, settings = listed
    chosen = {name: mapping.position(value) for name, value in mapping.entered(columns, "column").items()}
    given = {key.partition(".")[2]: value for key, value in mapping.entered(settings, "key").items()}
    shown = dash.ctx.states_list[-1]["value"]
    return chosen, mapping.entered(answers, "setting"), _reading(shown["recipe"]).with_settings(**given)


def _reading(recipe: str | None) -> Reading:
    return workspace.current().recipe(recipe).step(Reading)


def _with_reading(recipe: str | None, reading: Reading) -> str | None:
    """The id of a recipe with these settings of reading; None where that is the default recipe."""
    here = workspace.current()
    changed = here.recipe(recipe).with_settings({Reading.NAME: reading.to_json()}).named()
    return None if changed == here.recipe(None) else here.keep_recipe(changed)


def _shown(dataset: Dataset, recipe: str | None, confirm: bool) -> list[Component]:
    """The page as things stand: the form, the results, or one of them in the making."""
    here, asks, known = workspace.current(), confirm, None
    if recipe is None and not confirm and dataset != runs.sample_dataset(here):
        proposed = proposals.find(here, dataset.id, None)
        known = proposals.confirmed(here, dataset, proposed) if proposed else None
        recipe = _with_reading(None, known.reading) if known else None
        asks = known is None and here.find(dataset.id, None, runs.DATA_PAGE) is None
    body, waits = _to_confirm(dataset, recipe) if asks else _read_already(dataset, recipe, known)
    return [body, _kept(dataset, recipe, confirm, waits)]


def _kept(dataset: Dataset, recipe: str | None, confirm: bool, waits: str | None) -> Component:
    """What the page's callbacks and its address go by; `waits` is the stage that the page cannot show yet."""
    kept = {"data": dataset.id, "recipe": recipe, "confirm": "yes" if confirm else None, "waits": waits}
    return dcc.Store(id=ids.SHOWN_DATA, data=kept)


def _to_confirm(dataset: Dataset, recipe: str | None) -> tuple[Component, str | None]:
    proposed = proposals.find(workspace.current(), dataset.id, recipe)
    if proposed is None:
        return _waiting(dataset, recipe, proposals.STAGE, LOOKING)
    reading = _reading(recipe)
    form = [mapping.form(proposed, reading)] if mapping.can_help(proposed, reading) else []
    refused = [components.failed(proposed["refusal"], _other_ways(dataset))] if proposed["refusal"] else []
    return _without_results(dataset, [*refused, *form]), None


def _read_already(
    dataset: Dataset, recipe: str | None, known: proposals.Confirmed | None
) -> tuple[Component, str | None]:
    here = workspace.current()
    found = here.find(dataset.id, recipe, runs.DATA_PAGE)
    if found is None:
        return _waiting(dataset, recipe, runs.DATA_PAGE, WAITING)
    proposals.remember(here, dataset, _reading(recipe))
    return _results(dataset, recipe, found, known), None


def _waiting(dataset: Dataset, recipe: str | None, until: str, words: str) -> tuple[Component, str]:
    made = [components.working(words), components.needs(dataset.id, recipe, until)]
    return _without_results(dataset, made), until


def _ended_badly(dataset: Dataset, status: Any) -> list[Component]:
    """What to do where looking or reading failed: mend how the file is read in place, or take another file."""
    recipe = status["recipe"]
    again = html.Button("Read it again", id=READ_AGAIN, className="btn btn-sm btn-danger")
    alert = components.failed(status["sentence"] or GONE, [again, *_other_ways(dataset)])
    proposed = proposals.find(workspace.current(), dataset.id, recipe)
    if proposed is not None and status["state"] == "failed" and not status["reference"]:
        form = mapping.form(proposed, _reading(recipe), asked_again=True)
    else:
        change = _address(dataset, recipe, confirm="yes")
        form = dcc.Link("Change how it is read", href=change, className="btn btn-outline-secondary mend")
    return [_without_results(dataset, [alert, form]), _kept(dataset, recipe, confirm=False, waits=None)]


def _other_ways(dataset: Dataset) -> list[Component]:
    return [
        dcc.Link("Choose another file", href="/", className="btn btn-sm btn-outline-danger"),
        datasets.remove_button(dataset, "Remove this one"),
    ]


def _without_results(dataset: Dataset, children: Any) -> Component:
    return components.page(
        dataset.name, f"{formats.size(dataset.bytes)}, added {formats.date(dataset.added)}", children
    )


def _results(dataset: Dataset, recipe: str | None, found: Segmentation, known: proposals.Confirmed | None) -> Component:
    cleaned, read = found.facts("cleaning"), found.facts("reading")
    formats.write_amounts_in(found.interpretation().get("currency"))
    few = account.too_few(found.facts("check"))
    cards = [
        _as_last_time(dataset, recipe, known),
        toggles.offer(cleaned["effects"]),
        html.Div(account.key_facts(cleaned), className="kpis"),
        components.notes([*([few] if few else []), *found.warnings()]),
        check_view.enough(found.data_check()["parts"]),
        ledger_view.section(cleaned["ledger"], _left_out(dataset, recipe, read, cleaned)),
        toggles.section(workspace.current().recipe(recipe), cleaned["effects"]),
        check_view.glance(found),
        *check_view.odd_prices(found.data_check()),
        _how_it_was_read(dataset, recipe, found),
        _first_transactions(found),
    ]
    return components.page(
        dataset.name, account.in_a_sentence(read, cleaned), cards, [_other_data(), _onward(dataset, recipe, few)]
    )


def _onward(dataset: Dataset, recipe: str | None, refusal: str) -> Component:
    """The way to the segments; closed, with the reason, where it is known that it ends in a refusal."""
    if refusal:
        return html.Button("Build segments", className="btn btn-lg btn-outline-secondary", disabled=True, title=refusal)
    words: list[str | Component] = ["Build segments ", icon("arrow-right")]
    link: Component = dcc.Link(words, href=f"/model{_address(dataset, recipe)}", className="btn btn-lg btn-primary")
    return link


def _left_out(dataset: Dataset, recipe: str | None, read: Facts, cleaned: Facts) -> list[Component]:
    """The lines that do not count as files, where there are any."""
    taken = cleaned["ledger"][0]["rows_before"] - cleaned["rows"]
    kinds = {"dropped": ("Lines that the rules left out", taken)}
    kinds |= {"unreadable": ("Lines that could not be read", read["rejected"])}
    return [
        ledger_view.download(left_out.address(kind, dataset.id, recipe), words, formats.plural(lines, "line"))
        for kind, (words, lines) in kinds.items()
        if lines
    ]


def _as_last_time(dataset: Dataset, recipe: str | None, known: proposals.Confirmed | None) -> Component | None:
    if known is None or known.data == dataset.id:
        return None
    told = (
        f"Read as last time: its headings are those of {known.name}, which you confirmed on {formats.date(known.day)}. "
    )
    change = dcc.Link("Change how it is read", href=_address(dataset, recipe, confirm="yes"))
    return html.P([icon("arrow-repeat"), html.Span([told, change])], className="as-last-time")


def _how_it_was_read(dataset: Dataset, recipe: str | None, found: Segmentation) -> Component:
    change = dcc.Link(
        [icon("pencil"), " Change how it is read"],
        href=_address(dataset, recipe, confirm="yes"),
        className="btn btn-sm btn-outline-secondary",
    )
    return components.section(
        "How the file was read",
        account.interpretation(found.interpretation(), found.facts("reading")),
        help="Found out from the file itself, and as you confirmed it.",
        actions=change,
    )


def _first_transactions(found: Segmentation) -> Component:
    preview = found.preview(PREVIEW_ROWS)
    return components.section(
        "First transactions",
        account.preview(preview.columns, preview.itertuples(index=False)),
        help=f"The first {len(preview)} usable lines, as the models will see them.",
    )


def _address(dataset: Dataset, recipe: str | None, **more: str) -> str:
    asked = {"data": dataset.id} | ({"recipe": recipe} if recipe else {}) | more
    return f"?{urlencode(asked)}"


def _other_data() -> Component:
    link: Component = dcc.Link("Other data", href="/", className="btn btn-outline-secondary btn-lg")
    return link
