"""What is odd in single lines and customers of a file: takings given back, prices far from usual, crowded minutes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import engine
from pipeline.cleaning.lines import is_service
from pipeline.cleaning.settings import NON_PRODUCTS
from pipeline.store import Facts

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.engine import LazyTable

GIVEN_BACK = 0.9
"""Of what a customer bought: who takes back as much has not really bought."""

CROWDED = 10
"""Orders of one customer in the same minute: nobody places as many."""

TIMES_OFF = 10.0
"""Times the usual price of a product, or a part of it: as a slip of the point makes it."""

SPREADS_OFF = 6.0
"""Median deviations (of logarithms) from the usual price: products whose price varies anyhow are left alone."""

TOLD = 20
"""Prices far from usual that are told one by one."""

LINES = 20
"""Of a product: from here on it has a usual price."""


def oddities(transactions: Path, dropped: Path, no_products: str = NON_PRODUCTS) -> Facts:
    """Look for what no shop does on purpose.

    Parameters
    ----------
    transactions, dropped : Parquet files of cleaned lines and of those that were left out.
    no_products : the codes of postage, fees and corrections, which have no usual price.

    Returns
    -------
    `given_back`, customers who took back nearly all they bought while that still counts: customers, bought, back
    (money); `crowded`, customers with `CROWDED` orders or more within a minute: customer, orders, most, the one with
    most orders first; `prices`, lines far from their product's usual price: lines, money (how far they move revenue),
    product, price, usual (of the price that moves most), and `worst`, the `TOLD` prices that move most, each with
    product, code, price, usual, lines, money and the first of their invoices; or None where there are none.
    """
    with engine.opened() as tables:
        lines = tables.scan(transactions)
        return {
            "given_back": _given_back(lines, tables.scan(dropped)),
            "crowded": _crowded(lines),
            "prices": _prices(lines.filter(~is_service(no_products))),
        }


def given_back_by(transactions: Path, dropped: Path, customer: str) -> Facts | None:
    """What one customer bought and took back, where that is nearly all and still counts.

    Parameters
    ----------
    transactions, dropped : as for `oddities`; only the lines of this customer are read.
    customer : a CustomerID.

    Returns
    -------
    customers (1), bought, back (money); or None where less came back, or cleaning has taken it off.
    """
    import narwhals as nw

    with engine.opened(engine.DUCKDB) as tables:
        lines = tables.scan(transactions).filter(nw.col("CustomerID") == customer)
        theirs = tables.scan(dropped).filter(nw.col("CustomerID").str.strip_chars() == customer)
        found = _given_back(lines, theirs)
    return found if found["customers"] else None


def givers_back(transactions: Path, dropped: Path) -> list[str]:
    """The CustomerIDs of all who took back nearly all they bought while that still counts, sorted; see `oddities`."""
    with engine.opened(engine.DUCKDB) as tables:
        found = _nearly_all_back(tables.scan(transactions), tables.scan(dropped))
        return sorted(row["CustomerID"] for row in engine.rows(found.select("CustomerID")))


def _given_back(lines: LazyTable, dropped: LazyTable) -> Facts:
    import narwhals as nw

    found = _nearly_all_back(lines, dropped)
    sums = engine.rows(found.select(nw.col("Bought", "Back").sum(), customers=nw.len()))[0]
    money = {"bought": float(sums["Bought"] or 0), "back": float(sums["Back"] or 0)}
    return {"customers": int(sums["customers"]), **money}


def _nearly_all_back(lines: LazyTable, dropped: LazyTable) -> LazyTable:
    """CustomerID, Bought, Back: lines that the rule on quantities took give money back that no other rule took off."""
    import narwhals as nw

    worth = nw.col("Quantity").cast(nw.Float64) * nw.col("UnitPrice").cast(nw.Float64)
    if "Amount" in dropped.collect_schema().names():
        worth = nw.coalesce(nw.col("Amount").cast(nw.Float64), worth)
    returns = dropped.filter(nw.col("Rule") == "quantity").with_columns(
        CustomerID=nw.col("CustomerID").str.strip_chars(), Back=-worth
    )
    back = returns.filter(nw.col("Back") > 0).group_by("CustomerID").agg(nw.col("Back").sum())
    bought = lines.group_by("CustomerID").agg(Bought=nw.col("TotalPrice").sum().cast(nw.Float64))
    both = bought.join(back, on="CustomerID", how="inner")
    return both.filter(nw.col("Bought") > 0, nw.col("Back") >= GIVEN_BACK * nw.col("Bought"))


def _crowded(lines: LazyTable) -> list[dict[str, Any]]:
    """Nobody, where the file has days without times."""
    import narwhals as nw

    timed = lines.filter(nw.col("InvoiceDate") != nw.col("InvoiceDate").dt.truncate("1d"))
    minutes = timed.with_columns(Minute=nw.col("InvoiceDate").dt.truncate("1m"))
    orders = minutes.group_by("CustomerID", "Minute").agg(Orders=nw.col("InvoiceNo").n_unique())
    full = orders.filter(nw.col("Orders") >= CROWDED).group_by("CustomerID")
    found = engine.rows(full.agg(orders=nw.col("Orders").sum(), most=nw.col("Orders").max()))
    ranked = sorted(found, key=lambda row: (-row["orders"], row["CustomerID"]))
    return [
        {"customer": row["CustomerID"], "orders": int(row["orders"]), "most": int(row["most"])} for row in ranked[:10]
    ]


def _prices(lines: LazyTable) -> Facts | None:
    """A product is what has one code, or one description where there are no codes."""
    import narwhals as nw

    product = nw.coalesce(nw.col("StockCode"), nw.col("Description"))
    priced = lines.filter(nw.col("UnitPrice") > 0, nw.col("Quantity") > 0, ~product.is_null())
    asked = priced.select(
        Product=product,
        Name=nw.coalesce(nw.col("Description"), product),
        Invoice=nw.col("InvoiceNo"),
        Price=nw.col("UnitPrice").cast(nw.Float64),
        Units=nw.col("Quantity").cast(nw.Float64),
    )
    tags = asked.group_by("Product", "Price").agg(
        Lines=nw.len(), Units=nw.col("Units").sum(), Name=nw.col("Name").min(), Invoice=nw.col("Invoice").min()
    )
    return _far_off(engine.collected(tags))


def _far_off(tags: pd.DataFrame) -> Facts | None:
    """Of each price of each product, with its lines and units: those far from the product's usual price."""
    import numpy as np

    known = tags[tags.groupby("Product")["Lines"].transform("sum") >= LINES]
    known = known.assign(Log=np.log(known["Price"]))
    usual = _median(known, "Log")
    judged = known.assign(Usual=np.exp(usual), Off=(known["Log"] - usual).abs())
    far = (judged["Off"] > math.log(TIMES_OFF)) & (judged["Off"] > SPREADS_OFF * _median(judged, "Off"))
    found = judged[far]
    if found.empty:
        return None
    moved = (found["Units"] * (found["Price"] - found["Usual"])).abs()
    ranked = found.assign(Moved=moved).sort_values(["Moved", "Product", "Price"], ascending=[False, True, True])
    worst = [_told(row) for row in ranked.head(TOLD).to_dict("records")]
    first = {name: worst[0][name] for name in ("product", "price", "usual")}
    return {"lines": int(found["Lines"].sum()), "money": float(moved.sum()), **first, "worst": worst}


def _told(row: Mapping[Any, Any]) -> Facts:
    texts = {"product": str(row["Name"]), "code": str(row["Product"]), "invoice": str(row["Invoice"])}
    numbers = {name.lower(): float(row[name]) for name in ("Price", "Usual")}
    return {**texts, **numbers, "lines": int(row["Lines"]), "money": float(row["Moved"])}


def _median(tags: pd.DataFrame, column: str) -> pd.Series[float]:
    """For each row the median of its product over lines: the first value that half of them do not exceed."""
    ranked = tags.sort_values(["Product", column])
    lines = ranked.groupby("Product")["Lines"]
    upper = ranked[lines.cumsum() * 2 >= lines.transform("sum")]
    middle = upper.groupby("Product")[column].first()
    found: pd.Series[float] = tags["Product"].map(middle).astype("float64")  # of no rows it would be text
    return found
