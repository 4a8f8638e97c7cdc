"""What the Model page says of the run as a whole: what was done, on what, and what to know before trusting it."""

from __future__ import annotations

from typing import Any

from dash import Dash, html
from dash.development.base_component import Component

from pipeline.report import model_card
from webapp import components, formats, markup, model_document, panels, value_view
from webapp.finished import Finished
from webapp.views import View

NAME, TITLE = "about", "About this model"
CARD = "model-card"
DOWNLOADS = {kind: f"model-card-{kind}" for kind in model_document.KINDS}
PLACES = {CARD: markup.HTML, **dict.fromkeys(DOWNLOADS.values(), "href")}


def area(results: Finished, view: View) -> list[Component]:
    """The run in words and figures, and how well the product categories cover it."""
    return [html.Div([_about(results, view), coverage(results)], className="pair")]


def redrawn(results: Finished, view: View) -> dict[str, Any]:
    """The sentences and the links under another settled view, by id."""
    links = {DOWNLOADS[kind]: view.address(path) for kind, path in model_document.KINDS.items()}
    return {CARD: markup.source(_sentences(results, view)), **links}


def register(app: Dash) -> None:
    """Serve the model card as a file."""
    model_document.register(app.server)


def _about(results: Finished, view: View) -> Component:
    """The run in words, what to know before trusting it, and the value models' parameters."""
    told = markup.still(_sentences(results, view), id=CARD)
    title = "Parameters of the value models"
    table = panels.table(model_card.parameters(results.segmentation.models()), title, ("Model", "Parameter"))
    stages = (stage for stage in results.segmentation.keys if stage not in value_view.STAGES)
    of_data = [sentence for stage in stages for sentence in results.segmentation.facts(stage)["warnings"]]
    of_value = components.notes(value_view.caveats(results))
    card = html.Div(
        ["The whole as a model card, to file or to hand on: ", *card_links(view)],
        className="caption card-links",
    )
    return components.section(
        "About this model", [told, components.notes(of_data), of_value, panels.folded(title, table), card]
    )


def _sentences(results: Finished, view: View) -> Component:
    value = results.customers[results.horizon.value]
    return panels.sentences(model_card.sentences(results.segmentation, value, view.method, view.k))


def card_links(view: View) -> list[Component]:
    """The model card of a settled view as files."""
    return [
        components.download(kind.upper(), view.address(path), "btn btn-sm btn-outline-secondary", id=DOWNLOADS[kind])
        for kind, path in model_document.KINDS.items()
    ]


def coverage(results: Finished) -> Component:
    """How much of the revenue the keyword map puts into a category, and what it misses most."""
    facts = results.segmentation.coverage()
    if not facts["coverage"]:
        return components.section("Product categories", html.P(model_card.NOT_DESCRIBED))
    table = model_card.coverage(facts)
    shares = dict(zip(table["Category"], table["Share"], strict=True))
    other = model_card.CATEGORY_WORDS["Other"]
    told = f"Keywords put {formats.share(1 - shares.get(other, 0.0))} of the revenue into a category."
    told = f"{told} {model_card.beside_products(facts)}".strip()
    missed = panels.table(model_card.unmatched(facts), "Largest products without a category")
    largest = html.Div([html.H3("Largest without a category"), missed], className="largest")
    body = html.Div([html.P(told), panels.bars(shares, quiet=(other,)), largest])
    return components.section(
        "Product categories", markup.still(body), help="The keyword map is a setting: change it under All settings."
    )
