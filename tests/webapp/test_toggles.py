"""The choices beyond the basic rules: each with its effect before it is applied, applied together as one recipe."""

import dash
import pytest

from pipeline.cleaning.settings import Cleaning
from pipeline.recipe import BALANCED
from webapp import controls, toggles

NOTHING = {"rows": 0, "invoices": 0, "customers": 0, "money": 0.0, "leave_top_10": []}
NET = {
    "setting": "cleaning.cancellations",
    "value": "net",
    "rows": -1200,
    "invoices": -30,
    "customers": -1,
    "money": -246_000.5,
    "leave_top_10": [
        {"CustomerID": "16446", "money_before": 168_472.5, "money_after": 2.9, "is_gone": False},
        {"CustomerID": "12346", "money_before": 77_183.6, "money_after": 0.0, "is_gone": True},
    ],
}
EFFECTS = [
    {"setting": "cleaning.overlap", "value": "once", **NOTHING},
    NET,
    {"setting": "cleaning.non_products", "value": True, **NOTHING, "rows": -1500, "money": -70_000.0},
]


def switch(card, key):
    return card[controls.setting_id(key, toggles.FORM)]


def drawn(component):
    return str(component).replace("\u00a0", " ")


def test_every_effect_is_told_before_it_is_applied():
    told = drawn(toggles.section(BALANCED, EFFECTS))
    for words in ("−£246,000.50", "−1,200 lines", "−30 invoices", "−1 customer", "2 customers leave the top 10"):
        assert words in told
    assert "16446" in told
    assert "nothing left" in told
    assert "Changes nothing in this file." in told


def test_switches_stand_as_the_recipe_has_them():
    netted = BALANCED.with_settings({"cleaning": {"cancellations": "net"}})
    assert not switch(toggles.section(BALANCED, EFFECTS), "cleaning.cancellations").value
    card = toggles.section(netted, EFFECTS)
    assert switch(card, "cleaning.cancellations").value
    assert "Switched off, it would change" in drawn(card)


def test_several_choices_are_one_recipe():
    values = {"cleaning.cancellations": True, "cleaning.non_products": True, "cleaning.overlap": False}
    changed = toggles.entered(BALANCED, values).recipe.step(Cleaning)
    assert (changed.cancellations, changed.non_products, changed.overlap) == ("net", True, "keep")
    assert toggles.words(BALANCED, values) == ("", "Apply 2 changes", False)


def test_what_is_as_it_was_is_nothing_to_apply():
    values = {"cleaning.cancellations": False, "cleaning.non_products": False}
    assert toggles.words(BALANCED, values) == ("", "Apply", True)


def test_the_list_of_codes_is_edited_in_place_and_a_mistake_in_it_is_told():
    card = toggles.section(BALANCED, EFFECTS)
    assert "POST" in switch(card, "cleaning.non_product_codes").value
    problem, _, wait = toggles.words(BALANCED, {"cleaning.non_product_codes": "POST, *"})
    assert wait
    assert "stands for every product" in problem


def test_overlapping_files_are_offered_to_be_counted_once_and_only_they():
    assert toggles.offer(EFFECTS) is None
    overlap = {"setting": "cleaning.overlap", "value": "once", **NOTHING, "rows": -310, "money": -4_500.0}
    assert "310 lines that are used stand in another of them too, so £4,500.00" in drawn(toggles.offer([overlap]))
    assert toggles.offer([overlap | {"value": "keep", "rows": 310}]) is None


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_a_run_that_ends_badly_leaves_the_page_and_tells_why(state):
    asked = {"data": "d", "recipe": "r"}
    there, told, _, waits = toggles._end({**asked, "state": state, "sentence": "No line is left."}, asked)
    assert there is dash.no_update
    assert told == "No line is left."
    assert not waits


def test_the_page_goes_to_what_was_applied_and_to_nothing_else():
    asked = {"data": "d", "recipe": "r"}
    assert toggles._end({**asked, "state": "done", "sentence": ""}, asked)[0] == "?data=d&recipe=r"
    other = {"data": "d", "recipe": "x", "state": "done", "sentence": ""}
    assert toggles._end(other, asked) == (dash.no_update,) * 4
