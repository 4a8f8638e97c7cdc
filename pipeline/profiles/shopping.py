"""What one customer bought: product by product, each with its category."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import engine
from pipeline.cleaning.lines import is_service
from pipeline.cleaning.settings import NON_PRODUCTS
from pipeline.features.product_mix import category_of

if TYPE_CHECKING:
    import pandas as pd


def products_bought(
    transactions: Path, customer: str, categories: str, no_products: str = NON_PRODUCTS
) -> pd.DataFrame:
    """One row per product of a customer, the one with most money first.

    Parameters
    ----------
    transactions : Parquet file of cleaned lines; only the lines of this customer are read.
    customer : a CustomerID; one that is not there has no rows.
    categories : the keyword map, as `ProductMix.categories` writes it.
    no_products : the codes of postage, fees and corrections, as `Cleaning.non_product_codes` writes them.

    Returns
    -------
    Description (empty where the file has none), IsProduct (false for postage, fees and corrections), Category, Orders
    (distinct invoices), Quantity, Money, LastDay; all money together is what the customer spent.
    """
    import narwhals as nw

    with engine.opened(engine.DUCKDB) as tables:
        lines = tables.scan(transactions).filter(nw.col("CustomerID") == customer)
        added = (
            lines.with_columns(nw.col("Description").fill_null(""), IsProduct=~is_service(no_products))
            .group_by("Description", "IsProduct")
            .agg(
                nw.col("InvoiceNo").n_unique().alias("Orders"),
                nw.col("Quantity").sum().cast(nw.Float64),
                nw.col("TotalPrice").sum().cast(nw.Float64).alias("Money"),
                nw.col("InvoiceDate").max().dt.truncate("1d").alias("LastDay"),
            )
        )
        found = engine.collected(added)
    category = found["Description"].map(category_of(found["Description"], categories)).astype("str")
    ranked = found.assign(Category=category).sort_values(["Money", "Description"], ascending=[False, True])
    return ranked[["Description", "IsProduct", "Category", "Orders", "Quantity", "Money", "LastDay"]].reset_index(
        drop=True
    )
