"""Which customers are where under two segmentations, and who does not go with most of their segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd


def flows(before: pd.Series[int], after: pd.Series[int]) -> pd.DataFrame:
    """How many customers are in each pair of segments: `Before`, `After`, `Customers`, by number, above 0 only.

    Parameters
    ----------
    before, after : the segment of each customer, aligned.
    """
    import pandas as pd

    pairs = pd.DataFrame({"Before": before.to_numpy(), "After": after.to_numpy()})
    return pairs.groupby(["Before", "After"]).size().rename("Customers").reset_index()


def ordered(labels: pd.Series[int]) -> list[int]:
    """The segments that there are by their numbers, groups that are none after them."""
    found = sorted(labels.unique().tolist())
    return [number for number in found if number >= 0] + [number for number in found if number < 0][::-1]


def followed(before: pd.Series[int], after: pd.Series[int]) -> dict[int, int]:
    """For each segment before, the one after that holds most of its customers; of equal ones the first."""
    counted = flows(before, after).sort_values(["Customers", "After"], ascending=[False, True], kind="stable")
    first = counted.drop_duplicates("Before")
    return dict(zip(first["Before"].tolist(), first["After"].tolist(), strict=True))


def movers(before: pd.Series[int], after: pd.Series[int]) -> NDArray[np.bool_]:
    """Who is not where most of their segment is, `(n_customers,)`, in the order of `before`."""
    expected = before.map(followed(before, after)).to_numpy()
    found: NDArray[np.bool_] = np.not_equal(expected, after.to_numpy())
    return found
