"""Who moved between the segments of the RFM grid from one day to another, and how much of that is noise.

The scales are those of the later day and are used on both: what moves is the customer, not the bounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.features.rfm_scores import CELLS, SCORES, cell_names, scales

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.features.rfm_scores import Scale

NOT_YET = "Not a customer yet"


class Movement(NamedTuple):
    """How customers moved.

    Attributes
    ----------
    matrix : customers by segment before (rows, with `NOT_YET`) and after (columns).
    movers : CustomerID, Before, After, of those who were customers before and changed.
    moved_share : the share of the earlier customers who changed, 0 to 1.
    noise_share : the share who would change if the later day were one day earlier, with the same orders, 0 to 1.
    """

    matrix: pd.DataFrame
    movers: pd.DataFrame
    moved_share: float
    noise_share: float

    def sentence(self) -> str:
        """How many moved, and how many a single day moves."""
        return (
            f"{100 * self.moved_share:.0f} % of the customers of the earlier day are in another segment now; "
            f"one day alone moves {100 * self.noise_share:.1f} %, customers who stood on a border."
        )


def rfm_as_of(days: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Recency (days), Frequency (orders) and Monetary as they stood at the end of a day, indexed by CustomerID.

    Parameters
    ----------
    days : CustomerID, Day, Orders, Revenue.
    """
    import pandas as pd

    known = days[days["Day"] <= day].groupby("CustomerID")
    recency = (day - known["Day"].max()).dt.days
    return pd.DataFrame({"Recency": recency, "Frequency": known["Orders"].sum(), "Monetary": known["Revenue"].sum()})


def movement(days: pd.DataFrame, earlier: pd.Timestamp, later: pd.Timestamp) -> Movement:
    """The movement between two days.

    Parameters
    ----------
    days : CustomerID, Day, Orders, Revenue.
    """
    import pandas as pd

    now = rfm_as_of(days, later)
    grid = scales({name: now[name].to_numpy(dtype=np.float64) for name in SCORES})
    after = _segments(now, grid)
    before = _segments(rfm_as_of(days, earlier), grid).reindex(after.index)
    order = [NOT_YET, *CELLS]
    matrix = pd.crosstab(before.fillna(NOT_YET), after).reindex(index=order, columns=list(CELLS), fill_value=0)
    known = before.notna()
    changed = known & (before != after)
    movers = pd.DataFrame({"Before": before[changed], "After": after[changed]}).reset_index(names="CustomerID")
    day_before = _segments(now.assign(Recency=(now["Recency"] - 1).clip(lower=0)), grid)
    share = float(changed.sum() / max(int(known.sum()), 1))
    return Movement(matrix, movers, share, float((day_before != after).mean()))


def _segments(customers: pd.DataFrame, grid: dict[str, Scale]) -> pd.Series[str]:
    import pandas as pd

    scored = [grid[name].scores(customers[name].to_numpy(dtype=np.float64)) for name in ("Recency", "Frequency")]
    return pd.Series(cell_names(*scored), index=customers.index, dtype="str")
