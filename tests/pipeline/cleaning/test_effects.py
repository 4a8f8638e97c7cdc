"""What a setting would do is what it does: the difference of two runs."""

from decimal import Decimal

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pipeline.cleaning.rules import SWITCHES
from pipeline.cleaning.settings import Cleaning
from tests.pipeline.cleaning.given import A_LINE, SETTINGS, STAYS, TRADE, cleaned, later

QUICK = (Phase.explicit, Phase.generate)
NET_LOSS = {"Quantity": -6.0, "InvoiceDate": later(minutes=12), "InvoiceNo": "C1"}


def _assert_is_the_difference(effect, before, after):
    for what in ("rows", "invoices", "customers"):
        assert effect[what] == after[what] - before[what], effect["setting"]
    assert Decimal(effect["money_exact"]) == Decimal(after["money_exact"]) - Decimal(before["money_exact"])


@settings(deadline=None, max_examples=3, phases=QUICK)
@given(lines=TRADE, chosen=SETTINGS, switch=st.sampled_from(SWITCHES))
def test_an_effect_is_the_difference_of_two_runs(lines, chosen, switch):
    lines = [*lines, *STAYS]
    before = cleaned(lines, **chosen).facts
    effect = next(each for each in before["effects"] if each["setting"] == f"cleaning.{switch}")
    _assert_is_the_difference(effect, before, cleaned(lines, **{**chosen, switch: effect["value"]}).facts)


def test_every_setting_that_adds_or_removes_lines_has_an_effect_with_its_other_value():
    facts = cleaned([*STAYS], free_goods=True, cancellations="net").facts
    values = {effect["setting"]: effect["value"] for effect in facts["effects"]}
    assert values == {
        "cleaning.overlap": "once",
        "cleaning.duplicates": True,
        "cleaning.non_products": True,
        "cleaning.implausible_dates": True,
        "cleaning.partial_month": True,
        "cleaning.cancellations": "drop",
        "cleaning.free_goods": False,
    }
    assert all(key.removeprefix("cleaning.") in Cleaning().to_json() for key in values)


def test_who_leaves_the_ten_largest_is_named_with_the_money_before_and_after():
    ten = [{"CustomerID": f"c{number:02}", "Quantity": 10.0 + number} for number in range(11)]
    giant = {"CustomerID": "giant", "Quantity": 6.0, "UnitPrice": 1000.0}
    small = {"CustomerID": "giant", "StockCode": "22720", "Quantity": 1.0, "UnitPrice": 2.9}
    lines = [*ten, giant, small, NET_LOSS | {"CustomerID": "giant", "UnitPrice": 1000.0}, *STAYS]
    effect = next(e for e in cleaned(lines).facts["effects"] if e["setting"] == "cleaning.cancellations")
    assert effect["leave_top_10"] == [
        {"CustomerID": "giant", "money_before": 6002.9, "money_after": 2.9, "is_gone": False}
    ]
    assert effect["sentence"] == (
        "1 line fewer, revenue down by 6,000.00. "
        "No longer among the ten largest customers: giant (6,002.90 before, 2.90 then)."
    )


def test_a_customer_of_whom_nothing_is_left_is_said_to_be_gone():
    effect = next(
        each
        for each in cleaned([A_LINE, NET_LOSS, *({**line, "CustomerID": "b"} for line in STAYS)]).facts["effects"]
        if each["setting"] == "cleaning.cancellations"
    )
    assert effect["customers"] == -1
    assert effect["leave_top_10"][0]["is_gone"]
    assert effect["sentence"].endswith("17850 (20.34 before, nothing left).")


@pytest.fixture(scope="module")
def quiet():
    return {each["setting"]: each for each in cleaned(STAYS).facts["effects"]}


@pytest.mark.parametrize("setting", ["overlap", "duplicates", "non_products", "implausible_dates", "free_goods"])
def test_a_setting_that_has_nothing_to_take_says_so(setting, quiet):
    effect = quiet[f"cleaning.{setting}"]
    assert (effect["rows"], effect["money_exact"], effect["sentence"]) == (0, "0", "Changes nothing in this file.")


@pytest.fixture(scope="module")
def crowded():
    """A shop with something for every rule to take, of which some lines decide what returns are taken off."""
    back = {"CustomerID": "a", "InvoiceNo": "C2", "Quantity": -8.0, "InvoiceDate": later(days=3)}
    bought = [{"CustomerID": "a"}, {"CustomerID": "a"}, {"CustomerID": "a", "File": "other.csv"}]
    posted = [each | {"StockCode": "POST"} for each in (bought[0], back | {"Quantity": -2.0})]
    unrelated = [{"CustomerID": "b", "InvoiceNo": "3"}, back | {"CustomerID": "b", "Quantity": -2.0}]
    gifts = [{"CustomerID": "a", "UnitPrice": 0.0, "InvoiceNo": "4"}, {"CustomerID": "c", "UnitPrice": 0.0}]
    return [*bought, back, *posted, *unrelated, *gifts, *STAYS]


@pytest.mark.parametrize("cancellations", ["drop", "net"])
def test_each_effect_in_a_shop_with_copies_returns_postage_and_gifts_is_the_difference(cancellations, crowded):
    before = cleaned(crowded, cancellations=cancellations).facts
    changes = [effect for effect in before["effects"] if effect["rows"] or effect["money"]]
    assert len(changes) >= 5
    for effect in changes:
        setting = effect["setting"].removeprefix("cleaning.")
        chosen = {"cancellations": cancellations} | {setting: effect["value"]}
        _assert_is_the_difference(effect, before, cleaned(crowded, **chosen).facts)
