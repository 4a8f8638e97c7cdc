"""What the finished models make of every customer with what was known on earlier days: how value went on.

The parameters are those of the whole file, so these are not the forecasts that would have been made then; the past
tests (`clv.backtest`) fit anew for those.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import numpy as np

from pipeline.clv.backtest_cutoffs import LEAST_KNOWN_DAYS
from pipeline.clv.backtest_histories import PurchaseDays, histories_until, seen
from pipeline.clv.customer_forecast import customer_values
from pipeline.clv.forecast import MONTHS, Models
from pipeline.clv.lifetime_value import LifetimeValue
from pipeline.profiles.steady import purchase_days

if TYPE_CHECKING:
    import pandas as pd

MOST_DAYS = 12


def past_values(days: pd.DataFrame, last: datetime.date, models: Models, settings: LifetimeValue) -> pd.DataFrame:
    """The value of the next six months as it stood at the ends of months, and on the last day of all.

    Parameters
    ----------
    days : CustomerID, Day and Revenue, sorted by both, as the history stage writes them.
    last : the last day of the file.

    Returns
    -------
    CustomerID, of those who ever paid for something, sorted; and a float32 column per day, named by its ISO date and
    ascending: at most `MOST_DAYS`, the last of them the forecast itself. Money; missing for who had not paid by then.
    """
    import pandas as pd

    paid = purchase_days(days, settings.time_unit)
    ids = days.loc[days["Revenue"] > 0, "CustomerID"].drop_duplicates()
    columns = {"CustomerID": ids.to_numpy()}
    for day, cutoff in {**_month_ends(paid, last), last: paid.last_day}.items():
        histories = histories_until(paid, cutoff, settings.spend_from)
        values = customer_values(models, histories, settings.discount_rate, [MONTHS])
        columns[day.isoformat()] = np.full(len(ids), np.nan, dtype=np.float32)
        columns[day.isoformat()][seen(paid, cutoff)] = values[f"CLV_{MONTHS}m"]
    return pd.DataFrame(columns)


def _month_ends(paid: PurchaseDays, last: datetime.date) -> dict[datetime.date, int]:
    """The last ends of months that know enough, ascending, and the day of `paid` that had ended by each.

    Where purchases are counted by the week, that is the last day of a whole week.
    """
    found: dict[datetime.date, int] = {}
    end = last
    while len(found) < MOST_DAYS - 1:
        end = end.replace(day=1) - datetime.timedelta(days=1)
        known = (end - paid.first_date).days + 1
        if known < LEAST_KNOWN_DAYS:
            break
        found[end] = (known // paid.unit - 1) * paid.unit
    return dict(reversed(found.items()))
