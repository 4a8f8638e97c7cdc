"""Text -> numbers: which sign stands before the decimals, and what may stand around a number."""

# ruff: noqa: S608  (nothing that a file or a person says is ever spliced into SQL, but for the quoted path)

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import ReadingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

LONGEST_EXAMPLE = 40
LARGEST = 1e11  # beyond it is no price and no quantity, and sums would leave the exact decimals

_CURRENCY = r"(?:\p{Sc}|US\$|R\$|[AC]\$|EUR|GBP|USD|CHF|SEK|NOK|DKK|PLN|CZK|INR|BRL|JPY|AUD|CAD|kr\.?|zł|Rs\.?)"
_DIGITS = r"[0-9.,][0-9.,'’\s\x{00A0}\x{202F}]*"
_NUMBER = rf"^(\()?\s*([-+−])?\s*{_CURRENCY}?\s*([-+−])?\s*({_DIGITS})\s*{_CURRENCY}?\s*(-)?\)?$"
_SHAPES = {
    "point": r"^(?:[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}|[0-9]*)(?:\.[0-9]*)?$",
    "comma": r"^(?:[0-9]{1,3}(?:\.[0-9]{2,3})*\.[0-9]{3}|[0-9]*)(?:,[0-9]*)?$",
}


@dataclass(frozen=True)
class Unread:
    """The texts of one number column that are no number up to `LARGEST`: on how many lines, and one of them."""

    column: str
    lines: int
    example: str


def unread(duck: duckdb.DuckDBPyConnection, texts: str, columns: Sequence[str]) -> tuple[Unread, ...]:
    """What of each column is no number that counts; empty where every text is one.

    Parameters
    ----------
    texts : a table with `text` and, for each of `columns`, under its name, how many lines of that column have the text.

    Raises
    ------
    ReadingError
        If a column has texts, and none of them is a number that counts.
    """
    found = []
    for column in columns:
        row = duck.execute(
            f"SELECT coalesce(sum({column}) FILTER (value IS NULL), 0), coalesce(sum({column}), 0), "
            f"arg_max(text, {column}) FILTER (value IS NULL) FROM {texts} JOIN numbers USING (text) WHERE {column} > 0"
        ).fetchone()
        assert row is not None
        lines, written, example = int(row[0]), int(row[1]), str(row[2])[:LONGEST_EXAMPLE]
        if lines and lines == written:
            raise ReadingError(
                f"None of the values of {column}, such as {example!r}, is a number of at most {LARGEST:,.0f}; write "
                "them like 1234.50, or check which column is taken for it (reading.columns)."
            )
        found += [Unread(column, lines, example)] if lines else []
    return tuple(found)


def plain_number(text: str) -> str:
    """SQL: the number a machine wrote (`-12.5`), else null."""
    return f"(CASE WHEN abs(try_cast({text} AS DOUBLE)) <= {LARGEST} THEN try_cast({text} AS DOUBLE) END)"


def human_number(text: str, decimal: str) -> str:
    """SQL: the number a person or a spreadsheet wrote (`£ 1,234.50`, `(5,00)`, `12 500,-`), else null.

    A thousands sign must stand where thousands stand: `12,50` with a decimal point is no number, rather than 1250.
    """
    parts = f"regexp_extract(trim({text}), '{_quoted(_NUMBER)}', ['bracket', 'sign', 'inner', 'digits', 'last'])"
    digits = r"regexp_replace(part.digits, '[^0-9.,]', '', 'g')"
    thousands = "," if decimal == "point" else "."
    bare = f"replace(replace({digits}, '{thousands}', ''), ',', '.')"
    well = f"regexp_matches({digits}, '{_SHAPES[decimal]}') AND regexp_matches({digits}, '[0-9]')"
    minus = "part.bracket = '(' OR part.sign IN ('-', '−') OR part.inner IN ('-', '−') OR part.last = '-'"
    value = f"CASE WHEN {well} THEN try_cast({bare} AS DOUBLE) * (CASE WHEN {minus} THEN -1 ELSE 1 END) END"
    checked = f"CASE WHEN value <= {LARGEST} AND value >= -{LARGEST} THEN value END"
    return f"(SELECT {checked} FROM (SELECT {value} AS value FROM (SELECT {parts} AS part)))"


def decimal_sign(duck: duckdb.DuckDBPyConnection, texts: str, delimiter: str) -> str:
    """`point` or `comma`: what most of the written numbers speak for.

    Parameters
    ----------
    texts : a table with columns `text` and `lines`, each distinct text and how many lines have it.
    delimiter : decides where every number could be read both ways (`1,234`): beside `;` a comma is a decimal sign.
    """
    point = r"regexp_matches(text, '\.([0-9]{1,2}|[0-9]{4,})\D*$|,[0-9]{3}\.[0-9]*\D*$|^\D*0\.[0-9]{3}\D*$')"
    comma = r"regexp_matches(text, ',([0-9]{1,2}|[0-9]{4,})\D*$|\.[0-9]{3},[0-9]*\D*$|^\D*0,[0-9]{3}\D*$')"
    counts = f"SELECT coalesce(sum(lines) FILTER ({point}), 0), coalesce(sum(lines) FILTER ({comma}), 0) FROM {texts}"
    row = duck.execute(counts).fetchone()
    assert row is not None
    if row[0] == row[1]:
        return "comma" if delimiter == ";" and row[0] == 0 else "point"
    return "point" if row[0] > row[1] else "comma"


def currency_signs(duck: duckdb.DuckDBPyConnection, texts: str) -> tuple[str, ...]:
    """The signs and codes of currencies that stand beside the numbers of `texts(text, lines)`, most frequent first."""
    sign = f"upper(trim(regexp_extract(text, '{_quoted(_CURRENCY)}')))"
    signs = f"SELECT {sign} AS sign, lines FROM {texts} JOIN numbers USING (text) WHERE value IS NOT NULL"
    found = duck.execute(f"SELECT sign FROM ({signs}) WHERE sign <> '' GROUP BY sign ORDER BY sum(lines) DESC, sign")
    return tuple(sign for (sign,) in found.fetchall())


def doubtful_point(duck: duckdb.DuckDBPyConnection, cells: Sequence[str]) -> str:
    """A number such as `1.250`, where none tells whether its point parts thousands; empty where one does.

    Beside semicolons a comma is the decimal sign, and a point before three digits may as well part thousands.
    """
    row = duck.execute(
        "SELECT min(cell) FILTER (regexp_full_match(cell, '-?[1-9][0-9]{0,2}\\.[0-9]{3}')), "
        "count(*) FILTER (contains(cell, '.') AND NOT regexp_full_match(cell, '-?[1-9][0-9]{0,2}\\.[0-9]{3}')) "
        f"FROM (SELECT trim(unnest([{', '.join(cells)}])) AS cell FROM cells)"
    ).fetchone()
    assert row is not None
    return str(row[0]) if row[0] and not row[1] else ""


def _quoted(pattern: str) -> str:
    return pattern.replace("'", "''")
