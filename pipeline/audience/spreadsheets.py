"""Tables for spreadsheets: CSV that opens right in Excel, workbooks, and no text that would become a formula."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    import pandas as pd

ROWS_AT_A_TIME = 5_000
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
SHEET_ROWS = 1_048_576  # of Excel, the headings included
_WIDE, _NARROW = 40, 9
_SIGNS = r"[=+\-@\uff1d\uff0b\uff0d\uff20]"  # the wide forms are read as the plain ones in Asia
_UNSEEN = r"[\s\0\ufeff\u200b]*"
_FRONT = re.compile(rf"^(?={_UNSEEN}{_SIGNS}|[\t\r\n])")
# What a spreadsheet of another language, or one that knows no quotes, takes for the end of a cell.
_INSIDE = re.compile(rf"([;\t\r\n]{_UNSEEN})(?={_SIGNS})")


def csv(table: pd.DataFrame) -> Iterator[str]:
    """The table as CSV in pieces. The mark in front makes spreadsheets read it as UTF-8; text stays text there."""
    headings = [harmless(str(name)) for name in table.columns]
    yield BYTE_ORDER_MARK + table.iloc[:0].set_axis(headings, axis=1).to_csv(index=False, lineterminator="\r\n")
    for start in range(0, len(table), ROWS_AT_A_TIME):
        piece = without_formulas(table.iloc[start : start + ROWS_AT_A_TIME])
        yield piece.to_csv(index=False, header=False, lineterminator="\r\n")


def without_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before each part of a text that a spreadsheet would take for a formula."""
    texts = table.select_dtypes(include=["object", "string"])
    safe = {str(column): texts[column].map(_harmless, na_action="ignore") for column in texts}
    return table.assign(**safe)


def harmless(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet would begin a formula."""
    return _FRONT.sub("'", _INSIDE.sub(r"\1'", text))


def write_workbook(
    table: pd.DataFrame, target: Path, sheet: str, about: Sequence[tuple[str, str]], dates: Sequence[str] = ()
) -> None:
    """Write the table as an Excel workbook, with a sheet `About` of (what, words).

    Texts stay texts there, so they are written as they are: no formula, no link, no number is made of one.

    Parameters
    ----------
    dates : columns of ISO dates, written as days.

    Raises
    ------
    PipelineError
        If there are more rows than a sheet holds.
    """
    import xlsxwriter

    if len(table) >= SHEET_ROWS:
        raise PipelineError(f"A sheet of Excel holds {SHEET_ROWS - 1:,} customers, not {len(table):,}; write CSV.")
    literal = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, {"constant_memory": True, **literal}) as book:
        looks = {
            "head": book.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        _fill(book.add_worksheet(sheet), table, looks, set(dates))
        _tell(book.add_worksheet("About"), about, looks)


def _fill(sheet: Any, table: pd.DataFrame, looks: Mapping[str, Any], dates: set[str]) -> None:
    for place, name in enumerate(map(str, table.columns)):
        sheet.set_column(place, place, _width(table, name))
    for place, name in enumerate(map(str, table.columns)):
        sheet.write_string(0, place, name, looks["head"])
    sheet.freeze_panes(1, 1)
    if len(table.columns):
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
    is_day = [str(name) in dates for name in table.columns]
    for row, values in enumerate(table.astype(object).itertuples(index=False), start=1):
        for place, (value, day) in enumerate(zip(values, is_day, strict=True)):
            _write(sheet, row, place, value, looks["day"] if day else None)


def _write(sheet: Any, row: int, place: int, value: Any, day: Any) -> None:
    if value is None or value != value or value == "":
        return
    if day is not None:
        sheet.write_datetime(row, place, datetime.datetime.fromisoformat(str(value)), day)
    elif isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, str):
        sheet.write_string(row, place, value)
    else:
        sheet.write_number(row, place, float(value))


def _tell(sheet: Any, about: Sequence[tuple[str, str]], looks: Mapping[str, Any]) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    for row, (what, words) in enumerate(about):
        sheet.write_string(row, 0, what, looks["head"])
        sheet.write_string(row, 1, words[:32_767], looks["wrap"])  # as much as a cell holds


def _width(table: pd.DataFrame, name: str) -> int:
    """About as wide as its first values; numbers are cut to what is worth reading."""
    seen = [len(f"{value:.2f}" if isinstance(value, float) else str(value)) for value in table[name].head(50)]
    return min(max([_NARROW, len(name) + 3, *seen]), _WIDE)


def _harmless(value: object) -> object:
    return harmless(value) if isinstance(value, str) else value
