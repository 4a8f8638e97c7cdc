"""How a file's columns are taken, to be looked at, changed and confirmed before anything is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from pipeline.parameters import parameters
from pipeline.reading.columns import LOSSES, MONEY, NEEDED, NONE, written
from pipeline.reading.settings import Reading
from webapp import components, controls
from webapp.components import aria, icon

Proposed = Mapping[str, Any]
Chosen = Mapping[str, int | None]
SELECT, SEEN, ANSWER, SETTING = "mapping-select", "mapping-seen", "mapping-answer", "mapping-setting"
READ, TOLD = "mapping-read", "mapping-told"
TITLE = "Is this how your file reads?"
HELP = "From a look at the headings and at some rows. Nothing is kept or computed before you say so."
WORDS = {
    "CustomerID": ("Customer", "who bought: a number, code or e-mail"),
    "InvoiceDate": ("Date", "when it was bought"),
    "InvoiceNo": ("Order", "which lines were bought together"),
    "Quantity": ("Quantity", "how many; returns may be negative"),
    "UnitPrice": ("Price of one", "what a single piece costs"),
    "Amount": ("Amount", "of the whole line, instead of a price"),
    "Description": ("Product", "its name, for what customers buy"),
    "StockCode": ("Product code", "to tell postage from products"),
    "Country": ("Country", "where the customer is"),
}
CERTAINTY = {
    "sure": ("check-circle-fill", "Sure"),
    "likely": ("check-circle", "Likely"),
    "guess": ("question-circle-fill", "A guess"),
    "yours": ("person-check-fill", "Your choice"),
    "none": ("dash-circle", "Not in the file"),
    "needed": ("exclamation-circle-fill", "Needed"),
    "spared": ("dash-circle", "Not needed"),
}
WHOLE_FILE = {"label": "Let the whole file decide", "example": "One day after the 12th anywhere in it tells the order."}
READ_WORDS, LOOK_WORDS = "Read the file", "Look again with these settings"
QUESTIONS = {
    "reading.date_order": "The dates of this file can be read in two ways, and no line says which. Which one is right?"
}
SHOWN_SAMPLES = 3


def form(proposed: Proposed, reading: Reading, asked_again: bool = False) -> Component:
    """The whole form for a proposal that was made under these reading settings.

    Parameters
    ----------
    proposed : as `pipeline.reading.proposal` describes it.
    asked_again : whether reading the file failed, so that what it may tell by itself has to be answered.
    """
    if not proposed["headings"]:
        return components.section("How the file is written", [_settings(reading, opened=True), *_ending(LOOK_WORDS)])
    rows = [_row(proposed, name, proposed["positions"].get(name)) for name in WORDS]
    body = [
        *[_question(question, asked_again) for question in proposed["questions"]],
        html.Ul(rows, className="mapping"),
        _settings(reading, opened=False),
        *_ending(READ_WORDS),
    ]
    return components.section(TITLE, body, help=f"{HELP} {proposed['looked_at']}")


def can_help(proposed: Proposed, reading: Reading) -> bool:
    """Whether another answer may read the file: not where no table was seen and all that is found out was tried."""
    return bool(proposed["headings"]) or reading != Reading()


def seen(proposed: Proposed, name: str, position: int | None, chosen: Chosen) -> list[Component]:
    """What stands under the heading that is taken for one of our columns, and how sure that is."""
    state, why = _certainty(proposed, name, position, chosen)
    picture, word = CERTAINTY[state]
    samples = proposed["headings"][position]["samples"][:SHOWN_SAMPLES] if position is not None else []
    return [
        *([html.Span([html.Code(sample) for sample in samples], className="samples")] if samples else []),
        html.Span([icon(picture), html.Strong(word)], className=f"certainty certainty-{state}"),
        html.Span(why, className="mapping-why"),
    ]


def problems(proposed: Proposed, chosen: Chosen) -> list[str]:
    """Why a choice cannot be read: what is needed and not there, and what is taken twice."""
    found = [
        f"Choose the column for {WORDS[name][0].lower()}: {WORDS[name][1]}." for name in NEEDED if _lacks(chosen, name)
    ]
    if all(_lacks(chosen, name) for name in MONEY):
        found.append("Choose where the money is: the price of one piece with a quantity, or the amount of the line.")
    elif _lacks(chosen, "Amount") and _lacks(chosen, "Quantity"):
        found.append("A price of one piece needs a quantity; without one, take that column for the amount instead.")
    by_position: dict[int, list[str]] = {}
    for name, position in chosen.items():
        if position is not None:
            by_position.setdefault(position, []).append(WORDS[name][0])
    for position, names in by_position.items():
        if len(names) > 1:
            found.append(f"{heading(proposed, position)!r} is taken for {' and for '.join(names)}: choose one.")
    return found


def told(proposed: Proposed, chosen: Chosen, unanswered: bool, altered: bool) -> tuple[list[Component], str, bool]:
    """What to say under the form, the button's words, and whether it has to wait."""
    if altered or not proposed["headings"]:
        return [], LOOK_WORDS, not altered
    wrong = problems(proposed, chosen)
    if unanswered:
        wrong.insert(0, "Answer the question above.")
    same = dict(chosen) == {name: proposed["positions"].get(name) for name in chosen}
    refused = bool(proposed["refusal"]) and same
    items = [html.Li([icon("exclamation-circle-fill"), each], className="wrong") for each in wrong]
    return list(items), READ_WORDS, bool(wrong) or refused


