"""Text -> timestamps, decided from the whole column: one line never tells whether 03/04 is in March or in April."""

# ruff: noqa: S608  (nothing that a file or a person says is ever spliced into SQL, but for the quoted path)

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import ReadingError
from pipeline.reading.date_order import date_orders
from pipeline.reading.date_shapes import take_apart

if TYPE_CHECKING:
    import duckdb

EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
ORDERS = {"year": "year first", "day": "day first", "month": "month first"}
NUMBERS = {"serial": "Excel's days since {since}", "epoch": "seconds since 1970, in UTC"}
DAYS_1904 = 1462  # between Excel's two calendars


@dataclass(frozen=True)
class DateReading:
    """How the dates of a file are read.

    Attributes
    ----------
    order : `year`, `day` or `month`: what stands first in most of its dates; empty where they are numbers.
    formats : the shapes that occur, most frequent first, as in `d/m/Y H:M`; of numbers an example.
    examples : a text of the file for each of them.
    unreadable_lines : lines with a text that is no date.
    example : one text that is no date, or an empty text.
    expression : SQL that makes the timestamp from `{text}` and was seen to give the same as the table `dates` for every
        text of the column; empty where there is none, and the table has to be joined.
    notes : sentences on what was assumed.
    """

    order: str
    formats: tuple[str, ...]
    examples: tuple[str, ...]
    unreadable_lines: int
    example: str
    expression: str
    notes: tuple[str, ...]


def read_dates(duck: duckdb.DuckDBPyConnection, texts: str, told: str, in_order: str) -> DateReading:
    """Make the table `dates(text, moment)` from the distinct texts of the date column.

    Parameters
    ----------
    texts : a table with columns `text` (not null, trimmed) and `lines`.
    told : a value of the setting `reading.date_order`.
    in_order : SQL of each line's `place` in the file and its `text`.

    Raises
    ------
    UndecidedError
        If day and month cannot be told apart and no setting tells.
    ReadingError
        If no text is a date.
    """
    take_apart(duck, texts)
    orders, reasons = date_orders(duck, told, in_order)
    duck.execute(f"CREATE OR REPLACE TEMP TABLE dates AS {_moments(orders)}")
    since = _excel_calendar(duck)
    return _reading(duck, texts, (*reasons, *_notes(duck, since)))


def _moments(orders: dict[str, str]) -> str:
    order = " ".join(f"WHEN style = '{style}' THEN '{order}'" for style, order in orders.items())
    order = f"CASE WHEN sign = 'words' THEN 'day' WHEN year_first THEN 'year' {order} ELSE 'unknown' END"
    year = "CASE WHEN y < 70 THEN 2000 + y WHEN y < 100 THEN 1900 + y ELSE y END"
    hour = """CASE WHEN half = 'p' AND hour::INTEGER < 12 THEN hour::INTEGER + 12
        WHEN half = 'a' AND hour::INTEGER = 12 THEN 0 ELSE hour::INTEGER END"""
    clock = f"""CASE WHEN hour = '' THEN '' ELSE format(' {{:02d}}:{{:s}}:{{:s}}', {hour}, minute,
        CASE WHEN second = '' THEN '00' ELSE replace(second, ',', '.') END) END"""
    return f"""
        WITH ordered AS (SELECT *, {order} AS date_order FROM date_parts WHERE number IS NULL),
        placed AS (SELECT *,
            CASE date_order WHEN 'year' THEN a ELSE c END AS y,
            CASE date_order WHEN 'month' THEN a ELSE b END AS m,
            CASE date_order WHEN 'year' THEN c WHEN 'day' THEN a ELSE b END AS d
            FROM ordered WHERE date_order <> 'unknown'),
        read AS (SELECT *, format('{{:04d}}-{{:02d}}-{{:02d}}', {year}, m, d) || {clock} AS iso FROM placed),
        moments AS (SELECT text, lines, try_cast(iso AS TIMESTAMP) AS moment, date_order, sign, hour <> '' AS has_time,
            second <> '' AS has_second, zone FROM read
            UNION ALL
            SELECT text, lines, {_of_number()}, '', sign, true, true, '' FROM date_parts WHERE number IS NOT NULL)
        SELECT * FROM moments WHERE year(moment) BETWEEN {EARLIEST_YEAR} AND {LATEST_YEAR}"""


def _of_number() -> str:
    """SQL: the moment of Excel's days since 1900, or of the seconds, milli- or microseconds since 1970."""
    seconds = "number / CASE WHEN number >= 1e15 THEN 1e6 WHEN number >= 1e12 THEN 1e3 ELSE 1 END"
    days = "TIMESTAMP '1899-12-30' + to_seconds(round(number * 86400)::BIGINT)"
    return f"CASE WHEN sign = 'serial' THEN {days} ELSE make_timestamp(round({seconds} * 1e6)::BIGINT) END"


