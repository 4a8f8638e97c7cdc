"""What stands out, on the Explore page: each insight with its money, its proof and a link to whom it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from dash import html
from dash.development.base_component import Component

from pipeline.audience.choice import Choice
from pipeline.insights.insight import Insight
from pipeline.insights.rules import RULES, insights, ranked, shop_of
from webapp import account, filters, formats, markup
from webapp.finished import Finished
from webapp.views import View

TITLE = "What stands out"
HELP = (
    "Most money first, whatever the filters; of a segment, where one is chosen. Nothing is told that a shop "
    "with the same customers and orders, dealt out by chance, would tell as well."
)
SHOWN = 5
NOTHING = "Nothing stands out from what chance gives."
NOTHING_HERE = "Nothing about this segment stands out from what chance gives. Of all customers:"
CUSTOMERS = "customers"  # the view that shows one of them


def drawn(results: Finished, view: View) -> str:
    """What stands out under a settled view, as HTML: of its segment where it asks for one, else of all customers."""
    key = ("stands-out", view.method, view.k, view.choice.segment)
    return results.once(key, lambda: markup.source(_told(_found(results, view), view)))


def _found(results: Finished, view: View) -> list[Insight]:
    """All insights of a settled view's segments; most hold whatever the segments are, and are found once."""
    whole = [rule for rule in RULES if not rule.of_segments]
    parts = [rule for rule in RULES if rule.of_segments]
    shop = cache(lambda: shop_of(results.segmentation, results.in_segments(view), results.names(view)))
    of_all = results.once("insights", lambda: insights(shop(), whole))
    return ranked([*of_all, *results.once(("insights", view.method, view.k), lambda: insights(shop(), parts))])


def _told(found: Sequence[Insight], view: View) -> list[Component]:
    if view.choice.segment is None:
        return _list(found, view) if found else [html.P(NOTHING, className="quiet")]
    own = [each for each in found if view.choice.segment in (each.filters.get("segment"), each.segment)]
    return _list(own, view) if own else [html.P(NOTHING_HERE, className="quiet"), *_list(found, view)]


def _list(found: Sequence[Insight], view: View) -> list[Component]:
    first, rest = found[:SHOWN], found[SHOWN:]
    lists: list[Component] = [html.Ul([_line(each, view) for each in first], className="insights")]
    if rest:
        more = html.Ul([_line(each, view) for each in rest], className="insights")
        lists.append(html.Details([html.Summary(f"{len(rest)} more"), more], className="fold"))
    return lists


def _line(insight: Insight, view: View) -> Component:
    stake = html.Div([html.Strong(formats.money(insight.money)), html.Span(insight.stake)], className="insight-money")
    told = [
        html.P(insight.sentence),
        html.P([html.Strong("Do: "), insight.step, " ", _link(insight, view)], className="insight-step"),
        html.P(insight.chance, className="quiet"),
    ]
    return html.Li([stake, html.Div(told)])


def _link(insight: Insight, view: View) -> Component:
    """To the customers it counts, set in place; to the one it is about; or to the data."""
    everyone = replace(view.unfiltered(), view="", customer="")
    if insight.customer:
        address = replace(everyone, view=CUSTOMERS, customer=insight.customer).address("/explore")
        return html.A("Show the customer", href=address)
    if not insight.filters:
        return account.way_to(insight.place, view)
    chosen: dict[str, Any] = dict(insight.filters)
    at_once = filters.setting({name: str(value) for name, value in chosen.items()}, alone=True)
    theirs = replace(everyone, choice=Choice(**chosen))
    return html.A("Show them", href=theirs.address("/explore"), **at_once)
