"""How a file's columns are shown, changed and confirmed: every choice is judged before anything is read."""

import pytest

from pipeline.reading.columns import overrides
from pipeline.reading.settings import Reading
from webapp import mapping

HEADINGS = ("Order", "When", "Who", "Qty", "Price", "Notes")
FOUND = {"InvoiceNo": 0, "InvoiceDate": 1, "CustomerID": 2, "Quantity": 3, "UnitPrice": 4}
DATES = {
    "setting": "reading.date_order",
    "sentence": "The dates can be read in two ways.",
    "options": {
        "day": {"label": "Day first", "example": "04/05/2011 is 4 May 2011"},
        "month": {"label": "Month first", "example": "04/05/2011 is 5 April 2011"},
    },
}


def proposed(found=FOUND, guesses=(), **more):
    names = {place: name for name, place in found.items()}
    headings = [
        {
            "position": place,
            "heading": heading,
            "samples": [f"{heading} {n}" for n in range(5)],
            "canonical": names.get(place),
            "confidence": None if place not in names else "guess" if names[place] in guesses else "sure",
            "why": f"Why {heading}.",
        }
        for place, heading in enumerate(HEADINGS)
    ]
    return {
        "headings": headings,
        "positions": dict(found),
        "questions": [],
        "refusal": None,
        "looked_at": "All 9 rows of the file.",
        **more,
    }


def chosen(**changes):
    return {name: FOUND.get(name) for name in mapping.WORDS} | changes


def test_every_column_of_ours_has_a_dropdown_with_the_heading_taken_and_samples():
    form = mapping.form(proposed(), Reading())
    for name in mapping.WORDS:
        select = form[{"type": mapping.SELECT, "column": name}]
        assert select.value == str(FOUND.get(name, "none"))
        assert [option["label"] for option in select.options] == ["Not in the file", *HEADINGS]
    shown = str(form[{"type": mapping.SEEN, "column": "CustomerID"}])
    assert all(f"Who {n}" in shown for n in range(3))
    assert "Sure" in shown


def test_certainty_is_told_in_words_and_by_an_icon():
    for state, (picture, word) in mapping.CERTAINTY.items():
        assert picture
        assert word
        assert list(mapping.CERTAINTY).count(state) == 1
    seen = str(mapping.seen(proposed(guesses=["Quantity"]), "Quantity", 3, chosen()))
    assert "A guess" in seen
    assert "Why Qty." in seen
    assert "Your choice" in str(mapping.seen(proposed(), "Quantity", 5, chosen(Quantity=5)))


@pytest.mark.parametrize("name", ["CustomerID", "InvoiceDate"])
def test_nothing_is_read_without_what_is_needed(name):
    (items, words, wait) = mapping.told(proposed(), chosen(**{name: None}), unanswered=False, altered=False)
    assert wait
    assert words == mapping.READ_WORDS
    assert f"Choose the column for {mapping.WORDS[name][0].lower()}" in str(items)


def test_the_money_is_a_price_with_a_quantity_or_an_amount():
    assert mapping.problems(proposed(), chosen()) == []
    assert mapping.problems(proposed(), chosen(UnitPrice=None, Quantity=None, Amount=4)) == []
    assert "where the money is" in mapping.problems(proposed(), chosen(UnitPrice=None))[0]
    assert "needs a quantity" in mapping.problems(proposed(), chosen(Quantity=None))[0]


def test_a_heading_that_is_taken_twice_is_told_with_both_uses():
    (problem,) = mapping.problems(proposed(), chosen(CustomerID=0))
    assert problem == "'Order' is taken for Customer and for Order: choose one."


def test_what_is_lost_without_a_column_is_told_and_stops_nothing():
    assert mapping.told(proposed(), chosen(), unanswered=False, altered=False) == ([], mapping.READ_WORDS, False)
    assert "where customers are is unknown" in str(mapping.seen(proposed(), "Country", None, chosen()))


def test_a_question_is_asked_in_place_with_both_readings_and_waits_for_its_answer():
    form = mapping.form(proposed(questions=[DATES]), Reading())
    answer = form[{"type": mapping.ANSWER, "setting": "reading.date_order"}]
    assert [option["value"] for option in answer.options] == ["day", "month"]
    assert answer.value is None
    assert "4 May 2011" in str(answer.options)
    assert "5 April 2011" in str(answer.options)
    assert mapping.told(proposed(), chosen(), unanswered=True, altered=False)[2]


def test_where_the_whole_file_may_tell_it_is_let_until_it_did_not():
    question = DATES | {"whole_file_may_tell": True}
    first = mapping.form(proposed(questions=[question]), Reading())
    assert first[{"type": mapping.ANSWER, "setting": "reading.date_order"}].value == "auto"
    again = mapping.form(proposed(questions=[question]), Reading(), asked_again=True)
    answer = again[{"type": mapping.ANSWER, "setting": "reading.date_order"}]
    assert [option["value"] for option in answer.options] == ["day", "month"]


def test_what_is_as_proposed_stays_found_out_and_what_was_changed_is_said_in_full():
    assert mapping.settled(Reading(), proposed(), chosen(), {}) == Reading()
    told = overrides(mapping.settled(Reading(), proposed(), chosen(CustomerID=5), {}).columns)
    assert told["CustomerID"] == "Notes"
    assert told["Country"] == "none"
    answered = mapping.settled(Reading(), proposed(), chosen(), {"reading.date_order": "month"})
    assert answered == Reading(date_order="month")


def test_a_guess_that_was_confirmed_is_said_in_full():
    told = mapping.settled(Reading(), proposed(guesses=["Quantity"]), chosen(), {}).columns
    assert overrides(told)["Quantity"] == "Qty"


def test_a_refusal_holds_until_the_columns_are_changed():
    refused = proposed(refusal="The file has one row per customer.")
    assert mapping.told(refused, chosen(), unanswered=False, altered=False)[2]
    assert not mapping.told(refused, chosen(CustomerID=5), unanswered=False, altered=False)[2]


def test_changed_reading_settings_come_first():
    assert mapping.told(proposed(), chosen(), unanswered=False, altered=True) == ([], mapping.LOOK_WORDS, False)


def test_a_file_without_headings_leaves_the_settings_to_try():
    bare = proposed() | {"headings": [], "positions": {}, "refusal": "The file is empty."}
    form = mapping.form(bare, Reading())
    assert form[{"type": mapping.SETTING, "key": "reading.delimiter"}].value == "auto"


def test_what_is_said_above_the_form_is_true():
    told = str(mapping.form(proposed(), Reading()))
    assert "Nothing is kept or computed before you say so" in told
    assert "Nothing is read" not in told
    without = str(mapping.seen(proposed(), "StockCode", None, chosen()))
    assert "cannot be told from products" in without
    assert "description only" not in without
