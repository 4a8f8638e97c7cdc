"""What a table of segments says, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def insights(summary: pd.DataFrame, customers_in_filter: int, customers_in_base: int, currency: str = "£") -> list[str]:
    """Sentences on where revenue and future value are, and on how many customers these segments hold.

    Parameters
    ----------
    summary : as `segment_summary` makes it, of the customers in the filter.
    currency : written before amounts.
    """
    if customers_in_filter == 0 or summary.empty:
        return [f"None of the {customers_in_base:,} customers is left after the filter."]
    return [
        _most_revenue(summary, currency),
        _highest_value(summary, currency),
        _size(customers_in_filter, customers_in_base),
    ]


def _most_revenue(summary: pd.DataFrame, currency: str) -> str:
    top = max(summary.to_dict("records"), key=lambda segment: segment["RevenueShare"])
    return (
        f"Segment {int(top['Segment'])} brings the largest share of revenue: {_share(top['RevenueShare'])} "
        f"({_money(top['Revenue'], currency)}) from {_share(top['CustomerShare'])} of the customers."
    )


def _highest_value(summary: pd.DataFrame, currency: str) -> str:
    top = max(summary.to_dict("records"), key=lambda segment: segment["CLV_6m"])
    average = float((summary["CLV_6m"] * summary["Customers"]).sum() / summary["Customers"].sum())
    times = f", {top['CLV_6m'] / average:.1f} times the average of {_money(average, currency)}" if average else ""
    return (
        f"Segment {int(top['Segment'])} has the highest average lifetime value: {_money(top['CLV_6m'], currency)} "
        f"a customer over the next six months{times}."
    )


def _size(customers_in_filter: int, customers_in_base: int) -> str:
    if customers_in_filter == customers_in_base:
        return f"All {customers_in_base:,} customers are shown."
    kept = _share(customers_in_filter / customers_in_base)
    return f"The filter keeps {customers_in_filter:,} of {customers_in_base:,} customers ({kept})."


def _share(part: float) -> str:
    return f"{100 * part:.1f} %"


def _money(amount: float, currency: str) -> str:
    """Three or so digits that count: £8.9 M, £60,412, £2,054, £12.40."""
    if abs(amount) >= 999_500:
        return f"{currency}{amount / 1e6:,.1f} M"
    return f"{currency}{amount:,.{2 if abs(amount) < 100 else 0}f}"
