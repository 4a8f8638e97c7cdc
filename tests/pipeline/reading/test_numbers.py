"""Numbers as people write them."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import engine
from pipeline.errors import ReadingError
from pipeline.reading.contents import content, contradicts
from pipeline.reading.numbers import decimal_sign, human_number
from tests.pipeline.reading.conftest import HEADINGS, a_line


def _prices(read, written, **settings):
    lines = [a_line(price=f'"{price}"') for price in written]
    table, facts = read(HEADINGS + "".join(lines), **settings)
    return [None if price != price else price for price in table["UnitPrice"]], facts["interpretation"]["decimal"]


@pytest.mark.parametrize(
    ("written", "numbers", "decimal"),
    [
        (["2.55", "-3", "1e2", ".5"], [2.55, -3, 100, 0.5], "point"),
        (["2,55", "1.234,5", "12"], [2.55, 1234.5, 12], "comma"),
        (["£ 1,234.50", "$2.5", "3.00 EUR", "-£4"], [1234.5, 2.5, 3, -4], "point"),
        (["1 234,50", "1\u00a0234,5", "R$ 5,00"], [1234.5, 1234.5, 5], "comma"),
        (["1'000.50", "(5.00)", "7.25-"], [1000.5, -5, -7.25], "point"),
        (["12,34,567.00", "1.5"], [1234567, 1.5], "point"),
        (["2.55", "free", "", "12 apples", "1,2,3"], [2.55, None, None, None, None], "point"),
    ],
)
def test_prices_are_read_as_written(read, written, numbers, decimal):
    assert _prices(read, written) == (numbers, decimal)


def test_a_comma_where_no_thousands_stand_is_not_taken_for_a_thousands_sign(read):
    assert _prices(read, ["1.50", "2.50", "12,50"]) == ([1.5, 2.5, None], "point")


def test_what_can_be_read_both_ways_is_read_with_the_file_and_as_told(read):
    assert _prices(read, ["1,234", "5"]) == ([1234, 5], "point")
    assert _prices(read, ["1,234", "5"], decimal="comma") == ([1.234, 5], "comma")
    table, facts = read((HEADINGS + a_line(price="1#234")).replace(",", ";").replace("#", ","))
    assert facts["interpretation"]["delimiter"] == ";"
    assert table["UnitPrice"].tolist() == [1.234]


def test_numbers_beyond_all_reason_are_no_numbers(read):
    odd = a_line(quantity="1e300", price="inf") + a_line(quantity="nan", price="99999999999999")
    table, _ = read(HEADINGS + a_line() + odd)
    assert table[["Quantity", "UnitPrice"]].isna().all(axis=1).tolist() == [False, True, True]


def test_values_that_are_no_numbers_are_warned_of_with_an_example(read):
    odd = a_line(price="free") * 2 + a_line(price="12 apples", quantity="1e300") + a_line(price="", quantity="")
    _, facts = read(HEADINGS + a_line() + odd)
    assert facts["warnings"] == [
        "Values of Quantity that are no number or too large, such as '1e300': 1 line.",
        "Values of UnitPrice that are no number or too large, such as 'free': 3 lines.",
    ]


@pytest.mark.parametrize("price", ["abc", "123456789012.55", "1e300"])
def test_a_file_none_of_whose_prices_is_a_number_is_refused_with_an_example(read, price):
    with pytest.raises(ReadingError) as refusal:
        read(HEADINGS + a_line(price=price) * 3 + a_line(price=""), columns="UnitPrice = UnitPrice")
    assert str(refusal.value) == (
        f"None of the values of UnitPrice, such as '{price}', is a number of at most 100,000,000,000; write them like "
        "1234.50, or check which column is taken for it (reading.columns)."
    )


def _with(thousands, decimal):
    return lambda amount: f"{amount:,.2f}".replace(",", "t").replace(".", decimal).replace("t", thousands)


LOCALES = {
    "English": _with(",", "."),
    "German": _with(".", ","),
    "French": _with("\u202f", ","),
    "Spanish": _with(" ", ","),
    "Swiss": _with("'", "."),
    "machine": _with("", "."),
    "machine, comma": _with("", ","),
}
DRESSED = {
    "bare": lambda text: text,
    "sign before": lambda text: f"€{text}",
    "sign after": lambda text: f"{text} €",
    "code before": lambda text: f"CHF {text}",
    "code after": lambda text: f"{text} EUR",
}
NEGATIVE = {"minus": "-{}".format, "long minus": "−{}".format, "brackets": "({})".format, "minus behind": "{}-".format}
PENCE = st.integers(0, 10**10)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(LOCALES)),
    st.sampled_from(sorted(DRESSED)),
    st.sampled_from(sorted(NEGATIVE)),
    st.lists(PENCE, min_size=1, max_size=20, unique=True),
    st.lists(PENCE, max_size=10, unique=True),
)
def test_any_money_in_any_locale_is_read_as_it_was(locale, dress, negative, received, returned):
    def as_written(pence):
        return DRESSED[dress](LOCALES[locale](Decimal(pence) / 100))

    amounts = {as_written(pence): pence / 100 for pence in received}
    amounts |= {NEGATIVE[negative](as_written(pence)): -pence / 100 for pence in returned}
    with engine.connection() as duck:
        duck.execute("CREATE TEMP TABLE texts AS SELECT unnest(?::VARCHAR[]) AS text, 1 AS lines", [list(amounts)])
        decimal = decimal_sign(duck, "texts", ",")
        found = dict(duck.execute(f"SELECT text, {human_number('text', decimal)} FROM texts").fetchall())
    assert found == amounts
    assert contradicts("Amount", content(list(amounts))) == ""


def test_a_leading_zero_tells_a_decimal_sign_before_three_digits(read):
    assert _prices(read, ["0,500", "1,250"]) == ([0.5, 1.25], "comma")
    assert _prices(read, ["€0.500", "€1.250"]) == ([0.5, 1.25], "point")


@pytest.mark.parametrize("share", ["12 %", "12%", "3,5 %"])
def test_a_percentage_is_no_amount(read, share):
    prices, _ = _prices(read, ["5.50", "7.25", share])
    assert prices == [5.5, 7.25, None]


def test_a_point_that_may_part_thousands_is_told_beside_semicolons(read):
    lines = (HEADINGS + a_line(price="1.250") + a_line(price="7")).replace(",", ";")
    told = "Numbers such as 1.250 are read with a decimal point; if it parts thousands, set Decimal sign"
    table, facts = read(lines)
    assert table["UnitPrice"].tolist() == [1.25, 7]
    assert facts["warnings"][0].startswith(told)
    table, facts = read(lines, decimal="comma")
    assert (table["UnitPrice"].tolist(), facts["warnings"]) == ([1250, 7], [])
    _, facts = read(lines + a_line(price="0.500").replace(",", ";"))
    assert facts["warnings"] == []
