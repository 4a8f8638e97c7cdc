"""What the Model page shows of two segmentations side by side: which customers change company."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import Dash, Input, Output, State, html
from dash.development.base_component import Component
from flask import Flask, Response, request

from pipeline.audience import spreadsheets
from pipeline.clustering.agreement import rand_index
from pipeline.clustering.labels import label_column
from pipeline.errors import PipelineError
from pipeline.profiles.moves import flows, movers
from webapp import components, controls, downloads, formats, ids, markup, panels
from webapp.charts import moves
from webapp.finished import Finished, at_hand
from webapp.views import View

if TYPE_CHECKING:
    import pandas as pd

NAME, TITLE = "compare", "Compare"
PLACES: dict[str, str] = {}
ONE, OTHER, TOLD, CHART, LIST = "compare-one", "compare-other", "compare-told", "compare-chart", "compare-list"
PATH = "/download/movers.csv"


def choices(results: Finished) -> dict[str, str]:
    """Label column -> its words, of every method and k."""
    found = {}
    for name, title in results.titles.items():
        for k in results.ks:
            settled = results.settled(View("", None, name, k))
            words = title if settled.k is None else f"{title}, {settled.k} segments"
            found[label_column(name, settled.k)] = words
    return found


def area(results: Finished, view: View) -> list[Component]:
    """Two choices, and what becomes of the customers between them."""
    offered, one = choices(results), label_column(view.method, view.k)
    same = [column for column in offered if column != one and column.endswith(f"_{view.k}")]
    other = next(iter(same), next(column for column in offered if column != one))
    drawn = compared(results, view, one, other)
    chosen = [controls.selected(ONE, "From", offered, one), controls.selected(OTHER, "To", offered, other)]
    told = markup.still([], id=TOLD)
    told.children = drawn[TOLD]
    take = html.A(
        [components.icon("download"), " Download who moves"],
        id=LIST,
        href=drawn[LIST],
        download="",
        className="btn btn-outline-secondary",
    )
    chart = panels.plain_chart(CHART, moves.TITLE, drawn[CHART], moves.CAPTION, html.Div(), None)
    card = components.section(
        "Which customers change company?", [html.Div(chosen, className="map-choices"), told, take]
    )
    below = components.section(moves.TITLE, chart)
    below[f"{CHART}-twin"].children = drawn[f"{CHART}-twin"]
    return [card, below]


def redrawn(_: Finished, __: View) -> dict[str, Any]:
    """Nothing: what is compared is chosen in the view itself."""
    return {}


def compared(results: Finished, view: View, one: str, other: str) -> dict[str, Any]:
    """The sentences, the diagram, its table and the link, by id, for two label columns."""
    before, after = results.label_table[one], results.label_table[other]
    names, others = (_names(results, view, column) for column in (one, other))
    found = flows(before, after)
    link = View(view.data, view.recipe).address(PATH) + f"&one={one}&other={other}"
    return {
        TOLD: markup.source(panels.sentences(told(results.customers, before, after, results.horizon.value))),
        CHART: moves.figure(found, names, others),
        f"{CHART}-twin": markup.source(panels.table(moves.readable(found, names, others), moves.TITLE)),
        LIST: link,
    }


def told(customers: pd.DataFrame, before: pd.Series[int], after: pd.Series[int], value: str) -> list[str]:
    """How many customers do not go with most of their segment, and what is expected of them."""
    moved = movers(before, after)
    share, worth = float(moved.mean()), float(customers[value].to_numpy()[moved].sum())
    agree = formats.number(rand_index(before.to_numpy(), after.to_numpy()), 2)
    return [
        f"{formats.count(int(moved.sum()))} of {formats.plural(len(moved), 'customer')} ({formats.share(share)}) "
        "change company: they are not where most of their segment is.",
        f"{formats.money(worth)} of expected value is at stake with them.",
        f"Agreement {agree}, where 1 is the same segments and 0 no more alike than by chance (adjusted Rand index).",
    ]


def _names(results: Finished, view: View, column: str) -> dict[int, str]:
    return results.names(_view_of(results, view, column))


def _view_of(results: Finished, view: View, column: str) -> View:
    for name in results.titles:
        for k in results.ks:
            settled = results.settled(View(view.data, view.recipe, name, k))
            if label_column(name, settled.k) == column:
                return settled
    raise PipelineError(f"There are no segments {column} in these results; choose one of those offered.")


def who_moves(results: Finished, view: View, one: str, other: str) -> pd.DataFrame:
    """The customers who change company, the most valuable first: their measures, and both segments by name."""
    names, others = (_names(results, view, column) for column in (one, other))
    before, after = results.label_table[one], results.label_table[other]
    value = results.horizon.value
    columns = ["CustomerID", "Recency", "Frequency", "Monetary", value]
    table = results.customers[columns].assign(From=before.map(names), To=after.map(others))
    return table[movers(before, after)].sort_values(value, ascending=False)


def serve(server: Flask) -> None:
    """Serve the list of those who move under `PATH`."""
    server.add_url_rule(PATH, "download_movers", _download)


def register(app: Dash) -> None:
    """Wire the choices, and serve the list of those who move."""
    serve(app.server)
    places = {TOLD: Output(TOLD, "children"), CHART: Output(CHART, "figure"), LIST: Output(LIST, "href")}
    places[f"{CHART}-twin"] = Output(f"{CHART}-twin", "children")

    @app.callback(
        output=places,
        inputs={"one": Input(ONE, "value"), "other": Input(OTHER, "value"), "base": State(ids.MODEL_BASE, "data")},
        prevent_initial_call=True,
    )
    def compare(one: str, other: str, base: Mapping[str, Any]) -> dict[str, Any]:
        view = View.from_address(**base)
        return compared(at_hand(view), view, one, other)


def _download() -> Response:
    asked = request.args.to_dict()
    one, other = asked.pop("one", ""), asked.pop("other", "")
    try:
        view = View.from_address(asked.pop("data", ""), **asked)
        table, name = who_moves(at_hand(view), view, one, other), f"{downloads.stem(view)}-movers-{one}-{other}.csv"
    except PipelineError as problem:
        return Response(str(problem), status=404, mimetype="text/plain")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(spreadsheets.csv(table), mimetype="text/csv", headers=headers)
