"""What the Model page shows of ways to prepare customers: what comes of each, side by side, before one is chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dash import ALL, Dash, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component

from pipeline.clustering.labels import GROUP_NAMES, KEY_ACCOUNTS
from pipeline.clustering.methods import K_METHODS, METHODS
from pipeline.clustering.preparation import Preparation
from pipeline.clustering.stability import LARGEST
from pipeline.clustering.suggestion import VALID
from pipeline.errors import PipelineError
from pipeline.profiles.health import PATTERN
from pipeline.profiles.preparations import compared_with
from webapp import components, formats, glossary, ids, lab, markup, panels, theme, workspace
from webapp.components import aria
from webapp.finished import Finished
from webapp.lab import Judged
from webapp.views import View

if TYPE_CHECKING:
    import pandas as pd

NAME, TITLE = "prepare", "Preparation"
ROWS, COMPARE, USE = "prepare-rows", "prepare-compare", "prepare-use"
PLACES = {ROWS: "children"}
LEAD = (
    "Before customers are compared their figures are put on one scale. How that is done decides what segments find: "
    "how customers behave, or one flag and a few big spenders."
)
WAITING = "Looking for segments under each preparation, and among customers drawn anew."
CAPTION = (
    "Customers are drawn anew {draws} times for each. “Agreement” is how far the same segments are found among them: 1 "
    "is the same, 0 no more than by chance (adjusted Rand index). “Weakest comes back” is how much of the segment that "
    "comes back least is the same (Jaccard similarity; from 75 % on it is stable), as “Can I trust them?” measures "
    "it{sample}. “Foretells” is how much of the differences in the spend of the last six months the segments of the "
    "months before explain (share of the variance of its logarithm)."
)
SAMPLED = ", but in a sample of {customers}, so that its figures may differ a little"


def area(results: Finished, view: View) -> list[Component]:
    """What a preparation is, and the ways to prepare customers with what comes of each."""
    rows = html.Div(_rows(results, view), id=ROWS, className="stack")
    return [components.section("How should customers be compared?", [html.P(LEAD), rows])]


def redrawn(results: Finished, view: View) -> dict[str, Any]:
    """The preparations under another settled view."""
    return {ROWS: _rows(results, view)}


def _rows(results: Finished, view: View) -> list[Component]:
    found = lab.by(view.method).find(workspace.current(), view.data, view.recipe)
    if found is None:
        told = f"{judged_by(results, view)} Nothing has been compared so yet."
        return [_offer(told, "Compare")]
    at = {name: judged.by_k[_k(view, judged)] for name, judged in found.items()}
    cards = [_card(name, each, at[name], first=not place) for place, (name, each) in enumerate(found.items())]
    sentences = [judged_by(results, view), *told_of(found, at)]
    said = [panels.sentences(sentences), html.P(caption(results), className="caption")]
    twin = panels.table(readable(found, at), "Preparations side by side")
    return [markup.still(said), html.Div(cards, className="preparations"), panels.folded("As a table", twin)]


def judged_by(results: Finished, view: View) -> str:
    """Which method the preparations are judged by, a sentence."""
    own, used = results.titles[view.method], METHODS[lab.by(view.method).method].TITLE
    if view.method in K_METHODS:
        return f"Judged by {used}, the method chosen above."
    return f"Judged by {used}, since {own} finds its own number of segments."


def caption(results: Finished) -> str:
    """What the measures are, and how surely they are known."""
    sample = SAMPLED.format(customers=formats.plural(LARGEST, "customer")) if len(results.customers) > LARGEST else ""
    return CAPTION.format(draws=lab.draws(results.segmentation.recipe), sample=sample)


def _k(view: View, judged: Judged) -> int:
    """The number of segments of the view; where its method takes none, the one in the middle."""
    ks = sorted(judged.by_k)
    return view.k if view.k in judged.by_k and view.k is not None else ks[len(ks) // 2]


def told_of(found: Mapping[str, Judged], at: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What the comparison comes to, a sentence each.

    Parameters
    ----------
    at : of each preparation the record of the number of segments that is shown.
    """
    number = formats.plural(len(next(iter(at.values()))["sizes"]), "segment")
    steady, agreement = _leaders(at, "ari", lambda value: formats.number(value, 2))
    best, explained = _leaders(at, "explained", formats.share)
    alike = (
        f"With {number}, those of {_titles(found, steady)} are most alike when customers are drawn anew "
        f"(agreement {agreement})."
    )
    foretell = f"Those of {_titles(found, best)} foretell most: {explained} of the differences in later spend."
    too_short = "The file is too short to say what segments foretell: that takes nine months."
    sentences = [*([alike] if steady else []), foretell if best else too_short]
    flagged = [f"“{found[name].offered.title}”" for name, record in at.items() if record["flags"]]
    if flagged:
        sentences.append(f"One flag alone makes a segment under {', '.join(flagged)}.")
    return sentences


def _leaders(
    at: Mapping[str, Mapping[str, Any]], measure: str, written: Callable[[float], str]
) -> tuple[list[str], str]:
    """Which preparations have most of a measure, as far as it is written, and that figure in words; none if unknown."""
    told = {name: record[measure] for name, record in at.items() if record[measure] is not None}
    most = written(max(told.values())) if told else ""
    return [name for name, value in told.items() if written(value) == most], most


def _titles(found: Mapping[str, Judged], names: Sequence[str]) -> str:
    titles = [f"“{found[name].offered.title}”" for name in names]
    return " and ".join(each for each in (", ".join(titles[:-1]), *titles[-1:]) if each)


