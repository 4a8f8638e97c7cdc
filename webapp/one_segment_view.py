"""One segment's own view: how its customers differ from all, where they are, when they came, and how they order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from dash import Dash, html
from dash.development.base_component import Component

from pipeline.profiles.cohorts import cohorts
from pipeline.profiles.history import CATEGORY, PRODUCT
from pipeline.profiles.rules import in_words
from webapp import (
    cohort_tables,
    components,
    explore_cards,
    filters,
    formats,
    markup,
    measures,
    pace,
    panels,
    segment_facts,
)
from webapp.charts import country_revenue
from webapp.finished import Finished
from webapp.views import View

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

NAME, TITLE = explore_cards.OWN_VIEW, "One segment"
BODY = "explore-one-segment"
CUSTOMERS = "customers"  # the view that lists them
PLACES = {BODY: markup.HTML}
SPREAD = ("Recency", "Frequency", "Monetary", "CLV_6m")
TENTHS = np.arange(0.1, 1.0, 0.1)


def area(results: Finished, view: View) -> list[Component]:
    """The segment that a settled view asks for, else the one with most revenue."""
    return [markup.kept(redrawn(results, view)[BODY], id=BODY)]


def redrawn(results: Finished, view: View) -> dict[str, Any]:
    """The same under another settled view; other filters than the segment change nothing here."""
    segment = chosen(results, view)
    key = ("one-segment", view.method, view.k, segment, results.tested(view) is not None)
    return {BODY: results.once(key, lambda: markup.source(_told(results, view, segment)))}


def chosen(results: Finished, view: View) -> int:
    """The number of the segment that is shown."""
    asked = view.choice.segment
    if asked is not None and asked in results.names(view):
        return asked
    by_share = results.summary(view).set_index("Segment")["RevenueShare"]
    return int(str(by_share.idxmax()))


def register(app: Dash) -> None:
    """Nothing happens inside the view that the page's controls do not do."""


def _told(results: Finished, view: View, segment: int) -> Component:
    member, name = segment_facts.members(results, view, segment), results.names(view)[segment]
    cards = [
        components.section("Against everyone", _profile(results, member), help="Half are below a median, half above."),
        components.section("How they spread", _spreads(results, member), help=_SPREAD_HELP),
        components.section("Where they are", country_revenue.bars(results.customers[member], _of_country)),
        components.section("When they came", _first_orders(results, member), help="First order, share of customers."),
        components.section("Revenue by month", _months(results, member, name)),
        components.section("With what", _what(results, member), help="100 is as many buyers as among all customers."),
    ]
    told = [_head(results, view, segment), html.Div(cards, className="pair"), *_cohorts(results, member)]
    return html.Div(told, className="stack")


_SPREAD_HELP = "All customers in ten equal parts, the lowest first; the bars say how much of the segment is in each."


def _of_country(country: str) -> dict[str, Any]:
    return filters.setting({"country": country, "view": ""})


def _head(results: Finished, view: View, segment: int) -> Component:
    member, named = segment_facts.members(results, view, segment), results.named(view)[segment]
    rule = results.segmentation.rules(view.method, view.k).get(segment)
    when = segment_facts.window(results, view, segment)
    size = f"{formats.plural(int(member.sum()), 'customer')}, {formats.share(float(member.mean()))} of all; "
    money = f"{formats.share(segment_facts.share(results, member, 'Monetary'))} of revenue, "
    ahead = f"{formats.share(segment_facts.share(results, member, 'CLV_6m'))} of expected value."
    likely = f"{formats.chance(segment_facts.chance(results, member))} of them are expected to order within 30 days."
    late = f"{formats.plural(when.overdue, 'regular')} overdue: away twice their usual gap or longer."
    told = [f"{size}{money}{ahead}", f"{likely} {when.sentence()} {late}"]
    told += [f"In one sentence: {in_words(rule['conditions'])}."] if rule else []
    lines = [html.P(sentence) for sentence in told]
    action = html.P([html.Strong("Do: "), named.action])
    list_them = html.Button(
        "List these customers",
        type="button",
        className="btn btn-primary",
        **filters.setting({"segment": str(segment), "view": CUSTOMERS}),
    )
    head = html.H2([panels.swatch(segment), named.name, " ", segment_facts.trust(results, view, segment)])
    return html.Section([head, *lines, action, list_them], className="section one-segment")


def _profile(results: Finished, member: NDArray[np.bool_]) -> Component:
    import pandas as pd

    own, everyone = results.customers[member], results.customers
    rows = [
        (measures.MEASURES[name], _middle(own, name), _middle(everyone, name))
        for name in measures.MEASURES
        if name in everyone and not everyone[name].isna().all()
    ]
    table = pd.DataFrame(rows, columns=["Measure", "Here", "Everyone"])
    return panels.table(table, "The segment against everyone")


def _middle(customers: pd.DataFrame, name: str) -> str:
    """The median of a measure, the mean of a share."""
    is_share = name == "IsUK" or name.startswith("CatShare_")
    value = customers[name].mean() if is_share else customers[name].median()
    return measures.written(name, float(value))


