"""What the Model page shows of a later file: its customers in the same segments, and how far they have changed.

Nothing is fitted again. The later file is chosen among those that are here; a run in the background puts its customers
into the segments of every method and number, so that a change of either is a look-up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from dash import Dash, Input, Output, State, ctx, dcc, html, no_update
from dash.development.base_component import Component

from pipeline import scoring
from pipeline.clustering import drift
from pipeline.clustering.labels import label_column
from pipeline.errors import PipelineError
from pipeline.profiles.moves import flows
from webapp import (
    components,
    controls,
    formats,
    glossary,
    ids,
    markup,
    newdata_files,
    panels,
    proposals,
    scorings,
    workspace,
)
from webapp.charts import moves, segment_shift
from webapp.finished import Finished
from webapp.scorings import Scoring
from webapp.views import View

if TYPE_CHECKING:
    import pandas as pd

NAME, TITLE = "newdata", "New data"
RESULT = "newdata-result"
PLACES = {RESULT: "children"}
CHOICE, WANTS, AGAIN, CHART = "newdata-later", "newdata-wants", "newdata-again", "newdata-chart"
UNSCORED, ADD = "newdata-unscored", "newdata-add"
HELP = (
    "Choose a file of the same shop from a later day: its customers are put into the segments of this page, and you "
    "see who has moved. Nothing is fitted again."
)
WORKING = "Reading the later file and putting its customers into these segments."
NOBODY = "None of the customers of these segments is in the later file, so nobody can have moved."
KEEP = """(later, base) => {
    window.dash_clientside.wayBack.keep(later, ["later"]);
    return [{...base, later}, `later ${later}`];
}"""


def area(results: Finished, view: View) -> list[Component]:
    """The choice of a file, the files to take away, and what becomes of its customers."""
    offered = others(view)
    model = components.download("Download the model", view.address(newdata_files.MODEL))
    words: list[Any] = [components.icon("file-earmark-plus"), " Add a file"]
    add = dcc.Link(words, id=ADD, href=adding(view), className="btn btn-link carries-choice")
    choice = controls.selected(
        CHOICE, "Later file", offered, view.later if view.later in offered else "", "Choose a file"
    )
    alone = [] if offered else [html.P("There is no other file here yet: add one first.", className="quiet")]
    told = "The model is the file that the command score reads, to put later files into these segments."
    chosen = html.Div([choice, add, model], className="later-choice")
    card = components.section(TITLE, [chosen, *alone, html.P(told, className="caption")], help=HELP)
    parts = [card, html.Div(id=UNSCORED), html.Div(redrawn(results, view)[RESULT], id=RESULT, className="stack")]
    return parts if _is_there(view) else [*parts, dcc.Store(id=WANTS, data=request(view))]


def redrawn(results: Finished, view: View) -> dict[str, Any]:
    """What became of the later file under another settled view."""
    try:
        return {RESULT: _result(results, view)}
    except PipelineError as problem:  # the address names a later file that is not here, or is no table
        return {RESULT: [components.failed(str(problem))] if view.later else []}


def adding(view: View) -> str:
    """Where a later file is brought; from there the way leads back to this view, with the file chosen."""
    asked = {"later_of": view.data, "recipe": view.recipe, "method": view.method, "k": view.k}
    return f"/?{urlencode({name: value for name, value in asked.items() if value})}"


def others(view: View) -> dict[str, str]:
    """The other data sets that are here and were not found to be no tables, the newest first: id -> words."""
    here = workspace.current()
    return {
        each.id: f"{each.name}, added {formats.date(each.added)}"
        for each in here.datasets()
        if each.id != view.data and not proposals.refusal(here, each.id, view.recipe)
    }


def request(view: View) -> dict[str, Any]:
    """The run that works it out."""
    return {"data": view.later, "recipe": view.recipe, "until": scorings.until(view.data)}


def _is_there(view: View) -> bool:
    """Whether nothing has to be worked out: it has been, or no later file of these here is chosen."""
    chosen = view.later in others(view)
    return not chosen or scorings.is_done(workspace.current(), view.later, view.recipe, view.data)


def _result(results: Finished, view: View) -> list[Component]:
    if not view.later or view.later == view.data:
        return []
    here, key = workspace.current(), (NAME, view.later)
    refused = proposals.refusal(here, view.later, view.recipe)
    if refused:
        raise PipelineError(refused)
    if not scorings.is_done(here, view.later, view.recipe, view.data):
        return [components.working(WORKING)]
    found = results.once(key, lambda: scorings.find(here, view.later, view.recipe, view.data))
    assert found is not None, "it is done"
    return results.once((*key, view.method, view.k), lambda: shown(results, view, found))


def shown(results: Finished, view: View, found: Scoring) -> list[Component]:
    """The later customers under a settled view: how many where, how far they differ, and who has moved."""
    column = label_column(view.method, view.k)
    then, now = results.labels(view), found.labels[column]
    names = {int(number): scoring.NEW_HERE for number in now.unique()} | results.names(view)
    shift = segment_shift.counted(then, now)
    shares = dict(zip(shift["Segment"].tolist(), shift["ThenShare"].tolist(), strict=True))
    moved = scoring.share_shift(shares, now.to_numpy())
    warnings = [*found.facts["warnings"], *scoring.too_different([*found.facts["measures"].values(), moved])]
    both = in_both(results, found, column, then)
    bars = [segment_shift.bars(shift, names), html.P(segment_shift.CAPTION, className="caption")]
    twin = panels.table(segment_shift.readable(shift, names), segment_shift.TITLE)
    return [
        *([components.notes(warnings)] if warnings else []),
        components.section("What became of them", [panels.sentences(told(view, results, found, both)), _take(view)]),
        components.section(segment_shift.TITLE, [markup.still(bars), panels.folded("As a table", twin)]),
        components.section("How far the customers have changed", markup.still(_drift(results, found, moved))),
        _who_moved(both, names),
    ]


def in_both(results: Finished, found: Scoring, column: str, then: pd.Series[int]) -> pd.DataFrame:
    """The customers of both files: CustomerID, Before and After, their segments then and now."""
    before = results.customers[["CustomerID"]].assign(Before=then.to_numpy())
    after = found.labels[["CustomerID", column]].rename(columns={column: "After"})
    return before.merge(after, on="CustomerID", validate="one_to_one")


def told(view: View, results: Finished, found: Scoring, both: pd.DataFrame) -> list[str]:
    """How many customers there are, how many are new, gone, or have moved, a sentence each."""
    name = workspace.current().dataset(view.later).name
    first, last = (formats.date(found.facts["span"][end]) for end in ("first", "last"))
    moved = int((both["Before"] != both["After"]).sum())
    new, gone = len(found.labels) - len(both), len(results.customers) - len(both)
    share = f" ({formats.share(moved / len(both))})" if len(both) else ""
    return [
        f"{formats.plural(len(found.labels), 'customer')} of {name} ({first} to {last}) are in these segments now; "
        f"{formats.count(len(results.customers))} were when they were made.",
        f"{formats.count(new)} of them are new; {formats.count(gone) if gone else 'none'} of those from then "
        f"{'is' if gone < 2 else 'are'} missing from the later file.",
        f"Of the {formats.count(len(both))} in both files, {formats.count(moved)}{share} are in another segment now.",
    ]


def _take(view: View) -> Component:
    return components.download("Download these customers", view.address(newdata_files.TABLE))


def _drift(results: Finished, found: Scoring, moved: float) -> list[Component]:
    """How far each measure has changed: what is usual then and now, in words and as an index."""
    write: Mapping[str, Callable[[Any], str]] = {
        "Recency": formats.days,
        "Frequency": formats.number,
        "Monetary": formats.money,
    }
    rows = [
        [
            scoring.MEASURES[name],
            *(write[name](float(table[name].median())) for table in (results.customers, found.customers)),
            drift.in_words(index).capitalize(),
            formats.number(index, 2),
        ]
        for name, index in found.facts["measures"].items()
    ]
    shares = ["Shares of the segments", "", "", drift.in_words(moved).capitalize(), formats.number(moved, 2)]
    heads = ["Measure", "Usual then", "Usual now", "In words", "Stability index"]
    table = components.table("How far the customers have changed", heads, [*rows, shares], [*heads[1:3], heads[4]])
    usual = "Usual is the median: half of the customers are above it. "
    explained = html.P([usual, glossary.explained("Stability index"), "."], className="caption")
    return [table, explained]


def _who_moved(both: pd.DataFrame, names: Mapping[int, str]) -> Component:
    title = "Who is in another segment now"
    if both.empty:
        return components.section(title, html.P(NOBODY))
    found = flows(both["Before"], both["After"])
    twin = panels.table(moves.readable(found, names, names), title)
    caption = "Customers of both files: on the left their segments then, on the right now."
    return panels.chart(CHART, title, moves.figure(found, names, names), caption, twin, None)


def register(app: Dash) -> None:
    """Wire the choice of a file, the run that it may need, and what is said where that run ends without a result."""
    newdata_files.serve(app.server)
    base, late = State(ids.MODEL_BASE, "data"), {"prevent_initial_call": True}
    asked = Output(ids.RUN_REQUEST, "data", allow_duplicate=True)
    kept = Output(ids.MODEL_BASE, "data"), Output(ids.MODEL_NEWS, "data", allow_duplicate=True)
    app.clientside_callback(KEEP, *kept, Input(CHOICE, "value"), base, **late)
    app.clientside_callback("(wanted) => wanted", asked, Input(WANTS, "data"), **late)

    @app.callback(asked, Input(CHOICE, "value"), base, **late)
    def score(later: str, base: dict[str, Any]) -> Any:
        view = View.from_address(**{**base, "later": later})
        return no_update if _is_there(view) else request(view)

    problem = Output(UNSCORED, "children"), Output(RESULT, "hidden")

    @app.callback(*problem, Input(CHOICE, "value"), Input(ids.RUN_STATUS, "data"), base, **late)
    def show_no_scoring(later: str, status: dict[str, Any] | None, base: dict[str, Any]) -> tuple[Any, Any]:
        if ctx.triggered_id == CHOICE:
            return None, False
        return unscored(View.from_address(**{**base, "later": later}), status)

    @app.callback(asked, Input(AGAIN, "n_clicks"), base, **late)
    def score_again(clicks: int | None, base: dict[str, Any]) -> Any:
        return request(View.from_address(**base)) if clicks else no_update


def unscored(view: View, status: Mapping[str, Any] | None) -> tuple[Any, Any]:
    """What stands in the place of the result where its run has failed, and whether it hides what stood there.

    While it goes on, and when it has ended well, that is nothing; nothing changes at other runs.
    """
    if not status or {name: status[name] for name in ("data", "recipe", "until")} != request(view):
        return no_update, no_update
    if status["state"] in ("working", "done"):
        return None, False
    told = str(status.get("sentence") or "The run was cancelled.")
    again = html.Button("Try again", id=AGAIN, className="btn btn-sm btn-outline-danger", type="button")
    return components.failed(told, again), True
