"""What the Model page shows of two segmentations side by side: which customers change company."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dash import Dash, Input, Output, State, html
from dash.development.base_component import Component
from flask import Flask, Response, request

from pipeline.audience import spreadsheets
from pipeline.clustering.agreement import rand_index
from pipeline.clustering.labels import label_column
from pipeline.errors import PipelineError
from pipeline.profiles.moves import flows, movers
from pipeline.recipe import RECIPES
from webapp import components, controls, downloads, formats, ids, kept_recipes, markup, panels, workspace
from webapp.charts import moves
from webapp.finished import Finished, at_hand
from webapp.views import View

if TYPE_CHECKING:
    import pandas as pd

NAME, TITLE = "compare", "Compare"
PLACES: dict[str, str] = {}
ONE, OTHER, TOLD, CHART, LIST = "compare-one", "compare-other", "compare-told", "compare-chart", "compare-list"
AGAINST, THIS = "compare-against", "this"  # whose recipe the second segments are of
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


def recipes(view: View) -> dict[str, str]:
    """The recipes with finished results of this data by id, that of the page first."""
    here = workspace.current()
    own = here.recipe(view.recipe).digest()
    known = {recipe.digest(): controls.RECIPE_TITLES[name] for name, recipe in RECIPES.items()}
    known |= {each.id: each.name for each in kept_recipes.kept(here) if each.id not in known}
    others = {id: words for id, words in known.items() if id != own and here.find(view.data, id) is not None}
    return {THIS: "This page", **others}


def _of_recipe(results: Finished, view: View, against: str) -> tuple[Finished, View]:
    """The results that the second segments are of, and a view of them."""
    if against == THIS:
        return results, view
    theirs = replace(view, recipe=against)
    return at_hand(theirs), theirs


def _both(results: Finished, theirs: Finished, one: str, other: str) -> pd.DataFrame:
    """The customers whom both results know, with `Before` and `After`, their segments under two label columns."""
    customers, after = results.customers.assign(Before=results.label_table[one]), theirs.label_table[other].to_numpy()
    if theirs is results:
        return customers.assign(After=after)
    place = theirs.ids.get_indexer(results.ids)
    return customers[place >= 0].assign(After=after[place[place >= 0]])


def area(results: Finished, view: View) -> list[Component]:
    """Two choices, and what becomes of the customers between them."""
    offered, one = choices(results), label_column(view.method, view.k)
    same = [column for column in offered if column != one and column.endswith(f"_{view.k}")]
    other = next(iter(same), next(column for column in offered if column != one))
    drawn = compared(results, view, one, other)
    chosen = [
        controls.selected(ONE, "From", offered, one),
        controls.selected(OTHER, "To", offered, other),
        controls.selected(AGAINST, "Of the recipe", recipes(view), THIS),
    ]
    told = markup.kept(drawn[TOLD], id=TOLD)
    take = components.download("Download who moves", drawn[LIST], id=LIST)
    chart = panels.plain_chart(CHART, moves.TITLE, drawn[CHART], moves.CAPTION, drawn[f"{CHART}-twin"], None)
    card = components.section(
        "Which customers change company?", [html.Div(chosen, className="map-choices"), told, take]
    )
    return [card, components.section(moves.TITLE, chart)]


def redrawn(_: Finished, __: View) -> dict[str, Any]:
    """Nothing: what is compared is chosen in the view itself."""
    return {}


def compared(results: Finished, view: View, one: str, other: str, against: str = THIS) -> dict[str, Any]:
    """The sentences, the diagram, its table and the link, by id, for two label columns.

    `against` is the recipe that the second one is of.
    """
    theirs, there = _of_recipe(results, view, against)
    names, others = _names(results, view, one), _names(theirs, there, other)
    both = _both(results, theirs, one, other)
    found = flows(both["Before"], both["After"])
    link = View(view.data, view.recipe).address(PATH) + f"&one={one}&other={other}&against={against}"
    sentences = told(both, both["Before"], both["After"], results.horizon.value)
    lost = len(results.customers) - len(both)
    if lost:
        sentences.append(f"{formats.plural(lost, 'customer')} of this page have no segment under the other recipe.")
    return {
        TOLD: markup.source(panels.sentences(sentences)),
        CHART: moves.figure(found, names, others),
        f"{CHART}-twin": markup.source(panels.table(moves.readable(found, names, others), moves.TITLE)),
        LIST: link,
    }


def chosen_anew(results: Finished, view: View, one: str, other: str, against: str) -> dict[str, Any]:
    """What `compared` gives, and what can be chosen of that recipe; its first segments where it has none of `other`."""
    theirs, _ = _of_recipe(results, view, against)
    offered = choices(theirs)
    wanted = other if other in offered else next(iter(offered))
    listed = [{"label": words, "value": column} for column, words in offered.items()]
    return {**compared(results, view, one, wanted, against), OTHER: listed}


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


def who_moves(results: Finished, view: View, one: str, other: str, against: str = THIS) -> pd.DataFrame:
    """The customers who change company, the most valuable first: their measures, and both segments by name."""
    theirs, there = _of_recipe(results, view, against)
    names, others = _names(results, view, one), _names(theirs, there, other)
    both, value = _both(results, theirs, one, other), results.horizon.value
    columns = ["CustomerID", "Recency", "Frequency", "Monetary", value]
    table = both[columns].assign(From=both["Before"].map(names), To=both["After"].map(others))
    return table[movers(both["Before"], both["After"])].sort_values(value, ascending=False)


def serve(server: Flask) -> None:
    """Serve the list of those who move under `PATH`."""
    server.add_url_rule(PATH, "download_movers", _download)


def register(app: Dash) -> None:
    """Wire the choices, and serve the list of those who move."""
    serve(app.server)
    places = {TOLD: Output(TOLD, markup.HTML), CHART: Output(CHART, "figure"), LIST: Output(LIST, "href")}
    places |= {f"{CHART}-twin": Output(f"{CHART}-twin", markup.HTML), OTHER: Output(OTHER, "options")}
    chosen = {"one": Input(ONE, "value"), "other": Input(OTHER, "value"), "against": Input(AGAINST, "value")}

    @app.callback(
        output=places,
        inputs={**chosen, "base": State(ids.MODEL_BASE, "data")},
        prevent_initial_call=True,
    )
    def compare(one: str, other: str, against: str, base: Mapping[str, Any]) -> dict[str, Any]:
        view = View.from_address(**base)
        return chosen_anew(at_hand(view), view, one, other, against)


def _download() -> Response:
    asked = request.args.to_dict()
    one, other, against = asked.pop("one", ""), asked.pop("other", ""), asked.pop("against", THIS)
    try:
        view = View.from_address(asked.pop("data", ""), **asked)
        table, name = (
            who_moves(at_hand(view), view, one, other, against),
            f"{downloads.stem(view)}-movers-{one}-{other}.csv",
        )
    except PipelineError as problem:
        return Response(str(problem), status=404, mimetype="text/plain")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(spreadsheets.csv(table), mimetype="text/csv", headers=headers)
