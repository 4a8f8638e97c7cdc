"""The model card as a file: what was fitted, on what, how it came out before, and how not to read it."""

from __future__ import annotations

import html as characters
import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component
from flask import Flask, Response, request

from pipeline.errors import PipelineError
from pipeline.output import manifest
from webapp import downloads, formats, markup, model_card, panels, value_view, workspace
from webapp.charts import best_customers, calibration, past_forecasts
from webapp.finished import Finished, at_hand
from webapp.views import View

KINDS = {"html": "/download/model-card.html", "json": "/download/model-card.json"}
LIMITS = (
    "A customer's value is the average over many customers with the same history, not a promise for one of them.",
    "It is revenue, not profit: costs, returns that the cleaning took out and marketing spend are not in it.",
    "The models know orders, dates and money only. They know nothing of seasons, prices, stock or campaigns.",
    "The chance to be active (P_Alive) is for reference. It is 1 for many who came once; never rank by it.",
    "It tells who is likely to order, not whom a campaign would change: test that with a group that gets none.",
    "It is made for marketing. Do not decide on credit, prices or anything else that people have a right to with it.",
)
STYLE = """
:root { color-scheme: light dark; --ink: #17232a; --soft: #4d5b63; --line: #d8dedb; --ground: #fff; --warn: #fdf3dc; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eeed; --soft: #b3c0c0; --line: #36454a; --ground: #12191b; --warn: #332a14; }
}
body { max-width: 58rem; margin: 2.5rem auto; padding: 0 1.25rem; background: var(--ground); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; }
h2 { margin: 2.2rem 0 .6rem; padding-top: .9rem; border-top: 1px solid var(--line); font-size: 1.15rem; }
.lead { margin: .3rem 0 0; color: var(--soft); }
.warned { padding: .8rem 1rem .8rem 2rem; border-radius: 8px; background: var(--warn); }
.table-scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .88rem; }
th, td { padding: .35rem .7rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.num { text-align: right; font-variant-numeric: tabular-nums; }
summary { margin: .8rem 0 .4rem; cursor: pointer; font-weight: 600; }
.visually-hidden { position: absolute; clip-path: inset(50%); }
.fixed { display: block; max-width: 38rem; overflow-wrap: anywhere;
  font: .8rem/1.5 ui-monospace, Menlo, Consolas, monospace; }
"""


def register(server: Flask) -> None:
    """Serve the card under `KINDS`; the query is that of the page it is linked from."""
    for kind, path in KINDS.items():
        server.add_url_rule(path, f"download_model_card_{kind}", _answer, defaults={"kind": kind})


def facts(results: Finished, view: View) -> dict[str, Any]:
    """Everything the card says, as JSON holds it: the manifest of the run, the past tests, and how not to read it."""
    dataset, segmentation = workspace.current().dataset(view.data), results.segmentation
    described = manifest(segmentation, dataset.files)
    cleaned = segmentation.facts("cleaning")
    tables = {name: _records(value_view.chosen(results, name)) for name in ("cutoffs", "calibration")}
    return {
        "title": f"Model card: {dataset.name}",
        "summary": model_card.sentences(results, view),
        **described,
        "input": {**described["input"], "name": dataset.name},
        "data": {name: cleaned[name] for name in ("span", "rows", "customers", "invoices", "money")},
        "shown": {"method": view.method, "segments": view.k},
        "backtest": {**segmentation.backtest(), **tables},
        "limits": list(LIMITS),
    }


def as_html(results: Finished, view: View) -> str:
    """The card as one page that needs nothing else, for a browser or for paper."""
    told = facts(results, view)
    body = [
        html.H1(told["title"]),
        html.P(f"Segment Studio {told['versions']['segment-studio']}", className="lead"),
        *_part("In short", panels.sentences([*told["summary"], *told["backtest"]["sentences"]])),
        *_part("What to know before relying on it", html.Div(panels.sentences(told["warnings"]), className="warned")),
        *_part("How not to read it", panels.sentences(told["limits"])),
        *_past_tests(results, told["backtest"]),
        *_fitted(results),
        *_made_from(told),
    ]
    inside = markup.source([part for part in body if part is not None])
    title = characters.escape(told["title"])
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    return f'<!DOCTYPE html><html lang="en"><head>{head}<style>{STYLE}</style></head><body>{inside}</body></html>'


def _part(title: str, *inside: Component) -> list[Component]:
    return [html.H2(title), *inside]


def _past_tests(results: Finished, tests: Mapping[str, Any]) -> list[Component]:
    cutoffs = value_view.chosen(results, "cutoffs")
    if cutoffs.empty:
        return []
    grades = [
        f"{value_view.ASKED[key]}: {graded['grade']}. {graded['sentence']}" for key, graded in tests["grades"].items()
    ]
    tables = {
        past_forecasts.TITLE: past_forecasts.readable(cutoffs),
        best_customers.TITLE: best_customers.readable(cutoffs),
        calibration.TITLE: calibration.readable(value_view.chosen(results, "calibration")),
    }
    shown = [
        html.Details([html.Summary(title), panels.table(rows, title)], open=title == past_forecasts.TITLE)
        for title, rows in tables.items()
    ]
    return _part("How it came out before", panels.sentences(grades), *shown)


def _fitted(results: Finished) -> list[Component]:
    models = results.segmentation.models()
    likelihoods = [
        f"Log-likelihood of {words.split(',')[0]}: {formats.number(models[f'{name}_log_likelihood'], 2)}."
        for name, words in model_card.PARAMETER_WORDS.items()
        if f"{name}_log_likelihood" in models
    ]
    table = panels.table(model_card.parameters(models), "Parameters", ("Model", "Parameter"))
    return _part("What was fitted", table, panels.sentences(likelihoods))


def _made_from(told: Mapping[str, Any]) -> list[Component]:
    read = told["input"]
    source = [f"{read['name']}: {formats.size(file['bytes'])}, SHA-256 {file['sha256']}." for file in read["files"]]
    versions = ", ".join(f"{name} {number}" for name, number in told["versions"].items())
    return [
        *_part("On what", panels.sentences(source)),
        *_part("Settings", _settings(told["recipe"])),
        *_part("Versions", html.P(versions, className="fixed")),
    ]


def _settings(recipe: Mapping[str, Any]) -> Component:
    rows = [
        {"Section": section, "Setting": name, "Value": html.Span(str(value), className="fixed")}
        for section, chosen in recipe.items()
        if isinstance(chosen, dict)
        for name, value in chosen.items()
    ]
    label = f"Every setting of the recipe {recipe['name']}"
    table = panels.table(pd.DataFrame(rows), label, ("Section", "Setting", "Value"))
    return html.Details([html.Summary(label), table])


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads(rows.to_json(orient="records", date_format="iso"))
    return records


def _answer(kind: str) -> Response:
    asked = request.args.to_dict()
    try:
        view = View.from_address(asked.pop("data", ""), **asked)
        results = at_hand(view)
        settled = results.settled(view)
        name = f"{downloads.stem(settled)}-model-card.{kind}"
        written = as_html(results, settled) if kind == "html" else json.dumps(facts(results, settled), indent=2)
    except PipelineError as problem:
        return Response(str(problem), status=404, mimetype="text/plain")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(written, mimetype="text/html" if kind == "html" else "application/json", headers=headers)
