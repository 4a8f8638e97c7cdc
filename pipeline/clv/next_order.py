"""By which date the next order has come with a given chance."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import numpy as np

from pipeline.clv.beta_geometric import BetaGeometric
from pipeline.clv.expectations import next_order_days
from pipeline.clv.histories import Histories

if TYPE_CHECKING:
    import pandas as pd

FARTHEST_DAYS = 3_652  # ten years: what takes longer is as good as never


def next_order_dates(
    parameters: BetaGeometric, histories: Histories, last_day: datetime.date, chance: float
) -> pd.Series[str]:
    """ISO dates, `(n_customers,)`; empty where the chance is never reached, or not within `FARTHEST_DAYS`.

    Parameters
    ----------
    last_day : the day the histories end on.
    chance : 0 to 1, both left out; 0.5 asks for the date that is as likely too early as too late.
    """
    import pandas as pd

    days = np.ceil(next_order_days(parameters, histories, chance))
    never = FARTHEST_DAYS + 1
    written = np.datetime_as_string(np.datetime64(last_day) + np.arange(never)).tolist()
    places = np.where(days < never, days, never).astype(np.int64)
    return pd.Series([*written, ""], dtype="str").take(places).reset_index(drop=True)
