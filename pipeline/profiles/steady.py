"""How many would move between two days though nothing changed: the noise that a movement has to rise above.

Time passes for everyone, and whoever goes on as before orders sometimes earlier, sometimes later: that alone moves
customers. So the customers of the earlier day are let go on by the purchase model a number of times, put into segments
as they would stand on the later day, and counted.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.clustering.labels import Labels
from pipeline.clv.backtest_histories import PurchaseDays, histories_until, numbered
from pipeline.clv.forecast import Models, spend_per_order
from pipeline.clv.going_on import going_on

if TYPE_CHECKING:
    import pandas as pd

TIMES = 10  # more draws make the range of the counts hardly narrower: customers differ far more than draws
MOST = 5_000  # customers who are let go on; of more, so many are drawn and stand for all
FALSE_ALARMS = 0.05  # in how many of all cases without a change anything at all may be told as one


class Steady(NamedTuple):
    """What would be expected without a change.

    Attributes
    ----------
    flows : Before, After, Expected, Low and High (customers), of every pair of segments between which anybody may go.
    changed, low, high : how many customers would be in another segment.
    """

    flows: pd.DataFrame
    changed: float
    low: float
    high: float


def purchase_days(days: pd.DataFrame, time_unit: str) -> PurchaseDays:
    """The days with orders as the models of purchases count them.

    Parameters
    ----------
    days : CustomerID, Day and Revenue, sorted by both, as the history stage writes them.
    """
    import pandas as pd

    paid = days[days["Revenue"] > 0]
    when = paid["Day"] - pd.to_timedelta(paid["Day"].dt.day_of_week, unit="D") if time_unit == "week" else paid["Day"]
    counted = paid.assign(Day=when).groupby(["CustomerID", "Day"], sort=True)["Revenue"].sum()
    in_order = counted.rename("Money").reset_index()
    return numbered(in_order.assign(IsFirst=~in_order["CustomerID"].duplicated()), time_unit)


def who_goes_on(customers: pd.DataFrame, days: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Those of the customers of a day, at most `MOST`, who paid for something: the models know nothing of others."""
    paid = customers[customers["CustomerID"].isin(days.loc[days["Revenue"] > 0, "CustomerID"])]
    if len(paid) <= MOST:
        return paid.reset_index(drop=True)
    return paid.sample(MOST, random_state=seed).sort_values("CustomerID", ignore_index=True)


def as_they_would_stand(
    customers: pd.DataFrame,
    days: pd.DataFrame,
    models: Models,
    settings: tuple[str, str],
    between: tuple[datetime.date, datetime.date],
    seed: int,
) -> pd.DataFrame:
    """The customers of the earlier day on the later one, had they gone on as before: `TIMES` such tables in one.

    What they buy and where stays as it is.

    Parameters
    ----------
    customers : those of `who_goes_on`.
    days : all days with orders until the earlier day, of everyone.
    settings : `time_unit` and `spend_from` of the forecast.
    """
    import pandas as pd

    earlier, later = between
    own = days[days["CustomerID"].isin(customers["CustomerID"])]
    known = purchase_days(own, settings[0])
    gap = (later - earlier).days
    until = (earlier - known.first_date).days // known.unit * known.unit
    histories = histories_until(known, until, settings[1])
    each, random = spend_per_order(models.spend, histories), np.random.default_rng(seed)
    invoices_a_day = float(own["Orders"].sum()) / len(known.day)
    tables = []
    for _ in range(TIMES):
        drawn = going_on(models.purchases, histories, gap, random)
        waited = np.where(drawn.orders > 0, gap - np.ceil(drawn.latest), customers["Recency"] + gap)
        more = random.poisson(drawn.orders * max(invoices_a_day - 1, 0.0))
        shape = models.spend.p * drawn.orders
        spent = np.where(drawn.orders > 0, each * random.gamma(np.maximum(shape, 1e-9)) / models.spend.p, 0.0)
        tables.append(
            customers.assign(
                Recency=np.maximum(waited, 0).astype(np.int64),
                Frequency=customers["Frequency"] + drawn.orders + more,
                Monetary=customers["Monetary"] + spent,
            )
        )
    return pd.concat(tables, ignore_index=True)


def steady(before: Labels, after: Labels, everyone: int) -> Steady:
    """What would be expected of each pair of segments, and the range that holds without a change.

    Customers count one by one, so a count varies by the sum of p (1 - p). Ranges are so wide that in `FALSE_ALARMS` of
    all cases one or more of all pairs lie outside of theirs (Bonferroni).

    Parameters
    ----------
    before : the segment of each on the earlier day, `(n_customers,)`.
    after : the segment of each on the later day in each draw, `(n_draws, n_customers)`.
    everyone : how many customers these stand for.
    """
    import pandas as pd
    from scipy.stats import norm

    segments = np.unique(np.concatenate([before, after.ravel()]))
    chances = np.stack([(after == segment).mean(axis=0) for segment in segments], axis=1)
    scale, wide = everyone / max(len(before), 1), len(segments) * len(np.unique(before))
    z = float(norm.isf(FALSE_ALARMS / 2 / max(wide, 1)))
    rows = []
    for start in np.unique(before):
        for place, end in enumerate(segments):
            found = _range(chances[before == start, place], scale, len(after), z)
            if found[2] > 0:
                rows.append((int(start), int(end), *found))
    changed = 1 - chances[np.arange(len(before)), np.searchsorted(segments, before)]
    flows = pd.DataFrame(rows, columns=["Before", "After", "Expected", "Low", "High"])
    return Steady(flows, *_range(changed, scale, len(after), float(norm.isf(0.025))))


def _range(chances: NDArray[np.float64], scale: float, draws: int, z: float) -> tuple[float, float, float]:
    """How many customers to expect and between which counts they lie, from each one's chance, known by `draws` draws.

    Half a customer is added on both sides because counts are whole.
    """
    spread = float((chances * (1 - chances)).sum()) * draws / max(draws - 1, 1)
    sampled = float(((chances - chances.mean()) ** 2).sum()) * (scale - 1) * scale if len(chances) else 0.0
    error = z * np.sqrt(spread * scale * (1 + scale / draws) + sampled) + 0.5
    expected = scale * float(chances.sum())
    return expected, max(expected - error, 0.0), expected + error