def _card(name: str, judged: Judged, record: Mapping[str, Any], first: bool) -> Component:
    badge = html.Span("In use", className="badge-health verdict-good") if first else None
    head = html.H3([judged.offered.title, " ", badge])
    facts = [html.Div([html.Dt(term), html.Dd(fact)]) for term, fact in _facts(record)]
    inside = [head, html.P(judged.offered.about, className="quiet"), _sizes(record), html.Dl(facts)]
    warnings = [*record["flags"], *_aside(record)]
    still = markup.still([*inside, panels.sentences(warnings) if warnings else None])
    use = html.Button(
        "Use this",
        id={"type": USE, "index": name},
        className="btn btn-sm btn-outline-secondary",
        type="button",
        **aria(label=f"Use the preparation {judged.offered.title}"),
    )
    return html.Article([still, *([] if first else [use])], className="preparation")


def _facts(record: Mapping[str, Any]) -> list[tuple[Component | str, Component | str]]:
    weakest = record["weakest"]
    look = "good" if (weakest or 0) >= VALID else "fair" if (weakest or 0) >= PATTERN else "poor"
    return [
        (glossary.explained("Stability", "Agreement"), formats.number(record["ari"], 2)),
        ("Weakest comes back", html.Span(formats.share(weakest), className=f"badge-health verdict-{look}")),
        ("Foretells", formats.share(record["explained"])),
        ("Sizes", _written_sizes(record)),
    ]


def _written_sizes(record: Mapping[str, Any]) -> str:
    return " · ".join(formats.share(size) for size in record["sizes"])


def _sizes(record: Mapping[str, Any]) -> Component:
    """The segments' shares of customers as one bar, the biggest spenders first and key accounts at the end."""
    shares = dict(enumerate(record["sizes"])) | {KEY_ACCOUNTS: record["key_accounts"]}
    parts = [
        html.Span(style={"flexGrow": f"{share:.4f}", "background": theme.segment_colour(label)})
        for label, share in shares.items()
        if share
    ]
    return html.Div(parts, className="sizes-bar", **aria(hidden="true"))


def _aside(record: Mapping[str, Any]) -> list[str]:
    if not record["key_accounts"]:
        return []
    return [
        f"{formats.share(record['key_accounts'])} of customers are set aside as {GROUP_NAMES[KEY_ACCOUNTS].lower()}."
    ]


def readable(found: Mapping[str, Judged], at: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """The comparison as a table of texts, a row for each preparation."""
    import pandas as pd

    rows = [
        {
            "Preparation": judged.offered.title,
            "Sizes": _written_sizes(at[name]),
            "Agreement": formats.number(at[name]["ari"], 2),
            "Weakest comes back": formats.share(at[name]["weakest"]),
            "Foretells": formats.share(at[name]["explained"]),
            "Most foreign segment": formats.share(at[name]["abroad"]),
        }
        for name, judged in found.items()
    ]
    return pd.DataFrame(rows)


def _offer(sentence: str, words: str) -> Component:
    button = html.Button(words, id=COMPARE, className="btn btn-primary", type="button")
    return html.Div([html.P(sentence), button])


def after_comparing(view: View, status: Mapping[str, Any] | None) -> Any:
    """What stands in the place of the preparations while they are compared, and where that has failed.

    Other runs change nothing; that it has ended well is news to all views.
    """
    if not status or status.get("until") != lab.by(view.method).STAGE:
        return no_update
    if (status["data"], status["recipe"]) != (view.data, view.recipe):
        return no_update
    if status["state"] == "working":
        return [html.P([html.Span(className="spinner", **aria(hidden="true")), f" {WAITING}"], role="status")]
    if status["state"] == "done":
        return no_update
    return [
        components.failed(str(status.get("sentence") or "The comparison was cancelled.")),
        _offer("", "Compare again"),
    ]


def address_with(view: View, name: str) -> str:
    """The address's query of the page under a recipe that has this preparation, and is as it was in all else.

    Raises
    ------
    PipelineError
        If there is no such preparation.
    """
    here = workspace.current()
    recipe = here.recipe(view.recipe)
    offered = compared_with(recipe.step(Preparation)).get(name)
    if offered is None:
        raise PipelineError(f"There is no preparation {name!r}; choose one of those on the page.")
    changed = recipe.with_settings({Preparation.NAME: offered.preparation.to_json()}).named()
    return replace(view, recipe=here.keep_recipe(changed)).address("")


def register(app: Dash) -> None:
    """Wire the button that starts the comparison, its end, and the choice of a preparation."""
    late: dict[str, Any] = {"prevent_initial_call": True}
    base = State(ids.MODEL_BASE, "data")
    controls = State(ids.MODEL_METHOD, "value"), State(ids.MODEL_K, "value")

    asked = Output(ids.RUN_REQUEST, "data", allow_duplicate=True)

    @app.callback(asked, Input(COMPARE, "n_clicks"), base, controls[0], **late)
    def compare(clicks: int | None, base: dict[str, Any], method: str) -> Any:
        until = lab.by(method).STAGE
        return {"data": base["data"], "recipe": base["recipe"], "until": until} if clicks else no_update

    @app.callback(
        Output(ROWS, "children", allow_duplicate=True), Input(ids.RUN_STATUS, "data"), base, *controls, **late
    )
    def show(status: dict[str, Any] | None, base: dict[str, Any], method: str, k: int) -> Any:
        return after_comparing(_view(base, method, k), status)

    @app.callback(
        Output(ids.ADDRESS, "search", allow_duplicate=True),
        Input({"type": USE, "index": ALL}, "n_clicks"),
        base,
        *controls,
        **late,
    )
    def use(clicks: list[int | None], base: dict[str, Any], method: str, k: int) -> Any:
        return address_with(_view(base, method, k), ctx.triggered_id["index"]) if any(clicks) else no_update


def _view(base: Mapping[str, Any], method: str, k: int) -> View:
    return View.from_address(**{**base, "method": method, "k": k, "view": NAME})
