"""Tables and cards hold the numbers of their tables, and can be read without seeing them."""

import pandas as pd
import pytest

from pipeline.profiles.names import Named
from pipeline.profiles.summary import segment_summary
from webapp import glossary, markup, panels, theme


@pytest.fixture
def summary(customers):
    return segment_summary(customers.drop(columns="Segment"), customers["Segment"])


def test_the_summary_has_a_row_per_segment_with_its_numbers(summary, names):
    told = markup.source(panels.summary_table(summary, names)).replace("\u00a0", " ")
    assert told.count('scope="row"') == 3
    for cell in ("£14.0 k", "87.5 %", "248 days", "£7,000", "£3,500"):
        assert f">{cell}<" in told
    assert "lapsed" in told
    assert told.count('data-head="Revenue"') == 3


def test_a_card_has_its_segments_colour_weight_and_facts(summary):
    named = {
        0: Named("VIPs", "Champions", "Thank them."),
        1: Named("Loyal", "Loyal", "Ask them."),
        2: Named("Hibernating", "Hibernating", "Let them be."),
    }
    told = markup.source(panels.segment_cards(summary, named)).replace("\u00a0", " ")
    assert "VIPs</h3>" in told
    assert "Thank them." in told
    assert told.count("<article") == 3
    assert f"border-top-color: {theme.segment_colour(2)}" in told
    assert "width: 87.5%" in told
    assert "3 days ago" in told


def test_tab_stops_once_at_the_facts_of_a_card_where_every_term_is_explained():
    facts = [("Recency", "Last order", "3 days ago"), ("CLV", "CLV, 6 months", "£5")]
    card = panels.card_facts("Median", facts)
    terms = [each for each in card._traverse() if getattr(each, "className", "") == "term"]
    whose, *others = terms
    assert whose.children[0] == "The middle customer (median)"
    assert whose.tabIndex == 0
    assert whose.children[1].children.split("\n") == [
        glossary.TERMS["Median"],
        f"Last order: {glossary.TERMS['Recency']}",
        f"CLV, 6 months: {glossary.TERMS['CLV']}",
    ]
    assert [each.children[0] for each in others] == ["Last order", "CLV, 6 months"]
    assert not any(hasattr(each, "tabIndex") for each in others)


def test_a_table_has_a_caption_and_headings_and_keeps_words_to_the_left():
    rows = pd.DataFrame({"Model": ["x"], "Parameter": ["r"], "Value": ["1"]})
    told = markup.source(panels.table(rows, "Parameters", ("Model", "Parameter")))
    assert '<caption class="visually-hidden">Parameters</caption>' in told
    assert told.count('scope="col"') == 3
    assert '<td class="words">r</td>' in told
    assert '<td class="num">1</td>' in told


def test_a_description_of_a_product_cannot_inject_markup():
    rows = pd.DataFrame({"Description": ["<img src=x onerror=alert(1)>"], "Revenue": ["£1"]})
    assert "<img" not in markup.source(panels.table(rows, "x"))


def test_a_chart_has_words_and_a_table_for_those_who_do_not_see_it():
    card = panels.chart("here", "Title", theme.figure(), "What it shows.", panels.sentences(["a", "b"]))
    assert card["here"].figure is not None
    assert card["here-caption"].children == "What it shows."
    assert "<li>a</li>" in markup.html_of(card["here-twin"])
    (around,) = [each for each in card._traverse() if getattr(each, "role", None)]
    assert around.role == "group"  # a picture ("img") may hold nothing that takes the focus; a chart does
    assert "figure" not in panels.chart("x", "Title", None, None, panels.sentences([]))["x"].to_plotly_json()["props"]


@pytest.mark.parametrize(("height", "kept"), [(430, "430px"), (None, "360px")])
def test_a_charts_room_is_kept_free_before_it_is_drawn(height, kept):
    figure = theme.figure(height=360)
    place, *_ = panels.plain_chart(
        "map", "A map", figure, "Where.", panels.table(pd.DataFrame({"A": ["1"]}), "A"), height
    )
    assert place.style == {"minHeight": kept}
