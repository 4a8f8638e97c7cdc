"""Customers of a made-up shop: skewed spend, a few whales, a few abroad, shares that add up to 1."""

import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="session")
def shop_customers():
    """A function: number of customers, seed -> a customers table sorted by CustomerID."""

    def simulated(customers=400, seed=0):
        random = np.random.default_rng(seed)
        taste = random.choice(3, customers)
        shares = random.dirichlet([1.0, 1.0, 1.0, 0.3, 0.7], customers) * 0.3
        shares[np.arange(customers), taste] += 0.7
        frequency = 1 + random.poisson(random.gamma(0.5, 6.0, customers))
        shares = dict(zip(("Bags", "Kitchen", "HomeDecor", "Toys", "Other"), shares.T, strict=True))
        return pd.DataFrame(
            {
                "CustomerID": [f"{number:05}" for number in range(customers)],
                "Recency": random.integers(0, 373, customers),
                "Frequency": frequency,
                "Monetary": frequency * random.lognormal(5, 1, customers),
                **{f"CatShare_{name}": share for name, share in shares.items()},
                "PrimaryCountry": "United Kingdom",
                "IsUK": (random.random(customers) < 0.9).astype(int),
            }
        )

    return simulated
