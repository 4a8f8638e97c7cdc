"""The check of the data before any model: span, buyers, revenue, gaps, seasons, and what there is enough data for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import engine
from pipeline.cleaning.calendar import Trade, last_month, usual_pause
from pipeline.data_check.enough import Asked
from pipeline.data_check.seasons import growth, invoices, months, weekdays
from pipeline.store import Facts

if TYPE_CHECKING:
    import narwhals as nw

    from pipeline.engine import LazyTable

LOYAL_DAYS = 3  # purchase days from which a buyer shows a rhythm
TOP_SHARES = (0.01, 0.2)
Progress = Callable[[float, str], None]


def check(
    transactions: Path, cleaned: Facts, currency: str | None, asked: Asked, target: Path, progress: Progress
) -> Facts:
    """Look the cleaned transactions over and write `months` and `weekdays` into a folder.

    Parameters
    ----------
    transactions : Parquet file of cleaned lines.
    cleaned : what the cleaning stage reported: `without_customer` is taken over.
    currency : of the amounts, where the file says it.
    asked : of the forecast.
    target : the folder to write the tables into, see `seasons.months` and `seasons.weekdays`.
    progress : told the share done (0 to 1) and a sentence.

    Returns
    -------
    `span` (first, last, days), `buyers`, `orders`, `revenue`, `currency`, `repeat_rate` (share of buyers who bought on
    a second day), `without_customer` (shares of rows and revenue), `gaps` (first and last day without a sale, days),
    `loyal` (buyers with `LOYAL_DAYS` purchase days or more), `asked`, `last_month`, `growth`, `concentration` (share of
    the buyers -> their share of revenue), and `warnings` (none of its own). `sentences.told` words them.
    """
    progress(0.0, "Checking the data")
    with engine.opened() as tables:
        orders = tables.materialised(_orders(tables.scan(transactions)), "orders")
        buyers = tables.materialised(_buyers(orders), "buyers")
        trade = _trade(orders)
        by_month, by_weekday = months(orders, buyers, trade), weekdays(orders)
        sums = _sums(orders, buyers)
    engine.write_parquet(by_month, target / "months")
    engine.write_parquet(by_weekday, target / "weekdays")
    facts = _facts(sums, trade) | {
        "asked": asked._asdict(),
        "currency": currency,
        "without_customer": cleaned["without_customer"],
        "growth": growth(by_month),
    }
    progress(1.0, f"Checked {facts['orders']:,} orders of {facts['buyers']:,} buyers")
    return {**facts, "warnings": []}


def _orders(lines: LazyTable) -> LazyTable:
    """CustomerID, InvoiceNo, Day and Revenue of each customer's invoice and day."""
    import narwhals as nw

    dated = lines.with_columns(Day=nw.col("InvoiceDate").dt.truncate("1d"))
    return dated.group_by("CustomerID", "InvoiceNo", "Day").agg(Revenue=nw.col("TotalPrice").sum())


def _buyers(orders: LazyTable) -> LazyTable:
    """CustomerID, FirstDay, Days (with an order) and Revenue."""
    import narwhals as nw

    first, days = nw.col("Day").min(), nw.col("Day").n_unique()
    return orders.group_by("CustomerID").agg(FirstDay=first, Days=days, Revenue=nw.col("Revenue").sum())


def _trade(orders: LazyTable) -> Trade:
    found = engine.rows(orders.group_by("Day").agg(orders=invoices()))
    return sorted((row["Day"].date(), int(row["orders"])) for row in found)


def _sums(orders: LazyTable, buyers: LazyTable) -> Facts:
    """The facts that are counts and sums of all orders and buyers."""
    import narwhals as nw

    def having(days: int) -> nw.Expr:
        return (nw.col("Days") >= days).cast(nw.Int64).sum()

    revenue = nw.col("Revenue").sum().cast(nw.Float64)
    whole = engine.rows(orders.select(orders=invoices(), revenue=revenue))[0]
    who = engine.rows(buyers.select(buyers=nw.len(), loyal=having(LOYAL_DAYS), back=having(2)))[0]
    return {
        "buyers": int(who["buyers"]),
        "loyal": int(who["loyal"]),
        "orders": int(whole["orders"]),
        "revenue": whole["revenue"],
        "repeat_rate": int(who["back"]) / int(who["buyers"]),
        "concentration": _concentration(buyers, int(who["buyers"]), whole["revenue"]),
    }


def _facts(sums: Facts, trade: Trade) -> Facts:
    days = (trade[-1][0] - trade[0][0]).days + 1
    span = {"first": trade[0][0].isoformat(), "last": trade[-1][0].isoformat(), "days": days}
    return {"span": span, **sums, "gaps": _gaps(trade), "last_month": last_month(trade)}


def _gaps(trade: Trade) -> list[dict[str, Any]]:
    """Times without a sale of more than twice the usual pause, in order."""
    longest = 2 * usual_pause(trade)
    one = dt.timedelta(days=1)
    return [
        {"first": (before + one).isoformat(), "last": (after - one).isoformat(), "days": (after - before).days - 1}
        for (before, _), (after, _) in pairwise(trade)
        if (after - before).days - 1 > longest
    ]


def _concentration(buyers: LazyTable, count: int, revenue: float) -> dict[str, float]:
    import narwhals as nw

    ranked, found = buyers.sort("Revenue", descending=True), {}
    for share in TOP_SHARES:
        largest = ranked.head(max(1, round(share * count)))
        spent = engine.rows(largest.select(money=nw.col("Revenue").sum().cast(nw.Float64)))[0]["money"]
        found[f"{share:g}"] = spent / revenue
    return found
