"""One side's work on purchase histories, measured inside a process that has loaded everything.

    python -m benchmarks.value_child reference|ours HISTORIES.npz RESULTS.npz

Both fit BG/NBD and Gamma-Gamma, and give every customer the expected orders and the discounted value of six months (of
30 days each, as lifetimes has them) and the chance of an order within 30, 90 and 182 days. A small file goes first, so
that imports and first calls are left out of the seconds.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.clv.histories import Histories
from pipeline.measurement import Measurement

Columns = dict[str, Any]
DAYS = (30, 90, 182)
MONTHS, MONTH_DAYS, RATE = 6, 30, 0.01
WARM_UP = 500


def reference(histories: Histories) -> Columns:
    """By lifetimes, the way its documentation does it."""
    import pandas as pd
    from lifetimes import BetaGeoFitter, GammaGammaFitter

    x, t_x, T, m = (pd.Series(column) for column in histories[:4])
    purchases = BetaGeoFitter().fit(x, t_x, T, tol=1e-6)
    spend = GammaGammaFitter().fit(x[x > 0], m[x > 0], tol=1e-6)
    alive = purchases.conditional_probability_alive(x, t_x, T)
    r, alpha = purchases.params_[["r", "alpha"]]
    columns = {
        "CLV_6m": spend.customer_lifetime_value(purchases, x, t_x, T, m, time=MONTHS, discount_rate=RATE, freq="D"),
        "ExpectedOrders_6m": purchases.predict(MONTHS * MONTH_DAYS, x, t_x, T),
        **{f"ChanceToBuy_{days}d": alive * (1 - ((alpha + T) / (alpha + T + days)) ** (r + x)) for days in DAYS},
    }
    parameters = [*purchases.params_, *spend.params_]
    return {name: np.asarray(column) for name, column in columns.items()} | {"parameters": np.array(parameters)}


def ours(histories: Histories) -> Columns:
    """By the pipeline."""
    from pipeline.clv.customer_forecast import customer_values
    from pipeline.clv.expectations import chance_to_buy
    from pipeline.clv.forecast import fitted

    models = fitted(histories, "fast", "bg_nbd")
    return {
        **customer_values(models, histories, RATE, [MONTHS], MONTH_DAYS),
        **{f"ChanceToBuy_{days}d": chance_to_buy(models.purchases, histories, days) for days in DAYS},
        "parameters": np.array([*models.purchases, *models.spend]),
    }


def beyond(histories: Histories, columns: Columns) -> Columns:
    """What only the pipeline gives: ranges of spend and dates of the next order."""
    import datetime

    from pipeline.clv.bg_nbd import BgNbd
    from pipeline.clv.forecast import Models
    from pipeline.clv.gamma_gamma import GammaGamma
    from pipeline.clv.next_order import next_order_dates
    from pipeline.clv.spend_range import spend_range

    models = Models(BgNbd(*columns["parameters"][:4]), GammaGamma(*columns["parameters"][4:]))
    low, high = spend_range(models, histories, 182.625)
    today = datetime.date(2011, 12, 9)
    dates = [next_order_dates(models.purchases, histories, today, chance) for chance in (0.25, 0.5, 0.75)]
    return {"Spend_6m_Low": low, "Spend_6m_High": high, "NextOrder": dates}


def measured(work: Callable[[], Columns]) -> tuple[Columns, dict[str, float]]:
    """What the work gives, and its cost; memory is what the process held at most."""
    with Measurement() as measurement:
        found = work()
    return found, measurement.to_json()


def main(who: str, source: str, target: str) -> None:
    with np.load(source) as kept:
        histories = Histories(*(kept[name] for name in Histories._fields))
    few = Histories(*(column[:WARM_UP] for column in histories))
    side = {"reference": reference, "ours": ours}[who]
    side(few)
    columns, cost = measured(lambda: side(histories))
    costs = {"value": cost}
    if who == "ours":
        beyond(few, columns)
        _, costs["beyond"] = measured(lambda: beyond(histories, columns))
    np.savez(target, **columns)
    Path(target).with_suffix(".json").write_text(json.dumps(costs))


if __name__ == "__main__":
    main(*sys.argv[1:])
