"""The report and the model card: each one HTML page that needs nothing else, for a browser or for paper."""

from __future__ import annotations

from collections.abc import Sequence

import pipeline
from pipeline import formats
from pipeline.clustering.labels import GROUP_NAMES
from pipeline.insights.rules import insights, shop_of
from pipeline.report import segment_parts, shop_parts, time_parts, trust_parts
from pipeline.report.elements import Html, listed, tag
from pipeline.report.style import STYLE
from pipeline.report.subject import Subject

Section = tuple[str, str, Sequence[Html]]


def report(subject: Subject) -> str:
    """Everything that a colleague needs to follow and to check what the segments say."""
    sections: list[Section] = [
        ("stands-out", "What stands out", [_stands_out(subject)]),
        ("segments", "The segments", _segments(subject)),
        ("value", "What they are worth", [segment_parts.worth(subject)]),
        ("shop", "When, where and what", _shop(subject)),
        ("moved", time_parts.TITLE, [time_parts.moved(subject)]),
        *_card(subject),
    ]
    return _page(f"Customer segments: {subject.title}", subject, sections, shop_parts.figures(subject))


def model_card(subject: Subject) -> str:
    """What was fitted, on what, how it came out before, and how not to read it."""
    short: Section = ("short", "In short", [listed(trust_parts.in_short(subject))])
    return _page(f"Model card: {subject.title}", subject, [short, *_card(subject)])


def _card(subject: Subject) -> list[Section]:
    return [
        ("forecast", "How far to believe the forecast", [trust_parts.verdict(subject)]),
        ("limits", "What to know before relying on it", [trust_parts.warnings(subject)]),
        ("fitted", "What was fitted", [trust_parts.fitted(subject)]),
        ("data", "What was left out, and what the data are like", [trust_parts.ledger(subject)]),
        ("made-from", "On what, with which settings", [trust_parts.made_from(trust_parts.facts(subject))]),
    ]


def _stands_out(subject: Subject) -> Html:
    """The insights, most money first, each with what its money is, what to do and its proof against chance."""
    found = insights(shop_of(subject.segmentation, subject.customers, subject.names))
    if not found:
        return tag("p", "Nothing stands out from what chance gives.")
    rows = [
        tag(
            "li",
            tag("p", tag("strong", f"{formats.money(each.money)} {each.stake}. "), each.sentence),
            tag("p", tag("strong", "Do: "), each.step),
            tag("p", each.chance, class_="note"),
        )
        for each in found
    ]
    return tag("ol", rows, class_="insights")


def _how_many(subject: Subject) -> str:
    """How many segments there are, and the groups beside them."""
    sizes = subject.summary.set_index("Segment")["Customers"]
    groups = [
        f"{name} ({formats.plural(sizes[number], 'customer')})"
        for number, name in GROUP_NAMES.items()
        if number in sizes
    ]
    return ", ".join([formats.plural((sizes.index >= 0).sum(), "segment"), *groups])


def _segments(subject: Subject) -> list[Html]:
    return [
        segment_parts.sizes(subject),
        segment_parts.averages(subject),
        tag("h3", "What sets each segment apart"),
        segment_parts.differences(subject),
        tag("h3", "When they ordered last, and how often"),
        segment_parts.recency_and_frequency(subject),
    ]


def _shop(subject: Subject) -> list[Html]:
    return [
        tag("h3", "Months"),
        shop_parts.months(subject),
        tag("h3", "Countries"),
        shop_parts.countries(subject),
        tag("h3", "Products"),
        shop_parts.products(subject),
    ]


def _page(title: str, subject: Subject, sections: Sequence[Section], figures: Html | None = None) -> str:
    span = subject.segmentation.facts("cleaning")["span"]
    lead = (
        f"Orders from {formats.date(span['first'])} to {formats.date(span['last'])}. {subject.method_title}, "
        f"{_how_many(subject)}, recipe {subject.segmentation.recipe.name}. "
        f"Written on {formats.date(subject.made)} by Segment Studio {pipeline.__version__}."
    )
    links = tag("nav", listed(tag("a", words, href=f"#{name}") for name, words, _ in sections), aria_label="Contents")
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title),
        tag("style", Html(STYLE)),
    )
    parts = [tag("section", tag("h2", words), inside, id=name) for name, words, inside in sections]
    top = tag("header", tag("h1", title), tag("p", lead, class_="lead"), figures, links)
    return "<!DOCTYPE html>\n" + tag("html", head, tag("body", top, tag("main", parts)), lang="en")
