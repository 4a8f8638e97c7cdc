"""The pieces every page is made of, among them the one answer to "no data", "working", "failed" and "nothing left"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from webapp import ids

Child = Component | str | int | float | None
Children = Child | Sequence[Any]


def icon(name: str) -> Component:
    """A Bootstrap icon, silent for screen readers."""
    return html.I(className=f"bi bi-{name}", **aria(hidden="true"))


def download(words: str, address: str, look: str = "btn btn-outline-secondary", **props: Any) -> Component:
    """A link that brings a file."""
    return html.A([icon("download"), f" {words}"], href=address, download="", className=look, **props)


def aria(**attributes: str) -> dict[str, Any]:
    """Attributes for screen readers: `aria(label="Steps")` is `{"aria-label": "Steps"}`, to be passed with `**`."""
    return {f"aria-{name}": value for name, value in attributes.items()}


def term(word: str, explanation: str, is_stop: bool = True) -> Component:
    """A word whose explanation shows on hover and on keyboard focus, by `assets/tips.js`.

    Parameters
    ----------
    is_stop : whether Tab stops at it; where not, something beside it that Tab does stop at has to explain it too.
    """
    stop: dict[str, Any] = {"tabIndex": 0} if is_stop else {}
    return html.Span([word, html.Span(explanation, className="term-note")], className="term", **stop)


def page(title: str, lead: Children, children: Children, actions: Children = None) -> Component:
    """A page: its one heading, a sentence on what it is for, what can be done next, and the content."""
    heading = html.Div([html.H1(title), html.P(lead, className="lead")], className="page-title")
    head = [heading] + ([html.Div(actions, className="page-actions")] if actions else [])
    return html.Div([html.Header(head, className="page-head"), html.Div(children, className="page-body")])


def section(
    title: str, children: Children, help: str = "", actions: Children = None, id: str | None = None
) -> Component:
    """A card with a heading, what it tells in a line, and its content."""
    heading = [html.H2(title)] + ([html.P(help, className="section-help")] if help else [])
    head = [html.Div(heading)] + ([html.Div(actions, className="section-actions")] if actions else [])
    named: dict[str, Any] = {"id": id} if id else {}
    return html.Section([html.Div(head, className="section-head"), html.Div(children)], className="section", **named)


def kpi(label: str, value: str, note: str = "", help: str = "") -> Component:
    """One figure of a page's summary; `value` is already written for people."""
    name = term(label, help) if help else label
    return html.Div(
        [
            html.Div(name, className="kpi-label"),
            html.Div(value, className="kpi-value"),
            html.Div(note, className="kpi-note"),
        ],
        className="kpi",
    )


def needs(data: str, recipe: str | None, until: str) -> Component:
    """In a layout: the shell runs the stages up to `until` for this data set and recipe, unless they are done."""
    return dcc.Store(id=ids.NEEDS, data={"data": data, "recipe": recipe, "until": until})


def no_data() -> Component:
    """The state of a page that has no data set to show."""
    link = dcc.Link([icon("arrow-left"), " Choose your data"], href="/", className="btn btn-primary")
    return _state("inbox", "No data yet", "Upload a file of transactions, or try the sample shop.", link)


def working(what: str) -> Component:
    """The state of a page whose results are being made: placeholders of the final size, no jumps."""
    bars = [html.Span(className="placeholder") for _ in range(4)]
    return html.Div(
        [html.P(what, className="state-text"), html.Div(bars, className="placeholder-wave skeleton")],
        className="state state-working",
        **aria(busy="true"),
    )


def failed(sentence: str, again: Children = None) -> Component:
    """The state of a page whose run went wrong: the sentence, and what to do."""
    body = [icon("exclamation-triangle"), html.Div([html.P(sentence), *_listed(again)])]
    alert: Component = dbc.Alert(body, color="danger", className="state-failed")
    return alert


def nothing_left(sentence: str, action: Children = None) -> Component:
    """The state of a page whose filter leaves nobody."""
    return _state("funnel", "Nothing left after the filter", sentence, action)


def table(
    caption: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[Child]],
    numeric: Sequence[str] = (),
    className: str = "",
) -> Component:
    """A small table with a caption for screen readers; `numeric` names the headings whose cells are figures."""
    kinds = ["num" if heading in numeric else None for heading in headings]
    cells = zip(headings, kinds, strict=True)
    head = html.Tr([html.Th(heading, className=kind, scope="col") for heading, kind in cells])
    body = [html.Tr([html.Td(cell, className=kind) for cell, kind in zip(row, kinds, strict=True)]) for row in rows]
    parts = [html.Caption(caption, className="visually-hidden"), html.Thead(head), html.Tbody(body)]
    inside = html.Table(parts, className=f"table studio-table {className}")
    return html.Div(inside, className="table-scroll", tabIndex=0, role="region", **aria(label=caption))


def notes(sentences: Sequence[str]) -> Component:
    """What was assumed or left out, one sentence a line; nothing where there is nothing to say."""
    if not sentences:
        return html.Div()
    listed = html.Ul([html.Li(sentence) for sentence in sentences])
    alert: Component = dbc.Alert([icon("info-circle"), listed], color="warning", className="notes")
    return alert


def _state(picture: str, title: str, sentence: str, action: Children) -> Component:
    return html.Div(
        [html.Div(icon(picture), className="state-icon"), html.H2(title), html.P(sentence), *_listed(action)],
        className="state",
    )


def _listed(children: Children) -> list[Any]:
    if children is None:
        return []
    return [children] if isinstance(children, Component | str | int | float) else list(children)
