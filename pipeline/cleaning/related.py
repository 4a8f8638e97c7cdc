"""The lines that take other lines to judge: copies of a row, and what customers bought of products they returned.

They are few, so that they are worked out once and kept; of all others it is known that nothing of this holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.cleaning.lines import COLUMNS, PLACE_IN_FILE, TRAITS, described, known, lost_country
from pipeline.cleaning.settings import Cleaning

if TYPE_CHECKING:
    from pipeline.engine import LazyTable, Tables

RELATIONS = ("is_overlap", "is_repeat", "is_paired")
ALIKE = ("InvoiceNo", "product", "Quantity")
"""What is equal in equal rows, and seldom in others, so that nothing else has to be looked at where it is not."""
GROUP = ("CustomerID", "Country", "InvoiceNo", "day", *TRAITS)


def related(tables: Tables, transactions: LazyTable, settings: Cleaning) -> LazyTable:
    """The lines that may be copies of others or belong to a return, described and kept.

    They are found by the few columns that it takes, because most lines are neither.

    Returns
    -------
    Added: `customer` and `nation`; `is_repeat`, an equal row came before; `is_overlap`, it is a copy of a row in
    another file; `is_paired`, the customer returned this product then or later.
    """
    import narwhals as nw

    lines = tables.marked(described(transactions, settings), "mark", ALIKE)
    found = (
        known(lines, settings)
        .join(_twice(lines), on="mark", how="left")
        .join(_returned(lines, settings), on=["customer", "product"], how="left")
    )
    is_paired = (nw.col("InvoiceDate") <= nw.col("last_return")).fill_null(False)
    few = found.with_columns(is_paired=is_paired).filter(nw.col("is_paired") | ~nw.col("copies").is_null())
    kept = tables.materialised(few.select(*transactions.collect_schema().names(), "is_paired"), "few")
    return tables.materialised(_copies(known(described(kept, settings), settings)), "related")


def _twice(lines: LazyTable) -> LazyTable:
    """The marks that stand there twice: only their rows can equal another one."""
    import narwhals as nw

    return lines.group_by("mark").agg(copies=nw.len()).filter(nw.col("copies") > 1)


def _returned(lines: LazyTable, settings: Cleaning) -> LazyTable:
    """The customers and products with returns, and when the last one was: later purchases stay whatever happens."""
    import narwhals as nw

    amounts = [name for name in ("Quantity", "UnitPrice", "Amount") if name in lines.collect_schema().names()]
    negative = lines.filter(nw.any_horizontal(*(nw.col(name) < 0 for name in amounts), ignore_nulls=True))  # quick
    returns = known(negative.filter(nw.col("TotalPrice") < 0), settings).filter(~nw.col("customer").is_null())
    return returns.group_by("customer", "product").agg(last_return=nw.col("InvoiceDate").max())


def _copies(lines: LazyTable) -> LazyTable:
    """The lines with `is_repeat` and `is_overlap`.

    Of equal rows those of the file with the most of them come first, so that whatever follows them is from another
    file: a row that is twice in one file is there twice.
    """
    import narwhals as nw

    values = [name for name in lines.collect_schema().names() if name in (*COLUMNS, "Amount")]
    counted = lines.with_columns(one=nw.lit(1), fewer=-nw.len().over(*values, "File"))
    ranked = counted.with_columns(
        most=-nw.col("fewer").min().over(*values),
        rank=nw.col("one").cum_sum().over(*values, order_by=["fewer", *PLACE_IN_FILE]),
    )
    return ranked.with_columns(is_repeat=nw.col("rank") > 1, is_overlap=nw.col("rank") > nw.col("most"))


def grouped(tables: Tables, lines: LazyTable, related: LazyTable, settings: Cleaning) -> LazyTable:
    """All that the ledger asks of the lines, far fewer rows than they are, kept.

    The related lines are taken out of the groups of all lines and stand in groups of their own. Only the groups that
    they were in are added up a second time: two sums of all groups at once take more memory than one after the other.

    Returns
    -------
    customer, InvoiceNo, day, the traits and relations; `rows`, `money` and `changed`, of how many rows the country was
    taken as missing. The same group may stand there more than once.
    """
    import narwhals as nw

    sums = {"rows": nw.len(), "money": nw.col("TotalPrice").sum()}
    columns = (*GROUP, *RELATIONS, "rows", "money")
    unrelated = {relation: nw.lit(False) for relation in RELATIONS}
    summed = tables.materialised(lines.group_by(*GROUP).agg(**sums).select(*GROUP, "rows", "money"), "summed")
    apart = related.group_by(*GROUP, *RELATIONS).agg(**sums).select(*columns)
    touched = tables.marked(apart, "mark", GROUP).select("mark").unique().with_columns(is_touched=nw.lit(True))
    whole = tables.marked(summed.with_columns(**unrelated), "mark", GROUP).join(touched, on="mark", how="left")
    again = [
        whole.filter(~nw.col("is_touched").is_null()).select(*columns),
        apart.with_columns(rows=-nw.col("rows"), money=-nw.col("money"), **unrelated).select(*columns),
        apart,
    ]
    together = {"rows": nw.col("rows").sum().cast(nw.Int64), "money": nw.col("money").sum().cast(nw.Decimal(38, 9))}
    added = nw.concat(again, how="vertical").group_by(*GROUP, *RELATIONS).agg(**together)
    parts = [whole.filter(nw.col("is_touched").is_null()).select(*columns), added.select(*columns)]
    named = known(nw.concat(parts, how="vertical").filter(nw.col("rows") > 0), settings)
    changed = nw.when(lost_country()).then(nw.col("rows")).otherwise(nw.lit(0))
    found = named.select("customer", "InvoiceNo", "day", *TRAITS, *RELATIONS, "rows", "money", changed=changed)
    return tables.materialised(found, "groups")


def paired(tables: Tables, related: LazyTable) -> LazyTable:
    """The related lines of customers and products with returns, with what netting asks of them, kept.

    Returns
    -------
    File, Line, customer, product, InvoiceNo, InvoiceDate, day, TotalPrice, changed, traits and relations; `units` and
    `price`, exact and above 0; `side`, 1 for a purchase and -1 for a return; `nth`, the place in time, the same in
    whatever order the lines stand; `pair`, a number of the customer and product; `is_trade`, a purchase or a return
    that can be matched.
    """
    import narwhals as nw

    is_return = (nw.col("TotalPrice") < 0).fill_null(False)
    found = related.filter(nw.col("is_paired")).with_columns(one=nw.lit(1), is_return=is_return)
    order = ("InvoiceDate", "is_return", "InvoiceNo", "UnitPrice", "Quantity", "Description", "nation", *PLACE_IN_FILE)
    described = found.select(
        *(*PLACE_IN_FILE, "customer", "product", "InvoiceNo", "InvoiceDate", "day", "TotalPrice", *TRAITS, *RELATIONS),
        changed=lost_country().cast(nw.Int64),
        units=nw.col("Quantity").cast(nw.Decimal(20, 3)).abs(),
        price=nw.col("UnitPrice").cast(nw.Decimal(18, 6)).abs(),
        side=nw.when(nw.col("is_return")).then(nw.lit(-1)).otherwise(nw.lit(1)),
        nth=nw.col("one").cum_sum().over(order_by=order),
        is_trade=~nw.col("day").is_null() & ((nw.col("counts") & nw.col("costs")) | nw.col("is_return")),
    )
    return tables.materialised(described.with_columns(pair=nw.col("nth").min().over("customer", "product")), "paired")
