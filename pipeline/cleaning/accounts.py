"""Who takes what: the groups of lines under one choice of settings, each with the place of the rule that takes it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipeline import engine
from pipeline.cleaning.calendar import Calendar, Trade, calendar
from pipeline.cleaning.cancellations import netted
from pipeline.cleaning.lines import PLACE_IN_FILE, rows
from pipeline.cleaning.rules import PLACES, SURVIVES, place
from pipeline.cleaning.settings import Cleaning

if TYPE_CHECKING:
    import duckdb

    from pipeline.engine import LazyTable

ENTRY = ("customer", "InvoiceNo", "day", "place", "rows", "money", "changed")


@dataclass(frozen=True)
class Books:
    """What is asked of the lines, whatever the settings: all groups, the lines of whom returned what they bought, and
    the days of trade."""

    duck: duckdb.DuckDBPyConnection
    groups: LazyTable
    paired: LazyTable
    trade: Trade


@dataclass(frozen=True)
class Account:
    """What becomes of all lines under one choice of settings.

    `entries` are the groups, each with the place of the rule that takes it: customer, InvoiceNo, day, place, rows,
    money and changed. A line that loses some of its pieces to a return is two entries: one with the line and the money
    that stays, and one without a line, whose money goes with the returns. `paired` are the lines of customers and
    products with returns as netting leaves them, where these settings ask for that.
    """

    settings: Cleaning
    calendar: Calendar
    entries: LazyTable
    paired: LazyTable | None


def account(books: Books, settings: Cleaning) -> Account:
    """The account of the books under these settings; it holds until the next one is made."""
    import narwhals as nw

    kept = calendar(books.trade, settings)
    found = books.groups.with_columns(place=place(settings, kept))
    paired = _netted(books, settings, kept) if settings.cancellations == "net" else None
    if paired is not None:
        split = [found.filter(~nw.col("is_paired")), *_netted_entries(paired)]
        found = nw.concat([_as_entries(each) for each in split], how="vertical").select(*ENTRY, "is_free")
    if settings.free_goods:
        found = _without_the_unpaying(found)
    return Account(settings, kept, engine.materialised(books.duck, found.select(*ENTRY), "entries"), paired)


def _netted(books: Books, settings: Cleaning, kept: Calendar) -> LazyTable:
    """The lines of customers and products with returns: those that no rule took before are netted."""
    import narwhals as nw

    judged = engine.materialised(books.duck, books.paired.with_columns(place=place(settings, kept)), "judged")
    takes_part = nw.col("is_trade") & (nw.col("place") >= PLACES["void"])
    settled = netted(books.duck, judged.filter(takes_part))
    joined = judged.join(settled, on=list(PLACE_IN_FILE), how="left")
    money_left = nw.coalesce("worth", "TotalPrice")
    found = joined.select(
        *(*PLACE_IN_FILE, "customer", "product", "InvoiceNo", "InvoiceDate", "day", "changed", "is_free", "bought"),
        "partner",
        place=nw.coalesce("netted_at", "place"),
        left=nw.coalesce(nw.col("left"), nw.col("units").cast(nw.Float64)),
        money=money_left,
        money_gone=nw.col("TotalPrice") - money_left,
    )
    return engine.materialised(books.duck, found, "netted")


def _netted_entries(lines: LazyTable) -> list[LazyTable]:
    import narwhals as nw

    split = lines.filter(nw.col("money_gone") != 0).with_columns(
        rows=nw.lit(0), money=nw.col("money_gone"), place=nw.lit(PLACES["return"]), changed=nw.lit(0)
    )
    return [lines.with_columns(rows=nw.lit(1)), split]


def _as_entries(lines: LazyTable) -> LazyTable:
    """Only what an entry has, in the types that all kinds of entries share."""
    import narwhals as nw

    typed = lines.with_columns(
        nw.col("place", "rows", "changed").cast(nw.Int64), nw.col("money").cast(nw.Decimal(38, 9))
    )
    return typed.select(*ENTRY, "is_free")


def _without_the_unpaying(found: LazyTable) -> LazyTable:
    """Free goods are taken of who, in the end, paid for nothing."""
    import narwhals as nw

    stays = nw.col("place") == SURVIVES
    paying = found.filter(stays, ~nw.col("is_free")).select("customer").unique().with_columns(pays=nw.lit(True))
    joined = found.join(paying, on="customer", how="left").with_columns(pays=nw.col("pays").fill_null(False))
    unpaid = stays & nw.col("is_free") & ~nw.col("pays")
    return joined.with_columns(place=nw.when(unpaid).then(nw.lit(PLACES["free_goods"])).otherwise(nw.col("place")))


def trade_of(groups: LazyTable) -> Trade:
    """The days on which something was sold, to whomever, with their numbers of invoices."""
    import datetime as dt

    import narwhals as nw

    sold = groups.filter(nw.col("counts"), ~nw.col("day").is_null())
    days = sold.group_by("day").agg(orders=nw.col("InvoiceNo").n_unique())
    found = rows(days.select(nw.col("day").cast(nw.String), "orders"))
    return sorted((dt.date.fromisoformat(row["day"]), int(row["orders"])) for row in found)


def exact(written: Any) -> Decimal:
    """Money that the engine wrote as text; nothing is 0."""
    return Decimal(written) if isinstance(written, str) else Decimal(0)
