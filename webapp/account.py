"""An account of a file in words and tables: how it was read, and what remains of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from pipeline.insights.insight import LEDGER, MONTHS, PRICES, RULES
from webapp import components, formats
from webapp.views import View

Facts = Mapping[str, Any]
NUMERIC = ("Line", "Quantity", "UnitPrice", "TotalPrice")
WORDS = {
    "format": "Format",
    "encoding": "Encoding",
    "delimiter": "Columns separated by",
    "decimal": "Decimal mark",
    "date_order": "Dates",
    "date_examples": "Dates look like",
    "header_row": "Headings in line",
}
LOOKS = {
    LEDGER: "See what was left out",
    RULES: "Open the cleaning settings",
    PRICES: "See these prices",
    MONTHS: "See the months",
}
"""Place on the Data page -> the words of the way there."""
SIGNS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", ".": "point", " ": "space"}


def in_a_sentence(read: Facts, cleaned: Facts) -> str:
    """How many lines there are, and how many of them are purchases."""
    lines, rows = read["lines"], cleaned["rows"]
    return f"{formats.count(lines)} lines, of which {formats.count(rows)} are purchases of a known customer."


def key_facts(cleaned: Facts) -> list[Component]:
    """Customers, invoices, revenue and the time they span, as cards."""
    span = cleaned["span"]
    days = (datetime.fromisoformat(span["last"]) - datetime.fromisoformat(span["first"])).days + 1
    customers, invoices = cleaned["customers"], cleaned["invoices"]
    return [
        components.kpi("Customers", formats.count(customers), "with at least one purchase"),
        components.kpi("Invoices", formats.count(invoices), f"{formats.number(invoices / customers)} per customer"),
        components.kpi(
            "Revenue", formats.money(cleaned["money"]), f"{formats.money(cleaned['money'] / customers)} per customer"
        ),
        components.kpi(
            "Time span", formats.days(days), f"{formats.date(span['first'])} to {formats.date(span['last'])}"
        ),
    ]


def too_few(checked: Facts) -> str:
    """Why a run would be refused for its customers, in the words of that refusal; empty where it would not."""
    from pipeline.clv.caveats import too_few_came_back

    return too_few_came_back(round(checked["repeat_rate"] * checked["buyers"]), checked["buyers"])


def interpretation(found: Facts, read: Facts) -> Component:
    """How the file was read: its form, and which heading was taken for which column."""
    entries = [
        (WORDS[name], _in_words(name, value))
        for name, value in found.items()
        if name in WORDS and value not in (None, "", [])
    ]
    entries.append(("Amounts", _currency(found.get("currency"))))
    if read.get("rejected"):
        entries.append(("Lines that could not be read", formats.count(read["rejected"])))
    if found.get("unused_headings"):
        entries.append(("Headings not used", ", ".join(map(str, found["unused_headings"]))))
    listed = [part for word, value in entries for part in (html.Dt(word), html.Dd(value))]
    mapping = components.table(
        "Which heading is which column", ["Column", "Heading in the file"], list(found["columns"].items())
    )
    return html.Div([html.Dl(listed, className="facts"), mapping], className="two-columns")


def preview(columns: Iterable[Any], rows: Iterable[Sequence[Any]]) -> Component:
    """The first transactions as a table."""
    names, listed = [str(name) for name in columns], [list(row) for row in rows]
    if names[0] == "File" and len({row[0] for row in listed}) < 2:
        names, listed = names[1:], [row[1:] for row in listed]
    written = [[_cell(name, value) for name, value in zip(names, row, strict=True)] for row in listed]
    return components.table("First transactions", names, written, numeric=NUMERIC, className="preview")


def way_to(place: str, view: View) -> Component:
    """A link to one of the places of `LOOKS` on the Data page, for the data and the recipe of a view."""
    everyone = replace(view.unfiltered(), view="", customer="")
    return html.A(LOOKS[place], href=f"{everyone.address('/')}#{place}")


def _currency(found: str | None) -> str:
    if found is None:
        return "no single currency is named; shown in pounds (£)"
    return f"in {found}" if found else "shown without a currency"


def _in_words(name: str, value: Any) -> str:
    if name == "date_examples":
        return ", ".join(map(str, value))
    return SIGNS.get(value, str(value)) if isinstance(value, str) else str(value)


def _cell(column: str, value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if column in ("UnitPrice", "TotalPrice"):
        return formats.number(value, 2)
    return formats.count(value) if isinstance(value, float) and value == int(value) else f"{value}"