def tenths(values: NDArray[np.float64], member: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How much of a group lies in each tenth of everyone, `(10,)`, 0 to 1; equal values stay together."""
    edges = np.unique(np.quantile(values, TENTHS))
    own = np.bincount(np.searchsorted(edges, values[member], side="left"), minlength=len(edges) + 1)
    found: NDArray[np.float64] = own / max(int(member.sum()), 1)
    return found


def _spreads(results: Finished, member: NDArray[np.bool_]) -> Component:
    return html.Div([_spread(results, member, name) for name in SPREAD], className="spreads")


def _spread(results: Finished, member: NDArray[np.bool_], name: str) -> Component:
    values = results.customers[name].to_numpy(dtype=np.float64)
    edges = np.unique(np.quantile(values, TENTHS))
    parts = tenths(values, member)
    words = [f"up to {measures.written(name, edge)}" for edge in edges]
    words.append(f"above {measures.written(name, edges[-1])}")
    highest = max(float(parts.max()), 1e-9)
    bars = [
        html.Span(style={"height": f"{max(100 * part / highest, 1):.0f}%"}, title=f"{word}: {formats.share(part)}")
        for part, word in zip(parts, words, strict=True)
    ]
    told = ", ".join(f"{word} {formats.share(part)}" for part, word in zip(parts, words, strict=True))
    chart = html.Div(bars, className="spark", role="img", **components.aria(label=f"{measures.MEASURES[name]}: {told}"))
    ends = html.Div([html.Span(words[0]), html.Span(words[-1])], className="spread-ends")
    return html.Figure([html.Figcaption(measures.MEASURES[name]), chart, ends])


def _first_orders(results: Finished, member: NDArray[np.bool_]) -> Component:
    """The month of the first order, the segment's customers beside everyone."""
    import pandas as pd

    days = results.segmentation.days()
    first = days.groupby("CustomerID")["Day"].min().reindex(results.customers["CustomerID"])
    month = first.dt.strftime("%Y-%m").to_numpy()
    everyone = pd.Series(month).value_counts(normalize=True).sort_index()
    own = pd.Series(month[member]).value_counts(normalize=True).reindex(everyone.index, fill_value=0.0)
    rows = pd.DataFrame(
        {
            "Month": everyone.index.map(formats.month),
            "Here": own.map(formats.share),
            "Everyone": everyone.map(formats.share),
        }
    )
    return panels.table(rows, "First order by month")


def _months(results: Finished, member: NDArray[np.bool_], name: str) -> Component:
    own = pace.pace(results, member)
    ends = html.Div([html.Span(own.whens[end]) for end in (0, -1)], className="spread-ends")
    drawn = [pace.bars(own, f"Revenue of {name} by month"), ends, html.P(own.sentence(), className="caption")]
    return html.Div([*drawn, html.P(_rhythm(results, member), className="caption")], className="months-large")


def _cohorts(results: Finished, member: NDArray[np.bool_]) -> list[Component]:
    """Who of the segment came back, and what they brought, by the month of the first order."""
    days = results.segmentation.days()
    own = days[days["CustomerID"].isin(results.customers.loc[member, "CustomerID"])]
    found = cohorts(own, days["Day"].max().date())
    shown = {"Who came back": "share", "What they have brought": "value"}
    tables = [
        components.section(title, html.Div(cohort_tables.table(found, measure), className="cohorts"), help=help)
        for (title, measure), help in zip(shown.items(), (_COHORT_HELP, _BROUGHT_HELP), strict=True)
    ]
    return [*tables, html.P(f"{_COHORT_CAVEAT} {cohort_tables.caption(found)}", className="caption")]


_COHORT_HELP = "The share of those who first ordered in a month who ordered again in each month after it."
_BROUGHT_HELP = "Spent by each on average up to the end of each month after that of the first order."
_COHORT_CAVEAT = (
    "These are the customers who are in the segment today, from their first order on: coming back may be what brought "
    "them here, so compare months with one another rather than segments."
)


def _rhythm(results: Finished, member: NDArray[np.bool_]) -> str:
    """How long these customers usually wait between days with orders."""
    days = results.segmentation.days()
    own = days[days["CustomerID"].isin(results.customers.loc[member, "CustomerID"])].sort_values(["CustomerID", "Day"])
    gaps = own.groupby("CustomerID")["Day"].diff().dt.days.dropna()
    if gaps.empty:
        return "None of them has ordered on more than one day."
    first, middle, third = gaps.quantile([0.25, 0.5, 0.75])
    half = f"half the gaps are {formats.count(first)} to {formats.count(third)}"
    return f"Between two days with orders pass {formats.days(middle)} in the middle; {half}."


def _what(results: Finished, member: NDArray[np.bool_]) -> Component:
    kinds = {"Categories": CATEGORY, "Products": PRODUCT}
    lists = []
    for word, kind in kinds.items():
        items = segment_facts.favourites(results, member, kind, 5) or ["Nothing for sure"]
        lists += [html.H3(word), panels.sentences(items)]
    return html.Div(lists)
