"""One customer, whole: what they ordered and bought, what is expected, why they are in their segment, who is like them.

The figures and the timeline are those of the value view; this adds what a segment and a campaign need to know.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from pipeline.cleaning.settings import Cleaning
from pipeline.clustering.labels import label_column
from pipeline.clustering.likeness import nearest_customers
from pipeline.clustering.scaling import Prepared, prepared_like
from pipeline.data_check.oddities import given_back_by
from pipeline.features.product_mix import ProductMix
from pipeline.insights.insight import RULES as SETTINGS
from pipeline.profiles.belonging import Part, Score, parts_of, place_in_words, scores_of
from pipeline.profiles.shopping import products_bought
from webapp import account, components, customer_view, formats, markup, measures, panels, segment_facts
from webapp.charts import customer_timeline
from webapp.components import aria
from webapp.finished import Finished
from webapp.views import View

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd

TIMELINE, HEADING, CLOSE = "one-customer-timeline", "one-customer-heading", "one-customer-close"
PATH = "/explore"
ALIKE, PRODUCTS = 6, 12
WHY_TITLE, SCORES_TITLE = "Why in this segment", "Scores, and where they come from"
BOUGHT_TITLE, ALIKE_TITLE = "What they bought", "Most like this customer"
WHY_NOTE = (
    "The rule is the simplest one that tells the segment from the others, not the segment itself: a customer can be in "
    "it though a part does not hold."
)
ALIKE_NOTE = "The nearest of all customers by what segments are made of, whatever segment they are in."
NOT_DESCRIBED = "The file does not say what was bought."
NO_PRODUCTS = "Postage, fees, corrections"


def area(results: Finished, view: View, customer: str) -> list[Component]:
    """Everything of a customer who is there, under a settled view."""
    shown = customer_view.drawn(results, customer)
    return [
        _head(results, view, customer),
        components.section(
            "What to expect",
            markup.kept(shown[customer_view.FIGURES]),
            help=f"By the models, from their own orders. {segment_facts.counted_from(results)}",
        ),
        _timeline(shown),
        html.Div([_why(results, view, customer), _scores(results, customer)], className="pair"),
        html.Div([_bought(results, customer), _alike(results, view, customer)], className="pair"),
    ]


def why(results: Finished, view: View, customer: str) -> tuple[list[Part], list[str]]:
    """The parts of the segment's rule for this customer, and what else to say of their place, a sentence each."""
    row = customer_view.place(results, customer)
    label = int(results.labels(view).iloc[row])
    rule = results.segmentation.rules(view.method, view.k).get(label)
    told = [*_by_definition(results, view, row, label), *_fidelity(rule, results.names(view)[label])]
    column = _silhouettes(results, view)
    told += [place_in_words(math.nan if column is None or label < 0 else float(column.iloc[row]))]
    parts = parts_of(rule["conditions"], _row(results, row)) if rule else []
    return parts, [sentence for sentence in told if sentence]


def alike(results: Finished, view: View, customer: str) -> pd.DataFrame:
    """The customers most like one, the nearest first: CustomerID, Segment, Recency, Frequency, Monetary, CLV_6m."""
    ready = results.once("prepared", lambda: _prepared(results))
    (own,) = (ready.customer_ids == customer).nonzero()[0][:1]
    near = nearest_customers(ready.matrix, int(own), ALIKE)
    found = results.in_segments(view).iloc[ready.rows[near.rows]]
    return found[["CustomerID", "Segment", "Recency", "Frequency", "Monetary", "CLV_6m"]]


def bought(results: Finished, customer: str) -> pd.DataFrame:
    """What a customer bought, product by product, as `pipeline.profiles.shopping` tells it."""
    done = results.segmentation
    lines = done.store.path(done.keys["cleaning"], "transactions")
    codes = done.recipe.step(Cleaning).non_product_codes
    return products_bought(lines, customer, done.recipe.step(ProductMix).categories, codes)


