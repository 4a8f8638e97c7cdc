"""With what: which categories and products a group of customers buys more or less often than everyone.

Counted by buyers, not by revenue: one wholesaler can own a category.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline import engine

if TYPE_CHECKING:
    import pandas as pd

SHRINK = 20  # customers like the base who are added to every group, so that few say little
Z = 1.959964  # of a 95 % interval
ROUNDING = 1e-9


class Purchased(NamedTuple):
    """Who bought what at all: less than a table of customers by products, most of which would be empty.

    Attributes
    ----------
    items : what anyone bought.
    buyers : the places of the customers who bought it, item after item.
    starts : where the buyers of each item begin, `(n_items,)`.
    customers : how many customers there are.
    """

    items: NDArray[np.object_]
    buyers: NDArray[np.int32]
    starts: NDArray[np.intp]
    customers: int


def purchases(bought: Path, customers: pd.Series[str], kind: str, only: Sequence[str] = ()) -> Purchased:
    """Who bought what, with places in the order of `customers`.

    Parameters
    ----------
    bought : Parquet of CustomerID, Kind, Item, as the stage `history` writes it.
    only : the items that are asked for; all where there are none.
    """
    import narwhals as nw
    import pandas as pd

    places = pd.DataFrame({"CustomerID": customers.to_numpy(), "Place": np.arange(len(customers), dtype=np.int32)})
    with engine.opened() as tables:
        own = tables.scan(bought).filter(nw.col("Kind") == kind)
        asked = own.filter(nw.col("Item").is_in(list(only))) if only else own
        items = engine.collected(asked.select("Item").unique()).sort_values("Item", ignore_index=True)
        numbered = tables.of(items.assign(Number=np.arange(len(items), dtype=np.int32)))
        known = asked.join(numbered, on="Item").join(
            tables.of(places), on="CustomerID"
        )  # numbers take a tenth of texts
        found = engine.collected(known.select("Number", "Place").unique())
    numbers, buyers = (found[name].to_numpy(dtype=np.int32) for name in ("Number", "Place"))
    order = np.argsort(numbers, kind="stable")
    has_buyers, starts = np.unique(numbers[order], return_index=True)
    return Purchased(items["Item"].to_numpy(dtype=object)[has_buyers], buyers[order], starts, len(customers))


def affinity(members: NDArray[np.bool_], purchased: Purchased) -> pd.DataFrame:
    """How much more often a group buys each item than all customers do.

    Index = 100 x (buyers + k p) / ((n + k) p), with p the share of buyers among all and k = `SHRINK`. The 95 % interval
    is that of the log of the ratio by the delta method, the group being a part of the base (a group that is the base
    has an index of 100 for sure).

    Parameters
    ----------
    members : who is in the group, `(n_customers,)`.
    purchased : as `purchases` makes it.

    Returns
    -------
    One row per item that anyone bought, by descending Index: Item, Buyers, Share and BaseShare (0 to 1), Index, Low,
    High, Marked (the interval leaves out 100).
    """
    import pandas as pd

    n_all, n_own = purchased.customers, int(members.sum())
    everyone = np.diff(purchased.starts, append=len(purchased.buyers)).astype(np.float64)
    own = np.add.reduceat(members[purchased.buyers], purchased.starts, dtype=np.float64) if len(everyone) else everyone
    base = everyone / n_all
    shrunk = (own + SHRINK * base) / (n_own + SHRINK)
    spread = Z * _log_error(shrunk, base, (everyone - own) / max(n_all - n_own, 1), n_own, n_all)
    index, width = 100 * shrunk / base, np.exp(spread)
    found = pd.DataFrame(
        {
            "Item": purchased.items,
            "Buyers": own.astype(np.int64),
            "Share": own / max(n_own, 1),
            "BaseShare": base,
            "Index": index,
            "Low": index / width,
            "High": index * width,
        }
    )
    found["Marked"] = (found["Low"] > 100 + ROUNDING) | (found["High"] < 100 - ROUNDING)
    return found.sort_values(["Index", "Item"], ascending=[False, True], ignore_index=True)


def _log_error(
    own: NDArray[np.float64], base: NDArray[np.float64], rest: NDArray[np.float64], n_own: int, n_all: int
) -> NDArray[np.float64]:
    """Standard error of log(own share / base share), where the base is the group and the rest together."""
    weight, n_rest = n_own / n_all, max(n_all - n_own, 1)
    of_own = own * (1 - own) / max(n_own, 1) * (1 / own - weight / base) ** 2
    of_rest = rest * (1 - rest) / n_rest * ((1 - weight) / base) ** 2
    found: NDArray[np.float64] = np.sqrt(np.maximum(of_own + of_rest, 0.0))
    return found
