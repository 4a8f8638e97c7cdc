"""The report and the model card as files: the library's own documents, for what a page shows."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace

from flask import Flask, Response, request

from pipeline.errors import PipelineError
from pipeline.report import document, trust_parts
from pipeline.report.subject import Subject
from webapp import downloads, workspace
from webapp.finished import Finished, at_hand
from webapp.views import View

KINDS = {"html": "/download/model-card.html", "json": "/download/model-card.json"}
REPORT = "/download/report.html"


def register(server: Flask) -> None:
    """Serve the card under `KINDS` and the whole report; the query is that of the page they are linked from."""
    for kind, path in KINDS.items():
        server.add_url_rule(path, f"download_model_card_{kind}", _answer, defaults={"kind": kind})
    server.add_url_rule(REPORT, "download_report", _answer, defaults={"kind": "report"})


def subject(results: Finished, view: View) -> Subject:
    """What a document of a settled view is about."""
    dataset = workspace.current().dataset(view.data)
    made = datetime.datetime.now()
    shown = (view.method, view.k, made, results.names(view), view.since, view.until)
    return Subject(results.segmentation, dataset.name, dataset.files, *shown)


def _written(kind: str, results: Finished, view: View) -> str:
    about = subject(results, view)
    if kind == "json":
        return json.dumps(trust_parts.facts(about), indent=2)
    if kind == "report":
        return document.report(replace(about, stood=results.standing))
    return document.model_card(about)


def _answer(kind: str) -> Response:
    asked = request.args.to_dict()
    try:
        view = View.from_address(asked.pop("data", ""), **asked)
        results = at_hand(view)
        settled = results.settled(view)
        written = _written(kind, results, settled)
    except PipelineError as problem:
        return Response(str(problem), status=404, mimetype="text/plain")
    ending = "report.html" if kind == "report" else f"model-card.{kind}"
    headers = {"Cache-Control": "no-store"}
    if asked.get("show") != "yes":
        headers["Content-Disposition"] = f'attachment; filename="{downloads.stem(settled)}-{ending}"'
    return Response(written, mimetype="application/json" if kind == "json" else "text/html", headers=headers)
