"""Numbers look the same on every page, and as people write them."""

import datetime
import json
from contextvars import copy_context

import numpy as np
import pandas as pd
import pytest

from pipeline import formats, notes
from pipeline.errors import PipelineError


def spaced(text: str) -> str:
    return text.replace(formats.SPACE, " ")


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (8_911_407.904, "£8.9 M"),
        (1_200_000_000, "£1.2 bn"),
        (999_600, "£1.0 M"),
        (184_200, "£184 k"),
        (99_999.4, "£100 k"),
        (60_373, "£60.4 k"),
        (2_054.27, "£2,054"),
        (99.999, "£100"),
        (12.4, "£12.40"),
        (0, "£0"),
        (-340.7, "−£341"),
        (float("nan"), "–"),
        (None, "–"),
    ],
)
def test_money_is_short_enough_for_a_card(amount, shown):
    assert spaced(formats.money(amount)) == shown


def test_money_exact_reconciles_to_the_penny():
    assert formats.money_exact(8_911_407.904) == "£8,911,407.90"
    assert formats.money_exact(-3) == "−£3.00"
    assert formats.money_exact(None) == "–"


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("EUR", "€5.00"),
        ("€", "€5.00"),
        ("CHF", "CHF\u00a05.00"),
        (None, "£5.00"),
        ("", "5.00"),
        ("'+alert(1)+'", "£5.00"),
    ],
)
def test_amounts_are_in_the_currency_of_the_data_and_nothing_else_gets_into_a_page(code, written):
    def said():
        formats.write_amounts_in(code)
        return formats.money_exact(5)

    assert copy_context().run(said)[: len(written)] == written
    assert formats.money_exact(5) == "£5.00"


@pytest.mark.parametrize(("amount", "shown"), [(0.5, "£0.5"), (200, "£200"), (5e3, "£5k"), (1e6, "£1M"), (2e9, "£2bn")])
def test_money_on_an_axis_is_shorter_still(amount, shown):
    assert formats.axis_money(amount) == shown


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        (0.24871, "24.9 %"),
        (0, "0 %"),
        (1, "100 %"),
        (1 - 1e-12, "100 %"),
        (0.0001, "< 0.1 %"),
        (0.9996, "100.0 %"),
        (None, "–"),
    ],
)
def test_shares_are_percentages(part, shown):
    assert spaced(formats.share(part)) == shown


def test_counts_and_days_set_off_their_thousands():
    assert formats.count(4338) == "4,338"
    assert formats.count(None) == "–"
    assert spaced(formats.days(1)) == "1 day"
    assert spaced(formats.days(92.4)) == "92 days"
    assert formats.plural(1, "customer") == "1 customer"
    assert formats.plural(4338, "customer") == "4,338 customers"
    assert formats.plural(2, "country", "countries") == "2 countries"
    assert formats.number(4.27) == "4.3"
    assert formats.number(-0.5) == "−0.5"


@pytest.mark.parametrize(
    ("likely", "shown"),
    [
        (0.0, "< 0.1 %"),
        (0.0004, "< 0.1 %"),
        (0.0006, "0.1 %"),
        (0.249, "24.9 %"),
        (0.9994, "99.9 %"),
        (1.0, "> 99.9 %"),
    ],
)
def test_no_chance_is_ever_quite_sure(likely, shown):
    assert spaced(formats.chance(likely)) == shown


@pytest.mark.parametrize(
    "moment", [datetime.date(2011, 3, 12), pd.Timestamp("2011-03-12 08:26"), "2011-03-12T08:26:00", "2011-03-12"]
)
def test_dates_name_their_month_so_that_no_one_mixes_up_day_and_month(moment):
    assert spaced(formats.date(moment)) == "12 Mar 2011"
    assert formats.date(None) == "–"


@pytest.mark.parametrize(
    ("number_of_bytes", "shown"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (48_039_726, "48.0 MB"),
        (999_960, "1.0 MB"),
        (3.2e12, "3,200.0 GB"),
    ],
)
def test_file_sizes_count_in_thousands(number_of_bytes, shown):
    assert spaced(formats.size(number_of_bytes)) == shown


def test_no_number_is_torn_at_a_lines_end():
    for text in (formats.money(8.9e6), formats.share(0.25), formats.days(3), formats.date("2011-03-12")):
        assert " " not in text


def as_read(tag, currency, write):
    """What `write` gives for a reader of this language; nothing of it stays behind."""

    def said():
        formats.write_numbers_as(tag)
        formats.write_amounts_in(currency)
        return write()

    return copy_context().run(said)


