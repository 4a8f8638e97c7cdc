"""What an address asks for and does not get, a sentence each: nothing is corrected without a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.audience import outlines, ranges
from pipeline.clustering.methods import METHODS
from webapp import formats, views
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
    return [*_segments(results, typed, settled), *_minima(typed), *_drawn(typed, settled), *_people(results, typed)]


def _segments(results: Finished, typed: Mapping[str, str], settled: View) -> Iterator[str]:
    method, k, segment = (typed.get(name) for name in ("method", "k", "segment"))
    title = results.titles.get(settled.method, settled.method)
    if method not in (None, settled.method):
        yield f"There is no method {_quoted(method)}; the segments shown are by {title}."
    if k not in (None, str(settled.k)) and METHODS[settled.method].TAKES_K:
        ks = f"{min(results.ks)} to {max(results.ks)}"
        yield f"There are results for {ks} segments, not for {_quoted(k)}; {settled.k} are shown."
    known = settled.segment is not None and settled.segment in results.names(settled)
    if segment is not None and not (known and segment == str(settled.segment)):
        shown = "nobody is" if settled.segment is not None else "customers of all segments are"
        yield f"There is no segment {_quoted(segment)} by {title}; {shown} shown."


def _minima(typed: Mapping[str, str]) -> Iterator[str]:
    for name, words in (("min_clv", "A minimum CLV"), ("min_frequency", "A minimum number of orders")):
        asked = typed.get(name)
        if asked is not None and asked not in ("0", "0.0") and not views.is_minimum(asked):
            yield f"{words} is a number above 0, not {_quoted(asked)}; any is shown."


def _drawn(typed: Mapping[str, str], settled: View) -> Iterator[str]:
    allowed = dict.fromkeys(ranges.MEASURES, "a range such as 5-60, from low to high")
    allowed |= dict.fromkeys(outlines.PLANES, f"an outline of 3 to {outlines.MOST_CORNERS} corners")
    allowed |= {"never": "one of the product categories"}
    for name, what in allowed.items():
        if name in typed and not getattr(settled, name):
            yield f"The filter “{name}” must be {what}, not {_quoted(typed[name])}; it is left out."


def _people(results: Finished, typed: Mapping[str, str]) -> Iterator[str]:
    country, customer = typed.get("country"), typed.get("customer")
    if country is not None and country not in results.countries:
        yield f"No customer is from {_quoted(country)}; there are {formats.count(len(results.countries))} countries."
    if customer is not None and not (results.customers["CustomerID"] == customer.strip()).any():
        yield f"There is no customer {_quoted(customer)} in these results."


def _quoted(typed: str | None) -> str:
    text = typed or ""
    return f"“{text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}”"
