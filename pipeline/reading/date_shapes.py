"""The shapes in which people, spreadsheets and machines write dates, taken apart into numbers."""

# ruff: noqa: S608  (nothing that a file or a person says is ever spliced into SQL)

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_TIME = (
    r"(?:[T ,]+(?:um |at |à |a las )?(\d{1,2})[:.hH](\d{2})(?:[:.m](\d{2}(?:[.,]\d{1,6})?)\d*s?)?"
    r"\s*(?:([AaPp])\.?\s?[Mm]\.?)?(?: Uhr)?)?"
)
_ZONE = r"\s*(Z|UTC|GMT|BST|CES?T|[ECMP][SD]T|[+-]\d{2}(?::?\d{2})?)?"
_WEEKDAY = r"(?:\p{L}{2,12}[.,]{0,2} +)?"
_MONTH = r"(\p{L}{3,10})\.?"
_NUMERIC = rf"^(\d{{1,4}})([-/. ])(\d{{1,2}})[-/. ](\d{{1,4}}){_TIME}{_ZONE}$"
_DAY_WORD = (
    rf"^{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?(?:[-/. ]+| de | of ){_MONTH}(?:[-/., ]+| de )(\d{{4}}|\d{{2}})"
    rf"{_TIME}{_ZONE}$"
)
_WORD_DAY = rf"^{_WEEKDAY}{_MONTH}[-/. ]+(\d{{1,2}})(?:st|nd|rd|th)?[-/., ]+(\d{{4}}){_TIME}{_ZONE}$"
_YEAR_WORD = rf"^(\d{{4}})[-/. ]{_MONTH}[-/. ](\d{{1,2}}){_TIME}{_ZONE}$"
_COMPACT = r"^((?:19|20|21)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:[T ]?(\d{2})(\d{2})(\d{2})?)?$"
_SERIAL = r"^[2-7]\d{4}(?:[.,]\d+)?$"  # Excel's days, 1954 to 2119
_EPOCH = r"^[1-3]\d{9}(?:\.\d+|\d{3}|\d{6})?$"  # seconds, milliseconds or microseconds since 1970, 2001 to 2096
_CLOCK = "'hour','minute','second','half','zone'"

_MONTHS = (
    "january januar janvier enero gennaio januari",
    "february februar fevrier febrero febbraio februari feber",
    "march marz maerz mrz mars marzo maart mrt",
    "april avril abril aprile",
    "may mai mayo maggio mei",
    "june juni juin junio giugno",
    "july juli juillet julio luglio",
    "august aout agosto augustus",
    "september septembre septiembre settembre setiembre",
    "october oktober octobre octubre ottobre",
    "november novembre noviembre",
    "december dezember decembre diciembre dicembre",
)


def _spellings() -> dict[str, int]:
    """Every month's name in six languages and what it is cut short to, without accents: `okt` is 10."""
    meant: dict[str, set[int]] = {}
    for number, names in enumerate(_MONTHS, start=1):
        for name in names.split():
            for length in range(3, len(name) + 1):
                meant.setdefault(name[:length], set()).add(number)
    return {spelling: min(numbers) for spelling, numbers in meant.items() if len(numbers) == 1}


SPELLINGS = _spellings()


def is_month(word: str) -> bool:
    """Whether it is a month's name, or what one is cut short to."""
    bare = unicodedata.normalize("NFKD", word.lower()).encode("ascii", "ignore").decode()
    return bare in SPELLINGS


def take_apart(duck: duckdb.DuckDBPyConnection, texts: str) -> None:
    """Make the table `date_parts` of the texts of `texts(text, lines)` that could be dates.

    It has text, lines; `sign`, what stands between the numbers, or `words`, `serial`, `epoch`; `style`, which tells a
    column's several formats apart; `year_first`; the numbers `a`, `b`, `c` in the order written (of words: day, month,
    year); `hour`, `minute`, `second`, `half` (a or p) and `zone` as texts; `number`, of a serial or an epoch.
    """
    duck.execute(f"CREATE OR REPLACE TEMP TABLE date_parts AS {_shaped(_numeric_sql(texts))}")
    rest = f"(SELECT text, lines FROM {texts} ANTI JOIN date_parts USING (text))"
    if duck.execute(f"SELECT 1 FROM {rest} LIMIT 1").fetchone():  # planning these costs more than most columns do
        duck.execute(f"INSERT INTO date_parts {_shaped(_digits_sql(rest))}")
        duck.execute(f"INSERT INTO date_parts {_shaped(_words_sql(rest))}")


def _shaped(parts: str) -> str:
    return f"""
        WITH shaped AS (SELECT text, lines, sign, hour, minute, second, lower(half) AS half, zone, number,
            length(a) = 4 AS year_first, length(c) AS year_digits,
            try_cast(a AS INTEGER) AS a, try_cast(b AS INTEGER) AS b, try_cast(c AS INTEGER) AS c
            FROM ({parts}) WHERE sign IN ('words', 'serial', 'epoch')
                OR (length(c) <> 3 AND length(a) <> 3 AND (length(a) = 4 OR length(c) IN (2, 4))))
        SELECT *, sign || concat_ws(',', year_digits, hour <> '', second <> '', half <> '', zone <> '') AS style
        FROM shaped"""


def _numeric_sql(texts: str) -> str:
    return f"""
        SELECT text, lines, n.sign, n.a, n.b, n.c, n.hour, n.minute, n.second, n.half, n.zone, NULL::DOUBLE AS number
        FROM (SELECT text, lines, {_extract(_NUMERIC, "'a','sign','b','c'")} AS n FROM {texts}) WHERE n.a <> ''"""


def _digits_sql(texts: str) -> str:
    return f"""
        WITH digits AS MATERIALIZED (
            SELECT text, lines, {_extract(_COMPACT, "'a','b','c'", "'hour','minute','second'")} AS k,
            CASE WHEN regexp_matches(text, '{_SERIAL}') THEN 'serial'
                WHEN regexp_matches(text, '{_EPOCH}') THEN 'epoch' END AS counted
            FROM {texts})
        SELECT text, lines, '' AS sign, k.a, k.b, k.c, k.hour, k.minute, k.second, '' AS half, '' AS zone,
            NULL AS number FROM digits WHERE k.a <> ''
        UNION ALL
        SELECT text, lines, counted, '', '', '', '', '', '', '', '', try_cast(replace(text, ',', '.') AS DOUBLE)
        FROM digits WHERE k.a = '' AND counted IS NOT NULL"""


def _words_sql(texts: str) -> str:
    spelled = ", ".join(f"('{spelling}', {number})" for spelling, number in SPELLINGS.items())
    worded = ", ".join(
        f"coalesce(nullif(d.{part}, ''), nullif(m.{part}, ''), y.{part}) AS {part}"
        for part in ("a", "b", "c", "hour", "minute", "second", "half", "zone")
    )
    return f"""
        WITH words AS MATERIALIZED (SELECT text, lines, {_extract(_DAY_WORD, "'a','b','c'")} AS d,
            {_extract(_WORD_DAY, "'b','a','c'")} AS m, {_extract(_YEAR_WORD, "'c','b','a'")} AS y FROM {texts}),
        months(spelling, month) AS (VALUES {spelled})
        SELECT text, lines, 'words' AS sign, a, month::VARCHAR AS b, c, hour, minute, second, half, zone, NULL AS number
        FROM (SELECT text, lines, {worded} FROM words) JOIN months ON spelling = lower(strip_accents(b))"""


def _extract(pattern: str, date: str, clock: str = _CLOCK) -> str:
    return f"regexp_extract(text, '{pattern}', [{date},{clock}])"
