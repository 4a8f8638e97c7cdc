"""The two tables that cleaning leaves: the lines that count, and the dropped ones with the rule and the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.cleaning.accounts import Account
from pipeline.cleaning.lines import COLUMNS, PLACE_IN_FILE
from pipeline.cleaning.rules import PLACES, RULES, SURVIVES, place

if TYPE_CHECKING:
    from pipeline.engine import LazyTable


def judged(lines: LazyTable, account: Account) -> LazyTable:
    """Every line with the `place` of the rule that takes it, the pieces that are `left` of it and their `worth`.

    Parameters
    ----------
    lines : described lines; marked too, where the account's settings ask for more than one line by itself tells.
    """
    import narwhals as nw

    taken = place(account.settings, account.calendar)
    if account.paired is None:
        found = lines.with_columns(place=taken, left=nw.col("Quantity"), worth=nw.col("TotalPrice"))
    else:
        netted = account.paired.select(*PLACE_IN_FILE, "left", netted_at=nw.col("place"), worth=nw.col("money"))
        found = lines.join(netted, on=list(PLACE_IN_FILE), how="left").with_columns(
            place=nw.coalesce(nw.col("netted_at"), taken),
            left=nw.coalesce("left", "Quantity"),
            worth=nw.coalesce("worth", "TotalPrice"),
        )
    if account.settings.free_goods:
        found = _without_the_unpaying(found, account)
    return found


def _without_the_unpaying(lines: LazyTable, account: Account) -> LazyTable:
    import narwhals as nw

    stays = nw.col("place") == SURVIVES
    paying = account.entries.filter(stays).select("customer").unique().with_columns(pays=nw.lit(True))
    joined = lines.join(paying, on="customer", how="left").with_columns(nw.col("pays").fill_null(False))
    unpaid = stays & ~nw.col("pays")
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


def dropped(judged: LazyTable) -> LazyTable:
    """The lines that do not count: File, Line, Rule, Reason, and the columns as they were read."""
    import narwhals as nw

    taken = judged.filter(nw.col("place") < SURVIVES)
    rule, reason = nw.lit(""), nw.lit("")
    for each in RULES:
        is_this = nw.col("place") == PLACES[each.name]
        rule = nw.when(is_this).then(nw.lit(each.name)).otherwise(rule)
        of_return = nw.when(nw.col("is_return")).then(nw.lit(each.reason_of_return or each.reason))
        reason = nw.when(is_this).then(of_return.otherwise(nw.lit(each.reason))).otherwise(reason)
    columns = [name for name in (*COLUMNS, "Amount") if name in judged.collect_schema().names()]
    return taken.select(*PLACE_IN_FILE, rule.alias("Rule"), reason.alias("Reason"), *columns)
