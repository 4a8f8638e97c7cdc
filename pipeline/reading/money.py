"""What a file says of its money beside the amounts: which currency it is, and what else it calls a total."""

# ruff: noqa: S608  (only our own column positions are ever spliced into SQL)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipeline.reading.columns import MONEY, NUMBERS
from pipeline.reading.headings import currency_in, currency_position
from pipeline.reading.numbers import currency_signs, doubtful_point, human_number, plain_number
from pipeline.reading.recognition import Recognition

if TYPE_CHECKING:
    import duckdb

A_PENNY = 0.011  # and what doubles lose
FEW_ORDERS, NEARLY_ALL = 5, 0.9  # fewer orders with one amount on all lines may be chance


class Totals(NamedTuple):
    """A column of totals beside quantity and price: its heading, and lines that differ by more than a penny, of all."""

    heading: str
    differing: int
    lines: int


@dataclass(frozen=True)
class MoneyReading:
    """What a file says of its money.

    Attributes
    ----------
    currencies : the signs or codes of currencies that its amounts bear, the most frequent first.
    totals : how far a column of totals agrees with quantity times price, where there is one that is not used.
    repeated_amounts : orders that bear one amount on all of their lines, where nearly all do.
    doubtful_number : one whose point may part thousands, where no number tells.
    """

    currencies: tuple[str, ...]
    totals: Totals | None
    repeated_amounts: int
    doubtful_number: str


def read_money(
    duck: duckdb.DuckDBPyConnection, seen: Recognition, delimiter: str, decimal: str, plain: bool, told: str
) -> MoneyReading:
    """What the rows, `cells`, say of their money.

    Parameters
    ----------
    decimal : how numbers are read, `point` or `comma`.
    plain : whether all numbers are written as a machine writes them.
    told : a value of the setting `reading.decimal`.
    """
    columns = seen.columns()
    numbers = [f"c{columns[name]}" for name in NUMBERS if name in columns]
    is_open = plain and delimiter == ";" and told == "auto"
    return MoneyReading(
        currencies=currencies(duck, seen.headings, columns, plain),
        totals=differing_totals(duck, seen, decimal),
        repeated_amounts=repeated_amounts(duck, columns),
        doubtful_number=doubtful_point(duck, numbers) if is_open else "",
    )


def one_currency(money: MoneyReading, told: str) -> str | None:
    """What the amounts are in: as a person says, else the one that the file names; None where none or several are.

    Parameters
    ----------
    told : a value of the setting `reading.currency`.
    """
    if told != "auto":
        return "" if told == "none" else told
    return money.currencies[0] if len(money.currencies) == 1 else None


def currencies(
    duck: duckdb.DuckDBPyConnection, headings: Sequence[str], columns: Mapping[str, int], plain: bool
) -> tuple[str, ...]:
    """What the amounts are said to be in, by a column of its own, beside the numbers, or in the heading.

    Parameters
    ----------
    plain : whether all numbers are plainly written, so that nothing stands beside any.
    """
    place = currency_position(headings)
    if place is not None:
        said = f"SELECT upper(trim(c{place})) AS sign FROM cells"
        found = duck.execute(f"SELECT sign FROM ({said}) WHERE sign <> '' GROUP BY sign ORDER BY count(*) DESC, sign")
        return tuple(sign for (sign,) in found.fetchall())
    beside = () if plain else currency_signs(duck, "number_texts")
    named = {currency_in(headings[columns[name]]) for name in MONEY if name in columns}
    return beside or tuple(sorted(named - {""}))


def differing_totals(duck: duckdb.DuckDBPyConnection, seen: Recognition, decimal: str) -> Totals | None:
    """How far a column of totals that is not used agrees with quantity times price; None where there is none."""
    if seen.spare_total is None:
        return None
    places = (seen.found["Quantity"].position, seen.found["UnitPrice"].position, seen.spare_total)
    quantity, price, total = (
        f"coalesce({plain_number(f'c{place}')}, {human_number(f'c{place}', decimal)})" for place in places
    )
    row = duck.execute(
        f"SELECT count_if(abs(q * p - t) > {A_PENNY}), count(*) FROM (SELECT {quantity} AS q, {price} AS p, "
        f"{total} AS t FROM cells) WHERE q * p * t IS NOT NULL"
    ).fetchone()
    assert row is not None
    return Totals(seen.headings[seen.spare_total].strip(), int(row[0]), int(row[1])) if row[1] else None


def repeated_amounts(duck: duckdb.DuckDBPyConnection, columns: Mapping[str, int]) -> int:
    """How many orders of several lines bear one amount on all of them, where nearly all do; else 0.

    Such an amount is hardly that of the line: the order's own total is written on each of its lines.
    """
    if not {"Amount", "InvoiceNo"} <= columns.keys():
        return 0
    amount, order = f"trim(c{columns['Amount']})", f"trim(c{columns['InvoiceNo']})"
    row = duck.execute(
        f"SELECT count(*) FILTER (kinds = 1), count(*) FROM (SELECT count(DISTINCT {amount}) AS kinds FROM cells "
        f"WHERE {order} <> '' GROUP BY {order} HAVING count({amount}) > 1)"
    ).fetchone()
    assert row is not None
    return int(row[0]) if row[0] >= max(FEW_ORDERS, NEARLY_ALL * row[1]) else 0