@pytest.mark.parametrize(
    ("tag", "currency", "written"),
    [
        ("en-GB", "GBP", ["8,911,407", "£8.9 M", "£60.4 k", "£8,911,407.90", "24.9 %", "12 Mar 2011", "£5k"]),
        ("de", "EUR", ["8.911.407", "8,9 Mio. €", "60.373 €", "8.911.407,90 €", "24,9 %", "12.03.2011", "5.000 €"]),
        ("fr-FR", "EUR", ["8 911 407", "8,9 M €", "60,4 k €", "8 911 407,90 €", "24,9 %", "12 mars 2011", "5 000 €"]),
        ("nl", "EUR", ["8.911.407", "€ 8,9 mln.", "€ 60,4K", "€ 8.911.407,90", "24,9%", "12 mrt 2011", "€ 5.000"]),
        ("en-IN", "INR", ["89,11,407", "₹89.1L", "₹60.4K", "₹89,11,407.90", "24.9%", "12 Mar 2011", "₹5,000"]),
        ("de", "CHF", ["8.911.407", "8,9 Mio. CHF", "60.373 CHF", "8.911.407,90 CHF", "24,9 %", "12.03.2011"]),
        ("de", "", ["8.911.407", "8,9 Mio.", "60.373", "8.911.407,90", "24,9 %", "12.03.2011", "5.000"]),
    ],
)  # fmt: skip
def test_numbers_amounts_shares_and_days_are_written_as_the_readers_language_does(tag, currency, written):
    def all_of_them():
        amount = 8_911_407.904
        return [
            formats.count(amount - 0.9),
            formats.money(amount),
            formats.money(60_373),
            formats.money_exact(amount),
            formats.share(0.24871),
            formats.date("2011-03-12"),
            formats.axis_money(5000),
        ]

    found = as_read(tag, currency, all_of_them)
    assert [spaced(each).replace("\N{NARROW NO-BREAK SPACE}", " ") for each in found][: len(written)] == written
    assert not any(" " in each for each in found)


@pytest.mark.parametrize("tag", ["en", "en-US", None, "", "klingon", "../../etc", "de" * 300])
def test_what_is_no_known_language_and_english_are_written_the_house_way(tag):
    assert as_read(tag, "GBP", lambda: formats.money_exact(-1234.5)) == "−£1,234.50"


def test_small_and_negative_numbers_are_written_in_every_language():
    assert spaced(as_read("de", "EUR", lambda: formats.money(-340.7))) == "−341 €"
    assert spaced(as_read("de", "EUR", lambda: formats.money(12.4))) == "12,40 €"
    assert spaced(as_read("de", "EUR", lambda: formats.share(0.0001))) == "< 0,1 %"
    assert spaced(as_read("tr", "EUR", lambda: formats.signed_share(-0.12))) == "−%12"
    assert as_read("fr", "EUR", lambda: formats.number(-0.5)) == "−0,5"


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ("en", ["Mar 2011", "Mar", "M"]),
        ("de", ["März 2011", "Mär", "M"]),
        ("fr", ["mars 2011", "mars", "M"]),
        ("ja", ["2011年3月", "3月", "3"]),
    ],
)
def test_months_are_named_in_the_readers_language(tag, written):
    forms = (formats.YEAR, formats.ALONE, formats.LETTER)
    assert [spaced(as_read(tag, "GBP", lambda form=form: formats.month("2011-03", form))) for form in forms] == written


EVERY = (
    lambda: formats.count(8_911_407),
    lambda: formats.money(60_373),
    lambda: formats.money(-3.456),
    lambda: formats.money_exact(8_911_407.904),
    lambda: formats.money_change(12),
    lambda: formats.axis_money(5000),
    lambda: formats.number(4.256, 2),
    lambda: formats.number(np.float64(4.256), decimals=1),
    lambda: formats.plain(1.5),
    lambda: formats.share(0.24871),
    lambda: formats.share(0.0001),
    lambda: formats.share(float("nan")),
    lambda: formats.chance(0.99999),
    lambda: formats.whole_share(0.25),
    lambda: formats.signed_share(-0.12),
    lambda: formats.days(40_604),
    lambda: formats.date("2011-03-12"),
    lambda: formats.date(datetime.date(2011, 3, 12)),
    lambda: formats.date(pd.Timestamp("2011-03-12 10:30")),
    lambda: formats.month("2011-03"),
    lambda: formats.month("2011-03", formats.ALONE),
    lambda: formats.size(48_000_000),
    lambda: formats.plural(4338, "customer"),
)


@pytest.mark.parametrize("tag", ["en", "de", "fr", "en-IN", "tr"])
def test_a_number_that_is_noted_is_written_for_who_reads_it_as_if_it_had_been_written_at_once(tag):
    with notes.written_later():
        noted = json.loads(json.dumps([write() for write in EVERY]))
    assert as_read(tag, "EUR", lambda: notes.worded(noted)) == as_read(tag, "EUR", lambda: [each() for each in EVERY])


def test_facts_are_worded_through_and_through_and_what_is_no_note_stays():
    with notes.written_later():
        told = f"{formats.share(0.249)} of {formats.count(4338)}"
        facts = {"told": [told], "n": 4338.5, "of": {"a": None, "b": [[]]}}
        own = [
            "\ue000[]\ue001",
            "\ue000no note\ue001",
            '\ue000["number", ["x"], {}]\ue001',
            '\ue000["open", ["/etc/passwd"], {}]\ue001',
            "\ue000 alone",
        ]
    german = as_read("de", "EUR", lambda: notes.worded(facts))
    assert german == {"told": ["24,9\N{NO-BREAK SPACE}% of 4.338"], "n": 4338.5, "of": {"a": None, "b": [[]]}}
    assert notes.worded(own) == own


def test_an_error_leaves_as_a_sentence_and_afterwards_numbers_are_written_at_once():
    with pytest.raises(PipelineError, match=r"^Only 4,338 came\.$"), notes.written_later():
        raise PipelineError(f"Only {formats.count(4338)} came.")
    assert formats.count(4338) == "4,338"
