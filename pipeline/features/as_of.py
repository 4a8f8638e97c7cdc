"""The customers as they stood at the end of any day: the same features, of the baskets until then."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import engine
from pipeline.features.feature_matrix import completed, joined_families

if TYPE_CHECKING:
    import pandas as pd


def customers_as_of(baskets: Path, day: datetime.date, described: bool, placed: bool) -> pd.DataFrame:
    """The customers table as the feature stage would write it of a file that ends on this day.

    Two things are known from the whole file: which lines count, and whether anything is described or placed at all.

    Parameters
    ----------
    baskets : Parquet of the baskets, as the history stage writes it.
    day : the last day that counts. `Recency` counts the days until it, also where nobody bought on it.
    described, placed : as `feature_matrix.completed` takes them.

    Returns
    -------
    The columns of the customers table; no rows where nobody had bought yet.
    """
    import narwhals as nw
    import pandas as pd

    end = datetime.datetime.combine(day, datetime.time())
    with engine.opened(engine.DUCKDB) as tables:
        until = tables.materialised(tables.scan(baskets).filter(nw.col("Day") <= end), "until")
        customers = joined_families(until)
        latest = engine.collected(until.select(nw.col("Day").max()))["Day"].iloc[0]
    quiet_days = 0 if pd.isna(latest) else (end - latest).days
    waited = customers.assign(Recency=customers["Recency"] + quiet_days)
    return completed(waited, described, placed).reset_index()