def _head(results: Finished, view: View, customer: str) -> Component:
    import pandas as pd

    row = customer_view.place(results, customer)
    label = int(results.labels(view).iloc[row])
    named = results.named(view)[label]
    country = results.customers["PrimaryCountry"].iloc[row]
    where = [] if pd.isna(country) else [" · ", str(country)]
    back = html.Button(
        [components.icon("arrow-left"), " Back to the list"], id=CLOSE, className="btn btn-sm btn-outline-secondary"
    )
    return html.Header(
        [
            html.Div(
                [
                    html.H2(f"Customer {customer}", id=HEADING, tabIndex=-1),
                    html.P([panels.swatch(label), html.Strong(named.name), *where], className="one-customer-segment"),
                    html.P(_to_do(results, view, customer, named.action), className="card-action"),
                ]
            ),
            back,
        ],
        className="section one-customer-head",
    )


def _to_do(results: Finished, view: View, customer: str, action: str) -> list[Any]:
    """What the segment's customers are for, unless this one is among them for what they gave back."""
    done = results.segmentation
    lines, dropped = (done.store.path(done.keys["cleaning"], table) for table in ("transactions", "dropped"))
    found = given_back_by(lines, dropped, customer)
    if found is None:
        return [html.Strong("Do: "), action]
    bought, back = found["bought"], min(found["bought"], found["back"])
    told = (
        f"{formats.money(back)} of the {formats.money(bought)} they bought came back (cancelled); it still counts "
        "here, because cleaning keeps purchases that were cancelled later. Change that in the cleaning settings. "
    )
    return [html.Strong("Check first: "), told, account.way_to(SETTINGS, view)]


def _timeline(shown: Mapping[str, Any]) -> Component:
    figure, caption = shown[customer_view.TIMELINE], customer_timeline.CAPTION
    twin = shown[f"{customer_view.TIMELINE}-twin"]
    return panels.chart(TIMELINE, customer_timeline.TITLE, figure, caption, twin, None)


def _why(results: Finished, view: View, customer: str) -> Component:
    parts, told = why(results, view, customer)
    lines = html.Ul([_part(part) for part in parts], className="rule-parts")
    body = [lines if parts else None, *(html.P(sentence) for sentence in told)]
    note = html.P(WHY_NOTE, className="caption") if parts else None
    return components.section(WHY_TITLE, markup.still([*body, note]))


def _part(part: Part) -> Component:
    icon, said = ("check-circle", "holds") if part.holds else ("x-circle", "does not hold")
    return html.Li(
        [components.icon(icon), html.Span(part.words), html.Span(said, className="quiet")],
        className="part-holds" if part.holds else "part-fails",
    )


def _by_definition(results: Finished, view: View, row: int, label: int) -> list[str]:
    names = results.segmentation.rule_names(view.method)
    if label not in names:
        return []
    recency, frequency, _ = scores_of(results.customers, row)
    return [f"This method goes by scores: recency {recency.score} and frequency {frequency.score} make {names[label]}."]


def _fidelity(rule: Mapping[str, Any] | None, name: str) -> list[str]:
    if rule is None:
        return [f"“{name}” is no segment, so there is no rule for it."]
    return [
        f"Of the customers for whom the rule holds, {formats.share(rule['right'])} are in {name}; it covers "
        f"{formats.share(rule['covered'])} of the segment."
    ]


def _silhouettes(results: Finished, view: View) -> pd.Series[float] | None:
    return results.silhouettes.get(label_column(view.method, view.k))


def _scores(results: Finished, customer: str) -> Component:
    import pandas as pd

    found = scores_of(results.customers, customer_view.place(results, customer))
    rows = pd.DataFrame(
        {
            "Measure": [measures.MEASURES[each.measure] for each in found],
            "This customer": [measures.written(each.measure, each.value) for each in found],
            "Score": [f"{each.score} of 5" for each in found],
            "Given for": [_limits(each) for each in found],
        }
    )
    table = panels.table(rows, SCORES_TITLE, ("Measure", "Given for"))
    help = "Each score splits all customers into fifths, as far as equal values allow; 5 is best."
    return components.section(SCORES_TITLE, markup.still(table), help=help)


