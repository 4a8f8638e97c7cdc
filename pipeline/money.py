"""Money is added as whole ten-thousandths: sums are exact, and the same in whatever order an engine adds them.

Floating-point sums differ in their last digits from run to run on several threads, and then the same file would give
another table, another clustering, another digest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.engine import LazyTable

PARTS = 10_000


def with_parts(transactions: LazyTable) -> LazyTable:
    """The lines with one more column: `Parts`, their TotalPrice in whole ten-thousandths, to be summed."""
    import narwhals as nw

    return transactions.with_columns((nw.col("TotalPrice") * PARTS).round(0).cast(nw.Int64).alias("Parts"))


def in_currency(parts: pd.Series[int]) -> pd.Series[float]:
    """Summed ten-thousandths as money, each the float nearest to the exact sum."""
    return parts.astype("int64") / PARTS
