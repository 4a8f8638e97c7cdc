"""Cleaning: the transactions in, the lines that count and the dropped ones out, with the ledger between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import localcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import engine
from pipeline.cleaning.accounts import Account, Books, account, trade_of
from pipeline.cleaning.calendar import last_month
from pipeline.cleaning.effects import effects
from pipeline.cleaning.ledger import check_any_left, ledger
from pipeline.cleaning.lines import PLACE_IN_FILE, described, grouped, marked, paired, rows
from pipeline.cleaning.notices import notices, without_customer
from pipeline.cleaning.rules import SURVIVES
from pipeline.cleaning.settings import Cleaning
from pipeline.cleaning.written import dropped, judged, survivors

if TYPE_CHECKING:
    import duckdb

    from pipeline.engine import LazyTable

Progress = Callable[[float, str], None]


def clean(transactions: Path, settings: Cleaning, target: Path, rejects: Path, progress: Progress) -> dict[str, Any]:
    """Apply the rules in their order; write the lines that are left, and the dropped ones.

    Parameters
    ----------
    transactions : the table that `read_transactions` wrote.
    settings : which rules apply beyond the five basic ones, and which values mean that nothing is known.
    target : the Parquet file to write: File, Line, the eight columns of transactions and
        TotalPrice = Quantity * UnitPrice, an exact decimal with 9 places (Quantity counted to 3 places, UnitPrice to
        6). Where cancellations are netted, Quantity and TotalPrice are what is left of the line.
    rejects : the Parquet file to write: File, Line, Rule (as in the ledger), Reason, and the
        columns as they were read; with the lines of `target` these are all lines of `transactions`.
    progress : told the share done (0 to 1) and a sentence.

    Returns
    -------
    dict
        `ledger` (see `ledger.ledger`); `effects` (see `effects.effects`); `last_month` (see `calendar.last_month`);
        `without_customer` (see `notices.without_customer`); `warnings`; `span` (first and last, ISO); `rows`,
        `customers`, `invoices`, `money`, `money_exact` of what is left.

    Raises
    ------
    NotEnoughDataError
        If no line is left; the sentence says which rules took how many.
    """
    progress(0.0, "Applying the cleaning rules")
    with engine.connection() as duck, localcontext(prec=38):  # digits, as DuckDB's; Python's own 28 would round
        lines = described(engine.scan(duck, transactions), settings)
        marks = marked(duck, lines)
        books = _books(duck, marks)
        current = account(books, settings)
        written = ledger(current)
        check_any_left(written)
        progress(0.4, f"Writing {written[-1]['rows_after']:,} usable lines")
        _write(lines, marks, current, target, rejects)
        days = _days(current.entries)
        guests = without_customer(books.groups, written)
        warnings = notices(books.groups, written, guests, days, settings)
        progress(0.7, "Trying what other settings would do")
        tried = effects(books, current)
    progress(1.0, f"{written[-1]['rows_after']:,} of {written[0]['rows_before']:,} lines are usable")
    found = {"warnings": warnings, "effects": tried, "last_month": last_month(books.trade), "without_customer": guests}
    return {**_facts(written, days), **found}


def _books(duck: duckdb.DuckDBPyConnection, marks: LazyTable) -> Books:
    groups = engine.materialised(duck, grouped(marks), "groups")
    return Books(duck, groups, engine.materialised(duck, paired(marks), "paired"), trade_of(groups))


def _write(lines: LazyTable, marks: LazyTable, current: Account, target: Path, rejects: Path) -> None:
    """The lines in the order of the file: as they come where each is judged by itself, else sorted again."""
    settings = current.settings
    alone = (settings.overlap, settings.cancellations) == ("keep", "drop")
    if alone and not settings.duplicates and not settings.free_goods:
        all_lines = judged(lines, current)
    else:
        all_lines = judged(marks, current).sort(*PLACE_IN_FILE)
    engine.sink(survivors(all_lines), target)
    engine.sink(dropped(all_lines), rejects)


def _days(entries: LazyTable) -> list[dt.date]:
    """The days on which something was sold that counts, in order."""
    import narwhals as nw

    days = entries.filter(nw.col("place") == SURVIVES).select("day").unique()
    return sorted(dt.date.fromisoformat(row["day"]) for row in rows(days.select(nw.col("day").cast(nw.String))))


def _facts(written: list[dict[str, Any]], days: list[dt.date]) -> dict[str, Any]:
    last = written[-1]
    return {
        "ledger": written,
        "span": {"first": days[0].isoformat(), "last": days[-1].isoformat()},
        "rows": last["rows_after"],
        "customers": last["customers_after"],
        "invoices": last["invoices_after"],
        "money": last["money_after"],
        "money_exact": last["money_after_exact"],
    }
