"""What the Model page says of how far to trust segments: how many, whether they come back, what may be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component

from pipeline.clustering.agreement import rand_index
from pipeline.clustering.approximation import approximations
from pipeline.clustering.gaussian_mixture import GaussianMixture
from pipeline.clustering.methods import K_METHODS
from pipeline.clustering.suggestion import Suggestion
from pipeline.profiles.health import Health
from webapp import badges, components, formats, glossary, ids, markup, panels, runs
from webapp.charts import k_evaluation, knife
from webapp.components import aria
from webapp.finished import Finished
from webapp.views import View

if TYPE_CHECKING:
    import pandas as pd

NAME, TITLE = "trust", "Can I trust them?"
SUGGESTED, HEALTH, AGREE, KNIFE = "trust-suggested", "trust-health", "trust-agreement", "trust-knife"
USE, USED = "trust-use", "trust-k"
TEST, UNTESTED, AGAIN = "trust-test", "trust-untested", "trust-test-again"
QUALITY = {measure: f"trust-{measure}" for measure in k_evaluation.MEASURES}
PLACES = {
    **dict.fromkeys((SUGGESTED, TEST, HEALTH, AGREE, KNIFE, f"{KNIFE}-twin", *QUALITY.values()), markup.HTML),
    USE: "children",
    USED: "data",
}
TESTING = "Drawing customers anew, to see which segments come back."


def area(results: Finished, view: View) -> list[Component]:
    """How many segments, each one's health, the silhouettes, the measures over k, and what other methods say."""
    drawn = redrawn(results, view)
    use = html.Button(drawn[USE], id=USE, className="btn btn-primary", type="button")
    suggested = [markup.kept(drawn[SUGGESTED], id=SUGGESTED), use, dcc.Store(id=USED, data=drawn[USED])]
    test, health, agreement = (markup.kept(drawn[id], id=id) for id in (TEST, HEALTH, AGREE))
    tested = [test, html.Div(id=UNTESTED)]
    if results.tested(view) is None:
        tested.append(components.needs(view.data, view.recipe, runs.TEST))
    blades = [
        markup.kept(drawn[KNIFE], id=KNIFE, className="knife-place"),
        html.P(knife.CAPTION, className="caption"),
        panels.folded("As a table", drawn[f"{KNIFE}-twin"], id=f"{KNIFE}-twin"),
    ]
    return [
        components.section("How many segments?", html.Div(suggested, className="suggested")),
        components.section("Each segment's health", [*tested, health]),
        components.section(knife.TITLE, blades),
        components.section("Do the methods agree?", agreement, help=AGREEMENT_HELP),
        _measures(results, view, drawn),
        *_criteria(results),
    ]


HEADS = ("Verdict", "Comes back", "On the border", "What to know")
CRITERIA_HELP = "Lower is better: how well the clouds describe customers, less a fine for each further cloud."
CRITERIA_CAPTION = (
    "Only the Gaussian mixture has these. With many customers they often fall with every further segment, so a "
    "low value alone does not make a number of segments the right one; look at whether the segments come back, too."
)
AGREEMENT_HELP = "1 is the same segments, 0 is no more alike than by chance (adjusted Rand index)."


def redrawn(results: Finished, view: View) -> dict[str, Any]:
    """Every part under another settled view, by id."""
    key = (NAME, view.method, view.k, results.tested(view) is not None)
    return results.once(key, lambda: _redrawn(results, view))


def _redrawn(results: Finished, view: View) -> dict[str, Any]:
    names = results.names(view)
    customers = results.in_segments(view).assign(Silhouette=results.silhouettes[_column(results, view)])
    found = _suggestion(results, view)
    evaluation = _evaluation(results, view)
    measures = {
        id: k_evaluation.drawn(evaluation, measure, results.titles, view.method, view.k)
        for measure, id in QUALITY.items()
    }
    return {
        SUGGESTED: markup.source(_told(results, view, found)),
        USE: f"Use {found.k} segments" if found else None,
        USED: found.k if found else None,
        TEST: markup.source(_test(results, view)),
        HEALTH: markup.source(_health_table(results.health(view), names)),
        AGREE: markup.source(_agreement(results, view)),
        KNIFE: knife.drawn(customers, names),
        f"{KNIFE}-twin": markup.source(panels.table(knife.readable(customers, names), knife.TITLE)),
        **measures,
    }


