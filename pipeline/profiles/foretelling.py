"""What segments foretell: customers as they stood some months before the end of a file, and what they spent after that.

Segments are made of the past, so what they say of the past proves nothing; on later days they can be wrong.
"""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline import engine
from pipeline.clustering.labels import Floats, Labels
from pipeline.features.feature_matrix import build_feature_matrix
from pipeline.features.product_mix import ProductMix

if TYPE_CHECKING:
    import pandas as pd

HORIZON = datetime.timedelta(days=182.625)
LEAST_BEFORE = datetime.timedelta(days=90)  # of history, for anything to be made of it


class Later(NamedTuple):
    """Customers as they stood six months before the end of the file, and what each of them then spent.

    Attributes
    ----------
    earlier : the customers table of the days until then.
    log_revenue : the logarithm of 1 and the spend (money) of the six months, aligned with `earlier`.
    """

    earlier: pd.DataFrame
    log_revenue: Floats


def later(transactions: Path, mix: ProductMix) -> Later | None:
    """The customers of cleaned lines, six months before their end; None where less than three months come before that.

    Parameters
    ----------
    transactions : Parquet file of cleaned lines.
    mix : the keyword map, for the customers' product mix.
    """
    import narwhals as nw

    with engine.opened() as tables, tempfile.TemporaryDirectory(prefix="segment-studio-") as folder:
        lines = tables.scan(transactions)
        (span,) = engine.rows(
            lines.select(nw.col("InvoiceDate").min().alias("first"), nw.col("InvoiceDate").max().alias("last"))
        )
        cut = span["last"] - HORIZON
        if cut - span["first"] < LEAST_BEFORE:
            return None
        before, customers = Path(folder) / "before.parquet", Path(folder) / "customers.parquet"
        engine.sink(lines.filter(nw.col("InvoiceDate") <= cut), before)
        build_feature_matrix(before, mix, customers, _quiet)
        earlier = engine.read_parquet(customers)
        spent = lines.filter(nw.col("InvoiceDate") > cut).group_by("CustomerID").agg(nw.col("TotalPrice").sum())
        revenue = engine.collected(spent.with_columns(nw.col("TotalPrice").cast(nw.Float64)))
    of_each = earlier["CustomerID"].map(revenue.set_index("CustomerID")["TotalPrice"]).fillna(0.0)
    return Later(earlier, np.log1p(np.maximum(of_each.to_numpy(dtype=np.float64), 0.0)))


def explained(outcome: Floats, labels: Labels) -> float:
    """The share of an outcome's variance that lies between clusters, 0 to 1; 0 where nobody differs.

    Parameters
    ----------
    labels : of any numbers, groups that are no clusters included, `(n_customers,)`.
    """
    places = np.unique(labels, return_inverse=True)[1]
    means = np.bincount(places, outcome) / np.bincount(places)
    whole = float(((outcome - outcome.mean()) ** 2).sum())
    return float(1 - ((outcome - means[places]) ** 2).sum() / whole) if whole else 0.0


def _quiet(share: float, sentence: str) -> None:
    """The whole is told of, not its parts."""
