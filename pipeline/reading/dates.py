"""Text -> timestamps, decided from the whole column: one line never tells whether 03/04 is in March or in April."""

# ruff: noqa: S608  (nothing that a file or a person says is ever spliced into SQL, but for the quoted path)

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import ReadingError, UndecidedError

if TYPE_CHECKING:
    import duckdb

EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
CLEARLY = 10  # one order must explain so many times more distinct texts than the other: a typo does not decide

_TIME = r"(?:[T ,]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}(?:[.,]\d{1,6})?)\d*)?\s*(?:([AaPp])\.?[Mm]\.?)?)?"
_ZONE = r"\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
_NUMERIC = rf"^(\d{{1,4}})([-/. ])(\d{{1,2}})[-/. ](\d{{1,4}}){_TIME}{_ZONE}$"
_WORDS = (
    rf"^(?:[A-Za-z]{{3,9}}\.?,? )?(\d{{1,2}})[-/. ]+([A-Za-z]{{3}})[a-z]*\.?[-/., ]+(\d{{4}}|\d{{2}}){_TIME}{_ZONE}$"
)
_WORDS_FIRST = rf"^([A-Za-z]{{3}})[a-z]*\.?[-/. ]+(\d{{1,2}})(?:st|nd|rd|th)?[-/., ]+(\d{{4}}){_TIME}{_ZONE}$"
_PASSED_ON = "'hour': s.hour, 'minute': s.minute, 'second': s.second, 'half': s.half"
_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

ORDERS = {"year": "year first", "day": "day first", "month": "month first"}


@dataclass(frozen=True)
class DateReading:
    """How the dates of a file are read.

    Attributes
    ----------
    order : `year`, `day` or `month`: what stands first in most of its dates.
    formats : the shapes that occur, most frequent first, as in `d/m/Y H:M`.
    unreadable_lines : lines with a text that is no date.
    example : one text that is no date, or an empty text.
    expression : SQL that makes the timestamp from `{text}` and was seen to give the same as the table `dates` for every
        text of the column; empty where there is none, and the table has to be joined.
    """

    order: str
    formats: tuple[str, ...]
    unreadable_lines: int
    example: str
    expression: str


def read_dates(duck: duckdb.DuckDBPyConnection, texts: str, told: str) -> DateReading:
    """Make the table `dates(text, moment)` from the distinct texts of the date column.

    Parameters
    ----------
    texts : a table with columns `text` (not null, trimmed) and `lines`.
    told : a value of the setting `reading.date_order`.

    Raises
    ------
    ReadingError
        If day and month cannot be told apart and no setting tells, or if no text is a date.
    """
    duck.execute(f"CREATE OR REPLACE TEMP TABLE date_parts AS {_parts(texts)}")
    orders = _orders(duck, told)
    duck.execute(f"CREATE OR REPLACE TEMP TABLE dates AS {_moments(orders)}")
    return _reading(duck, texts)


def _parts(texts: str) -> str:
    numeric = f"regexp_extract(text, '{_NUMERIC}', ['a','sign','b','c','hour','minute','second','half'])"
    words = f"regexp_extract(text, '{_WORDS}', ['a','b','c','hour','minute','second','half'])"
    swapped = f"regexp_extract(text, '{_WORDS_FIRST}', ['b','a','c','hour','minute','second','half'])"
    first = f"(SELECT {{'a': s.a, 'b': s.b, 'c': s.c, {_PASSED_ON}}} FROM (SELECT {swapped} AS s))"
    month = f"cast(list_position({_MONTHS!r}, lower(p.b)) AS VARCHAR)"
    return f"""
        WITH tried AS (SELECT text, lines, {numeric} AS n FROM {texts}),
        worded AS (SELECT text, lines, {words} AS w, {first} AS f FROM tried WHERE n.a = ''),
        parts AS (
            SELECT text, lines, n.sign, n.a, n.b, n.c, n.hour, n.minute, n.second, n.half FROM tried WHERE n.a <> ''
            UNION ALL
            SELECT text, lines, 'words', p.a, {month}, p.c, p.hour, p.minute, p.second, p.half
            FROM (SELECT text, lines, CASE WHEN w.a <> '' THEN w ELSE f END AS p FROM worded))
        SELECT text, lines, sign, hour, minute, second, lower(half) AS half, length(a) = 4 AS year_first,
            try_cast(a AS INTEGER) AS a, try_cast(b AS INTEGER) AS b, try_cast(c AS INTEGER) AS c,
            length(c) <> 3 AND (length(a) = 4 OR length(c) IN (2, 4)) AND length(a) <> 3 AS is_date FROM parts"""


def _orders(duck: duckdb.DuckDBPyConnection, told: str) -> dict[str, str]:
    """The order of the dates written with each sign: `-`, `/`, `.` or a space."""
    evidence = duck.execute("""
        SELECT sign, count(*) FILTER (a > 12 AND a <= 31 AND b <= 12), count(*) FILTER (b > 12 AND b <= 31 AND a <= 12),
            sum(lines), min(text) FILTER (a > 12), min(text) FILTER (b > 12), min(text), bool_and(a = b)
        FROM date_parts WHERE is_date AND NOT year_first AND sign <> 'words' GROUP BY sign ORDER BY sign""").fetchall()
    if told != "auto":
        return {row[0]: told for row in evidence}
    decided = {row[0]: _decided(row[1], row[2], row[4], row[5]) for row in evidence}
    clear = {order for order in decided.values() if order}
    for sign, _, _, lines, _, _, example, same in evidence:
        if decided[sign]:
            continue
        if len(clear) == 1:
            decided[sign] = next(iter(clear))
        elif same:
            decided[sign] = "day"
        elif _is_large_part(duck, lines):
            raise _question(
                f"The dates, such as {example!r}, can be read day first or month first and no line tells which; "
                "set Date order (reading.date_order) to day or month.",
                example,
            )
    return {sign: order for sign, order in decided.items() if order}