def _column(results: Finished, view: View) -> str:
    column: str = results.labels(view).name  # type: ignore[assignment]
    return column


def _suggestion(results: Finished, view: View) -> Suggestion | None:
    """That of the method; None where it decides by itself."""
    if view.method not in K_METHODS:
        return None
    return (results.tested(view) or results.segmentation).suggestion(view.method)


def _told(results: Finished, view: View, found: Suggestion | None) -> Component:
    title = results.titles[view.method]
    if found is None:
        own = sum(number >= 0 for number in results.names(view))
        told = " It decides on the number itself, so there is none to choose."
        return html.P([html.Strong(f"{title} finds {formats.plural(own, 'segment')}."), told])
    state = " (for now)" if found.provisional else ""
    advice = html.P([html.Strong(f"{title}: {found.k} segments{state}. "), found.reason])
    return html.Div([advice, html.P(_based_on(results, view), className="caption")])


def _based_on(results: Finished, view: View) -> str:
    """What the advice counts, so that nobody wonders why it changes when the test of stability ends."""
    tested = results.tested(view)
    stable = None if tested is None else tested.stability()
    if stable is None:
        return "Based on the bend and on sizes; the test of stability may change it."
    return f"Based on the bend, on sizes and on the test of stability: {formats.plural(stable['draws'], 'draw')}."


def _evaluation(results: Finished, view: View) -> pd.DataFrame:
    """The measures of every method and k, with what the test of stability found where it is done."""
    import pandas as pd

    tested = results.tested(view)

    def merged() -> pd.DataFrame:
        stable = None if tested is None else tested.stability()
        if stable is None:
            return results.evaluation.assign(weakest=float("nan"))
        found = pd.DataFrame(stable["evaluation"]).astype({"k": "Int64"})
        return results.evaluation.merge(found, on=["method", "k"], how="left")

    return results.once((NAME, "evaluation", tested is not None), merged)


def _health_table(found: Mapping[int, Health], names: Mapping[int, str]) -> Component:
    rows = [html.Tr(_health_cells(number, own, names[number])) for number, own in found.items()]
    inside = [
        html.Caption("The health of each segment", className="visually-hidden"),
        html.Thead(html.Tr([html.Th(head, scope="col") for head in ("Segment", *HEADS)])),
        html.Tbody(rows),
    ]
    table = html.Table(inside, className="table studio-table health")
    return html.Div(table, className="table-scroll", tabIndex=0, role="region", **aria(label="Health of the segments"))


def _health_cells(number: int, own: Health, name: str) -> list[Component]:
    told = [*own.alarms.values(), *own.twins] or ["Nothing stands out."]
    cells: list[tuple[Any, str]] = [
        (badges.badge(own), ""),
        (formats.share(own.jaccard) if own.jaccard is not None else formats.MISSING, "num"),
        (formats.share(own.borderline) if own.borderline is not None else formats.MISSING, "num"),
        (panels.sentences(told), ""),
    ]
    return [
        html.Th([panels.swatch(number), name], scope="row"),
        *(html.Td(cell, className=kind, **panels.above(head)) for head, (cell, kind) in zip(HEADS, cells, strict=True)),
    ]


def _agreement(results: Finished, view: View) -> Component:
    """How far the methods agree on this number of segments, each with each."""
    import pandas as pd

    views = {
        title: results.settled(View(view.data, view.recipe, name, view.k)) for name, title in results.titles.items()
    }
    agreed = {(one, other): _agreed(results, views[one], views[other]) for one in views for other in views}
    rows = [
        {"Method": one.split(" (")[0]}
        | {other.split(" (")[0]: formats.number(agreed[one, other], 2) for other in views}
        for one in views
    ]
    return panels.table(pd.DataFrame(rows), "How far the methods agree", ("Method",), "agreement")


def _agreed(results: Finished, one: View, other: View) -> float:
    """How far two results agree; the same either way round, so worked out once."""
    first, second = sorted((_column(results, one), _column(results, other)))

    def index() -> float:
        labels = results.label_table
        return rand_index(labels[first].to_numpy(), labels[second].to_numpy())

    return results.once((AGREE, first, second), index)


