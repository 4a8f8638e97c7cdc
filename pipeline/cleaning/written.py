"""The two tables that cleaning leaves: the lines that count, and the dropped ones with the rule and the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.cleaning.accounts import Account
from pipeline.cleaning.lines import COLUMNS, PLACE_IN_FILE, known
from pipeline.cleaning.rules import PLACES, SURVIVES, active, place
from pipeline.cleaning.settings import Cleaning

if TYPE_CHECKING:
    from pipeline.engine import LazyTable


def judged(lines: LazyTable, related: LazyTable, account: Account) -> LazyTable:
    """Every line with the `place` of the rule that takes it, the pieces that are `left` of it and their `worth`.

    They stand in the order of their files: as they come where each is judged by itself, else sorted again.

    Parameters
    ----------
    lines, related : see `lines.described` and `related.related`.
    account : of one way.
    """
    import narwhals as nw

    way = account.ways[0]
    found = known(lines, way.settings)
    if way.settings.duplicates or way.settings.overlap == "once":
        copies = related.filter(nw.col("is_repeat")).select(*PLACE_IN_FILE, "is_repeat", "is_overlap")
        found = found.join(copies, on=list(PLACE_IN_FILE), how="left")
        found = found.with_columns(nw.col("is_repeat", "is_overlap").fill_null(False))
    found = _as_netted(found, account)
    if way.settings.free_goods:
        found = _without_the_unpaying(found, account)
    return found if _alone(way.settings) else found.sort(*PLACE_IN_FILE)


def _alone(settings: Cleaning) -> bool:
    """Whether each line is judged by itself."""
    looks_around = settings.duplicates or settings.free_goods
    return not looks_around and (settings.overlap, settings.cancellations) == ("keep", "drop")


def _as_netted(lines: LazyTable, account: Account) -> LazyTable:
    import narwhals as nw

    taken = place(account.ways[0].settings, account.ways[0].calendar)
    if account.paired is None:
        return lines.with_columns(place=taken, left=nw.col("Quantity"), worth=nw.col("TotalPrice"))
    netted = account.paired.select(*PLACE_IN_FILE, "left", netted_at="place", worth="money")
    return lines.join(netted, on=list(PLACE_IN_FILE), how="left").with_columns(
        place=nw.coalesce(nw.col("netted_at"), taken),
        left=nw.coalesce("left", "Quantity"),
        worth=nw.coalesce("worth", "TotalPrice"),
    )


def _without_the_unpaying(lines: LazyTable, account: Account) -> LazyTable:
    import narwhals as nw

    stays = nw.col("place") == SURVIVES
    paying = account.entries.filter(stays).group_by("customer").agg(paid=nw.len())
    joined = lines.join(paying, on="customer", how="left")
    unpaid = stays & nw.col("paid").is_null()
    return joined.with_columns(place=nw.when(unpaid).then(nw.lit(PLACES["free_goods"])).otherwise(nw.col("place")))


def survivors(judged: LazyTable) -> LazyTable:
    """The lines that count, in the order of their files: what was returned of them is off Quantity and TotalPrice."""
    import narwhals as nw

    return judged.filter(nw.col("place") == SURVIVES).select(
        *PLACE_IN_FILE,
        "InvoiceNo",
        "StockCode",
        "Description",
        nw.col("left").alias("Quantity"),
        "InvoiceDate",
        "UnitPrice",
        nw.col("customer").alias("CustomerID"),
        nw.col("nation").alias("Country"),
        nw.col("worth").alias("TotalPrice"),
    )


def dropped(judged: LazyTable, settings: Cleaning) -> LazyTable:
    """The lines that do not count: File, Line, Rule, Reason, and the columns as they were read."""
    import narwhals as nw

    taken = judged.filter(nw.col("place") < SURVIVES)
    rule, reason = nw.lit(""), nw.lit("")
    for each in active(settings):
        is_this, said = nw.col("place") == PLACES[each.name], nw.lit(each.reason)
        if each.reason_of_return:
            said = nw.when(nw.col("TotalPrice") < 0).then(nw.lit(each.reason_of_return)).otherwise(said)
        rule = nw.when(is_this).then(nw.lit(each.name)).otherwise(rule)
        reason = nw.when(is_this).then(said).otherwise(reason)
    columns = [name for name in (*COLUMNS, "Amount") if name in judged.collect_schema().names()]
    return taken.select(*PLACE_IN_FILE, rule.alias("Rule"), reason.alias("Reason"), *columns)
