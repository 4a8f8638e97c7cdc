"""How a file was read is told in words, and honestly: what was not found out is said to be so."""

import pytest

from webapp import account, markup


@pytest.mark.parametrize(
    ("currency", "told"),
    [
        ("EUR", "in EUR"),
        (None, "no single currency is named; shown in pounds (£)"),
        ("", "shown without a currency"),
    ],
)
def test_what_amounts_are_shown_in_is_told(currency, told):
    found = {"format": "csv", "currency": currency, "columns": {"CustomerID": "Client"}}
    assert f"<dt>Amounts</dt><dd>{told}</dd>" in markup.source(account.interpretation(found, {}))


def test_what_dates_look_like_is_told_as_the_file_has_them():
    found = {"format": "csv", "currency": "", "columns": {}, "date_examples": ["25.3.24 8:05", "2024-03-25"]}
    told = markup.source(account.interpretation(found, {}))
    assert "<dt>Dates look like</dt><dd>25.3.24 8:05, 2024-03-25</dd>" in told


@pytest.mark.parametrize(("last", "told"), [("2011-03-05", "1 day"), ("2011-03-09", "5 days")])
def test_the_time_a_file_spans_is_told_in_days_or_in_one_day(last, told):
    cleaned = {"span": {"first": "2011-03-05", "last": last}, "customers": 2, "invoices": 3, "money": 10.0}
    assert f">{told}<" in markup.source(account.key_facts(cleaned)).replace("\N{NO-BREAK SPACE}", " ")
