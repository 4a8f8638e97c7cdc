"""Numbers as people write them."""

import pytest

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
    table, _ = read(HEADINGS + a_line(quantity="1e300", price="inf") + a_line(quantity="nan", price="99999999999999"))
    assert table[["Quantity", "UnitPrice"]].isna().all(axis=None)