def settled(reading: Reading, proposed: Proposed, chosen: Chosen, answers: Mapping[str, str]) -> Reading:
    """The reading settings with what was chosen and answered; what is as proposed is left to be found out."""
    same = dict(chosen) == {name: proposed["positions"].get(name) for name in chosen}
    given = {setting.partition(".")[2]: value for setting, value in answers.items()}
    sure = same and all(each["confidence"] != "guess" for each in proposed["headings"])
    headings = [each["heading"] for each in proposed["headings"]]
    columns = reading.columns if sure else written(headings, chosen)
    return reading.with_settings(**given, columns=columns)


def position(value: str | None) -> int | None:
    """The column that a dropdown holds."""
    return int(value) if value and value != NONE else None


def heading(proposed: Proposed, position: int) -> str:
    """The heading of a column; one without a name is told by its place."""
    return proposed["headings"][position]["heading"] or f"Column {position + 1}"


def _row(proposed: Proposed, name: str, position: int | None) -> Component:
    word, what = WORDS[name]
    id = {"type": SELECT, "column": name}
    label = dbc.Label(word, html_for=controls.element_id(id))
    options = [{"label": "Not in the file", "value": NONE}]
    options += [
        {"label": heading(proposed, each["position"]), "value": str(each["position"])} for each in proposed["headings"]
    ]
    choice = dbc.Select(id=id, options=options, value=NONE if position is None else str(position))
    found = seen(proposed, name, position, proposed["positions"])
    return html.Li(
        [
            html.Div([label, html.Span(what, className="quiet")], className="mapping-name"),
            html.Div(choice),
            html.Div(found, id={"type": SEEN, "column": name}, className="mapping-seen"),
        ]
    )


def _certainty(proposed: Proposed, name: str, position: int | None, chosen: Chosen) -> tuple[str, str]:
    if position is None:
        return _absence(name, chosen)
    column = proposed["headings"][position]
    if column["canonical"] != name:
        return "yours", ""
    return column["confidence"] or "yours", column["why"]


def _absence(name: str, chosen: Chosen) -> tuple[str, str]:
    if name in NEEDED or (name in MONEY and all(_lacks(chosen, each) for each in MONEY)):
        return "needed", "Choose the column that holds it."
    if name == "Amount":
        return "spared", "Quantity times price is the money."
    if name == "UnitPrice":
        return "spared", "The amount of the line is the money."
    return "none", f"So {LOSSES[name]}."


def _lacks(chosen: Chosen, name: str) -> bool:
    return chosen.get(name) is None


def _question(question: Mapping[str, Any], asked_again: bool) -> Component:
    """A question that only a person can answer, with one value of the file read in each of the ways."""
    open_end = question.get("whole_file_may_tell") and not asked_again
    options = question["options"] | ({"auto": WHOLE_FILE} if open_end else {})
    cards = [{"value": value, "label": _answer(option)} for value, option in options.items()]
    chosen = dbc.RadioItems(
        id={"type": ANSWER, "setting": question["setting"]},
        options=cards,
        value="auto" if open_end else None,
        class_name="answers",
    )
    legend = html.Legend([icon("question-circle-fill"), QUESTIONS.get(question["setting"], question["sentence"])])
    return html.Fieldset([legend, chosen], className="question")


def _answer(option: Mapping[str, str]) -> Component:
    return html.Span([html.Strong(option["label"]), html.Span(option["example"])])


def _settings(reading: Reading, opened: bool) -> Component:
    """The settings of reading but for the columns, which have their dropdowns."""
    values = reading.to_json()
    fields = [
        controls.control(parameter, values[parameter.name], SETTING)
        for parameter in parameters(Reading)
        if parameter.name != "columns"
    ]
    summary = html.Summary("How the file is written: encoding, separators, dates, currency")
    inside = [summary, html.P(Reading.HELP, className="section-help"), html.Div(fields, className="setting-row")]
    return html.Details(inside, open=opened, className="fold")


def _ending(words: str) -> list[Component]:
    told = html.Ul(id=TOLD, className="mapping-told")
    spoken = html.Div(told, className="mapping-spoken", role="status", **aria(live="polite"))
    button = html.Button([words], id=READ, className="btn btn-primary btn-lg", disabled=True)
    return [html.Div([spoken, button], className="mapping-end")]


def entered(listed: Sequence[Mapping[str, Any]], by: str) -> dict[str, Any]:
    """What pattern-matched controls hold: the part `by` of each one's id -> its value."""
    return {control["id"][by]: control.get("value") for control in listed}
