"""The two recipes that come with the project give the segments that they gave when they were delivered."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.clustering.methods import METHODS
from pipeline.clustering.preparation import Preparation
from pipeline.clustering.scaling import prepared
from pipeline.recipe import RECIPES

AS_DELIVERED = Path(__file__).parent / "delivered_recipes.json"
K, SEED, SHOWN = 4, 42, 12
PEOPLE = ((20, 15, 6000.0), (35, 6, 1500.0), (90, 2, 300.0), (280, 1, 90.0))
"""Recency, Frequency and Monetary of the middle customer of each of four kinds, far apart on either scale."""


def _shop():
    """Thirty customers of each kind, around their middle one by fixed steps: the same on every machine."""
    rows = []
    for number in range(30 * len(PEOPLE)):
        kind, step = number % len(PEOPLE), (number // len(PEOPLE) * 7) % 30 - 15
        recency, frequency, spend = PEOPLE[kind]
        taste = number // len(PEOPLE) % 5
        shares = {
            name: 0.6 if place == taste else 0.1
            for place, name in enumerate(("Bags", "Kitchen", "HomeDecor", "Toys", "Other"))
        }
        rows.append(
            {
                "CustomerID": f"{number:04}",
                "Recency": recency + step // 3,
                "Frequency": frequency + step * frequency // 100,
                "Monetary": spend * (1 + step / 100),
                **{f"CatShare_{name}": share for name, share in shares.items()},
                "IsUK": int(step % 10 != 0),
            }
        )
    return pd.DataFrame(rows)


def _found(recipe):
    """What a recipe makes of the shop: columns, the first rows of its matrix, and the labels of every method."""
    ready = prepared(_shop(), recipe.step(Preparation))
    labels = {}
    for method in recipe.methods():
        own = method.clusterings(ready, [K], SEED, lambda k: None)[K if method.TAKES_K else None].labels
        labels[method.NAME] = own.tolist()
    return {"columns": list(ready.columns), "matrix": ready.matrix[:SHOWN].round(9).tolist(), "labels": labels}


@pytest.fixture(scope="module", params=RECIPES)
def both(request):
    """What a recipe gives now, and what it gave when it was delivered."""
    return _found(RECIPES[request.param]), json.loads(AS_DELIVERED.read_text())[request.param]


def test_a_delivered_recipe_prepares_customers_as_it_was_delivered(both):
    now, then = both
    assert now["columns"] == then["columns"]
    np.testing.assert_allclose(now["matrix"], then["matrix"], rtol=0, atol=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_a_delivered_recipe_finds_the_segments_it_was_delivered_with(both, method):
    from sklearn.metrics import adjusted_rand_score

    now, then = both
    assert adjusted_rand_score(then["labels"][method], now["labels"][method]) > 0.98
    assert len(set(then["labels"][method])) > 1
