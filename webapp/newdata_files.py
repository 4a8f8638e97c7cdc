"""A finished model, and a later file's customers in its segments, as files: as the command line writes them."""

from __future__ import annotations

from flask import Flask, Response, request

from pipeline import model_file, scoring
from pipeline.audience import spreadsheets
from pipeline.audience.columns import rounded
from pipeline.clustering.labels import label_column
from pipeline.errors import PipelineError
from webapp import downloads, scorings, workspace
from webapp.finished import Finished, at_hand
from webapp.views import View

MODEL, TABLE = "/download/model.json", "/download/scored.csv"


def serve(server: Flask) -> None:
    """Serve both; the query is that of the page they are linked from."""
    server.add_url_rule(MODEL, "download_model", _answer, defaults={"kind": "model"})
    server.add_url_rule(TABLE, "download_scored", _answer, defaults={"kind": "scored"})


def table(results: Finished, view: View) -> str:
    """The later customers of a view, with their segments under every method at its k, as CSV.

    Raises
    ------
    PipelineError
        If they have not been put into segments, or that is not kept any more.
    """
    found = scorings.find(workspace.current(), view.later, view.recipe, view.data)
    if found is None:
        raise PipelineError("That file has not been put into these segments; choose it in the view New data.")
    names = {}
    for method in results.titles:
        settled = results.settled(View(view.data, view.recipe, method, view.k))
        names[label_column(method, settled.k)] = results.names(settled)
    placed = scoring.Placed(found.customers, found.labels, [])
    return "".join(spreadsheets.csv(rounded(scoring.with_segments(placed, names))))


def _answer(kind: str) -> Response:
    asked = request.args.to_dict()
    try:
        view = View.from_address(asked.pop("data", ""), **asked)
        results = at_hand(view)
        written = table(results, view) if kind == "scored" else model_file.written(results.segmentation)
        stem = downloads.stem(view if kind == "model" else View(view.later))
    except PipelineError as problem:
        return Response(str(problem), status=404, mimetype="text/plain")
    name = f"{stem}-model.json" if kind == "model" else f"{stem}-scored.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(written, mimetype="text/csv" if kind == "scored" else "application/json", headers=headers)
