"""Where each customer buys: the country of the largest spend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import engine

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.engine import LazyTable

UNKNOWN = "Unknown"
UNITED_KINGDOM = frozenset({"united kingdom", "uk", "u.k.", "gb", "great britain"})


def geography(baskets: LazyTable) -> pd.DataFrame:
    """The country of every customer who has a valid one.

    Parameters
    ----------
    baskets : with CustomerID, Country (null where none is valid) and TotalPrice.

    Returns
    -------
    Indexed by CustomerID, sorted: `PrimaryCountry`, the country of the largest spend (of equals, the first in the
    alphabet); `IsUK`, 1 if that is the United Kingdom, else 0. Customers with no valid country are left out; the
    feature matrix gives them "Unknown" and 0.
    """
    import narwhals as nw
    import pandas as pd

    spend = (
        baskets.filter(~nw.col("Country").is_null())
        .group_by("CustomerID", "Country")
        .agg(nw.col("TotalPrice").sum().alias("Spend"))
    )
    most = spend.group_by("CustomerID").agg(nw.col("Spend").max())
    largest = spend.join(most, on=["CustomerID", "Spend"])
    found = engine.collected(largest.group_by("CustomerID").agg(PrimaryCountry=nw.col("Country").min()))
    primary = found.set_index("CustomerID")["PrimaryCountry"].sort_index()
    in_uk = primary.str.lower().isin(UNITED_KINGDOM)
    return pd.DataFrame({"PrimaryCountry": primary, "IsUK": in_uk.astype("int64")})
