"""What a table of segments says, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pipeline.wording import pounds

if TYPE_CHECKING:
    import pandas as pd


def insights(
    summary: pd.DataFrame,
    names: Mapping[int, str],
    customers_in_filter: int,
    customers_in_base: int,
    money: Callable[[float], str] = pounds,
) -> list[str]:
    """Sentences on where revenue and future value are, and on how many customers these segments hold.

    Parameters
    ----------
    summary : as `segment_summary` makes it, of the customers in the filter.
    names : segment -> its name.
    money : writes an amount for people.
    """
    if customers_in_filter == 0 or summary.empty:
        return [f"None of the {customers_in_base:,} customers is left after the filter."]
    size = _size(customers_in_filter, customers_in_base)
    if len(summary) == 1:
        return [_only_segment(summary, names, money), _its_value(summary, money), size]
    return [_most_revenue(summary, names, money), _highest_value(summary, names, money), size]


def _only_segment(summary: pd.DataFrame, names: Mapping[int, str], money: Callable[[float], str]) -> str:
    only = summary.iloc[0]
    return (
        f"All customers shown are in “{names[int(only['Segment'])]}”. They have spent {money(only['Revenue'])} so far, "
        f"{money(only['Monetary'])} each on average."
    )


def _its_value(summary: pd.DataFrame, money: Callable[[float], str]) -> str:
    only = summary.iloc[0]
    return (
        f"Over the next six months {money(only['CLV_6m'] * only['Customers'])} is expected of them, "
        f"{money(only['CLV_6m'])} a customer."
    )


def _most_revenue(summary: pd.DataFrame, names: Mapping[int, str], money: Callable[[float], str]) -> str:
    top = max(summary.to_dict("records"), key=lambda segment: segment["RevenueShare"])
    return (
        f"“{names[int(top['Segment'])]}” brings the largest share of revenue: {_share(top['RevenueShare'])} "
        f"({money(top['Revenue'])}) from {_share(top['CustomerShare'])} of the customers."
    )


def _highest_value(summary: pd.DataFrame, names: Mapping[int, str], money: Callable[[float], str]) -> str:
    top = max(summary.to_dict("records"), key=lambda segment: segment["CLV_6m"])
    average = float((summary["CLV_6m"] * summary["Customers"]).sum() / summary["Customers"].sum())
    times = f", {top['CLV_6m'] / average:.1f} times the average of {money(average)}" if average else ""
    return (
        f"“{names[int(top['Segment'])]}” has the highest average lifetime value: {money(top['CLV_6m'])} "
        f"a customer over the next six months{times}."
    )


def _size(customers_in_filter: int, customers_in_base: int) -> str:
    if customers_in_filter == customers_in_base:
        return f"All {customers_in_base:,} customers are shown."
    kept = _share(customers_in_filter / customers_in_base)
    return f"The filter keeps {customers_in_filter:,} of {customers_in_base:,} customers ({kept})."


def _share(part: float) -> str:
    return f"{100 * part:.1f} %"
