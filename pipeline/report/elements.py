"""HTML and SVG as text, escaped in one place. What is `Html` is written as it is, everything else as characters."""

from __future__ import annotations

import html
from collections.abc import Iterable

_VOID = {"br", "meta", "circle", "rect", "line"}


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


Inside = str | int | float | Iterable["Inside"] | None


def tag(element: str, *inside: Inside, **attributes: str | float | bool | None) -> Html:
    """An element; `class_="num"` writes class, `aria_label` writes aria-label; None and False write nothing."""
    written = "".join(_attribute(name, value) for name, value in attributes.items())
    if element in _VOID:
        return Html(f"<{element}{written}>" if element in ("br", "meta") else f"<{element}{written}/>")
    return Html(f"<{element}{written}>{joined(inside)}</{element}>")


def joined(inside: Inside) -> Html:
    """These parts one after the other; text is escaped."""
    if inside is None:
        return Html("")
    if isinstance(inside, Html):
        return inside
    if isinstance(inside, str | int | float):
        return Html(html.escape(str(inside), quote=False))
    return Html("".join(joined(each) for each in inside))


def listed(sentences: Iterable[Inside]) -> Html:
    """A list, one entry a line."""
    return tag("ul", [tag("li", sentence) for sentence in sentences])


def _attribute(name: str, value: str | float | bool | None) -> str:
    if value is None or value is False:
        return ""
    shown = name.rstrip("_").replace("_", "-")
    return f" {shown}" if value is True else f' {shown}="{html.escape(str(value))}"'
