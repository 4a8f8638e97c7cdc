"""Cancellations and returns taken off the purchases they belong to: each piece once, the latest purchase first.

No pair of lines is ever compared: within a customer and product, in the order of time, purchases pile up and returns take
from the top of the pile. How much of a purchase stays is then the lowest height that the pile falls to later on, and that
is a running minimum, whatever the number of lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import engine
from pipeline.cleaning.lines import PLACE_IN_FILE
from pipeline.cleaning.rules import PLACES, SURVIVES

if TYPE_CHECKING:
    import duckdb
    import narwhals as nw

    from pipeline.engine import LazyTable

ORDER = ("InvoiceDate", "is_return", "InvoiceNo", "price", "units", "Description", "nation", *PLACE_IN_FILE)
VOID_WITHIN = "1h"


def netted(duck: duckdb.DuckDBPyConnection, lines: LazyTable) -> LazyTable:
    """What becomes of each purchase and return, of lines that all are one or the other.

    A purchase and the return of all its pieces within the hour are a void. What is returned otherwise is taken off
    purchases at the same price first, then off any of the same customer and product.

    Parameters
    ----------
    lines : described lines with customer, product, InvoiceDate, Quantity, UnitPrice, TotalPrice and is_return.

    Returns
    -------
    File and Line, and `place`, that of the rule that takes the line, or `SURVIVES`; `left`, the pieces that nothing was
    matched to; `money_left`, what those are worth (negative for a return); `bought` and `partner`, when and on which
    invoice a void bought what it cancels.
    """
    import narwhals as nw

    counted = lines.with_columns(
        units=nw.col("Quantity").cast(nw.Decimal(20, 3)).abs(),
        price=nw.col("UnitPrice").cast(nw.Decimal(18, 6)).abs(),
        side=nw.when(nw.col("is_return")).then(nw.lit(-1)).otherwise(nw.lit(1)),
        one=nw.lit(1),
    ).with_columns(nth=nw.col("one").cum_sum().over(order_by=ORDER))
    kept = ("customer", "product", "price", "units", "side", "nth", "InvoiceNo", "InvoiceDate", "TotalPrice")
    voided = engine.materialised(duck, _voided(counted.select(*PLACE_IN_FILE, *kept)), "voided")
    same_price = engine.materialised(duck, _taken_off(voided, "customer", "product", "price"), "same_price")
    return _settled(_taken_off(same_price, "customer", "product"))


def _voided(lines: LazyTable) -> LazyTable:
    """The lines with `is_void`, and `left`: all pieces, or none of a void.

    Lines of one quantity pair like brackets: a return closes the latest purchase that is open.
    """
    import narwhals as nw

    keys = ("customer", "product", "units")
    returns = nw.col("side") < 0
    opened = nw.when(returns & (nw.col("missed") > 0)).then(nw.lit(0)).otherwise(nw.col("height"))
    level = opened + nw.when(returns).then(nw.lit(1)).otherwise(nw.lit(0))
    piled = _piled(lines, "side", *keys).with_columns(level=level, is_open=~(returns & (nw.col("missed") > 0)))

    def neighbour(column: str, steps: int) -> nw.Expr:
        return nw.col(column).shift(steps).over(*keys, "level", "is_open", order_by="nth")

    paired = piled.with_columns(
        bought=neighbour("InvoiceDate", 1), partner=neighbour("InvoiceNo", 1), back=neighbour("InvoiceDate", -1)
    )
    cancels = returns & nw.col("is_open") & _within_the_hour(nw.col("bought"), nw.col("InvoiceDate"))
    cancelled = ~returns & _within_the_hour(nw.col("InvoiceDate"), nw.col("back"))
    found = paired.with_columns(is_void=(cancels | cancelled).fill_null(False))
    left = nw.when(nw.col("is_void")).then(nw.lit(0)).otherwise(nw.col("units"))
    return found.with_columns(left=left.cast(nw.Decimal(20, 3))).drop("height", "missed", "level", "is_open", "back")


def _within_the_hour(bought: nw.Expr, returned: nw.Expr) -> nw.Expr:
    return bought.dt.offset_by(VOID_WITHIN) >= returned


def _taken_off(lines: LazyTable, *keys: str) -> LazyTable:
    """The lines with `left` less what returns take off purchases that agree in these columns."""
    import narwhals as nw

    piled = _piled(lines.with_columns(step=nw.col("left") * nw.col("side")), "step", *keys)
    lowest_later = nw.col("height").cum_min(reverse=True).over(*keys, order_by="nth")
    stays = lowest_later - (nw.col("height") - nw.col("left"))
    stays = nw.when(stays > 0).then(stays).otherwise(nw.lit(0))
    left = nw.when(nw.col("side") < 0).then(nw.col("missed")).otherwise(stays)
    return piled.with_columns(left=left.cast(nw.Decimal(20, 3))).drop("step", "height", "missed")


def _piled(lines: LazyTable, step: str, *keys: str) -> LazyTable:
    """The lines with the pile's `height` after each, and how much a return `missed` because the pile was too low."""
    import narwhals as nw

    summed = lines.with_columns(sum=nw.col(step).cum_sum().over(*keys, order_by="nth"))
    lowest = summed.with_columns(low=nw.col("sum").cum_min().over(*keys, order_by="nth")).with_columns(
        low=nw.when(nw.col("low") < 0).then(nw.col("low")).otherwise(nw.lit(0))
    )
    before = lowest.with_columns(before=nw.col("low").shift(1).over(*keys, order_by="nth").fill_null(0))
    return before.with_columns(height=nw.col("sum") - nw.col("low"), missed=nw.col("before") - nw.col("low")).drop(
        "sum", "low", "before"
    )


def _settled(lines: LazyTable) -> LazyTable:
    import narwhals as nw

    whole, none = nw.col("left") == nw.col("units"), nw.col("left") == 0
    place = (
        nw.when(nw.col("is_void"))
        .then(nw.lit(PLACES["void"]))
        .when((nw.col("side") < 0) & ~none)
        .then(nw.lit(PLACES["orphan"]))
        .when(none)
        .then(nw.lit(PLACES["return"]))
        .otherwise(nw.lit(SURVIVES))
    )
    worth = nw.when(whole | none).then(nw.col("TotalPrice")).otherwise(nw.col("left") * nw.col("price") * nw.col("side"))
    valued = lines.with_columns(place=place, money_left=worth.cast(nw.Decimal(38, 9)))
    return valued.select(*PLACE_IN_FILE, "place", "left", "money_left", "bought", "partner")
