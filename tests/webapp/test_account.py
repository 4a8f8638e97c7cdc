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
