"""What an address asks for and does not get, a sentence each: nothing is corrected without a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from pipeline.audience import outlines, ranges
from pipeline.audience.choice import Choice
from pipeline.clustering.methods import METHODS
from pipeline.features.geography import UNKNOWN
from webapp import components, formats, listing, views
from webapp.finished import Finished
from webapp.views import View

_NOT_ASKED = ("", views.EVERYWHERE, "None")
_SHOWN = 40  # letters of what was typed


def told(results: Finished, asked: Mapping[str, Any], settled: View) -> list[str]:
    """What the settled view of an address does not show of it, and what it shows instead.

    Parameters
    ----------
    asked : the parts of the address as they were typed.
    """
    typed = {name: str(value) for name, value in asked.items() if str(value) not in _NOT_ASKED}
    filters = [*_minima(typed, settled.choice), *_drawn(typed, settled.choice)]
    return [*_segments(results, typed, settled), *filters, *_people(results, typed), *_listed(typed)]


def of_view(asked: str, titles: Mapping[str, str], shown: str) -> list[str]:
    """A sentence where an address asks for a view that its page has not.

    Parameters
    ----------
    titles : the name of each view of the page -> its words.
    shown : the name of the view that shows instead.
    """
    if not asked or asked in titles:
        return []
    return [f"There is no view {_quoted(asked)} on this page; “{titles[shown]}” is shown."]


def place(id: str, sentences: Sequence[str | list[str | Component]]) -> Component:
    """Where the slips stand, empty where there are none; they go with the next choice. A sentence may hold a link."""
    lines = [html.P([components.icon("info-circle"), html.Span(sentence)]) for sentence in sentences]
    inside = html.Div(lines, className="slips") if lines else None
    return html.Div(inside, id=id, className="slips-place", role="status")


def _segments(results: Finished, typed: Mapping[str, str], settled: View) -> Iterator[str]:
    method, k, segment = (typed.get(name) for name in ("method", "k", "segment"))
    title = results.titles.get(settled.method, settled.method)
    if method not in (None, settled.method):
        yield f"There is no method {_quoted(method)}; the segments shown are by {title}."
    if k not in (None, str(settled.k)) and METHODS[settled.method].TAKES_K:
        ks = f"{min(results.ks)} to {max(results.ks)}"
        yield f"There are results for {ks} segments, not for {_quoted(k)}; {settled.k} are shown."
    chosen = settled.choice.segment
    known = chosen is not None and chosen in results.names(settled)
    if segment is not None and not (known and segment == str(chosen)):
        shown = "nobody is" if chosen is not None else "customers of all segments are"
        yield f"There is no segment {_quoted(segment)} by {title}; {shown} shown."


def _minima(typed: Mapping[str, str], settled: Choice) -> Iterator[str]:
    for name, words in (("min_clv", "A minimum CLV"), ("min_frequency", "A minimum number of orders")):
        asked = typed.get(name)
        if asked not in (None, "0", "0.0") and not getattr(settled, name):
            yield f"{words} is a number above 0, not {_quoted(asked)}; any is shown."


def _drawn(typed: Mapping[str, str], settled: Choice) -> Iterator[str]:
    allowed = dict.fromkeys(ranges.MEASURES, "a range such as 5-60, from low to high")
    allowed |= dict.fromkeys(outlines.PLANES, f"an outline of 3 to {outlines.MOST_CORNERS} corners")
    allowed |= {"never": "one of the product categories"}
    for name, what in allowed.items():
        if name in typed and not getattr(settled, name):
            yield f"The filter “{name}” must be {what}, not {_quoted(typed[name])}; it is left out."


def _people(results: Finished, typed: Mapping[str, str]) -> Iterator[str]:
    country, customer = typed.get("country"), typed.get("customer")
    if country is not None and country not in results.countries:
        known = sum(each != UNKNOWN for each in results.countries)
        yield f"No customer is from {_quoted(country)}; there are {formats.plural(known, 'country', 'countries')}."
    if customer is not None and not (results.customers["CustomerID"] == customer.strip()).any():
        yield f"There is no customer {_quoted(customer)} in these results."


def _listed(typed: Mapping[str, str]) -> Iterator[str]:
    ways = {
        "rows": (listing.model_of, "filtered"),
        "sort": (listing.order_of, "sorted"),
    }
    for name, (read, word) in ways.items():
        if name in typed and not listing.is_there(read, typed[name]):
            yield f"The list of customers cannot be {word} by {_quoted(typed[name])}; it is shown as it comes."


def _quoted(typed: str | None) -> str:
    text = typed or ""
    return f"“{text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}”"
