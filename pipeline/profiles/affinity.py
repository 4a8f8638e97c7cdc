"""With what: which categories and products a group of customers buys more or less often than everyone.

Counted by buyers, not by revenue: one wholesaler can own a category.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

SHRINK = 20  # customers like the base who are added to every group, so that few say little
Z = 1.959964  # of a 95 % interval
ROUNDING = 1e-9


def purchases(bought: pd.DataFrame, customers: pd.Series[str], kind: str) -> pd.DataFrame:
    """Who bought what, `(n_customers, n_items)` of 0.0 and 1.0, in the order of `customers`; columns are the items.

    Parameters
    ----------
    bought : CustomerID, Kind, Item, as the stage `history` writes it.
    """
    import pandas as pd

    own = bought[bought["Kind"] == kind]
    items, columns = np.unique(own["Item"].to_numpy(dtype=object), return_inverse=True)
    rows = pd.Index(customers).get_indexer(pd.Index(own["CustomerID"]))
    found = np.zeros((len(customers), len(items)))
    known = rows >= 0
    found[rows[known], columns[known]] = 1.0
    return pd.DataFrame(found, columns=items)


def affinity(members: NDArray[np.bool_], purchased: pd.DataFrame) -> pd.DataFrame:
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

    held = purchased.to_numpy()
    n_all, n_own = len(held), int(members.sum())
    own, everyone = members.astype(np.float64) @ held, held.sum(axis=0)
    sold = everyone > 0
    own, everyone, items = own[sold], everyone[sold], purchased.columns[sold]
    base = everyone / n_all
    shrunk = (own + SHRINK * base) / (n_own + SHRINK)
    spread = Z * _log_error(shrunk, base, (everyone - own) / max(n_all - n_own, 1), n_own, n_all)
    index, width = 100 * shrunk / base, np.exp(spread)
    found = pd.DataFrame(
        {
            "Item": items,
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
