"""The check of the data before any model: span, buyers, revenue, gaps, seasons, and what there is enough data for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import engine
from pipeline.cleaning.calendar import Trade, last_month, usual_pause
from pipeline.data_check.enough import Asked, Size, parts
from pipeline.data_check.seasons import growth, months, weekdays
from pipeline.data_check.sentences import sentences
from pipeline.store import Facts

if TYPE_CHECKING:
    import pandas as pd

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
    `last_month`, `growth`, `concentration` (share of the buyers -> their share of revenue), `parts` (see
    `enough.parts`), `sentences`, and `warnings` (none of its own).
    """
    progress(0.0, "Checking the data")
    orders = _orders(transactions)
    trade = _trade(orders)
    by_month, by_weekday = months(orders, trade), weekdays(orders)
    engine.write_parquet(by_month, target / "months")
    engine.write_parquet(by_weekday, target / "weekdays")
    facts = _facts(orders, trade, asked) | {
        "currency": currency,
        "without_customer": cleaned["without_customer"],
        "growth": growth(by_month),
    }
    progress(1.0, f"Checked {facts['orders']:,} orders of {facts['buyers']:,} buyers")
    return {**facts, "sentences": sentences(facts, by_month, by_weekday), "warnings": []}


def _orders(transactions: Path) -> pd.DataFrame:
    """CustomerID, InvoiceNo, Day and Revenue of each customer's invoice and day."""
    import narwhals as nw

    with engine.opened() as tables:
        lines = tables.scan(transactions)
        day = nw.col("InvoiceDate").dt.truncate("1d")
        spent = nw.col("TotalPrice").sum().cast(nw.Float64)
        bought = lines.with_columns(Day=day).group_by("CustomerID", "InvoiceNo", "Day").agg(Revenue=spent)
        return engine.collected(bought).sort_values(["CustomerID", "Day", "InvoiceNo"], ignore_index=True)


def _trade(orders: pd.DataFrame) -> Trade:
    by_day = orders.groupby(orders["Day"].dt.strftime("%Y-%m-%d"))["InvoiceNo"].nunique()
    return [(dt.date.fromisoformat(str(day)), int(count)) for day, count in by_day.items()]


def _facts(orders: pd.DataFrame, trade: Trade, asked: Asked) -> Facts:
    purchase_days = orders.groupby("CustomerID")["Day"].nunique()
    days = (trade[-1][0] - trade[0][0]).days + 1
    size = Size(len(purchase_days), int((purchase_days >= LOYAL_DAYS).sum()), days)
    return {
        "span": {"first": trade[0][0].isoformat(), "last": trade[-1][0].isoformat(), "days": days},
        "buyers": size.buyers,
        "orders": int(orders["InvoiceNo"].nunique()),
        "revenue": float(orders["Revenue"].sum()),
        "repeat_rate": float((purchase_days >= 2).mean()),
        "gaps": _gaps(trade),
        "last_month": last_month(trade),
        "concentration": _concentration(orders),
        "parts": parts(size, asked),
    }


def _gaps(trade: Trade) -> list[dict[str, Any]]:
    """Times without a sale of more than twice the usual pause, in order."""
    longest = 2 * usual_pause(trade)
    one = dt.timedelta(days=1)
    return [
        {"first": (before + one).isoformat(), "last": (after - one).isoformat(), "days": (after - before).days - 1}
        for (before, _), (after, _) in pairwise(trade)
        if (after - before).days - 1 > longest
    ]


def _concentration(orders: pd.DataFrame) -> dict[str, float]:
    spent = orders.groupby("CustomerID")["Revenue"].sum().sort_values(ascending=False)
    whole = spent.sum()
    return {f"{share:g}": float(spent.head(max(1, round(share * len(spent)))).sum() / whole) for share in TOP_SHARES}
