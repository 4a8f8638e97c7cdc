"""Each line of the transactions with its traits: all that a rule may ask of it, whatever the settings turn on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline import engine
from pipeline.cleaning.settings import Cleaning, code_pattern, words

if TYPE_CHECKING:
    import duckdb
    import narwhals as nw

    from pipeline.engine import LazyTable

COLUMNS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
PLACE_IN_FILE = ("File", "Line")
TRAITS = ("is_overlap", "is_repeat", "is_service", "counts", "costs", "is_free")


def described(transactions: LazyTable, settings: Cleaning) -> LazyTable:
    """The transactions as they were read, with what the rules ask of each line.

    Returns
    -------
    Besides the columns as read: `customer` and `nation`, null where nothing is
    known; `product`, what returns are matched by; `TotalPrice`, an exact decimal of 9 places; `day`; `counts` and
    `costs`, whether quantity and price are above 0; `is_free`, `is_return`, `is_service` (no product); `changed`, 1
    where a country was taken as missing.
    """
    import narwhals as nw

    quantity, price = nw.col("Quantity").cast(nw.Decimal(20, 3)), nw.col("UnitPrice").cast(nw.Decimal(18, 6))
    has_amount = "Amount" in transactions.collect_schema().names()
    amount = (nw.col("Amount").cast(nw.Decimal(18, 6)) if has_amount else nw.lit(None)).cast(nw.Decimal(38, 9))
    known = transactions.with_columns(
        customer=_known("CustomerID", words(settings.missing_customers)),
        nation=_known("Country", words(settings.missing_countries)),
        product=nw.coalesce(nw.col("StockCode"), nw.col("Description"), nw.lit("")),
        TotalPrice=nw.coalesce(amount, quantity * price),
        day=nw.col("InvoiceDate").dt.truncate("1d").cast(nw.Date),
        counts=(quantity > 0).fill_null(False),
        costs=(price > 0).fill_null(False),
        is_service=_is_service(settings.non_product_codes),
    )
    was_known = (nw.col("Country").str.strip_chars() != "").fill_null(False)
    return known.with_columns(
        is_free=nw.col("counts") & (price == 0).fill_null(False),
        is_return=(nw.col("TotalPrice") < 0).fill_null(False),
        changed=(was_known & nw.col("nation").is_null()).cast(nw.Int64),
    )


def _known(column: str, missing: Sequence[str]) -> nw.Expr:
    import narwhals as nw

    trimmed = nw.col(column).str.strip_chars()
    differs = [trimmed.str.to_lowercase() != word for word in ["", *missing]]  # `is_in` is a join: it loses the order
    return nw.when(nw.all_horizontal(*differs, ignore_nulls=False)).then(trimmed)


def _is_service(codes: str) -> nw.Expr:
    import narwhals as nw

    if not words(codes):
        return nw.lit(False)
    return nw.col("StockCode").str.strip_chars().str.to_lowercase().str.contains(code_pattern(codes)).fill_null(False)


def marked(duck: duckdb.DuckDBPyConnection, lines: LazyTable) -> LazyTable:
    """The described lines with what takes other lines to know; their order is lost.

    Returns
    -------
    Added: `is_repeat`, an equal row came before; `is_overlap`, it is a copy of a row in another file; `is_paired`, the
    customer returned this product at some time.
    """
    import narwhals as nw

    again = engine.materialised(duck, _repeats(lines), "repeats")
    returned = lines.filter(nw.col("is_return"), ~nw.col("customer").is_null()).select("customer", "product").unique()
    pairs = engine.materialised(duck, returned.with_columns(is_paired=nw.lit(True)), "pairs")
    return (
        lines.join(again, on=list(PLACE_IN_FILE), how="left")
        .join(pairs, on=["customer", "product"], how="left")
        .with_columns(nw.col("is_repeat", "is_overlap", "is_paired").fill_null(False))
    )


def _repeats(lines: LazyTable) -> LazyTable:
    """The place of each row that equals another one before it.

    Of equal rows those of the file with the most of them come first, so that whatever follows them is from another
    file: a row that is twice in one file is there twice. Only rows of a product that is on its invoice twice are looked
    at whole.
    """
    import narwhals as nw

    names = [*PLACE_IN_FILE, *(name for name in lines.collect_schema().names() if name in (*COLUMNS, "Amount"))]
    values = names[len(PLACE_IN_FILE) :]
    filled = lines.select(*names, nw.col("InvoiceNo").fill_null("").alias("invoice"), "product")
    twice = filled.group_by("invoice", "product").agg(copies=nw.len()).filter(nw.col("copies") > 1)
    suspects = filled.join(twice, on=["invoice", "product"], how="inner").with_columns(one=nw.lit(1))
    counted = suspects.with_columns(in_file=nw.len().over(*values, "File"))
    ranked = counted.with_columns(
        fewer=-nw.col("in_file"),
        most=nw.col("in_file").max().over(*values),
    ).with_columns(rank=nw.col("one").cum_sum().over(*values, order_by=["fewer", *PLACE_IN_FILE]))
    return ranked.filter(nw.col("rank") > 1).select(
        *PLACE_IN_FILE, is_repeat=nw.lit(True), is_overlap=nw.col("rank") > nw.col("most")
    )


def grouped(lines: LazyTable) -> LazyTable:
    """All that the ledger asks of the marked lines, far fewer rows than they are."""
    import narwhals as nw

    positive = nw.when(nw.col("counts") & nw.col("costs")).then(nw.col("TotalPrice"))
    return (
        lines.with_columns(positive=positive)
        .group_by("customer", "InvoiceNo", "day", *TRAITS, "is_paired")
        .agg(
            rows=nw.len(),
            money=nw.col("TotalPrice").sum(),
            positive=nw.col("positive").sum(),
            changed=nw.col("changed").sum(),
        )
    )


def paired(lines: LazyTable) -> LazyTable:
    """The marked lines of customers and products with returns, with what netting asks of them.

    Returns
    -------
    File, Line, customer, product, InvoiceNo, InvoiceDate, day, TotalPrice, changed and the traits; `units` and `price`,
    exact and above 0; `side`, 1 for a purchase and -1 for a return; `nth`, the place in time, the same in whatever
    order the lines stand; `is_trade`, a purchase or a return that can be matched.
    """
    import narwhals as nw

    found = lines.filter(nw.col("is_paired"), ~nw.col("customer").is_null())
    order = ("InvoiceDate", "is_return", "InvoiceNo", "UnitPrice", "Quantity", "Description", "nation", *PLACE_IN_FILE)
    named = (*PLACE_IN_FILE, "customer", "product", "InvoiceNo", "InvoiceDate", "day", "TotalPrice", "changed")
    return found.with_columns(one=nw.lit(1)).select(
        *named,
        *TRAITS,
        units=nw.col("Quantity").cast(nw.Decimal(20, 3)).abs(),
        price=nw.col("UnitPrice").cast(nw.Decimal(18, 6)).abs(),
        side=nw.when(nw.col("is_return")).then(nw.lit(-1)).otherwise(nw.lit(1)),
        nth=nw.col("one").cum_sum().over(order_by=order),
        is_trade=~nw.col("day").is_null() & ((nw.col("counts") & nw.col("costs")) | nw.col("is_return")),
    )


def rows(table: LazyTable) -> list[dict[str, Any]]:
    """What a small lazy table comes to, row by row."""
    return table.collect("pandas").rows(named=True)
