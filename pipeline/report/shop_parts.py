"""The report's parts on the shop as a whole: its figures, months, countries and products."""

from __future__ import annotations

from pipeline import formats
from pipeline.features.geography import UNKNOWN
from pipeline.formats import ALONE
from pipeline.report.bars import Bar, bars
from pipeline.report.elements import Html, tag
from pipeline.report.model_card import NOT_DESCRIBED, beside_products, coverage
from pipeline.report.plots import Axis, Plot, columns, linear
from pipeline.report.subject import Subject

COUNTRIES = 8


def figures(subject: Subject) -> Html:
    """The shop in four figures."""
    cleaned, total = subject.segmentation.facts("cleaning"), subject.total
    low, high = total["low"], total["high"]
    sure = f"{formats.money(low)} to {formats.money(high)} in 8 of 10 cases" if low is not None else "not tested yet"
    shown = (
        ("Customers", formats.count(cleaned["customers"]), f"in {formats.plural(len(subject.summary), 'segment')}"),
        ("Revenue so far", formats.money(cleaned["money"]), f"in {formats.plural(cleaned['invoices'], 'order')}"),
        (f"Expected in {formats.months_ahead(subject.months)}", formats.money(total["expected"]), sure),
        ("An average customer", formats.money(float(subject.customers[subject.value].mean())), "expected value"),
    )
    parts = [
        tag("div", tag("dt", name), tag("dd", value, class_="figure"), tag("dd", note)) for name, value, note in shown
    ]
    return tag("dl", parts, class_="figures")


def months(subject: Subject) -> Html:
    """Revenue by month."""
    table = subject.segmentation.months()
    revenue, pale = table["revenue"].astype(float).tolist(), table["partial"].astype(bool).tolist()
    names = [str(month)[:7] for month in table["Month"]]
    every, ends = max(1, round(len(names) / 8)), (names[0], names[-1])
    ticks = tuple(
        (float(place), formats.month(month) if month in ends or month[5:] == "01" else formats.month(month, ALONE))
        for place, month in enumerate(names)
        if place % every == 0
    )
    plot = Plot(Axis(-0.5, len(names) - 0.5, ticks), linear(max(revenue, default=1.0), formats.axis_money), 240)
    best = max(range(len(names)), key=revenue.__getitem__)
    told = f"Most in {formats.month(names[best])}: {formats.money(revenue[best])}."
    caption = f"Revenue by month. {told} A pale month is not whole in the file."
    chart = plot.drawn("Revenue by month", told, [columns(plot, revenue, pale)])
    return tag("figure", chart, tag("figcaption", caption))


def countries(subject: Subject) -> Html:
    """Revenue by country, the largest first."""
    customers = subject.customers
    by_country = customers.groupby(customers["PrimaryCountry"].fillna(UNKNOWN))["Monetary"]
    revenue, counts = by_country.sum().sort_values(ascending=False), by_country.size()
    whole = float(revenue.sum()) or 1.0

    def bar(name: str, money: float, members: int) -> Bar:
        figure = f"{formats.money(money)} · {formats.share(money / whole)} · {formats.plural(members, 'customer')}"
        return Bar(name, money / (float(revenue.iloc[0]) or 1.0), figure)

    rows = [bar(str(name), float(money), int(counts[str(name)])) for name, money in revenue.head(COUNTRIES).items()]
    rest = revenue.iloc[COUNTRIES:]
    if len(rest):
        known = sum(name != UNKNOWN for name in rest.index)
        several = f"{known} others{'' if known == len(rest) else ' and unknown'}"
        rows.append(
            bar(str(rest.index[0]) if len(rest) == 1 else several, float(rest.sum()), int(counts[rest.index].sum()))
        )
    return tag("figure", bars(rows), tag("figcaption", "Revenue by the country that a customer mostly orders from."))


def products(subject: Subject) -> Html:
    """Share of revenue by product category."""
    facts = subject.segmentation.coverage()
    if not facts["coverage"]:
        return tag("p", NOT_DESCRIBED)
    table = coverage(facts)
    longest = float(table["Share"].max()) or 1.0
    rows = [
        Bar(row["Category"], row["Share"] / longest, formats.share(row["Share"])) for row in table.to_dict("records")
    ]
    told = "Share of revenue by category, as the keywords of the recipe sort the products' descriptions."
    caption = f"{told} {beside_products(facts)}".strip()
    return tag("figure", bars(rows), tag("figcaption", caption))
