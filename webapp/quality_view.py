"""What the Model page shows of the number of segments: how well the customers fall into two, three, four and more."""

from __future__ import annotations

from typing import Any

from dash import Dash, html
from dash.development.base_component import Component

from webapp import components, panels
from webapp.charts import k_evaluation
from webapp.finished import Finished
from webapp.views import View

NAME, TITLE = "number", "How many segments?"
QUALITY = {measure: f"model-{measure}" for measure in k_evaluation.MEASURES}
PLACES = dict.fromkeys(QUALITY.values(), "figure")


def area(results: Finished, view: View) -> list[Component]:
    """A small chart per measure, and all figures as a table."""
    graphs = [
        panels.small_chart(QUALITY[measure], words, quality_figure(results, view, measure))
        for measure, words in k_evaluation.MEASURES.items()
    ]
    twin = panels.table(k_evaluation.twin(results.evaluation, results.titles), k_evaluation.TITLE)
    caption = html.P(k_evaluation.CAPTION, className="caption")
    body = [html.Div(graphs, className="triple"), caption, panels.folded("As a table", twin)]
    return [components.section(k_evaluation.TITLE, body)]


def quality_figure(results: Finished, view: View, measure: str) -> Any:
    """One measure over k, the view's method and k marked."""
    return k_evaluation.figure(results.evaluation, measure, results.titles, view.method, view.k)


def redrawn(results: Finished, view: View) -> dict[str, Any]:
    """Every chart with another method and k marked."""
    return {id: quality_figure(results, view, measure) for measure, id in QUALITY.items()}


def register(_: Dash) -> None:
    """Nothing happens inside this view by itself."""
