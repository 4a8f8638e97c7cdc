"""The check of the data in sentences that anyone understands."""

from __future__ import annotations

from contextvars import copy_context
from typing import TYPE_CHECKING

from pipeline import formats
from pipeline.data_check.enough import Asked, Size, parts
from pipeline.store import Facts

if TYPE_CHECKING:
    import pandas as pd

NOTABLE_SHARE = 0.01


def told(facts: Facts, by_month: pd.DataFrame, by_weekday: pd.DataFrame) -> Facts:
    """The facts of a check as they are told, in the numbers and months of whoever reads them.

    Returns
    -------
    `parts` (see `enough.parts`) and `sentences`.
    """
    size = Size(facts["buyers"], facts["loyal"], facts["span"]["days"])

    def written() -> list[str]:
        formats.write_amounts_in(facts["currency"])
        return sentences(facts, by_month, by_weekday)

    worded = copy_context().run(written)  # what others write amounts in stays as it is
    return {"parts": parts(size, Asked(**facts["asked"])), "sentences": worded}


def sentences(facts: Facts, by_month: pd.DataFrame, by_weekday: pd.DataFrame) -> list[str]:
    """What the file holds, who is missing in it, how it moves through the year, and what it rests on."""
    return [
        *_size(facts),
        *_missing(facts),
        *_last_month(facts),
        *_growth(facts),
        *_peaks(by_month, by_weekday),
        *_concentration(facts),
        *map(_gap, facts["gaps"]),
    ]


def _gap(gap: Facts) -> str:
    return f"No sale from {formats.date(gap['first'])} to {formats.date(gap['last'])} ({formats.days(gap['days'])})."


def _size(facts: Facts) -> list[str]:
    span, money = facts["span"], formats.money_exact(facts["revenue"])
    return [
        f"{formats.count(facts['buyers'])} buyers with {formats.count(facts['orders'])} orders worth {money} in "
        f"{formats.days(span['days'])}, "
        f"{formats.date(span['first'])} to {formats.date(span['last'])}.",
        f"{formats.share(facts['repeat_rate'])} of the buyers came back on another day.",
    ]


def _missing(facts: Facts) -> list[str]:
    rows, revenue = facts["without_customer"]["rows_share"], facts["without_customer"]["revenue_share"]
    if max(rows, revenue) < NOTABLE_SHARE:
        return []
    told = f"{formats.share(rows)} of the rows and {formats.share(revenue)} of all sales belong to no known customer"
    return [f"{told}; sales are counted before cancellations here, after them in the ledger."]


def _last_month(facts: Facts) -> list[str]:
    last = facts["last_month"]
    if not last["is_partial"]:
        return []
    days = f"{formats.days(last['days_traded'])} of trade"
    full = f"; the last full month is {formats.month(last['last_full_month'])}" if last["last_full_month"] else ""
    return [f"The last month, {formats.month(last['month'])}, ends early with {days}{full}."]


def _growth(facts: Facts) -> list[str]:
    found = facts["growth"]
    if found is None:
        return []
    first, last, was_first, was_last = map(formats.month, (*found["last"], *found["before"]))
    change = formats.whole_share(abs(found["change"]))
    way = "up" if found["change"] >= 0 else "down"
    same = "" if found["same_season"] else "; the file is too short to tell growth from the season"
    return [f"Revenue of {first} to {last} is {way} {change} on {was_first} to {was_last}{same}."]


def _peaks(by_month: pd.DataFrame, by_weekday: pd.DataFrame) -> list[str]:
    full = by_month[~by_month["partial"]]
    found = []
    if len(full) >= 2 and full["revenue"].mean() > 0:
        best = formats.month(str(full["Month"].iloc[full["revenue"].argmax()]))
        times = formats.number(full["revenue"].max() / full["revenue"].mean())
        found.append(f"The strongest full month is {best}, with {times} times the revenue of an average one.")
    closed = by_weekday[by_weekday["days_traded"] == 0]["Weekday"].tolist()
    day = by_weekday["Weekday"].iloc[by_weekday["revenue"].argmax()]
    share = formats.whole_share(by_weekday["revenue"].max() / by_weekday["revenue"].sum())
    never = f"; nothing is sold on {' and '.join(f'{each}s' for each in closed)}" if len(closed) in (1, 2) else ""
    return [*found, f"{day}s bring most, {share} of the revenue{never}."]


def _concentration(facts: Facts) -> list[str]:
    (few, one), (many, twenty) = facts["concentration"].items()
    top, of_more = (formats.whole_share(float(share)) for share in (few, many))
    brought, in_all = formats.whole_share(one), formats.whole_share(twenty)
    return [f"The top {top} of the buyers bring {brought} of the revenue, the top {of_more} bring {in_all}."]
