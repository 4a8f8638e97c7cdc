"""Cleaning: the transactions in, the lines that count and the dropped ones out, with the ledger between them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import localcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import engine
from pipeline.cleaning.accounts import Books, account, trade_of
from pipeline.cleaning.calendar import last_month
from pipeline.cleaning.effects import alternatives, effects
from pipeline.cleaning.figures import figures
from pipeline.cleaning.ledger import check_any_left, ledger
from pipeline.cleaning.lines import described
from pipeline.cleaning.notices import notices, without_customer
from pipeline.cleaning.related import grouped, paired, related
from pipeline.cleaning.rules import SURVIVES
from pipeline.cleaning.settings import Cleaning
from pipeline.cleaning.written import dropped, judged, survivors

if TYPE_CHECKING:
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
    with engine.opened() as tables, localcontext(prec=38):  # digits, as DuckDB's; Python's own 28 would round
        as_read = tables.scan(transactions)
        lines, apart = described(as_read, settings), related(tables, as_read, settings)
        groups = grouped(tables, lines, apart, settings)
        books = Books(tables, groups, paired(tables, apart), trade_of(groups))
        sums = figures(groups)
        others = alternatives(books, settings, sums)
        tried = account(books, [settings, *(other.settings for other in others if not other.is_idle)])
        current = tried.of(0, tables)
        written = ledger(current)
        check_any_left(written)
        progress(0.4, f"Writing {written[-1]['rows_after']:,} usable lines")
        all_lines = judged(lines, apart, current)
        engine.sink(survivors(all_lines), target)
        engine.sink(dropped(all_lines, settings), rejects)
        progress(0.9, "Comparing with what other settings would do")
        days = _days(current.entries)
        changes = effects(books, tried, others)
    progress(1.0, f"{written[-1]['rows_after']:,} of {written[0]['rows_before']:,} lines are usable")
    guests = without_customer(sums, written)
    warnings = notices(sums, written, guests, days, settings)
    found = {"warnings": warnings, "effects": changes, "without_customer": guests}
    return {**_facts(written, days), **found, "last_month": last_month(books.trade)}


def _days(entries: LazyTable) -> list[dt.date]:
    """The days on which something was sold that counts, in order."""
    import narwhals as nw

    sold = entries.filter(nw.col("place") == SURVIVES).group_by("day").agg(nw.len())
    return sorted(row["day"] for row in engine.rows(sold))


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
