"""The report's parts on segments: how large they are, what they are like, what they are worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from pipeline import formats
from pipeline.palette import segment_colour
from pipeline.report.bars import Bar, Spread, grouped, spreads
from pipeline.report.elements import Html, tag
from pipeline.report.model_card import CATEGORY_WORDS
from pipeline.report.plots import Plot, dots, linear, logarithmic
from pipeline.report.subject import Subject
from pipeline.report.tables import heat, table

if TYPE_CHECKING:
    import pandas as pd

DRAWN_AT_MOST = 1_500
_SEED = 7
_QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
_SHARES = {"CustomerShare": "of customers", "RevenueShare": "of revenue", "ValueShare": "of expected value"}
_MEASURES = {
    "Recency": "Days since last order",
    "Frequency": "Orders",
    "Monetary": "Spent so far",
    "CLV_6m": "Value, 6 months",
    "IsUK": "In the UK",
}


def swatch(label: int, names: Mapping[int, str]) -> Html:
    """A segment's name with its colour before it."""
    dot = tag("span", class_="swatch", style=f"background:{segment_colour(label)}", aria_hidden="true")
    return tag("span", dot, names[label], class_="segment")


def sizes(subject: Subject) -> Html:
    """For each segment its share of customers, of revenue so far and of expected value."""
    worth = subject.summary["CLV_6m"] * subject.summary["Customers"]
    rows = subject.summary.assign(ValueShare=worth / (float(worth.sum()) or 1.0)).to_dict("records")
    longest = max(float(row[name]) for row in rows for name in _SHARES)
    groups = []
    for row in rows:
        colour = segment_colour(int(row["Segment"]))
        bars = [Bar(words, row[name] / longest, formats.share(row[name]), colour) for name, words in _SHARES.items()]
        groups.append((subject.names[int(row["Segment"])], bars))
    return grouped(groups)


def averages(subject: Subject) -> Html:
    """One row per segment: customers, revenue and the middle customer."""
    rows = [
        {
            "Segment": swatch(int(row["Segment"]), subject.names),
            "What they are like": row["Traits"],
            "Customers": formats.count(row["Customers"]),
            "Revenue": formats.money(row["Revenue"]),
            "Last order": f"{formats.days(row['MedianRecency'])} ago",
            "Orders": formats.number(row["Frequency"]),
            "Spent": formats.money(row["Monetary"]),
            "Value, 6 months": formats.money(row["CLV_6m"]),
        }
        for row in subject.summary.to_dict("records")
    ]
    label = "The segments: last order of the customer in the middle; orders, spend and value on average"
    return table(rows, label, ("Segment", "What they are like"))


def differences(subject: Subject) -> Html:
    """How far each segment's averages stand from those of all customers."""
    customers = subject.customers
    mix = {
        name: _category(name.removeprefix("CatShare_")) for name in customers.columns if name.startswith("CatShare_")
    }
    columns = {name: words for name, words in {**_MEASURES, **mix}.items() if customers[name].notna().any()}
    means, everyone = customers.groupby("Segment")[list(columns)].mean(), customers[list(columns)].mean()
    factors = means.div(everyone.where(everyone > 0))
    heads = [swatch(int(label), subject.names) for label in factors.index]
    rows = [(words, factors[name].astype(float).tolist()) for name, words in columns.items()]
    return heat("Averages of each segment against those of all customers: ×2 is twice as much", "Measure", heads, rows)


def recency_and_frequency(subject: Subject) -> Html:
    """A dot a customer: days since the last order across, orders upwards."""
    shown = _drawn(subject.customers)
    across = linear(float(subject.customers["Recency"].max()), formats.count, 6)
    plot = Plot(across, logarithmic(1.0, float(subject.customers["Frequency"].max()), formats.count), 340)
    spread = 10 ** np.random.default_rng(_SEED).uniform(-0.06, 0.06, len(shown))  # equal counts would hide one another
    placed = shown.assign(Orders=shown["Frequency"] * spread)
    marks = [
        dots(plot, zip(members["Recency"], members["Orders"], strict=True), segment_colour(int(str(label))))
        for label, members in placed.groupby("Segment")
    ]
    told = "; ".join(
        f"{subject.names[int(row['Segment'])]}: the middle customer ordered "
        f"{formats.number(row['MedianFrequency'], 0)} times, last {formats.days(row['MedianRecency'])} ago"
        for row in subject.summary.to_dict("records")
    )
    caption = f"{_note(shown, subject.customers)} Days since the last order across, number of orders upwards."
    legend = tag("p", [swatch(label, subject.names) for label in subject.names], class_="legend")
    chart = plot.drawn("Last order and number of orders", f"{told}.", marks)
    return tag("figure", legend, chart, tag("figcaption", caption))


def worth(subject: Subject) -> Html:
    """How the value within the horizon lies in each segment."""
    spreads_of = {
        int(str(label)): np.quantile(values.to_numpy(), _QUANTILES).tolist()
        for label, values in subject.customers.groupby("Segment")[subject.value]
    }
    highest = max(max(values) for values in spreads_of.values()) or 1.0
    lowest = max(min(min(values) for values in spreads_of.values()), highest / 10_000)
    axis = logarithmic(lowest, highest, formats.axis_money)
    rows = [
        Spread(swatch(label, subject.names), values, f"{formats.money(values[2])} in the middle", segment_colour(label))
        for label, values in spreads_of.items()
    ]
    caption = (
        f"What a customer is worth in {formats.months_ahead(subject.months)}: the thin bar holds 8 of 10 customers of "
        "a segment, the thick one every second, the mark is the one in the middle. Equal steps are equal factors."
    )
    return tag("figure", spreads(rows, axis), tag("figcaption", caption))


def _category(column: str) -> str:
    name = column.removeprefix("CatShare_")
    return "Other products" if name == "Other" else CATEGORY_WORDS.get(name, name)


def _drawn(customers: pd.DataFrame) -> pd.DataFrame:
    """All customers or a sample, the same one at each writing."""
    if len(customers) <= DRAWN_AT_MOST:
        return customers
    return customers.sample(DRAWN_AT_MOST, random_state=_SEED)


def _note(shown: pd.DataFrame, customers: pd.DataFrame) -> str:
    if len(shown) == len(customers):
        return f"{formats.plural(len(customers), 'customer')}, a dot each."
    return f"{formats.count(len(shown))} of {formats.plural(len(customers), 'customer')}, drawn by chance, a dot each."
