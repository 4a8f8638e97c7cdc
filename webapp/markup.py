"""Parts of a page in which nothing changes by itself, as one piece of HTML.

Dash's renderer looks at every component of a page on every update: a table of a hundred cells costs as much as a
hundred buttons. What is written with `dash.html` here becomes one component, and can stand in a page outside the app.
`assets/markup.js` puts it in its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from dash import html
from dash.development.base_component import Component

from pipeline.errors import PipelineError

HTML = "data-html"
"""The property that holds the HTML of a still part: the one to name in an Output."""

_VOID = {"br", "hr", "img", "input"}
_NAMES = {"className": "class", "htmlFor": "for", "tabIndex": "tabindex", "colSpan": "colspan", "rowSpan": "rowspan"}


def still(part: Component | Sequence[Any], **props: Any) -> Component:
    """These `dash.html` components as one component; `props` are those of `html.Div`.

    Raises
    ------
    PipelineError
        If one of them is not from `dash.html`, and so would not work.
    """
    return kept(source(part), **props)


def kept(source: str, **props: Any) -> Component:
    """HTML that `source` made, as one component."""
    inside: dict[str, Any] = {HTML: source, **props}
    return html.Div(**inside)


def html_of(part: Component) -> str:
    """The HTML of a still part."""
    inside: str = getattr(part, HTML)
    return inside


def source(part: Any) -> str:
    """The HTML of `dash.html` components, in one block without an empty line; texts and attributes are escaped."""
    return f"<div>{_html(part)}</div>"


def _html(part: Any) -> str:
    if part is None:
        return ""
    if isinstance(part, Component):
        return _element(part)
    if isinstance(part, list | tuple):
        return "".join(_html(each) for each in part)
    return escape(str(part), quote=False).replace("\n", " ")


def _element(part: Component) -> str:
    if part._namespace != "dash_html_components":
        raise PipelineError(f"A {type(part).__name__} needs the page's scripts and cannot stand in still HTML.")
    tag = type(part).__name__.lower()
    props = part.to_plotly_json()["props"]
    inside = _html(props.pop("children", None))
    attributes = "".join(_attribute(name, value) for name, value in props.items())
    return f"<{tag}{attributes}>" if tag in _VOID else f"<{tag}{attributes}>{inside}</{tag}>"


def _attribute(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    if name == "style":
        value = _style(value)
    shown = "" if value is True else escape(str(value)).replace("\n", " ")
    return f' {_NAMES.get(name, name)}="{shown}"'


def _style(rules: Mapping[str, Any]) -> str:
    def kebab(name: str) -> str:
        return name if name.startswith("--") else "".join(f"-{c.lower()}" if c.isupper() else c for c in name)

    return "; ".join(f"{kebab(name)}: {value}" for name, value in rules.items())
