"""The report's part on time: who moved between segments from one day to another, with what is expected of them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from pipeline import formats
from pipeline.errors import PipelineError
from pipeline.report.bands import bands
from pipeline.report.elements import Html, listed, tag
from pipeline.report.segment_parts import swatch
from pipeline.report.subject import Subject
from pipeline.report.tables import shaded, table

if TYPE_CHECKING:
    from pipeline.profiles.movement import Movement

SHOWN = 10
TITLE = "Who moved"
CAPTION = (
    "On the left the segments on the first day, on the right those on the second; a band is as wide as it holds "
    "customers, and who stays is pale."
)
MARKED = "Customers by their segment on both days. ▲ is more and ▼ fewer than had to be expected."


def moved(subject: Subject) -> Html:
    """The movement between the subject's two days; the reason in a sentence where there can be none."""
    try:
        earlier, later = subject.standing.between(subject.since, subject.until)
    except PipelineError as problem:
        return tag("p", str(problem))
    found = subject.standing.movement(earlier, later, subject.method, subject.k)
    names = subject.names_on_any_day
    told = [
        *found.sentences(earlier, later),
        *found.told_beyond(names),
        *subject.standing.caveats(subject.method, subject.k),
    ]
    days = f"from {formats.date(earlier)} to {formats.date(later)}"
    chart = bands(found.flows(), names, TITLE, f"Customers {days}; the table below holds the same numbers")
    return tag(
        "div",
        listed(told),
        tag("figure", chart, tag("figcaption", CAPTION)),
        _matrix(subject, found, earlier),
        tag("h3", "Most at stake"),
        _movers(subject, earlier, later),
    )


def _matrix(subject: Subject, found: Movement, earlier: datetime.date) -> Html:
    crossed, marks = found.matrix()
    names = subject.names_on_any_day
    cells = [
        [(value, f"{formats.count(value)} {mark}".strip()) for value, mark in zip(row, marked, strict=True)]
        for row, marked in zip(crossed.to_numpy().tolist(), marks.to_numpy().tolist(), strict=True)
    ]
    rows = [(swatch(int(number), names), row) for number, row in zip(crossed.index.tolist(), cells, strict=True)]
    heads = [swatch(int(number), names) for number in crossed.columns.tolist()]
    return shaded(MARKED, f"On {formats.date(earlier)}", heads, rows, found.widest)


def _movers(subject: Subject, earlier: datetime.date, later: datetime.date) -> Html:
    """Those of whom most is expected, and how many and how much they all are."""
    value, names = subject.value, subject.names_on_any_day
    expected = subject.customers[["CustomerID", value]]
    movers = subject.standing.movers(earlier, later, subject.method, subject.k, expected)
    if movers.empty:
        return tag("p", "Nobody moved for sure.")
    rows = [
        {
            "Customer": row["CustomerID"],
            "From": swatch(row["Before"], names),
            "To": swatch(row["After"], names),
            "Orders since": f"{'came back: ' if row['CameBack'] else ''}{formats.count(row['OrdersSince'])}",
            "Spent since": formats.money(row["SpentSince"]),
            "Last order": f"{formats.days(row['Recency'])} before",
            f"Value, {subject.months} months": f"{'gave back: ' if row['GaveBack'] else ''}{formats.money(row[value])}",
        }
        for row in movers.head(SHOWN).to_dict("records")
    ]
    money = formats.money(float(movers[value].sum()))
    told = (
        f"{formats.plural(len(movers), 'customer')} moved for sure, with {money} of expected value. Who came back has "
        f"ordered between the two days, and had not for {formats.days((later - earlier).days)} or more before them. "
        "Who gave back has cancelled nearly all they bought: what is expected of them is not to be counted on."
    )
    words = "Those who moved for sure, whoever most is expected of first"
    return tag("div", tag("p", told), table(rows, words, ("Customer", "From", "To")))
