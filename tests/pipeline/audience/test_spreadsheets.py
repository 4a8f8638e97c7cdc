"""Tables for spreadsheets: nothing becomes a formula, and a workbook gives back what was written."""

import csv as plain_csv
import datetime
import io

import pandas as pd
import pytest
import python_calamine

from pipeline.audience import spreadsheets
from pipeline.errors import PipelineError

FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1+1",
    "\ufeff=1",
    "\uff1d1+1",
    "\uff20SUM(A1)",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example","click")',
    "-2+3+cmd|' /C calc'!D2",
    'harmless";=1+1',
    "first line\r\n=1+1",
    "cell\t=1+1",
    "a; @x",
)
CELL_ENDS = (";", "\t", "\r", "\n")
SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"


def cells(text):
    """Every part that some spreadsheet could take for a cell, without what it does not show."""
    for end in CELL_ENDS:
        text = text.replace(end, "\n")
    return [part.strip(" \0\ufeff\u200b") for part in text.split("\n")]


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("where", ["text", "heading"])
def test_no_text_and_no_heading_becomes_a_formula(text, where):
    table = pd.DataFrame({text: [1.0]}) if where == "heading" else pd.DataFrame({"Name": [text], "Amount": [-1.5]})
    written = "".join(spreadsheets.csv(table)).removeprefix(spreadsheets.BYTE_ORDER_MARK)
    rows = list(plain_csv.reader(io.StringIO(written, newline="")))
    got = rows[0][0] if where == "heading" else rows[1][0]
    assert not any(cell.startswith(tuple(SIGNS)) for cell in cells(got))
    assert got.replace("'", "") == text.replace("'", "")
    if where == "text":
        assert rows[1][1] == "-1.5"
        assert table["Name"][0] == text


@pytest.mark.parametrize("text", ["Côte d'Ivoire", "12346", "a-b", "50% off; today", "", "JUMBO BAG, RED"])
def test_other_texts_stay_as_they_are(text):
    assert spreadsheets.harmless(text) == text


def test_missing_texts_stay_missing():
    table = pd.DataFrame({"Country": ["France", None]})
    assert spreadsheets.without_formulas(table)["Country"].isna().tolist() == [False, True]


def test_a_long_table_comes_in_pieces_and_whole():
    table = pd.DataFrame({"CustomerID": [str(number) for number in range(12_345)]})
    pieces = list(spreadsheets.csv(table))
    assert len(pieces) == 4
    whole = pd.read_csv(io.StringIO("".join(pieces).removeprefix(spreadsheets.BYTE_ORDER_MARK)))
    assert whole["CustomerID"].tolist() == list(range(12_345))


def test_a_workbook_read_back_is_what_was_written(tmp_path):
    table = pd.DataFrame(
        {
            "CustomerID": ["00123", "=1+1", "http://shop.example", "9" * 20],
            "Orders": [1, 2, 3, 4],
            "Spend": [1.25, None, -3.5, 0.0],
            "Next": ["2011-12-28", "", "2012-02-29", "2012-01-01"],
        }
    )
    target = tmp_path / "list.xlsx"
    spreadsheets.write_workbook(table, target, "Customers", [("Made on", "today"), ("=1", "=2")], ["Next"])
    book = python_calamine.CalamineWorkbook.from_path(target)
    assert book.sheet_names == ["Customers", "About"]
    head, *rows = book.get_sheet_by_name("Customers").to_python()
    assert head == list(table.columns)
    assert [row[0] for row in rows] == table["CustomerID"].tolist()
    assert [row[1] for row in rows] == [1, 2, 3, 4]
    assert [row[2] for row in rows] == [1.25, "", -3.5, 0.0]
    assert [row[3] for row in rows] == [datetime.date.fromisoformat(day) if day else "" for day in table["Next"]]
    assert book.get_sheet_by_name("About").to_python() == [["Made on", "today"], ["=1", "=2"]]


def test_more_customers_than_a_sheet_holds_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(spreadsheets, "SHEET_ROWS", 3)
    with pytest.raises(PipelineError, match="A sheet of Excel holds 2 customers, not 3; write CSV"):
        spreadsheets.write_workbook(pd.DataFrame({"a": [1, 2, 3]}), tmp_path / "x.xlsx", "Customers", [])