def _excel_calendar(duck: duckdb.DuckDBPyConnection) -> int:
    """Since which year Excel's days count: 1904 only where dates written beside them lie there and not at 1900.

    The days themselves do not tell; old Macs count from 1904.
    """
    row = duck.execute("""
        SELECT min(moment) FILTER (sign = 'serial'), max(moment) FILTER (sign = 'serial'),
            min(moment) FILTER (sign <> 'serial'), max(moment) FILTER (sign <> 'serial') FROM dates""").fetchone()
    assert row is not None
    if None in row:
        return 1900
    apart = max((row[2] - row[1]).days, (row[0] - row[3]).days)
    apart_1904 = max((row[2] - row[1]).days - DAYS_1904, (row[0] - row[3]).days + DAYS_1904)
    if apart_1904 >= apart or apart < DAYS_1904 / 2:
        return 1900
    duck.execute(f"UPDATE dates SET moment = moment + to_days({DAYS_1904}) WHERE sign = 'serial'")
    return 1904


def _notes(duck: duckdb.DuckDBPyConnection, since: int) -> list[str]:
    numbers = duck.execute(
        "SELECT sign, min(text), sum(lines) FROM dates WHERE sign IN ('serial', 'epoch') GROUP BY sign ORDER BY sign"
    ).fetchall()
    notes = [
        f"Dates that are numbers, such as {example}, are read as {NUMBERS[sign].format(since=since)}."
        for sign, example, _ in numbers
    ]
    zones = duck.execute(
        "SELECT zone FROM dates WHERE zone NOT IN ('', 'Z', 'UTC', 'GMT') GROUP BY zone ORDER BY sum(lines) DESC, zone"
    ).fetchall()
    if zones:
        which = ", ".join(zone for (zone,) in zones[:3]) + (f" and {len(zones) - 3} more" if len(zones) > 3 else "")
        notes.append(f"Times are kept as the clock showed them; their time zones ({which}) are left out.")
    return notes


def _reading(duck: duckdb.DuckDBPyConnection, texts: str, notes: tuple[str, ...]) -> DateReading:
    shapes = duck.execute("""
        SELECT date_order, sign, has_time, has_second, sum(lines), min(text) FROM dates
        GROUP BY date_order, sign, has_time, has_second ORDER BY 5 DESC, 1, 2, 3, 4
        """).fetchall()
    lost = duck.execute(
        f"SELECT coalesce(sum(lines), 0), coalesce(arg_max(text, lines), '') FROM {texts} ANTI JOIN dates USING (text)"
    ).fetchone()
    assert lost is not None
    if not shapes and lost[0]:
        raise ReadingError(
            f"None of the dates, such as {lost[1]!r}, is understood; "
            "write them like 2011-12-31, 31/12/2011 or 12/31/2011."
        )
    examples: dict[str, str] = {}
    for *shape, _, text in shapes:
        examples.setdefault(_shape(*shape), text)
    formats = tuple(examples)
    expression = _expression(duck, texts, formats)
    order = shapes[0][0] if shapes else ""
    return DateReading(order, formats, tuple(examples.values()), int(lost[0]), lost[1], expression, notes)


def _expression(duck: duckdb.DuckDBPyConnection, texts: str, formats: tuple[str, ...]) -> str:
    """One cast for the whole column, where it says what the table `dates` says: far cheaper than a join on text."""
    spelled = [re.sub("[YmdHMS]", r"%\g<0>", shape) for shape in formats[:1] if re.fullmatch(r"[YmdHMS\W]+", shape)]
    for candidate in ("try_cast({text} AS TIMESTAMP)", *(f"try_strptime({{text}}, '{shape}')" for shape in spelled)):
        differs = duck.execute(
            f"SELECT 1 FROM {texts} LEFT JOIN dates USING (text) "
            f"WHERE moment IS DISTINCT FROM {candidate.format(text='text')} LIMIT 1"
        ).fetchone()
        if differs is None:
            return candidate
    return ""


def _shape(order: str, sign: str, has_time: bool, has_second: bool) -> str:
    if sign in ("serial", "epoch"):
        return {"serial": "40513.35", "epoch": "1354320000"}[sign]
    date = "d b Y" if sign == "words" else sign.join({"year": "Ymd", "day": "dmY", "month": "mdY"}[order])
    return date + (" H:M:S" if has_second else " H:M" if has_time else "")
