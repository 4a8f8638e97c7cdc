"""All features of a customer in one row: RFM, product mix and geography, joined."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import engine, formats
from pipeline.cleaning.lines import is_service
from pipeline.cleaning.settings import NON_PRODUCTS
from pipeline.features.baskets import baskets
from pipeline.features.geography import UNKNOWN, geography
from pipeline.features.product_mix import CATEGORIES, OTHER, SHARES, ProductMix, category_of, product_mix
from pipeline.features.rfm import rfm
from pipeline.store import Facts

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.engine import LazyTable

TOP_OTHER = 20
Progress = Callable[[float, str], None]


def build_feature_matrix(
    transactions: Path,
    product_mix_step: ProductMix,
    target: Path,
    progress: Progress,
    no_products: str = NON_PRODUCTS,
) -> Facts:
    """Write one row per customer and report how much the keywords cover.

    Parameters
    ----------
    transactions : Parquet file of cleaned lines.
    product_mix_step : the keyword map.
    target : the Parquet file to write: CustomerID (sorted), Recency (days), Frequency, Monetary, CatShare_* (0 to 1),
        PrimaryCountry, IsUK (0 or 1). Where no line has a description the shares are missing, and where none has a
        country the last two are: nothing is known then, and what is unknown takes no part in the segments.
    no_products : the codes of postage, fees and corrections, which are in Other but are none of its products.

    Returns
    -------
    `coverage`, category -> share of revenue, empty where nothing is described; `no_product`, the share of revenue of
    postage, fees and corrections; `top_other`, the products in Other with the most revenue; `warnings`.
    """

    with engine.opened() as tables:
        lines = tables.scan(transactions)
        progress(0.1, "Sorting products into categories")
        products = _products(lines, product_mix_step.categories, no_products)
        categories = tables.of(products[["Description", "Category"]])
        progress(0.4, "Adding up each customer's purchases")
        bought = tables.materialised(baskets(lines, categories), "baskets")
        customers = joined_families(bought)
    described, placed = bool((products["Description"] != "").any()), bool(customers["PrimaryCountry"].notna().any())
    engine.write_parquet(completed(customers, described, placed).reset_index(), target)
    told = _left_out(described, placed)
    if not described:
        return {"coverage": {}, "no_product": _no_product(products), "top_other": [], "warnings": told}
    return _coverage(products) | {"warnings": [*told, *_warnings(products)]}


def joined_families(bought: LazyTable) -> pd.DataFrame:
    """All features of the customers of these baskets, indexed by CustomerID, sorted; what is unknown is missing."""
    return rfm(bought).join(product_mix(bought)).join(geography(bought))


def completed(customers: pd.DataFrame, described: bool, placed: bool) -> pd.DataFrame:
    """The features with what is unknown as the customers table has it.

    Parameters
    ----------
    customers : as `joined_families` makes them.
    described, placed : whether any line of the file says what was bought, and where.
    """
    if placed:
        customers = customers.fillna({"PrimaryCountry": UNKNOWN, "IsUK": 0}).astype({"IsUK": "int64"})
    return customers if described else customers.assign(**dict.fromkeys(SHARES, float("nan")))


def _left_out(described: bool, placed: bool) -> list[str]:
    """What takes no part in the segments because the file does not tell it of any line."""
    unknown = [*(["what was bought"] if not described else []), *(["a country"] if not placed else [])]
    columns = [*(["CatShare_*"] if not described else []), *(["PrimaryCountry", "IsUK"] if not placed else [])]
    if not unknown:
        return []
    return [
        f"No line says {' or '.join(unknown)}: that takes no part in the segments, and {', '.join(columns)} are left "
        "empty."
    ]


def _products(lines: LazyTable, written: str, no_products: str) -> pd.DataFrame:
    """Description, Category, TotalPrice and its part of `Goods`, without postage and fees, of each description."""
    import narwhals as nw

    described = lines.with_columns(
        nw.col("Description").fill_null(""),
        Goods=nw.when(~is_service(no_products)).then(nw.col("TotalPrice")),
    )
    found = described.group_by("Description").agg(nw.col("TotalPrice").sum(), nw.col("Goods").sum())
    money = [nw.col("TotalPrice").cast(nw.Float64), nw.col("Goods").cast(nw.Float64).fill_null(0.0)]
    products = engine.collected(found.with_columns(*money)).sort_values("Description", ignore_index=True)
    return products.assign(Category=products["Description"].map(category_of(products["Description"], written)))


def _coverage(products: pd.DataFrame) -> Facts:
    revenue = products.groupby("Category")["TotalPrice"].sum().reindex(list(CATEGORIES), fill_value=0.0)
    other = products[(products["Category"] == OTHER) & (products["Goods"] > 0)]
    largest = other.sort_values(["Goods", "Description"], ascending=[False, True]).head(TOP_OTHER)
    return {
        "coverage": {str(name): float(money / revenue.sum()) for name, money in revenue.items()},
        "no_product": _no_product(products),
        "top_other": [
            {"description": description or "(no description)", "money": money}
            for description, money in zip(largest["Description"], largest["Goods"].tolist(), strict=True)
        ],
    }


def _no_product(products: pd.DataFrame) -> float:
    """The share of revenue that postage, fees and corrections brought."""
    whole = float(products["TotalPrice"].sum())
    return 1 - float(products["Goods"].sum()) / whole if whole else 0.0


def _warnings(products: pd.DataFrame) -> list[str]:
    share = _coverage(products)["coverage"][OTHER]
    if share <= 1 / 3:
        return []
    return [
        f"{formats.whole_share(share)} of revenue is in no product category: add keywords to let product mix tell "
        "customers apart."
    ]
