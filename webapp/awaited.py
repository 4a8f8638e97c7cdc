"""What stands in the place of a page's results: while they are made, when their run has ended, where there are none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dash import dcc, html, no_update
from dash.development.base_component import Component

from pipeline.errors import PipelineError
from pipeline.stages import RESULTS, STAGES
from webapp import components, proposals, runs, workspace
from webapp.finished import Finished, at_hand
from webapp.views import View

WORKING = "Finding the segments of your customers."


def pending(view: View) -> list[Component]:
    """The place of the results while they are being made; it asks for the run."""
    return [components.working(WORKING), components.needs(view.data, view.recipe, RESULTS)]


def after_run(view: View, status: Mapping[str, Any] | None, shown: Callable[[Finished, View], list[Component]]) -> Any:
    """What stands in the place of a page's results as the run of its data and recipe goes on and ends.

    Parameters
    ----------
    status : as `ids.RUN_STATUS` holds it; the runs of other data and recipes change nothing, nor does work that goes
        on while results stay on the page.
    shown : draws finished results under a settled view.
    """
    if not status or not is_run_of(view, status):
        return no_update
    if status["state"] == "done":
        results = at_hand(view)
        return shown(results, results.settled(view))
    if status["state"] == "failed":
        return components.failed(str(status["sentence"]), _way("Choose other data", "/"))
    if status["state"] == "cancelled":
        told = "The run was cancelled. Press Run on the Model page to start it again; finished stages are kept."
        return components.failed(told, _way("Open the Model page", view.address("/model")))
    return components.working(WORKING)


def is_run_of(view: View, status: Mapping[str, Any]) -> bool:
    """Whether a status is of the run that the results of a view wait for."""
    same = (status["data"], status["recipe"]) == (view.data, view.recipe)
    return same and status["until"] in STAGES[: STAGES.index(RESULTS) + 1]


def guessed(view: View) -> Component | None:
    """What stands above results of a file whose columns nobody has confirmed; nothing where somebody has.

    Whoever goes on from the form of the columns without an answer is not stopped, but told, and can go back.
    """
    here = workspace.current()
    if here.dataset(view.data) == runs.sample_dataset(here) or not proposals.is_guessed(here, view.data, view.recipe):
        return None
    back = dcc.Link("Check the columns", href=f"{View(view.data, view.recipe).address('/')}&confirm=yes")
    told = "Nobody has confirmed yet which column of this file is which: they are read as they look. "
    return html.P([components.icon("question-circle"), html.Span([told, back])], className="as-last-time")


def not_there(data: str, problem: PipelineError) -> Component:
    """What a page shows where its address names nothing that is kept: the sentence, and the way on."""
    try:
        workspace.current().dataset(data)
    except PipelineError:
        return components.failed(str(problem), _way("Choose your data", "/"))
    return components.failed(str(problem), _way("Use the default recipe", View(data).address("/model")))


def _way(words: str, address: str) -> Component:
    link: Component = dcc.Link(words, href=address, className="btn btn-sm btn-outline-danger")
    return link
