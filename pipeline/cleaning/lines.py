"""Each line of the transactions with its traits: all that a rule may ask of it, whatever the settings turn on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.cleaning.settings import Cleaning, code_pattern, words

if TYPE_CHECKING:
    import narwhals as nw

    from pipeline.engine import LazyTable

COLUMNS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
PLACE_IN_FILE = ("File", "Line")
TRAITS = ("is_service", "counts", "costs", "is_free")


def described(transactions: LazyTable, settings: Cleaning) -> LazyTable:
    """The transactions as they were read, with what the rules ask of a line by itself.

    Returns
    -------
    Besides the columns as read: `product`, what returns are matched by; `TotalPrice`, an exact decimal of 9 places;
    `day`; `counts` and `costs`, whether quantity and price are above 0; `is_free`, `is_service` (no product).
    """
    import narwhals as nw

    quantity, price = nw.col("Quantity"), nw.col("UnitPrice")
    exact_quantity, exact_price = quantity.cast(nw.Decimal(20, 3)), price.cast(nw.Decimal(18, 6))
    has_amount = "Amount" in transactions.collect_schema().names()
    amount = (nw.col("Amount").cast(nw.Decimal(18, 6)) if has_amount else nw.lit(None)).cast(nw.Decimal(38, 9))
    counts = (exact_quantity > 0).fill_null(False)
    return transactions.with_columns(
        product=nw.coalesce(nw.col("StockCode"), nw.col("Description"), nw.lit("")),
        TotalPrice=nw.coalesce(amount, exact_quantity * exact_price),
        day=nw.col("InvoiceDate").cast(nw.Date),
        counts=counts,
        costs=(exact_price > 0).fill_null(False),
        is_free=counts & (exact_price == 0).fill_null(False),
        is_service=is_service(settings.non_product_codes),
    )


def known(lines: LazyTable, settings: Cleaning) -> LazyTable:
    """Lines, or groups of them, with `customer` and `nation`, null where nothing is known."""
    return lines.with_columns(
        customer=_known("CustomerID", words(settings.missing_customers)),
        nation=_known("Country", words(settings.missing_countries)),
    )


def lost_country() -> nw.Expr:
    """Whether the country of a line is taken as missing though something is written there."""
    import narwhals as nw

    return nw.col("nation").is_null() & (nw.col("Country").str.strip_chars() != "").fill_null(False)


def _known(column: str, missing: Sequence[str]) -> nw.Expr:
    import narwhals as nw

    trimmed = nw.col(column).str.strip_chars()
    plain = trimmed.str.to_lowercase()
    differs = [plain != word for word in ["", *missing]]  # `is_in` is a join: it loses the order
    return nw.when(nw.all_horizontal(*differs, ignore_nulls=False)).then(trimmed)


def is_service(codes: str) -> nw.Expr:
    """Whether a line sells no product (postage, a fee, a correction), by the list of codes as a setting holds it."""
    import narwhals as nw

    if not words(codes):
        return nw.lit(False)
    return nw.col("StockCode").str.strip_chars().str.to_lowercase().str.contains(code_pattern(codes)).fill_null(False)
