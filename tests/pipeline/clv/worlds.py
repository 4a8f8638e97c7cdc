"""Shops whose customers follow BG/NBD and Gamma-Gamma, and shops that break what a forecast relies on."""

import numpy as np
import pandas as pd

from pipeline import engine

TRUTH = {"r": 0.8, "alpha": 50.0, "a": 0.6, "b": 3.0}
FIRST_DAY = pd.Timestamp("2023-01-02")


def lines(customers=3000, days=540, seed=0, rhythm=1.0, pace=None, forgetful_from=None, truth=TRUTH):
    """Cleaned lines (CustomerID, InvoiceDate, TotalPrice) of a shop, two lines an order, at any hour.

    Customers arrive evenly. `rhythm` is the shape of the gaps between orders, 1 being chance; `pace` is how
    fast time runs on each day, 1 if not given; from the day `forgetful_from` on every order is anybody's.
    """
    random = np.random.default_rng(seed)
    elapsed = np.append(0.0, np.cumsum(np.ones(days) if pace is None else pace))
    who, when = _orders(random, customers, elapsed[-1], rhythm, truth)
    when = np.interp(when, elapsed, np.arange(days + 1))
    if forgetful_from is not None:
        late = when >= forgetful_from
        who[late] = random.integers(0, customers, late.sum())
    nu = random.gamma(6.0, 1 / 250.0, customers)
    table = pd.DataFrame(
        {
            "CustomerID": [f"{number:05}" for number in who],
            "InvoiceDate": (FIRST_DAY + pd.to_timedelta(when, unit="D")).floor("min"),
            "TotalPrice": random.gamma(5.0, 1 / nu[who]).round(2) + 0.01,
        }
    )
    second = table.assign(TotalPrice=(table["TotalPrice"] / 3).round(2) + 0.01)
    return pd.concat([table, second], ignore_index=True).sample(frac=1, random_state=seed, ignore_index=True)


def written(table, folder):
    """The Parquet file of some lines."""
    engine.write_parquet(table, folder / "lines.parquet")
    return folder / "lines.parquet"


def _orders(random, customers, days, rhythm, truth):
    arrival = random.uniform(0, days, customers)
    rate = random.gamma(truth["r"], 1 / truth["alpha"], customers)
    leaving = random.beta(truth["a"], truth["b"], customers)
    people, times = [np.arange(customers)], [arrival]
    active, clock = people[0], arrival
    while len(active):
        clock = clock + random.gamma(rhythm, 1 / (rhythm * rate[active]))
        active, clock = active[clock < days], clock[clock < days]
        people.append(active)
        times.append(clock)
        stay = random.random(len(active)) >= leaving[active]
        active, clock = active[stay], clock[stay]
    return np.concatenate(people), np.concatenate(times)
