"""Who takes what: the groups of lines under each choice of settings, with the place of the rule that takes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline import engine
from pipeline.cleaning.calendar import Calendar, Trade, calendar
from pipeline.cleaning.cancellations import netted
from pipeline.cleaning.lines import PLACE_IN_FILE
from pipeline.cleaning.rules import PLACES, SURVIVES, place
from pipeline.cleaning.settings import Cleaning

if TYPE_CHECKING:
    import narwhals as nw

    from pipeline.engine import LazyTable, Tables

ENTRY = ("way", "customer", "InvoiceNo", "day", "place", "rows", "money", "changed")


@dataclass(frozen=True)
class Books:
    """What is asked of the lines, whatever the settings: all groups, the lines of whom returned what they bought, and
    the days of trade."""

    tables: Tables
    groups: LazyTable
    paired: LazyTable
    trade: Trade


@dataclass(frozen=True)
class Way:
    """One choice of settings, and the days that it leaves out."""

    settings: Cleaning
    calendar: Calendar

    @property
    def nets(self) -> bool:
        """Whether returns are taken off the purchases that they undo."""
        return self.settings.cancellations == "net"


@dataclass(frozen=True)
class Account:
    """What becomes of all lines under several choices of settings, worked out together; `way` is the number of one.

    `entries` are the groups, each with the place of the rule that takes it: way, customer, InvoiceNo, day, place, rows,
    money and changed. They are worked out whenever something is asked of them, because all ways of a large file are
    many times its groups. A line that loses some of its pieces to a return is two entries: one with the line and the
    money that stays, and one without a line, whose money goes with the returns. `paired` are the lines of customers and
    products with returns as netting leaves them, for the ways that ask for that; None where no way does.
    """

    ways: Sequence[Way]
    entries: LazyTable
    paired: LazyTable | None

    def of(self, way: int, tables: Tables) -> Account:
        """The account of one way by itself, with its entries kept."""
        import narwhals as nw

        is_it = nw.col("way") == way
        paired = self.paired.filter(is_it) if self.paired is not None and self.ways[way].nets else None
        return Account([self.ways[way]], tables.materialised(self.entries.filter(is_it), "entries"), paired)


def account(books: Books, choices: Sequence[Cleaning]) -> Account:
    """The account of the books under each of these settings."""
    import narwhals as nw

    ways = [Way(settings, calendar(books.trade, settings)) for settings in choices]
    numbers = books.tables.numbers(len(ways))
    found = books.groups.join(numbers, how="cross").with_columns(place=_in_each(ways, _place))
    paired = _netted(books, ways) if any(way.nets for way in ways) else None
    if paired is not None:
        apart = nw.col("is_paired") & _in_each(ways, lambda way: nw.lit(way.nets))
        split = [found.filter(~apart), *_netted_entries(paired)]
        found = nw.concat([_as_entries(each) for each in split], how="vertical")
    if any(way.settings.free_goods for way in ways):
        found = _without_the_unpaying(books.tables, found)
    return Account(ways, found.select(*ENTRY), paired)


def _place(way: Way) -> nw.Expr:
    return place(way.settings, way.calendar)


def _in_each(ways: Sequence[Way], asked: Callable[[Way], nw.Expr]) -> nw.Expr:
    """What is asked of the way that a row is about."""
    import narwhals as nw

    found = asked(ways[0])
    for number, way in enumerate(ways[1:], start=1):
        found = nw.when(nw.col("way") == number).then(asked(way)).otherwise(found)
    return found


def _netted(books: Books, ways: Sequence[Way]) -> LazyTable:
    """The lines of customers and products with returns: those that no rule took before are netted, in each way.

    Where the same lines of a customer and product take part as in the first way, they are netted there once for all.
    """
    import narwhals as nw

    netting = [number for number, way in enumerate(ways) if way.nets]
    takes_part, first = nw.col("is_trade") & (nw.col("place") >= PLACES["void"]), netting[0]
    lines = books.paired.join(books.tables.numbers(len(ways)), how="cross").filter(
        nw.any_horizontal(*(nw.col("way") == number for number in netting), ignore_nulls=False)
    )
    judged = lines.with_columns(place=_in_each(ways, _place), first_place=_place(ways[first]))
    moved = takes_part != (nw.col("is_trade") & (nw.col("first_place") >= PLACES["void"]))
    apart = judged.with_columns(moved=moved.cast(nw.Int64)).with_columns(
        moved=nw.col("moved").max().over("way", "pair")
    )
    like = nw.when(nw.col("moved") > 0).then(nw.col("way")).otherwise(nw.lit(first))
    marked = books.tables.materialised(apart.with_columns(like=like), "judged")
    settled = netted(books.tables, marked.filter(takes_part, nw.col("like") == nw.col("way")))
    joined = marked.join(settled, left_on=["like", *PLACE_IN_FILE], right_on=["netted_way", *PLACE_IN_FILE], how="left")
    return books.tables.materialised(_as_left(joined), "netted")


def _as_left(joined: LazyTable) -> LazyTable:
    import narwhals as nw

    money_left = nw.coalesce("worth", "TotalPrice")
    return joined.select(
        *("way", *PLACE_IN_FILE, "customer", "product", "InvoiceNo", "InvoiceDate", "day", "changed", "is_free"),
        *("bought", "partner"),
        place=nw.coalesce("netted_at", "place"),
        left=nw.coalesce(nw.col("left"), nw.col("units").cast(nw.Float64)),
        money=money_left,
        money_gone=nw.col("TotalPrice") - money_left,
    )


def _netted_entries(lines: LazyTable) -> list[LazyTable]:
    import narwhals as nw

    split = lines.filter(nw.col("money_gone") != 0).with_columns(
        rows=nw.lit(0), money=nw.col("money_gone"), place=nw.lit(PLACES["return"]), changed=nw.lit(0)
    )
    return [lines.with_columns(rows=nw.lit(1)), split]


def _as_entries(lines: LazyTable) -> LazyTable:
    """Only what an entry has, in the types that all kinds of entries share."""
    import narwhals as nw

    counts = ("place", "rows", "changed")
    return lines.select(
        *(nw.col(name).cast(nw.Int64) if name in counts else nw.col(name) for name in ENTRY if name != "money"),
        "is_free",
        money=nw.col("money").cast(nw.Decimal(38, 9)),
    )


def _without_the_unpaying(tables: Tables, found: LazyTable) -> LazyTable:
    """Free goods are taken of who, in the end, paid for nothing."""
    import narwhals as nw

    stays = nw.col("place") == SURVIVES
    paid = found.filter(stays, ~nw.col("is_free")).group_by("way", "customer").agg(paid=nw.len())
    paying = tables.materialised(paid, "paying")
    joined = found.join(paying, on=["way", "customer"], how="left")
    unpaid = stays & nw.col("is_free") & nw.col("paid").is_null()
    return joined.with_columns(place=nw.when(unpaid).then(nw.lit(PLACES["free_goods"])).otherwise(nw.col("place")))


def trade_of(groups: LazyTable) -> Trade:
    """The days on which something was sold, to whomever, with their numbers of invoices."""
    import narwhals as nw

    sold = groups.filter(nw.col("counts"), ~nw.col("day").is_null())
    days = sold.group_by("day").agg(orders=nw.col("InvoiceNo").n_unique())
    return sorted((row["day"], row["orders"]) for row in engine.rows(days))
