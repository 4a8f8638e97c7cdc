"""The shop's months and weekdays: revenue, orders and buyers, with months that the file cuts short marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import engine
from pipeline.cleaning.calendar import Trade, end_of_full_months, usual_pause

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd

    from pipeline.engine import LazyTable

COMPARED_MONTHS = 3
YEAR_MONTHS = 12
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def months(orders: LazyTable, buyers: LazyTable, trade: Trade) -> pd.DataFrame:
    """One row per month from the first to the last, those without a sale included.

    Parameters
    ----------
    orders : CustomerID, InvoiceNo, Day and Revenue of each customer's invoice and day.
    buyers : CustomerID and FirstDay.
    trade : the days with a sale and their orders.

    Returns
    -------
    Month (`2011-11`), revenue, orders, buyers, new_buyers (whose first purchase in the file it is), days_traded, and
    partial: the file begins after the month's first or ends before its last days of trade.
    """
    import narwhals as nw
    import pandas as pd

    found = _added_up(orders, nw.col("Day").dt.truncate("1mo"), buyers=nw.col("CustomerID").n_unique())
    first_month = buyers.select(Period=nw.col("FirstDay").dt.truncate("1mo"))
    firsts = engine.collected(first_month.group_by("Period").agg(new_buyers=nw.len()))
    named = found.join(firsts.set_index("Period"))
    every = pd.period_range(trade[0][0], trade[-1][0], freq="M").strftime("%Y-%m")
    whole = named.set_axis(pd.DatetimeIndex(named.index).strftime("%Y-%m")).reindex(every).fillna(0.0)
    columns = ["revenue", "orders", "buyers", "new_buyers", "days_traded"]
    counted = whole[columns].astype(dict.fromkeys(columns[1:], "int64"))
    counted.insert(0, "Month", every)
    return counted.assign(partial=[each in _cut_short(trade) for each in every]).reset_index(drop=True)


def invoices() -> nw.Expr:
    """How many different numbers of invoices there are; a line without one has money, and is no order."""
    import narwhals as nw

    number = nw.col("InvoiceNo")
    return number.n_unique() - number.is_null().cast(nw.Int64).max()


def _added_up(orders: LazyTable, period: nw.Expr, **more: nw.Expr) -> pd.DataFrame:
    """The revenue, orders and days_traded of each period, and `more`, indexed by Period."""
    import narwhals as nw

    days, revenue = nw.col("Day").n_unique(), nw.col("Revenue").sum().cast(nw.Float64)
    parted = orders.with_columns(Period=period).group_by("Period")
    return engine.collected(parted.agg(revenue=revenue, orders=invoices(), days_traded=days, **more)).set_index(
        "Period"
    )


def _cut_short(trade: Trade) -> set[str]:
    first, last = trade[0][0], trade[-1][0]
    end = end_of_full_months(trade)
    begins_late = (first - first.replace(day=1)).days > usual_pause(trade)
    found = {first.isoformat()[:7]} if begins_late else set()
    return found | ({last.isoformat()[:7]} if end is not None and end < last else set())


def weekdays(orders: LazyTable) -> pd.DataFrame:
    """One row per weekday from Monday: Weekday, revenue, orders, and days_traded."""
    import narwhals as nw

    since_sunday = nw.col("Day").dt.weekday() % 7  # narwhals calls a Sunday 7 on DuckDB and 0 on Spark
    found = _added_up(orders, (since_sunday + 6) % 7)
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
