"""The check of the data in sentences that anyone understands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import formats
from pipeline.store import Facts

if TYPE_CHECKING:
    import pandas as pd

NOTABLE_SHARE = 0.01


def sentences(facts: Facts, by_month: pd.DataFrame, by_weekday: pd.DataFrame) -> list[str]:
    """What the file holds, who is missing in it, how it moves through the year, and what it rests on."""
    return [
        *_size(facts),
        *_missing(facts),
        *_last_month(facts),
        *_growth(facts),
        *_peaks(by_month, by_weekday),
        *_concentration(facts),
        *(f"No sale from {gap['first']} to {gap['last']} ({gap['days']:,} days)." for gap in facts["gaps"]),
    ]


def _size(facts: Facts) -> list[str]:
    span, money = facts["span"], f"{formats.number(facts['revenue'], 2)} {facts['currency'] or ''}".strip()
    return [
        f"{facts['buyers']:,} buyers with {facts['orders']:,} orders worth {money} in {span['days']:,} days, "
        f"{formats.date(span['first'])} to {formats.date(span['last'])}.",
        f"{100 * facts['repeat_rate']:.1f} % of the buyers came back on another day.",
    ]


def _missing(facts: Facts) -> list[str]:
    rows, revenue = facts["without_customer"]["rows_share"], facts["without_customer"]["revenue_share"]
    if max(rows, revenue) < NOTABLE_SHARE:
        return []
    told = f"{100 * rows:.1f} % of the rows and {100 * revenue:.1f} % of all sales belong to no known customer"
    return [f"{told}; sales are counted before cancellations here, after them in the ledger."]


def _last_month(facts: Facts) -> list[str]:
    last = facts["last_month"]
    if not last["is_partial"]:
        return []
    days = f"{last['days_traded']} day{'' if last['days_traded'] == 1 else 's'} of trade"
    full = f"; the last full month is {last['last_full_month']}" if last["last_full_month"] else ""
    return [f"The last month, {last['month']}, ends early with {days}{full}."]


def _growth(facts: Facts) -> list[str]:
    found = facts["growth"]
    if found is None:
        return []
    (first, last), (was_first, was_last) = found["last"], found["before"]
    way = "up" if found["change"] >= 0 else "down"
    same = "" if found["same_season"] else "; the file is too short to tell growth from the season"
    return [
        f"Revenue of {first} to {last} is {way} {abs(100 * found['change']):.0f} % on {was_first} to {was_last}{same}."
    ]


def _peaks(by_month: pd.DataFrame, by_weekday: pd.DataFrame) -> list[str]:
    full = by_month[~by_month["partial"]]
    found = []
    if len(full) >= 2 and full["revenue"].mean() > 0:
        best = full["Month"].iloc[full["revenue"].argmax()]
        times = full["revenue"].max() / full["revenue"].mean()
        found.append(f"The strongest full month is {best}, with {times:.1f} times the revenue of an average one.")
    closed = by_weekday[by_weekday["days_traded"] == 0]["Weekday"].tolist()
    day = by_weekday["Weekday"].iloc[by_weekday["revenue"].argmax()]
    share = 100 * by_weekday["revenue"].max() / by_weekday["revenue"].sum()
    never = f"; nothing is sold on {' and '.join(f'{each}s' for each in closed)}" if len(closed) in (1, 2) else ""
    return [*found, f"{day}s bring most, {share:.0f} % of the revenue{never}."]


def _concentration(facts: Facts) -> list[str]:
    one, twenty = (100 * share for share in facts["concentration"].values())
    return [f"The top 1 % of the buyers bring {one:.0f} % of the revenue, the top 20 % bring {twenty:.0f} %."]
