"""The report's parts for whoever has to trust it: past tests, limits, what was fitted, what was left out, on what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline import formats
from pipeline.output import manifest
from pipeline.report import model_card, past_tests
from pipeline.report.elements import Html, listed, tag
from pipeline.report.subject import Subject
from pipeline.report.tables import table

if TYPE_CHECKING:
    import pandas as pd

GRADES = {"good": "Good", "fair": "Fair", "poor": "Poor", "untested": "Not tested"}
ASKED = {"who": "Who to target", "how_much": "How much in total"}
_LIKELIHOODS = "{name}_log_likelihood"


def facts(subject: Subject) -> dict[str, Any]:
    """Everything the model card says, as JSON holds it: the run's manifest, past tests, and how not to read it."""
    segmentation = subject.segmentation
    described, cleaned = manifest(segmentation, subject.source), segmentation.facts("cleaning")
    tables = {name: _records(past_tests.chosen(segmentation, name)) for name in ("cutoffs", "calibration")}
    return {
        "title": f"Model card: {subject.title}",
        "summary": in_short(subject),
        **described,
        "input": {**described["input"], "name": subject.title},
        "data": {name: cleaned[name] for name in ("span", "rows", "customers", "invoices", "money")},
        "shown": {"method": subject.method, "segments": subject.k},
        "backtest": {**segmentation.backtest(), **tables},
        "limits": list(model_card.LIMITS),
    }


def in_short(subject: Subject) -> list[str]:
    """Data, value and segments in a sentence each."""
    value = subject.segmentation.customers()[subject.value]
    return model_card.sentences(subject.segmentation, value, subject.method, subject.k)


def verdict(subject: Subject) -> Html:
    """How far to believe the forecast, and the tests that say so."""
    tests = subject.segmentation.backtest()
    cards = [
        tag("div", tag("h3", f"{ASKED[key]}: {GRADES[graded['grade']]}"), tag("p", graded["sentence"]), class_="card")
        for key, graded in tests["grades"].items()
    ]
    plan = tag("p", tag("strong", subject.segmentation.planning()))
    return tag("div", plan, tag("div", cards, class_="cards"), _tests(subject))


def _tests(subject: Subject) -> Html:
    tests, cutoffs = subject.segmentation.backtest(), past_tests.chosen(subject.segmentation, "cutoffs")
    if cutoffs.empty:
        return tag("p", tests["reason"])
    on_cards = [graded["sentence"] for graded in tests["grades"].values()]
    groups = past_tests.chosen(subject.segmentation, "calibration")
    spend = tag(
        "figure",
        past_tests.forecast_bars(cutoffs, "spend"),
        tag("figcaption", "On each past day the models knew only what was known then."),
    )
    best = tag(
        "figure",
        past_tests.capture_bars(cutoffs),
        tag("figcaption", "Share of the spend that followed which a fifth of customers brought; by chance 20 %."),
    )
    return tag(
        "div",
        listed(sentence for sentence in tests["sentences"] if sentence not in on_cards),
        tag("div", _titled(past_tests.FORECASTS, spend), _titled(past_tests.BEST_CUSTOMERS, best), class_="pair"),
        _folded("The tests as tables",
            table(past_tests.forecasts(cutoffs), past_tests.FORECASTS),
            table(past_tests.best_customers(cutoffs), past_tests.BEST_CUSTOMERS),
            table(past_tests.calibration(groups), past_tests.CALIBRATION)),
    )  # fmt: skip


def warnings(subject: Subject) -> Html:
    """What to know before relying on it, and how not to read it."""
    told = subject.segmentation.warnings()
    known = tag("div", listed(told), class_="warned") if told else tag("p", "Nothing unusual was found in this run.")
    return tag("div", known, tag("h3", "How not to read it"), listed(model_card.LIMITS))


def fitted(subject: Subject) -> Html:
    """The models' parameters, and how the segments of every method and number compare."""
    models = subject.segmentation.models()
    likelihoods = [
        f"Log-likelihood of {words.split(',')[0]}: {formats.number(models[_LIKELIHOODS.format(name=name)], 2)}."
        for name, words in model_card.PARAMETER_WORDS.items()
        if _LIKELIHOODS.format(name=name) in models
    ]
    parameters = table(model_card.parameters(models), "Parameters of the value models", ("Model", "Parameter"))
    return tag(
        "div", parameters, listed(likelihoods), _folded("Every method and number of segments", _evaluation(subject))
    )


def _evaluation(subject: Subject) -> Html:
    from pipeline.clustering.methods import METHODS

    rows = [
        {
            "Method": METHODS[row["method"]].TITLE,
            "Segments": formats.count(row["clusters"]),
            "Silhouette": formats.number(row["silhouette"], 3),
            "Smallest": formats.count(row["smallest"]),
            "Largest": formats.count(row["largest"]),
        }
        for row in subject.segmentation.facts("clusters")["evaluation"]
    ]
    return table(rows, "Segments of every method: how clearly they part, and how large they are")


def ledger(subject: Subject) -> Html:
    """What each cleaning rule left out."""
    entries = subject.segmentation.ledger()
    rows = [
        {
            "Rule": entry["label"],
            "Lines": formats.change(entry["rows_after"] - entry["rows_before"]),
            "Customers": formats.change(entry["customers_after"] - entry["customers_before"]),
            "Invoices": formats.change(entry["invoices_after"] - entry["invoices_before"]),
            "Money": formats.money_change(entry["money_after"] - entry["money_before"]),
        }
        for entry in entries
    ]
    first, last = entries[0], entries[-1]
    told = (
        f"Of {formats.plural(first['rows_before'], 'line')} {formats.count(last['rows_after'])} count, with "
        f"{formats.money_exact(last['money_after'])} of {formats.money_exact(first['money_before'])}."
    )
    return tag("div", tag("p", told), table(rows, "What each cleaning rule did, in order"), _check(subject))


def _check(subject: Subject) -> Html:
    checked = subject.segmentation.data_check()
    return listed([*checked["sentences"], *(part["sentence"] for part in checked["parts"])])


def made_from(told: Mapping[str, Any]) -> Html:
    """The files, every setting, the versions and the whole manifest."""
    source = [
        f"{file['file']}: {formats.size(file['bytes'])}, SHA-256 {file['sha256']}" for file in told["input"]["files"]
    ]
    settings = [
        {"Section": section, "Setting": name, "Value": tag("span", str(value), class_="fixed")}
        for section, chosen in told["recipe"].items()
        if isinstance(chosen, dict)
        for name, value in chosen.items()
    ]
    label = f"Every setting of the recipe {told['recipe']['name']}"
    written = json.dumps(told, indent=1, ensure_ascii=False)
    return tag(
        "div",
        listed(tag("span", each, class_="fixed") for each in source),
        tag("p", ", ".join(f"{name} {number}" for name, number in told["versions"].items()), class_="fixed"),
        _folded(label, table(settings, label, ("Section", "Setting", "Value"))),
        _folded("The manifest as JSON", tag("pre", written, class_="manifest", tabindex="0")),
    )


def _titled(title: str, inside: Html) -> Html:
    return tag("div", tag("h3", title), inside)


def _folded(title: str, *inside: Html) -> Html:
    return tag("details", tag("summary", title), inside)


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads(rows.to_json(orient="records", date_format="iso"))
    return records
