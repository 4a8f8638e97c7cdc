"""The check of the data on the page: is it enough, and how the shop moves through the months and the week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from pipeline.insights.insight import MONTHS as PLACE
from pipeline.insights.insight import PRICES
from pipeline.results import Segmentation
from pipeline.store import Facts
from webapp import components, formats, markup, panels
from webapp.charts import months, weekdays
from webapp.components import icon

ENOUGH, GLANCE, ODD = "Is this enough data?", "The shop at a glance", "Prices far from usual"
ODD_HELP = (
    "At ten times the usual price of the product, or a tenth of it. They are kept: correct them in the file where "
    "they are slips, and bring it again."
)
WEEK = "check-weekdays"
CHARTS = {measure: f"check-{measure}" for measure in months.MEASURES}


def enough(parts: Sequence[Mapping[str, Any]]) -> Component:
    """The card that says, part by part, whether there is enough data, and why."""
    rows = [
        html.Li(
            [
                icon("check-circle-fill" if part["enough"] else "exclamation-triangle-fill"),
                html.Div([html.Strong(part["part"]), html.Span(part["sentence"], className="quiet")]),
                html.Span("Enough" if part["enough"] else "Not enough", className="sufficiency"),
            ],
            className="enough" if part["enough"] else "short",
        )
        for part in parts
    ]
    return components.section(ENOUGH, markup.still(html.Ul(rows, className="enough-list")))


def glance(found: Segmentation) -> Component:
    """The card with small charts of the months and the week, what they show in sentences, and the same as tables."""
    by_month, by_weekday, checked = found.months(), found.weekdays(), found.data_check()
    charts = [
        panels.small_chart(id, months.MEASURES[measure], months.figure(by_month, measure))
        for measure, id in CHARTS.items()
    ]
    charts.append(panels.small_chart(WEEK, weekdays.TITLE, weekdays.figure(by_weekday)))
    shares = {"came back on another day": checked["repeat_rate"], **_concentration(checked)}
    body = [
        html.Div(charts, className="glance"),
        html.P(months.caption(by_month), className="caption"),
        html.Div(
            [markup.still(panels.sentences(checked["sentences"])), markup.still(_shares(shares))], className="pair"
        ),
        panels.folded("The months as a table", panels.table(months.readable(by_month), "Months", ("Covered",))),
        panels.folded("The days of the week as a table", panels.table(weekdays.readable(by_weekday), weekdays.TITLE)),
    ]
    return components.section(GLANCE, body, help="Before any model: what is in the lines that are used.", id=PLACE)


def odd_prices(checked: Facts) -> list[Component]:
    """The card that lists the prices that move revenue most, dearest first; none where all are usual."""
    import pandas as pd

    found = checked.get("oddities", {}).get("prices")
    if not found:
        return []
    rows = [
        {
            "Invoice": each["invoice"]
            + (f" and {formats.plural(each['lines'] - 1, 'more line')}" * (each["lines"] > 1)),
            "Product": f"{each['product']} ({each['code']})",
            "Price": formats.money_exact(each["price"]),
            "Usual price": formats.money_exact(each["usual"]),
            "Moves revenue by": formats.money(each["money"]),
        }
        for each in found["worst"]
    ]
    told = f"{formats.plural(found['lines'], 'line')} in all; those that move most stand first."
    body = [html.P(told), panels.table(pd.DataFrame(rows), ODD, ("Invoice", "Product"))]
    return [components.section(ODD, markup.still(html.Div(body)), help=ODD_HELP, id=PRICES)]


def _concentration(checked: Facts) -> dict[str, float]:
    return {
        f"of revenue from the top {100 * float(top):g}{formats.SPACE}%": share
        for top, share in checked["concentration"].items()
    }


def _shares(shares: Mapping[str, float]) -> Component:
    """Shares as labelled bars, each with what it is a share of."""
    lines = [
        html.Li(
            [
                html.Span([html.Strong(formats.share(part), className="num"), f" {words}"]),
                html.Span(html.Span(style={"width": f"{100 * part:.1f}%"}), className="bar-track"),
            ]
        )
        for words, part in shares.items()
    ]
    return html.Ul(lines, className="shares")