def _decided(day_first: int, month_first: int, day_example: str | None, month_example: str | None) -> str:
    if day_first == month_first == 0:
        return ""
    if day_first > CLEARLY * month_first:
        return "day"
    if month_first > CLEARLY * day_first:
        return "month"
    raise _question(
        f"Some dates are written day first ({day_example}) and some month first ({month_example}), so those like 03/04 "
        "cannot be told apart; write them all one way, or set Date order (reading.date_order) to drop the others.",
        str(day_example),
    )


def _question(sentence: str, example: str) -> UndecidedError:
    parts = re.match(r"(\d{1,2})\D(\d{1,2})\D(\d{2,4})", example)
    assert parts is not None  # it was read as a date before
    options = {}
    for order, label in (("day", "Day first"), ("month", "Month first")):
        day, month = (parts[1], parts[2]) if order == "day" else (parts[2], parts[1])
        read = f"{int(day)} {_NAMES[int(month) - 1]} {parts[3]}" if int(month) <= 12 else "not a date"
        options[order] = {"label": label, "example": f"{parts[0]} is {read}"}
    return UndecidedError(sentence, "reading.date_order", options)


def _is_large_part(duck: duckdb.DuckDBPyConnection, lines: int) -> bool:
    row = duck.execute("SELECT sum(lines) FROM date_parts WHERE is_date").fetchone()
    assert row is not None
    return bool(lines > 0.01 * row[0])


def _moments(orders: dict[str, str]) -> str:
    order = " ".join(f"WHEN sign = '{sign}' THEN '{order}'" for sign, order in orders.items())
    order = f"CASE WHEN sign = 'words' THEN 'day' WHEN year_first THEN 'year' {order} ELSE 'unknown' END"
    year = "CASE WHEN y < 70 THEN 2000 + y WHEN y < 100 THEN 1900 + y ELSE y END"
    hour = """CASE WHEN half = 'p' AND hour::INTEGER < 12 THEN hour::INTEGER + 12
        WHEN half = 'a' AND hour::INTEGER = 12 THEN 0 ELSE hour::INTEGER END"""
    clock = f"""CASE WHEN hour = '' THEN '' ELSE format(' {{:02d}}:{{:s}}:{{:s}}', {hour}, minute,
        CASE WHEN second = '' THEN '00' ELSE replace(second, ',', '.') END) END"""
    return f"""
        WITH ordered AS (SELECT *, {order} AS date_order FROM date_parts WHERE is_date),
        placed AS (SELECT *,
            CASE date_order WHEN 'year' THEN a ELSE c END AS y,
            CASE date_order WHEN 'month' THEN a ELSE b END AS m,
            CASE date_order WHEN 'year' THEN c WHEN 'day' THEN a ELSE b END AS d
            FROM ordered WHERE date_order <> 'unknown'),
        read AS (SELECT *, format('{{:04d}}-{{:02d}}-{{:02d}}', {year}, m, d) || {clock} AS iso FROM placed),
        moments AS (SELECT *, try_cast(iso AS TIMESTAMP) AS moment FROM read)
        SELECT text, lines, moment, date_order, sign, hour <> '' AS has_time, second <> '' AS has_second
        FROM moments WHERE year(moment) BETWEEN {EARLIEST_YEAR} AND {LATEST_YEAR}"""


def _reading(duck: duckdb.DuckDBPyConnection, texts: str) -> DateReading:
    shapes = duck.execute("""
        SELECT date_order, sign, has_time, has_second, sum(lines) FROM dates GROUP BY ALL ORDER BY 5 DESC, 1, 2, 3, 4
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
    formats = tuple(dict.fromkeys(map(_shape, shapes)))
    expression = _expression(duck, texts, formats)
    return DateReading(shapes[0][0] if shapes else "", formats, int(lost[0]), lost[1], expression)


def _expression(duck: duckdb.DuckDBPyConnection, texts: str, formats: tuple[str, ...]) -> str:
    """One cast for the whole column, where it says what the table `dates` says: far cheaper than a join on text."""
    spelled = [re.sub("[YmdHMS]", r"%\g<0>", shape) for shape in formats[:1] if "Mon" not in shape]
    for candidate in ("try_cast({text} AS TIMESTAMP)", *(f"try_strptime({{text}}, '{shape}')" for shape in spelled)):
        differs = duck.execute(
            f"SELECT 1 FROM {texts} LEFT JOIN dates USING (text) "
            f"WHERE moment IS DISTINCT FROM {candidate.format(text='text')} LIMIT 1"
        ).fetchone()
        if differs is None:
            return candidate
    return ""


def _shape(row: tuple[str, str, bool, bool, int]) -> str:
    order, sign, has_time, has_second, _ = row
    date = "d Mon Y" if sign == "words" else sign.join({"year": "Ymd", "day": "dmY", "month": "mdY"}[order])
    return date + (" H:M:S" if has_second else " H:M" if has_time else "")
