"""What time and products need to know of each customer, added up once.

Baskets, from which customers can be described as of any day; days with orders; and what was bought at all.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import engine
from pipeline.features.baskets import baskets
from pipeline.features.product_mix import OTHER, ProductMix, category_of
from pipeline.store import Facts

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.engine import LazyTable

BASKETS = ("CustomerID", "Day", "InvoiceNo", "Country", "Category")
CATEGORY, PRODUCT = "category", "product"
TOP_PRODUCTS = 200
Progress = Callable[[float, str], None]


def history(
    transactions: Path, product_mix_step: ProductMix, added_up: Path, days: Path, bought: Path, progress: Progress
) -> Facts:
    """Write what each customer spent when and on what, one row per customer and day, and one per thing bought.

    Parameters
    ----------
    transactions : Parquet file of cleaned lines.
    product_mix_step : the keyword map of the categories.
    added_up : the file to write: the baskets, see `features.baskets`; sorted by customer and day.
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
        described = tables.materialised(_described(lines), "described")
        category = _category(described, product_mix_step)
        engine.sink(baskets(lines, tables.of(_as_table(category))).sort(*BASKETS), added_up)
        engine.write_parquet(_days(tables.scan(added_up)), days)
        progress(0.6, "Noting who bought what")
        products, count = _products(described)
        engine.write_parquet(_sorted(_categories(described, category), products), bought)
    return {"products": count, "warnings": []}


def _days(added_up: LazyTable) -> pd.DataFrame:
    import narwhals as nw

    added = added_up.group_by("CustomerID", "Day").agg(
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


def _category(described: LazyTable, step: ProductMix) -> dict[str, str]:
    """The category of every description, a few thousand."""
    names = engine.collected(described.select("Description").unique())["Description"]
    return category_of(names, step.categories)


def _as_table(category: dict[str, str]) -> pd.DataFrame:
    """Description and Category; what is not described is in a category too."""
    import pandas as pd

    known = {"": OTHER, **category}
    return pd.DataFrame({"Description": list(known), "Category": list(known.values())}, dtype="str")


def _products(described: LazyTable) -> tuple[pd.DataFrame, int]:
    """Who bought which of the top products, and how many products there are."""
    import narwhals as nw

    buyers = engine.collected(described.group_by("Description").agg(nw.len().alias("Buyers")))
    ranked = buyers.sort_values(["Buyers", "Description"], ascending=[False, True])
    top = ranked["Description"].head(TOP_PRODUCTS).tolist()
    kept = engine.collected(described.filter(nw.col("Description").is_in(top))) if top else None
    found = engine.collected(described.head(0)) if kept is None else kept
    return found.rename(columns={"Description": "Item"}).assign(Kind=PRODUCT), len(buyers)


def _categories(described: LazyTable, category: dict[str, str]) -> pd.DataFrame:
    """Who bought from which category."""
    import narwhals as nw
    import pandas as pd

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