def _measures(results: Finished, view: View, drawn: Mapping[str, Any]) -> Component:
    graphs = [_small(id, measure, drawn[id]) for measure, id in QUALITY.items()]
    twin = panels.table(k_evaluation.twin(_evaluation(results, view), results.titles), k_evaluation.TITLE)
    caption = html.P(k_evaluation.CAPTION, className="caption")
    facts = results.segmentation.facts("clusters")
    rough = approximations(facts["evaluation"], results.titles, facts["customers"])
    body = [html.Div(graphs, className="triple"), caption, components.notes(rough), panels.folded("As a table", twin)]
    return components.section("The measures behind it", body, help="No single one of them decides.")


def _small(id: str, measure: str, drawn: str) -> Component:
    place = markup.kept(drawn, id=id, className="measure-place")
    return html.Figure([html.Figcaption(k_evaluation.WORDS[measure]), place])


def _criteria(results: Finished) -> list[Component]:
    """BIC and AIC of the Gaussian mixture over k; the same whatever is chosen, so drawn once."""
    evaluation, name = results.evaluation, GaussianMixture.NAME
    if "bic" not in evaluation or evaluation["bic"].isna().all():
        return []
    titles = {name: results.titles[name]}
    charts = [
        _small(f"trust-{criterion}", criterion, k_evaluation.drawn(evaluation, criterion, titles, name, None))
        for criterion in k_evaluation.CRITERIA
    ]
    caption = html.P(CRITERIA_CAPTION, className="caption")
    body = [html.Div(charts, className="pair"), caption]
    return [components.section(f"{results.titles[name]}: is one more segment worth it?", body, help=CRITERIA_HELP)]


def _test(results: Finished, view: View) -> Component:
    """Where the test of stability stands."""
    tested = results.tested(view)
    facts = None if tested is None else tested.stability()
    if facts is None:
        return html.P([html.Span(className="spinner", **aria(hidden="true")), f" {TESTING}"], role="status")
    told = (
        f"Tested on {formats.count(facts['draws'])} draws from {formats.plural(facts['drawn_from'], 'customer')}. "
        "“Comes back” is how much of a segment is the same when customers are drawn anew (Jaccard similarity)."
    )
    return html.P([glossary.explained("Stability", "Stability"), f": {told}"], className="caption")


def register(app: Dash) -> None:
    """Wire the suggestion's button, and what is said where the test of stability ends without a result."""
    base, late = State(ids.MODEL_BASE, "data"), {"prevent_initial_call": True}
    use = "(clicks, k) => clicks ? k : dash_clientside.no_update"
    app.clientside_callback(use, Output(ids.MODEL_K, "value"), Input(USE, "n_clicks"), State(USED, "data"), **late)

    @app.callback(Output(UNTESTED, "children"), Output(TEST, "hidden"), Input(ids.RUN_STATUS, "data"), base, **late)
    def show_no_test(status: dict[str, Any] | None, base: dict[str, Any]) -> tuple[Any, Any]:
        return untested(View.from_address(**base), status)

    @app.callback(Output(ids.RUN_REQUEST, "data", allow_duplicate=True), Input(AGAIN, "n_clicks"), base, **late)
    def test_again(clicks: int | None, base: dict[str, Any]) -> Any:
        return {"data": base["data"], "recipe": base["recipe"], "until": runs.TEST} if clicks else no_update


def untested(view: View, status: Mapping[str, Any] | None) -> tuple[Any, Any]:
    """What stands in the place of the test of stability where it has failed, and whether it hides what stood there.

    While it goes on, and when it has ended well, that is nothing; nothing changes at other runs.
    """
    if not runs.is_test(status) or status is None or (status["data"], status["recipe"]) != (view.data, view.recipe):
        return no_update, no_update
    if status["state"] in ("working", "done"):
        return None, False
    told = str(status.get("sentence") or "The test was cancelled.")
    again = html.Button("Test again", id=AGAIN, className="btn btn-sm btn-outline-danger", type="button")
    return components.failed(told, again), True
