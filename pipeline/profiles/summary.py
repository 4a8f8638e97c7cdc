"""One row per segment: how large it is, what it brings, and what its customers are like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.profiles.traits import traits

if TYPE_CHECKING:
    import pandas as pd

AVERAGED = ("Recency", "Frequency", "Monetary", "CLV_6m")


def segment_summary(
    customers: pd.DataFrame, labels: pd.Series[int], everyone: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The segments of these customers, by number.

    Parameters
    ----------
    customers : `Recency` (days), `Frequency` (invoices), `Monetary`, `CLV_6m` (money), and where there are `IsUK` and
        `CatShare_*`; neither is changed.
    labels : the segment of each customer, in the order of `customers`, `(n_customers,)`; missing ones belong nowhere.
    everyone : whom traits are told against; None is all of `customers`.

    Returns
    -------
    DataFrame
        `Segment`, `Customers`, `CustomerShare` (0 to 1), `Revenue` (money), `RevenueShare` (0 to 1); the means
        `Recency`, `Frequency`, `Monetary`, `CLV_6m` and the medians `MedianRecency` to `MedianCLV_6m`; the means of
        `IsUK` and `CatShare_*`; `Traits`, words that set the segment apart from `everyone`.

    Raises
    ------
    ValueError
        If there are not as many labels as customers.
    """
    import pandas as pd

    if len(labels) != len(customers):
        raise ValueError(f"There are {len(labels)} labels for {len(customers)} customers.")
    numbers = labels.to_numpy()
    member = pd.notna(numbers)
    base, numbers = customers[member], numbers[member].astype(int)
    groups = base.groupby(numbers)
    mixed = [name for name in base.columns if name == "IsUK" or name.startswith("CatShare_")]
    summary = pd.DataFrame(
        {
            "Customers": groups.size(),
            "CustomerShare": groups.size() / max(len(base), 1),
            "Revenue": groups["Monetary"].sum(),
            "RevenueShare": groups["Monetary"].sum() / (float(base["Monetary"].sum()) or 1.0),
            **{name: groups[name].mean() for name in AVERAGED},
            **{f"Median{name}": groups[name].median() for name in AVERAGED},
            **{name: groups[name].mean() for name in mixed},
        }
    )
    summary["Traits"] = [
        traits(base[numbers == number], base if everyone is None else everyone) for number in summary.index
    ]
    return summary.rename_axis("Segment").reset_index()
