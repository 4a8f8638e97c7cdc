"""What time and products need to know of each customer, added up once: days with orders, and what was bought at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import engine
from pipeline.features.product_mix import ProductMix, category_of
from pipeline.store import Facts

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.engine import LazyTable

CATEGORY, PRODUCT = "category", "product"
TOP_PRODUCTS = 200
Progress = Callable[[float, str], None]


def history(transactions: Path, product_mix_step: ProductMix, days: Path, bought: Path, progress: Progress) -> Facts:
    """Write one row per customer and day with orders, and one per customer and thing bought.

    Parameters
    ----------
    transactions : Parquet file of cleaned lines.
    product_mix_step : the keyword map of the categories.
    days : the file to write: CustomerID, Day (a date), Orders (distinct invoices), Revenue; sorted.
    bought : the file to write: CustomerID, Kind (`CATEGORY` or `PRODUCT`), Item; sorted. Products are told apart by
        their description; only the `TOP_PRODUCTS` with most buyers are kept.

    Returns
    -------
    `products`, how many products there are, and `warnings`, always empty.
    """
    with engine.opened() as tables:
        lines = tables.scan(transactions)
        progress(0.1, "Adding up each customer's days")
        engine.write_parquet(_days(lines), days)
        progress(0.5, "Noting who bought what")
        described = tables.materialised(_described(lines), "described")
        products, count = _products(described)
        categories = _categories(described, product_mix_step)
        engine.write_parquet(_sorted(categories, products), bought)
    return {"products": count, "warnings": []}


def _days(lines: LazyTable) -> pd.DataFrame:
    import narwhals as nw

    dated = lines.with_columns(nw.col("InvoiceDate").dt.truncate("1d").alias("Day"))
    added = dated.group_by("CustomerID", "Day").agg(
        nw.col("InvoiceNo").n_unique().alias("Orders"), nw.col("TotalPrice").sum().alias("Revenue")
    )
    days = engine.collected(added.with_columns(nw.col("Revenue").cast(nw.Float64)))
    return days.sort_values(["CustomerID", "Day"], ignore_index=True)


def _described(lines: LazyTable) -> LazyTable:
    """CustomerID and Description, each pair once."""
    import narwhals as nw

    return (
        lines.filter(~nw.col("Description").is_null() & (nw.col("Description") != ""))
        .group_by("CustomerID", "Description")
        .agg(nw.len().alias("Lines"))
        .select("CustomerID", "Description")
    )


def _products(described: LazyTable) -> tuple[pd.DataFrame, int]:
    """Who bought which of the top products, and how many products there are."""
    import narwhals as nw

    buyers = engine.collected(described.group_by("Description").agg(nw.len().alias("Buyers")))
    ranked = buyers.sort_values(["Buyers", "Description"], ascending=[False, True])
    top = ranked["Description"].head(TOP_PRODUCTS).tolist()
    kept = engine.collected(described.filter(nw.col("Description").is_in(top))) if top else None
    found = engine.collected(described.head(0)) if kept is None else kept
    return found.rename(columns={"Description": "Item"}).assign(Kind=PRODUCT), len(buyers)


def _categories(described: LazyTable, step: ProductMix) -> pd.DataFrame:
    """Who bought from which category; the descriptions, a few thousand, are sorted into categories once."""
    import narwhals as nw
    import pandas as pd

    names = engine.collected(described.select("Description").unique())["Description"]
    category = category_of(names, step.categories)
    parts = []
    for each in sorted(set(category.values())):
        own = [name for name, found in category.items() if found == each]
        buyers = engine.collected(described.filter(nw.col("Description").is_in(own)).select("CustomerID").unique())
        parts.append(buyers.assign(Item=each, Kind=CATEGORY))
    return pd.concat(parts) if parts else pd.DataFrame(columns=["CustomerID", "Item", "Kind"], dtype="str")


def _sorted(*parts: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    columns = ["CustomerID", "Kind", "Item"]
    return pd.concat([part[columns] for part in parts]).sort_values(["Kind", "Item", "CustomerID"], ignore_index=True)
