"""What is no row is kept whole, with its line and the reason, or mended where nothing is lost by it."""

import pytest

from tests.pipeline.reading.conftest import HEADINGS, a_line

FOUR_COLUMNS_LESS = "536365,71053,LANTERN,6\n"


def test_every_stretch_that_is_no_row_is_kept_whole(rejects):
    long = "536365," + "x" * 300 + "\n"
    lines = [a_line(), FOUR_COLUMNS_LESS, a_line(), "a" + a_line().replace("\n", ",9,9\n"), long, a_line()]
    assert rejects(HEADINGS + "".join(lines)) == [
        (3, 1, "missing columns", FOUR_COLUMNS_LESS.strip()),
        (5, 1, "too many columns", lines[3].strip()),
        (6, 1, "missing columns", long.strip()),
    ]


def test_a_file_without_any_has_an_empty_table(rejects):
    assert rejects(HEADINGS + a_line()) == []


def test_a_row_is_mended_if_only_cells_that_may_be_missing_are(read):
    no_country = a_line().replace(",United Kingdom", "")
    table, facts = read(HEADINGS + a_line("A") + no_country + a_line("B") + no_country.replace(",17850", ""))
    assert table["Line"].tolist() == [2, 3, 4]
    assert table["Country"].fillna("none").tolist() == ["United Kingdom", "none", "United Kingdom"]
    assert [each["line"] for each in facts["rejected_examples"]] == [5]


def test_a_row_with_empty_cells_too_many_is_mended(read):
    table, facts = read(HEADINGS + a_line("A") + a_line("B").replace("\n", ",, ,\n") + a_line("C"))
    assert (table["Description"].tolist(), facts["rejected"]) == (["A", "B", "C"], 0)
    assert table["Line"].tolist() == [2, 3, 4]


def test_a_mended_row_with_a_quoted_line_break_stays_one_row(read):
    broken = a_line('"two\nlines, one cell"').replace(",United Kingdom", "")
    table, facts = read(HEADINGS + a_line("A") + broken + a_line("B"))
    assert table["Description"].tolist() == ["A", "two\nlines, one cell", "B"]
    assert (table["Line"].tolist(), facts["lines"]) == ([2, 3, 5], 3)


@pytest.mark.parametrize("blank", ["\n", "   \n", ",,,,,,,\n", " , ,,,,,,\n", ",,,\n", ",,,,,,,,,,\n"])
def test_lines_with_nothing_in_them_are_blank(read, blank):
    table, facts = read(HEADINGS + a_line("A") + blank + a_line("B") + blank * 2)
    assert (table["Line"].tolist(), facts["rejected"], facts["warnings"]) == ([2, 4], 0, [])


def test_notes_and_totals_under_the_rows_are_told_apart_from_rows(rejects):
    total, note = "Total,,,12,,6.78,,\n", "Source: the till on 31 December\n"
    assert rejects(HEADINGS + a_line() * 2 + "\n" + total + note) == [
        (5, 1, "a note or total under the rows", total.strip()),
        (6, 1, "a note, not a row", note.strip()),
    ]


def test_the_last_rows_are_no_notes_only_because_something_is_missing(read):
    table, facts = read(HEADINGS + a_line() + a_line(date="") + a_line(customer=""))
    assert (len(table), facts["rejected"]) == (3, 0)


def test_headings_that_stand_again_between_the_rows_are_no_row(rejects):
    assert rejects(HEADINGS + a_line() + HEADINGS + a_line()) == [(3, 1, "the headings again", HEADINGS.strip())]
