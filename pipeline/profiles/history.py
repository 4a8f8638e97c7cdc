"""What time and products need to know of each customer, added up once.

Baskets, from which customers can be described as of any day; days with orders; and what was bought at all.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import engine
from pipeline.cleaning.lines import is_service
from pipeline.cleaning.settings import NON_PRODUCTS
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
    transactions: Path,
    product_mix_step: ProductMix,
    added_up: Path,
    days: Path,
    bought: Path,
    progress: Progress,
    no_products: str = NON_PRODUCTS,
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
    no_products : the codes of postage, fees and corrections, as `Cleaning.non_product_codes` holds them: what they
        brought is in the baskets, but they are nothing that a customer bought.

    Returns
    -------
    `products`, how many products there are, and `warnings`, always empty.
    """
    import narwhals as nw

    with engine.opened() as tables:
        lines = tables.scan(transactions)
        progress(0.1, "Adding up each customer's days")
        described = tables.materialised(_described(lines, no_products), "described")
        categories = tables.of(_as_table(_category(described, product_mix_step)))
        engine.sink(baskets(lines, categories).sort(*BASKETS), added_up)
        engine.sink(_days(tables.scan(added_up)), days)
        progress(0.6, "Noting who bought what")
        goods = described.filter(nw.col("IsProduct") == 1)
        buyers = tables.materialised(goods.group_by("Description").agg(Buyers=nw.len()), "buyers_of_products")
        parts = [_of_kind(goods.join(categories, on="Description"), CATEGORY, "Category"), _products(goods, buyers)]
        engine.sink(nw.concat(parts, how="vertical").sort("Kind", "Item", "CustomerID"), bought)
        products = int(engine.rows(buyers.select(count=nw.len()))[0]["count"])
    return {"products": products, "warnings": []}


def _days(added_up: LazyTable) -> LazyTable:
    import narwhals as nw

    orders, revenue = nw.col("InvoiceNo").n_unique(), nw.col("TotalPrice").sum().cast(nw.Float64)
    return added_up.group_by("CustomerID", "Day").agg(Orders=orders, Revenue=revenue).sort("CustomerID", "Day")


def _described(lines: LazyTable, no_products: str) -> LazyTable:
    """CustomerID and Description, each pair once; IsProduct is 1 where any of its lines sells a product, else 0."""
    import narwhals as nw

    named = lines.filter(~nw.col("Description").is_null() & (nw.col("Description") != ""))
    marked = named.with_columns(IsProduct=(~is_service(no_products)).cast(nw.Int64))
    return marked.group_by("CustomerID", "Description").agg(nw.col("IsProduct").max())


def _category(described: LazyTable, step: ProductMix) -> dict[str, str]:
    """The category of every description, a few thousand."""
    names = engine.collected(described.select("Description").unique())["Description"]
    return category_of(names, step.categories)


def _as_table(category: dict[str, str]) -> pd.DataFrame:
    """Description and Category; what is not described is in a category too."""
    import pandas as pd

    known = {"": OTHER, **category}
    return pd.DataFrame({"Description": list(known), "Category": list(known.values())}, dtype="str")


def _products(described: LazyTable, buyers: LazyTable) -> LazyTable:
    """Who bought which of the products with most buyers."""
    top = buyers.sort("Buyers", "Description", descending=[True, False]).head(TOP_PRODUCTS)
    return _of_kind(described.join(top, on="Description"), PRODUCT, "Description")


def _of_kind(bought: LazyTable, kind: str, item: str) -> LazyTable:
    """CustomerID, Kind and Item, each once."""
    import narwhals as nw

    named = bought.select("CustomerID", Kind=nw.lit(kind), Item=nw.col(item))
    return named.group_by("CustomerID", "Kind", "Item").agg(lines=nw.len()).drop("lines")
