"""Cancellations and returns taken off the purchases they belong to: each piece once, the latest purchase first.

No pair of lines is ever compared: within a customer and product, in the order of time, purchases pile up and returns
take from the top of the pile. How much of a purchase stays is then the lowest height that the pile falls to later on,
and that is a running minimum, whatever the number of lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.cleaning.lines import PLACE_IN_FILE
from pipeline.cleaning.rules import PLACES, SURVIVES

if TYPE_CHECKING:
    import narwhals as nw

    from pipeline.engine import LazyTable, Tables

VOID_WITHIN = "1h"


def netted(tables: Tables, lines: LazyTable) -> LazyTable:
    """What becomes of each purchase and return, of lines that all are one or the other.

    A purchase and the return of all its pieces within the hour are a void. What is returned otherwise is taken off
    purchases at the same price, piece by piece; and what is then left of it off any purchase of the customer and
    product, by its money, because a price lowered afterwards is such a return too.

    Parameters
    ----------
    lines : as `related.paired` gives them, each with the `way` (see `accounts.Account`) that it is netted in.

    Returns
    -------
    File, Line, `netted_way`; `netted_at`, the place of the rule that takes the line, or `SURVIVES`; `left`, the pieces
    that nothing was matched to; `worth`, their money (negative for a return), or all of it where the line goes;
    `bought` and `partner`, when and on which invoice a void bought what it cancels.
    """
    import narwhals as nw

    kept = ("way", "pair", "price", "units", "side", "nth", "InvoiceNo", "InvoiceDate", "TotalPrice")
    voided = tables.materialised(_voided(lines.select(*PLACE_IN_FILE, *kept)), "voided")
    same_price = _taken_off(voided, "left", "way", "pair", "price")
    pieces = nw.when(nw.col("left") == nw.col("units")).then(nw.col("TotalPrice").abs()).otherwise(_share_of_money())
    valued = tables.materialised(same_price.with_columns(pieces=pieces, worth=pieces), "same_price")
    return _settled(_taken_off(valued, "worth", "way", "pair"))


def _share_of_money() -> nw.Expr:
    """What the pieces that are left are worth: at their price or, where that is rounded, their share of the amount."""
    import narwhals as nw

    at_price = (nw.col("units") * nw.col("price")).cast(nw.Decimal(38, 9)) == nw.col("TotalPrice").abs()
    share = nw.col("left").cast(nw.Float64) / nw.col("units").cast(nw.Float64)
    of_amount = (nw.col("TotalPrice").abs().cast(nw.Float64) * share).round(6).cast(nw.Decimal(38, 9))
    by_piece = (nw.col("left") * nw.col("price")).cast(nw.Decimal(38, 9))
    return nw.when(at_price).then(by_piece).otherwise(of_amount)


def _voided(lines: LazyTable) -> LazyTable:
    """The lines with `is_void`, and `left`: all pieces, or none of a void.

    Lines of one quantity pair like brackets: a return closes the latest purchase that is open.
    """
    import narwhals as nw

    keys = ("way", "pair", "units")
    returns = nw.col("side") < 0
    is_open = ~(returns & (_missed() > 0))
    opened = nw.when(is_open).then(_height()).otherwise(nw.lit(0))
    level = opened + nw.when(returns).then(nw.lit(1)).otherwise(nw.lit(0))
    piled = _piled(lines.with_columns(step="side"), *keys).with_columns(level=level, is_open=is_open)

    def neighbour(column: str, steps: int) -> nw.Expr:
        return nw.col(column).shift(steps).over(*keys, "level", "is_open", order_by="nth")

    paired = piled.with_columns(
        bought=neighbour("InvoiceDate", 1), partner=neighbour("InvoiceNo", 1), back=neighbour("InvoiceDate", -1)
    )
    cancels = returns & nw.col("is_open") & _within_the_hour(nw.col("bought"), nw.col("InvoiceDate"))
    cancelled = ~returns & _within_the_hour(nw.col("InvoiceDate"), nw.col("back"))
    is_void = (cancels | cancelled).fill_null(False)
    left = nw.when(is_void).then(nw.lit(0)).otherwise(nw.col("units")).cast(nw.Decimal(20, 3))
    return paired.select(*lines.collect_schema().names(), "bought", "partner", is_void=is_void, left=left)


def _within_the_hour(bought: nw.Expr, returned: nw.Expr) -> nw.Expr:
    return bought.dt.offset_by(VOID_WITHIN) >= returned


def _taken_off(lines: LazyTable, what: str, *keys: str) -> LazyTable:
    """The lines with `what` they have (pieces or money) less what returns take off purchases with equal keys."""
    import narwhals as nw

    piled = _piled(lines.with_columns(step=nw.col(what) * nw.col("side")), *keys)
    stays = _height().cum_min(reverse=True).over(*keys, order_by="nth") - (_height() - nw.col(what))
    stays = nw.when(stays > 0).then(stays).otherwise(nw.lit(0))
    left = nw.when(nw.col("side") < 0).then(_missed()).otherwise(stays)
    others = [name for name in lines.collect_schema().names() if name != what]
    return piled.select(*others, left.alias(what))


def _piled(lines: LazyTable, *keys: str) -> LazyTable:
    """The lines with the `sum` of the steps up to each, and the `lowest` sum before it, which is 0 or less.

    From these follow the pile's `_height` after each line, and what a return `_missed` because the pile was too low.
    """
    import narwhals as nw

    summed = lines.with_columns(sum=nw.col("step").cum_sum().over(*keys, order_by="nth"))
    before = nw.col("sum") - nw.col("step")
    return summed.with_columns(lowest=before.cum_min().over(*keys, order_by="nth"))


def _height() -> nw.Expr:
    import narwhals as nw

    return nw.col("sum") - nw.min_horizontal("sum", "lowest")


def _missed() -> nw.Expr:
    import narwhals as nw

    return nw.col("lowest") - nw.min_horizontal("sum", "lowest")


def _settled(lines: LazyTable) -> LazyTable:
    """The place of each line, and its pieces: as many as its money is worth where that was taken off by itself."""
    import narwhals as nw

    none = nw.col("worth") == 0
    place = (
        nw.when(nw.col("is_void"))
        .then(nw.lit(PLACES["void"]))
        .when((nw.col("side") < 0) & ~none)
        .then(nw.lit(PLACES["orphan"]))
        .when(none)
        .then(nw.lit(PLACES["return"]))
        .otherwise(nw.lit(SURVIVES))
    )
    as_before = nw.col("worth") == nw.col("TotalPrice").abs()
    bought_for_it = nw.col("worth").cast(nw.Float64) / nw.col("price").cast(nw.Float64)
    left = nw.when(as_before).then(nw.col("units")).otherwise(nw.col("left")).cast(nw.Float64)
    left = nw.when(as_before | (nw.col("worth") == nw.col("pieces"))).then(left).otherwise(bought_for_it)
    money = nw.when(none).then(nw.col("TotalPrice")).otherwise(nw.col("worth") * nw.col("side"))
    return lines.select(
        *PLACE_IN_FILE,
        "bought",
        "partner",
        netted_way="way",
        left=left,
        netted_at=place,
        worth=money.cast(nw.Decimal(38, 9)),
    )
