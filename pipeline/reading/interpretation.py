"""How a file is understood, decided before a row of it is kept, and told in words that a person can check."""

# ruff: noqa: S608  (nothing that a file or a person says is ever spliced into SQL, but for the quoted path)

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import engine
from pipeline.errors import ReadingError
from pipeline.reading.columns import CANONICAL, NUMBERS, overrides
from pipeline.reading.completion import completed_sql
from pipeline.reading.containers import Part
from pipeline.reading.continuation import fill_from_first_line, fills_from_first_line
from pipeline.reading.dates import ORDERS, DateReading, read_dates
from pipeline.reading.dialect import SAMPLE_CHARACTERS, Dialect, dialect
from pipeline.reading.lines import Account, read_lines
from pipeline.reading.money import MoneyReading, one_currency, read_money
from pipeline.reading.numbers import Unread, decimal_sign, human_number, plain_number, unread
from pipeline.reading.recognition import Recognition, check_recognised, one_row_per_customer, recognised
from pipeline.reading.sample import glance
from pipeline.reading.settings import Reading
from pipeline.reading.source import SourceText, head_of, source_text
from pipeline.reading.tables import tables

if TYPE_CHECKING:
    import duckdb

SHOWN_ROWS = 5
NO_LINES = "The file has headings but no lines under them; give one row per invoice line."


@dataclass(frozen=True)
class Interpretation:
    """Everything that was decided about one file.

    Attributes
    ----------
    seen : what its columns look like, and what they are taken for.
    columns : canonical name -> position in the file, of those that are read.
    decimal : `point` or `comma`.
    plain_numbers : whether every number is written as a machine writes it, so that none needs a second look.
    unread : what of its number columns is no number that counts.
    dates : how its dates are read.
    account : where every line of it went.
    continued : further lines of orders that were filled from the order's first line.
    money : what it says of its money beside the amounts.
    currency : what its amounts are in, an empty text for no currency; None where neither the file nor a person says it.
    """

    text: SourceText
    dialect: Dialect
    seen: Recognition
    columns: dict[str, int]
    decimal: str
    plain_numbers: bool
    unread: tuple[Unread, ...]
    dates: DateReading
    account: Account
    continued: int
    money: MoneyReading
    currency: str | None

    def to_json(self) -> dict[str, Any]:
        """The decisions in words, as the page, the command line and the manifest show them."""
        headings = self.dialect.headings
        used = set(self.columns.values())
        return {
            "format": self.text.part.format,
            "encoding": self.text.encoding,
            "delimiter": "" if self.text.part.is_ours else self.dialect.delimiter,
            "decimal": self.decimal,
            "date_order": ORDERS.get(self.dates.order, "none found"),
            "date_formats": list(self.dates.formats),
            "date_examples": list(self.dates.examples),
            "header_row": self.dialect.header_row,
            "columns": {canonical: headings[position].strip() for canonical, position in self.columns.items()},
            "currency": self.currency,
            "continued_rows": self.continued,
            "unused_headings": [name.strip() for position, name in enumerate(headings) if position not in used],
        }


@contextmanager
def interpreted(part: Part, settings: Reading) -> Iterator[tuple[duckdb.DuckDBPyConnection, Interpretation]]:
    """The file understood, with a connection that holds what turns its texts into values.

    The connection has the views of `read_lines`, the table `dates(text, moment)` and, unless all numbers are plainly
    written, `numbers(text, value)`: each distinct text is made sense of once, however many lines have it.

    Raises
    ------
    ReadingError
        If the file is not a readable table of transactions; the sentence says what to do.
    """
    with source_text(part, settings.encoding) as text, engine.connection() as duck:
        told = overrides(settings.columns)
        form = dialect(head_of(text.path, SAMPLE_CHARACTERS), "comma" if part.is_ours else settings.delimiter, told)
        looked = glance(text.path, "utf-8")
        seen = recognised(form.headings, looked.judged(form), told)
        check_recognised(seen, told)
        columns = seen.columns()
        form, found = read_lines(duck, text, form, columns)
        _check_any_rows(found)
        _check_purchases(duck, seen)
        continued = fills_from_first_line(looked.first_rows(form), columns) and fill_from_first_line(duck, columns)
        plain = not _make_date_texts(duck, columns) and settings.decimal != "comma"
        decimal, lost = ("point", ()) if plain else _read_numbers(duck, settings.decimal, form, columns)
        in_order = f"SELECT Line AS place, trim(c{columns['InvoiceDate']}) AS text FROM lined"
        dates = read_dates(duck, "date_texts", settings.date_order, in_order)
        money = read_money(duck, seen, form.delimiter, decimal, plain, settings.decimal)
        currency = one_currency(money, settings.currency)
        yield (
            duck,
            Interpretation(
                text, form, seen, columns, decimal, plain, lost, dates, found, int(continued), money, currency
            ),
        )


def inspect(source: Path, settings: Reading) -> dict[str, Any]:
    """How the file is read, and its first rows as they are read.

    Returns
    -------
    dict
        The interpretation (format, encoding, delimiter, decimal, date_order, date_formats, date_examples, header_row,
        columns, currency, continued_rows, unused_headings) and `first_rows`: a list of canonical column -> text or
        number, for JSON.

    Raises
    ------
    ReadingError
        As reading itself would.
    """
    with tables(source.name, source, settings) as found, interpreted(found.parts[0], settings) as (duck, understood):
        rows = duck.execute(f"SELECT * FROM ({typed_sql(understood)}) LIMIT {SHOWN_ROWS}")
        shown = [dict(zip(CANONICAL, row[1:], strict=True)) for row in rows.fetchall()]
        for row in shown:
            if "Amount" not in understood.columns:
                del row["Amount"]
            row["InvoiceDate"] = row["InvoiceDate"] and row["InvoiceDate"].isoformat(sep=" ")
        return understood.to_json() | {"first_rows": shown}


