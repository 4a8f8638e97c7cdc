"""Customers simulated from known parameters: the model's own story, told forwards."""

import numpy as np
import pandas as pd
import pytest

from pipeline.clv.beta_geometric import BetaGeometric
from pipeline.clv.bg_nbd import BgNbd
from pipeline.clv.mbg_nbd import MbgNbd

TRUTH = BgNbd(0.8, 60.0, 0.8, 2.5)


def _purchases(truth: BetaGeometric, T: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    rates = random.gamma(truth.r, 1 / truth.alpha, len(T))
    dropouts = random.beta(truth.a, truth.b, len(T))
    frequency, recency = np.zeros(len(T)), np.zeros(len(T))
    leaves_at_first = random.random(len(T)) < dropouts if isinstance(truth, MbgNbd) else np.zeros(len(T), dtype=bool)
    for place in np.flatnonzero(~leaves_at_first):
        now = random.exponential(1 / rates[place])
        while now < T[place]:
            frequency[place] += 1
            recency[place] = now
            if random.random() < dropouts[place]:
                break
            now += random.exponential(1 / rates[place])
    return frequency, recency


@pytest.fixture(scope="session")
def purchase_history():
    """A function: customers, seed and true parameters -> a purchase history table, times in days."""

    def simulated(customers=600, seed=0, truth=TRUTH):
        random = np.random.default_rng(seed)
        T = random.uniform(100, 400, customers)
        frequency, recency = _purchases(truth, T, random)
        nu = random.gamma(4.0, 1 / 150.0, customers)
        spend = random.gamma(6.0 * np.maximum(frequency, 1), 1 / (nu * np.maximum(frequency, 1)))
        first = random.gamma(6.0, 1 / nu)
        return pd.DataFrame(
            {
                "CustomerID": [f"{number:06}" for number in range(customers)],
                "frequency": frequency,
                "recency": recency,
                "T": T,
                "monetary_value": np.where(frequency > 0, spend, 0.0),
                "average_order": (spend * frequency + first) / (frequency + 1),
            }
        )

    return simulated