def _limits(score: Score) -> str:
    """The values that the score is given for; whole numbers end one below where the next score begins."""
    whole = score.measure != "Monetary"
    low = measures.written(score.measure, max(score.low, 0.0))
    high = measures.written(score.measure, score.high - 1 if whole else score.high) if score.high < math.inf else ""
    if not high:
        return f"{low} or more"
    if score.low == -math.inf:
        return f"up to {high}" if whole else f"less than {high}"
    return low if low == high else f"{low} to {high}"


def _bought(results: Finished, customer: str) -> Component:
    found = bought(results, customer)
    goods, beside = found[found["IsProduct"]], found[~found["IsProduct"]]
    described = goods[goods["Description"] != ""]
    if described.empty:
        nothing = [*([NOT_DESCRIBED] if len(goods) else []), *_beside(beside)]
        return components.section(BOUGHT_TITLE, html.P(" ".join(nothing)))
    spent = goods.groupby("Category")["Money"].sum().sort_values(ascending=False)
    shares = {measures.MEASURES.get(f"CatShare_{name}", str(name)): float(part) for name, part in spent.items()}
    shares[NO_PRODUCTS] = float(beside["Money"].sum())
    total = max(sum(max(part, 0.0) for part in shares.values()), 1e-9)
    bars = panels.bars({name: part / total for name, part in shares.items() if part > 0}, quiet=(NO_PRODUCTS,))
    told = " ".join(
        [
            f"{formats.plural(len(described), 'product')} in all; the {PRODUCTS} with most money are listed.",
            *_beside(beside),
        ]
    )
    first = panels.table(_products(described.head(PRODUCTS)), BOUGHT_TITLE, ("Product",))
    help = "Categories by money, then products."
    return components.section(BOUGHT_TITLE, markup.still([bars, html.P(told, className="caption"), first]), help=help)


def _beside(beside: pd.DataFrame) -> list[str]:
    """What they paid for that is no product, in a sentence; nothing where there is none."""
    if beside.empty:
        return []
    named = ", ".join(beside["Description"].str.capitalize().replace("", "no description"))
    money = formats.money_exact(float(beside["Money"].sum()))
    return [f"{money} went to postage, fees or corrections ({named}): they count as spend, not as products."]


def _products(first: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            "Product": first["Description"].str.capitalize(),
            "Orders": first["Orders"].map(formats.count),
            "Spent": first["Money"].map(formats.money_exact),
            "Last bought": first["LastDay"].map(formats.date),
        }
    )


def _alike(results: Finished, view: View, customer: str) -> Component:
    names = results.names(view)
    found = alike(results, view, customer)
    heads = ("Customer", "Segment", "Last order", "Orders", "Spent", "CLV")
    words = ("Customer", "Segment")
    head = [html.Th(each, scope="col", className="words" if each in words else "num") for each in heads]
    body = [_alike_row(row, view, names) for row in found.to_dict("records")]
    caption = html.Caption(ALIKE_TITLE, className="visually-hidden")
    table = html.Table([caption, html.Thead(html.Tr(head)), html.Tbody(body)], className="table studio-table")
    scrolled = html.Div(table, className="table-scroll", tabIndex=0, role="region", **aria(label=ALIKE_TITLE))
    return components.section(ALIKE_TITLE, markup.still(scrolled), help=ALIKE_NOTE)


def _alike_row(row: Mapping[Hashable, Any], view: View, names: Mapping[int, str]) -> Component:
    number, label = str(row["CustomerID"]), int(row["Segment"])
    there = replace(view, view="customers", customer=number).address(PATH)
    opens: dict[str, Any] = {"data-customer": number}  # in place, by assets/customers.js
    link = html.A(number, href=there, **opens)
    return html.Tr(
        [
            html.Td(link, className="words"),
            html.Td([panels.swatch(label), names[label]], className="words"),
            html.Td(formats.days(row["Recency"]), className="num"),
            html.Td(formats.count(row["Frequency"]), className="num"),
            html.Td(formats.money(row["Monetary"]), className="num"),
            html.Td(formats.money(row["CLV_6m"]), className="num"),
        ]
    )


def _prepared(results: Finished) -> Prepared:
    return prepared_like(results.customers, results.segmentation.facts("clusters")["preparation"])


def _row(results: Finished, row: int) -> dict[str, Any]:
    return {str(name): value for name, value in results.customers.iloc[row].to_dict().items()}
