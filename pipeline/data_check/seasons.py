"""The shop's months and weekdays: revenue, orders and buyers, with months that the file cuts short marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.cleaning.calendar import Trade, end_of_full_months, usual_pause

if TYPE_CHECKING:
    import pandas as pd

COMPARED_MONTHS = 3
YEAR_MONTHS = 12
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def months(orders: pd.DataFrame, trade: Trade) -> pd.DataFrame:
    """One row per month from the first to the last, those without a sale included.

    Parameters
    ----------
    orders : CustomerID, InvoiceNo, Day and Revenue of each customer's invoice and day.
    trade : the days with a sale and their orders.

    Returns
    -------
    Month (`2011-11`), revenue, orders, buyers, new_buyers (whose first purchase in the file it is), days_traded, and
    partial: the file begins after the month's first or ends before its last days of trade.
    """
    import pandas as pd

    month = orders["Day"].dt.strftime("%Y-%m")
    firsts = month.groupby(orders["CustomerID"]).min().value_counts()
    by_month = orders.groupby(month)
    found = pd.DataFrame(
        {
            "revenue": by_month["Revenue"].sum(),
            "orders": by_month["InvoiceNo"].nunique(),
            "buyers": by_month["CustomerID"].nunique(),
            "new_buyers": firsts,
            "days_traded": by_month["Day"].nunique(),
        }
    )
    every = pd.period_range(orders["Day"].min(), orders["Day"].max(), freq="M").strftime("%Y-%m")
    whole = found.reindex(every).fillna(0.0)
    counted = whole.astype(dict.fromkeys(("orders", "buyers", "new_buyers", "days_traded"), "int64"))
    counted.insert(0, "Month", every)
    return counted.assign(partial=[each in _cut_short(trade) for each in every]).reset_index(drop=True)


def _cut_short(trade: Trade) -> set[str]:
    first, last = trade[0][0], trade[-1][0]
    end = end_of_full_months(trade)
    begins_late = (first - first.replace(day=1)).days > usual_pause(trade)
    found = {first.isoformat()[:7]} if begins_late else set()
    return found | ({last.isoformat()[:7]} if end is not None and end < last else set())


def weekdays(orders: pd.DataFrame) -> pd.DataFrame:
    """One row per weekday from Monday: Weekday, revenue, orders, and days_traded."""
    import pandas as pd

    by_day = orders.groupby(orders["Day"].dt.day_of_week)
    found = pd.DataFrame(
        {
            "revenue": by_day["Revenue"].sum(),
            "orders": by_day["InvoiceNo"].nunique(),
            "days_traded": by_day["Day"].nunique(),
        }
    )
    whole = found.reindex(range(len(WEEKDAYS))).fillna(0.0).astype({"orders": "int64", "days_traded": "int64"})
    whole.insert(0, "Weekday", list(WEEKDAYS))
    return whole.reset_index(drop=True)


def growth(by_month: pd.DataFrame) -> dict[str, object] | None:
    """How the last three full months compare: with the same ones a year before where the file has them, else with the
    three before, in which season and growth cannot be told apart. None where there are too few.

    Returns
    -------
    `last` and `before` (the first and the last month of each), `change` (0.1 is 10 % up) and `same_season`.
    """
    full = by_month[~by_month["partial"]].reset_index(drop=True)
    last = full.tail(COMPARED_MONTHS)
    same_season = len(full) >= YEAR_MONTHS + COMPARED_MONTHS
    back = YEAR_MONTHS if same_season else COMPARED_MONTHS
    before = full.iloc[max(len(full) - COMPARED_MONTHS - back, 0) : len(full) - back]
    if len(full) < 2 * COMPARED_MONTHS or not before["revenue"].sum():
        return None
    return {
        "last": [last["Month"].iloc[0], last["Month"].iloc[-1]],
        "before": [before["Month"].iloc[0], before["Month"].iloc[-1]],
        "change": float(last["revenue"].sum() / before["revenue"].sum() - 1),
        "same_season": same_season,
    }
