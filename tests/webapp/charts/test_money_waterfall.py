"""The waterfall begins with all the file's money, ends with what is used, and adds up to the penny in between."""

from decimal import Decimal

import pytest

from webapp.charts import money_waterfall as chart

NAMES = {"customer": "No customer", "quantity": "Cancelled", "price": "No price"}


def entry(rule, before, after, rows=(10, 8)):
    counts = {
        f"{what}_{when}": value
        for what in ("rows", "customers")
        for when, value in zip(("before", "after"), rows, strict=True)
    }
    return {"rule": rule, "money_before_exact": before, "money_after_exact": after, **counts}


@pytest.fixture
def ledger():
    return [
        entry("customer", "1000.004", "700.0049", (10, 8)),
        entry("quantity", "700.0049", "900.0101", (8, 7)),
        entry("price", "900.0101", "900.0101", (7, 7)),
    ]


def test_what_is_shown_adds_up_to_the_penny(ledger):
    table = chart.steps(ledger, NAMES)
    money = [Decimal(f"{change:.2f}") for change in table["Change"]]
    assert sum(money[:-1]) == money[-1] == Decimal("900.01")
    assert table["Rows"].tolist() == [10, -2, -1, 0, 7]
    assert table["Name"].tolist() == ["In the file", "No customer", "Cancelled", "No price", "Used"]


def test_each_bar_begins_where_the_one_above_it_ends(ledger):
    bars = chart.figure(chart.steps(ledger, NAMES)).data[-1]
    assert list(bars.y) == ["In the file", "No customer", "Cancelled", "Used"]
    ends = [base + length for base, length in zip(bars.base, bars.x, strict=True)]
    assert ends == pytest.approx([1000.0, 700.0, 900.01, 900.01])
    assert list(bars.base) == pytest.approx([0.0, 1000.0, 700.0, 0.0])


def test_losses_and_gains_differ_in_direction_and_sign_not_in_colour_alone(ledger):
    bars = chart.figure(chart.steps(ledger, NAMES)).data[-1]
    assert bars.text[1].startswith("−")
    assert bars.text[2].startswith("+")
    assert bars.x[1] < 0 < bars.x[2]
    assert len(set(bars.marker.color)) == 3


def test_a_rule_that_changes_no_money_is_named_in_the_caption(ledger):
    assert chart.caption(chart.steps(ledger, NAMES)).endswith("No money changed by: no price.")


def test_a_label_stands_where_it_has_room_at_any_width():
    table = chart.steps(
        [
            entry("customer", "1000", "400"),
            entry("quantity", "400", "380"),
            entry("price", "380", "120"),
            entry("date", "120", "100"),
        ],
        NAMES,
    )
    drawn = chart.figure(table)
    assert list(drawn.data[-1].textposition) == ["inside", "inside", "none", "none", "none", "none"]
    assert [(each.x, each.xanchor) for each in drawn.layout.annotations] == [
        (380, "right"),
        (380, "left"),
        (120, "left"),
        (100, "left"),
    ]


def test_a_gain_at_the_far_end_is_told_before_its_bar(ledger):
    (gain,) = [
        each for each in chart.figure(chart.steps(ledger, NAMES)).layout.annotations if each.text.startswith("+")
    ]
    assert (gain.x, gain.xanchor) == (pytest.approx(700.0), "right")
