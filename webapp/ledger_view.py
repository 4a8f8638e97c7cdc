"""The ledger on the page: what each rule did to lines, customers, invoices and money: drawn, listed, and as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from pipeline.insights.insight import LEDGER
from webapp import components, formats, markup, panels
from webapp.charts import money_waterfall
from webapp.components import aria, icon

if TYPE_CHECKING:
    import pandas as pd

Entry = Mapping[str, Any]
CHART = "ledger-chart"
HELP = "Each rule in order. Every line and every penny of the file is accounted for."
NAMES = {
    "customer": "No customer",
    "quantity": "Cancelled or no quantity",
    "price": "No price",
    "date": "No date",
    "country": "No country",
    "overlap": "In another file too",
    "duplicates": "Exact duplicates",
    "non_products": "No product",
    "implausible_dates": "Implausible date",
    "partial_month": "After the last full month",
    "void": "Voided within the hour",
    "return": "Returned",
    "orphan": "Returned, never bought",
    "free_goods": "Free goods only",
}
UNITS = ("rows", "customers", "invoices")
HEADINGS = ("Rule", "Lines", "Customers", "Invoices", "Money")
LARGEST = {
    "void": "The largest that were cancelled",
    "return": "The largest returns",
    "orphan": "The largest without a purchase",
}


def section(ledger: Sequence[Entry], downloads: Sequence[Component] = ()) -> Component:
    """The card: the sum in one line, the waterfall, every rule in full, and the lines themselves as files."""
    steps = money_waterfall.steps(ledger, NAMES)
    named = aria(label=f"{money_waterfall.TITLE}. The table below it holds the same numbers.")
    graph = panels.still_chart(CHART, money_waterfall.figure(steps), **named)
    body = [
        html.P(sum_in_a_line(steps), className="reckoning"),
        graph,
        html.P(money_waterfall.caption(steps), className="caption"),
        markup.still(table(ledger, steps)),
    ]
    if downloads:
        body.append(html.Ul([html.Li(link) for link in downloads], className="left-out"))
    return components.section(money_waterfall.TITLE, body, help=HELP, id=LEDGER)


def sum_in_a_line(steps: pd.DataFrame) -> list[Any]:
    """All the money of the file, what each rule took or gave, and what is used: a sum that comes out to the penny."""
    told: list[Any] = []
    for row in money_waterfall.drawn(steps).to_dict("records"):
        if row["IsTotal"]:
            sign = "= " if told else ""
            told.append(html.Strong(f"{sign}{formats.money_exact(row['After'])} {str(row['Name']).lower()}"))
        else:
            sign = formats.MINUS if row["Change"] < 0 else "+"
            told.append(f" {sign} {formats.money_exact(abs(row['Change']))} {str(row['Name']).lower()} ")
    return told


def table(ledger: Sequence[Entry], steps: pd.DataFrame) -> Component:
    """Each rule with the lines, customers, invoices and money it left out, between all there is and what is used."""
    first, last = ledger[0], ledger[-1]
    money = steps["Change"].tolist()
    rows: list[list[Any]] = [[money_waterfall.FIRST, *_standing(first, "before"), formats.money_exact(money[0])]]
    for entry, change in zip(ledger, money[1:-1], strict=True):
        changes = [formats.change(entry[f"{unit}_after"] - entry[f"{unit}_before"]) for unit in UNITS]
        rows.append([_rule(entry), *changes, formats.money_change(change)])
    rows.append([money_waterfall.LAST, *_standing(last, "after"), formats.money_exact(money[-1])])
    return components.table("What each rule left out", HEADINGS, rows, numeric=HEADINGS[1:], className="ledger")


def largest(entry: Entry) -> Component | None:
    """The largest lines that a rule took, folded: what was cancelled or returned, by whom, and for how much."""
    if not entry["examples"]:
        return None
    listed = [
        html.Li([html.Strong(formats.money_exact(each["money"]), className="num"), f" {_what_happened(each)}"])
        for each in entry["examples"]
    ]
    return html.Details([html.Summary(LARGEST[entry["rule"]]), html.Ul(listed)], className="fold largest")


def download(address: str, words: str, figure: str) -> Component:
    """A link to a file of lines, with how many they are."""
    return html.Span(
        [html.A([icon("download"), " ", words], href=address, download=""), html.Span(figure, className="quiet num")]
    )


def _rule(entry: Entry) -> Component:
    label = str(entry["label"])
    name = NAMES.get(entry["rule"], label)
    told = html.Span([html.Strong(name), html.Span(label if name != label else "", className="quiet")])
    return html.Div([told, largest(entry)])


def _what_happened(example: Mapping[str, Any]) -> str:
    who = f"customer {example['CustomerID']}, product {example['StockCode']}"
    if "cancels" not in example:
        return f"{who}: returned on {example['InvoiceNo']}"
    minutes = formats.plural(example["minutes"], "minute")
    return f"{who}: bought on {example['cancels']}, cancelled on {example['InvoiceNo']} {minutes} later"


def _standing(entry: Entry, when: str) -> list[str]:
    return [formats.count(entry[f"{unit}_{when}"]) for unit in UNITS]