def typed_sql(understood: Interpretation) -> str:
    """SQL: the rows of the file as the canonical transactions table, `Line` first."""
    cell = {name: f"c{position}" for name, position in understood.columns.items()}

    def trimmed(name: str) -> str:
        return f"nullif(trim({cell[name]}), '')" if name in cell else "NULL::VARCHAR"

    values = {name: trimmed(name) for name in CANONICAL}
    values["Description"] = cell.get("Description", "NULL::VARCHAR")
    values["CustomerID"] = _without_decimals(values["CustomerID"])
    date = f"trim({cell['InvoiceDate']})"
    values["InvoiceDate"] = understood.dates.expression.format(text=date) or "dates.moment"
    joins = "" if understood.dates.expression else f"LEFT JOIN dates ON dates.text = {date}"
    for name in NUMBERS:
        values[name], join = _number(name, cell, understood.plain_numbers)
        joins += join
    selected = ", ".join(f"{value} AS {name}" for name, value in values.items())
    rows = "filled" if understood.continued else "lined"
    return completed_sql(f"SELECT Line, {selected} FROM {rows} AS lined {joins}", understood.columns)


def _number(name: str, cell: dict[str, str], plain: bool) -> tuple[str, str]:
    """SQL: a number column's value, and the join that it needs."""
    if name not in cell:
        return "NULL::DOUBLE", ""
    if plain:
        return plain_number(cell[name]), ""
    return f"{name}_read.value", f" LEFT JOIN numbers AS {name}_read ON {name}_read.text = trim({cell[name]})"


def _without_decimals(text: str) -> str:
    """SQL: `17850.0`, as pandas writes whole numbers beside gaps, is customer `17850`."""
    whole = f"left({text}, -2)"
    return f"CASE WHEN suffix({text}, '.0') AND try_cast({whole} AS BIGINT) >= 0 THEN {whole} ELSE {text} END"


def _make_date_texts(duck: duckdb.DuckDBPyConnection, columns: dict[str, int]) -> int:
    """Make `date_texts(text, lines)`; how many rows hold a number that is not plainly written."""
    date, *numbers = (f"c{columns[name]}" for name in ("InvoiceDate", *NUMBERS) if name in columns)
    odd = " OR ".join(f"({cell} IS NOT NULL AND {plain_number(cell)} IS NULL)" for cell in numbers)
    duck.execute(
        f"CREATE OR REPLACE TEMP TABLE seen AS SELECT trim({date}) AS text, count(*) AS lines, count_if({odd}) AS odd "
        "FROM cells GROUP BY ALL"
    )
    duck.execute("CREATE OR REPLACE TEMP TABLE date_texts AS SELECT text, lines FROM seen WHERE text <> ''")
    row = duck.execute("SELECT coalesce(sum(odd), 0) FROM seen").fetchone()
    assert row is not None
    return int(row[0])


def _check_purchases(duck: duckdb.DuckDBPyConnection, seen: Recognition) -> None:
    """Raise `ReadingError` where the file seems to have one row per customer, and no customer stands in it twice."""
    reason = one_row_per_customer(seen)
    if not reason:
        return
    customer = f"trim(c{seen.found['CustomerID'].position})"
    twice = duck.execute(f"SELECT 1 FROM cells WHERE {customer} <> '' GROUP BY {customer} HAVING count(*) > 1 LIMIT 1")
    if twice.fetchone() is None:
        raise ReadingError(reason)


def _check_any_rows(found: Account) -> None:
    if found.accepted < found.rejected_lines:
        first = found.examples[0]
        raise ReadingError(
            f"Of {found.accepted + found.rejected_lines:,} lines under the headings, {found.rejected_lines:,} cannot "
            f"be read as rows, the first being line {first.line} ({first.reason}): {first.text!r}; mend it, or check "
            "the delimiter and the quotation marks."
        )
    if found.accepted == 0:
        raise ReadingError(NO_LINES)


def _read_numbers(
    duck: duckdb.DuckDBPyConnection, told: str, form: Dialect, columns: dict[str, int]
) -> tuple[str, tuple[Unread, ...]]:
    """Make `numbers(text, value)` from all number columns' distinct texts; their decimal sign, and what is none."""
    names = [name for name in NUMBERS if name in columns]
    cells = ", ".join(f"c{columns[name]}" for name in names)
    by_column = ", ".join(f"count_if(name = '{name}') AS {name}" for name in names)
    duck.execute(
        f"CREATE TEMP TABLE number_texts AS SELECT trim(cell) AS text, count(*) AS lines, {by_column} FROM "
        f"(SELECT unnest([{cells}]) AS cell, unnest({names!r}) AS name FROM cells) "
        "WHERE trim(cell) <> '' GROUP BY text"
    )
    decimal = told if told != "auto" else decimal_sign(duck, "number_texts", form.delimiter)
    value = human_number("text", decimal)
    value = f"coalesce({plain_number('text')}, {value})" if decimal == "point" else value
    duck.execute(f"CREATE TEMP TABLE numbers AS SELECT text, {value} AS value FROM number_texts")
    return decimal, unread(duck, "number_texts", names)
