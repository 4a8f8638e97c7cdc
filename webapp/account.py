"""An account of a file in words and tables: how it was read, what each rule left out, what remains."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from webapp import components, formats

Facts = Mapping[str, Any]
NUMERIC = ("Line", "Quantity", "UnitPrice", "TotalPrice")
WORDS = {
    "format": "Format",
    "encoding": "Encoding",
    "delimiter": "Columns separated by",
    "decimal": "Decimal mark",
    "date_formats": "Dates",
    "date_format": "Dates",
    "header_row": "Headings in line",
}
SIGNS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", ".": "point", " ": "space"}
DATE_PARTS = {
    "%Y": "2011",
    "%m": "03",
    "%-m": "3",
    "%d": "12",
    "%-d": "12",
    "%H": "08",
    "%M": "26",
    "%S": "00",
    "%y": "11",
    "%b": "Mar",
    "%B": "March",
    "%I": "08",
    "%p": "AM",
    "%T": "08:26:00",
    "%f": "000",
}


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
        components.kpi("Invoices", formats.count(invoices), f"{invoices / customers:.1f} per customer"),
        components.kpi(
            "Revenue", formats.money(cleaned["money"]), f"{formats.money(cleaned['money'] / customers)} per customer"
        ),
        components.kpi(
            "Time span", f"{formats.count(days)} days", f"{formats.date(span['first'])} to {formats.date(span['last'])}"
        ),
    ]


def table(ledger: Sequence[Facts]) -> Component:
    """The cleaning ledger: each rule with the rows, customers and money it left out, and what remains."""
    first, last = ledger[0], ledger[-1]
    rows = [_ledger_row("In the file", "", first["rows_before"], "", first["customers_before"], first["money_before"])]
    for entry in ledger:
        dropped = entry["rows_before"] - entry["rows_after"]
        fewer = entry["customers_before"] - entry["customers_after"]
        money = entry["money_after"] - entry["money_before"]
        rows.append(_ledger_row(entry["label"], entry["rows_before"], -dropped, entry["rows_after"], -fewer, money))
    remain = _ledger_row(
        "Left for the segments", "", last["rows_after"], "", last["customers_after"], last["money_after"]
    )
    rows.append(remain)
    headings = ["Rule", "Rows before", "Rows", "Rows after", "Customers", "Money"]
    return components.table("What each rule left out", headings, rows, numeric=headings[1:], className="ledger")


def interpretation(found: Facts, read: Facts) -> Component:
    """How the file was read: its form, and which heading was taken for which column."""
    entries = [
        (WORDS[name], _in_words(name, value))
        for name, value in found.items()
        if name in WORDS and value not in (None, "", [])
    ]
    if read.get("rejected"):
        entries.append(("Lines that could not be read", formats.count(read["rejected"])))
    listed = [part for word, value in entries for part in (html.Dt(word), html.Dd(value))]
    columns = [(name, heading) for name, heading in found["columns"].items()]
    mapping = components.table("Which heading is which column", ["Column", "Heading in the file"], columns)
    unused = found.get("unused") or []
    more = [html.P(f"Not used: {', '.join(map(str, unused))}.", className="section-help")] if unused else []
    return html.Div([html.Dl(listed, className="facts"), mapping, *more])


def preview(columns: Iterable[Any], rows: Iterable[Sequence[Any]]) -> Component:
    """The first transactions as a table."""
    names = [str(name) for name in columns]
    written = [[_cell(value) for value in row] for row in rows]
    return components.table("First transactions", names, written, numeric=NUMERIC)


def _ledger_row(label: str, before: Any, change: Any, after: Any, customers: Any, money: float) -> list[str]:
    change_only = before != ""
    return [
        str(label),
        formats.count(before) if change_only else "",
        _signed(change) if change_only else formats.count(change),
        formats.count(after) if change_only else "",
        _signed(customers) if change_only else formats.count(customers),
        _signed_money(money) if change_only else formats.money_exact(money),
    ]


def _signed(number: float) -> str:
    return "0" if number == 0 else f"{'−' if number < 0 else '+'}{formats.count(abs(number))}"


def _signed_money(amount: float) -> str:
    return formats.money_exact(amount) if amount <= 0 else f"+{formats.money_exact(amount)}"


def _in_words(name: str, value: Any) -> str:
    if name.startswith("date"):
        return ", ".join(_example_date(str(each)) for each in (value if isinstance(value, list) else [value]))
    return SIGNS.get(value, str(value)) if isinstance(value, str) else str(value)


def _example_date(pattern: str) -> str:
    example = pattern
    for part, written in DATE_PARTS.items():
        example = example.replace(part, written)
    return f"like {example}"


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return f"{value:g}" if isinstance(value, float) and value == int(value) else f"{value}"
