"""Nasty files made from one known table give that table back, whatever their bytes and cells are like."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline import engine
from pipeline.reading.transactions import Reading, read_transactions
from tests.pipeline.reading.nasty import HEADINGS, Spelling, known_table

ROWS = known_table()
TITLES = ["Sales report", "", "Made on 31 December, by the till"]


def _read(content):
    with tempfile.TemporaryDirectory() as folder:
        source, target, rejected = (Path(folder) / name for name in ("shop", "rows", "rejected"))
        source.write_bytes(content)
        facts = read_transactions(source, Reading(), target, lambda *_: None, rejected)
        return engine.read_parquet(target), engine.read_parquet(rejected), facts


def _found(table):
    cells = table[list(HEADINGS)]
    return [tuple(row) for row in cells.itertuples(index=False)]


def _without(rows, sign):
    return [(*row[:2], row[2].replace(sign, ""), *row[3:]) for row in rows]


VARIATIONS = {
    "plain": Spelling(),
    "utf-8 with a mark": Spelling(encoding="utf-8-sig"),
    "utf-16 with a mark": Spelling(encoding="utf-16"),
    "utf-16 little endian": Spelling(encoding="utf-16-le"),
    "utf-16 big endian": Spelling(encoding="utf-16-be"),
    "windows": Spelling(encoding="cp1252", ends="\r\n"),
    "latin-1": Spelling(encoding="latin-1"),
    "old mac": Spelling(encoding="mac-roman", ends="\r"),
    "mac roman of today": Spelling(encoding="mac-roman"),
    "carriage returns only": Spelling(ends="\r"),
    "mixed line ends": Spelling(ends=("\n", "\r\n", "\r")),
    "semicolons": Spelling(delimiter=";"),
    "tabs": Spelling(delimiter="\t"),
    "bars": Spelling(delimiter="|"),
    "carets": Spelling(delimiter="^"),
    "tildes": Spelling(delimiter="~"),
    "unit separators": Spelling(delimiter="\x1f"),
    "every cell quoted": Spelling(quote="all"),
    "backslashes": Spelling(quote="backslash"),
    "single quotes": Spelling(quote="single"),
    "a title": Spelling(above=TITLES),
    "a title with cells": Spelling(above=["Report;2011;;;;;;", ";;;;;;;"], delimiter=";"),
    "headings in two rows": Spelling(split_headings=True),
    "headings in two rows under a title": Spelling(split_headings=True, above=TITLES),
    "a hint for Excel": Spelling(delimiter=";", above=["sep=;"]),
    "a note below": Spelling(below=["", "Source: the till"]),
    "a total below": Spelling(below=["Total,,,240,,312.80,,"]),
    "a total and a note below": Spelling(below=[",,,240,,312.80,,", "", "Printed on 31 December"]),
    "no last line end": Spelling(last_line_ends=False),
    "zero bytes": Spelling(zero_bytes=True),
    "blank lines": Spelling(between=lambda place: [""] * (place % 3 == 1)),
    "lines of delimiters": Spelling(between=lambda place: [",,,,,,,"] * (place % 5 == 2), below=[",,,,,,,"] * 3),
    "lines of spaces": Spelling(between=lambda place: ["   "] * (place % 7 == 3)),
    "headings again": Spelling(between=lambda place: [",".join(HEADINGS)] * (place in (10, 30))),
    "rows end with a delimiter": Spelling(end_rows_with=","),
    "headings end with a delimiter": Spelling(headings=[*HEADINGS, ""]),
    "rows are numbered": Spelling(number_rows=True),
    "rows are numbered under a heading of nothing": Spelling(number_rows=True, headings=["", *HEADINGS]),
}


@pytest.mark.parametrize("name", VARIATIONS)
def test_the_known_table_comes_back(name):
    table, rejected, facts = _read(VARIATIONS[name].written(ROWS))
    assert _found(table) == ROWS
    lost = ("a note or total", "a note, not", "the headings again")
    assert all(reason.startswith(lost) for reason in rejected["Reason"])
    assert not [warning for warning in facts["warnings"] if "accounted" in warning]


def test_quotation_marks_that_are_letters_are_kept():
    rows = [(*row[:2], f'5" {row[2]}' if place % 4 else f'"BIG {row[2]}', *row[3:]) for place, row in enumerate(ROWS)]
    table, _, _ = _read(Spelling(quote="none").written(rows))
    assert _found(table) == _without(rows, ",")


@pytest.mark.parametrize("quote", ["minimal", "all", "backslash"])
def test_quotation_marks_inside_cells_come_back(quote):
    rows = [(*row[:2], f'5" {row[2]}, "BIG"', *row[3:]) for row in ROWS]
    assert _found(_read(Spelling(quote=quote).written(rows))[0]) == rows


def test_one_missing_cell_at_the_end_is_an_empty_one_and_one_too_many_is_refused():
    lines = Spelling().written(ROWS).decode().splitlines()
    lines[5], lines[9] = lines[5].rsplit(",", 1)[0], lines[9] + ",more"
    table, rejected, facts = _read("\n".join(lines).encode())
    assert table["Country"].isna().sum() == 1
    assert (len(table), facts["rejected"]) == (len(ROWS) - 1, 1)
    assert rejected[["Line", "Text"]].to_numpy().tolist() == [[10, lines[9]]]


SPELLINGS = st.builds(
    Spelling,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac-roman"]),
    ends=st.sampled_from(["\n", "\r\n", "\r", ("\n", "\r\n")]),
    delimiter=st.sampled_from(",;\t|"),
    quote=st.sampled_from(["minimal", "all", "single"]),
    above=st.sampled_from([(), TITLES, [""], ["Report"]]),
    below=st.sampled_from([(), [""], ["Source: the till"], ["", "", "Printed today"]]),
    between=st.sampled_from(
        [lambda place: (), lambda place: [""] * (place % 5 == 1), lambda place: [" "] * (place == 7)]
    ),
    last_line_ends=st.booleans(),
    zero_bytes=st.booleans(),
)


@settings(deadline=None, max_examples=15)
@given(spelling=SPELLINGS)
def test_any_combination_gives_the_known_table_back(spelling):
    table, _, facts = _read(spelling.written(ROWS))
    assert _found(table) == ROWS
    assert not [warning for warning in facts["warnings"] if "accounted" in warning]


JUNK = st.text(alphabet="ab\"\\',;|\t £é\n", max_size=30)


@settings(deadline=None, max_examples=15)
@example(junk=[(0, '"')], ends="\n")
@example(junk=[(1, '"')], ends="\r\n")
@given(junk=st.lists(st.tuples(st.integers(0, 39), JUNK), max_size=4), ends=st.sampled_from(["\n", "\r\n"]))
def test_whatever_stands_between_rows_every_line_is_accounted_for(junk, ends):
    places = dict(junk)
    spelling = Spelling(between=lambda place: places[place].split("\n") if place in places else (), ends=ends)
    table, rejected, facts = _read(spelling.written(ROWS))
    assert (len(table), rejected["Lines"].sum()) == (facts["accepted"], facts["rejected"])
    assert facts["lines"] == facts["accepted"] + facts["rejected"]
    assert not [warning for warning in facts["warnings"] if "accounted" in warning]
    assert table["Line"].is_monotonic_increasing
    lines = spelling.written(ROWS).decode().splitlines()
    for line, number in zip(table["Line"], table["InvoiceNo"], strict=True):
        assert lines[line - 1].startswith(number)
