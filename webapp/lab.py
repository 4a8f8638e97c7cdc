"""Preparations compared for a data set, looked up or worked out in a job: each kept by itself, under what made it.

So taking one of them over as the recipe's own computes none of the others again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipeline import segmentation
from pipeline.clustering.kmeans import KMeans
from pipeline.clustering.preparation import Preparation
from pipeline.clustering.sweep import Clusters
from pipeline.features.product_mix import ProductMix
from pipeline.profiles.preparations import DRAWS, Offered, compared_with
from pipeline.recipe import Recipe
from pipeline.store import code_digest, digest
from webapp.workspace import Workspace

STAGE = "preparations"
TITLE = "Comparing preparations"


@dataclass(frozen=True)
class Judged:
    """One preparation and what comes of it: the records of `pipeline.profiles.preparations.judged`, by k."""

    offered: Offered
    by_k: dict[int, dict[str, Any]]


def find(here: Workspace, data: str, recipe: str | None) -> dict[str, Judged] | None:
    """The preparations that are compared, by name, the one in use first; None until all are there."""
    keys = _keys(here, data, recipe)
    if not all(here.store.has(key) for _, key in keys.values()):
        return None
    records = {name: here.store.facts(key)["records"] for name, (_, key) in keys.items()}
    return {name: Judged(offered, {row["k"]: row for row in records[name]}) for name, (offered, _) in keys.items()}


def make(here: Workspace, data: str, recipe: str | None, report: Callable[[float, str], None]) -> None:
    """Judge the preparations that have not been judged, and keep what comes of each."""
    from pipeline.profiles.foretelling import later
    from pipeline.profiles.preparations import judged

    dataset, chosen = here.dataset(data), here.recipe(recipe)
    report(0.0, "Looking at customers as they stood six months before the end")
    done = segmentation.run(dataset.files, chosen, here.store, source_digest=dataset.digest, until="features")
    customers = done.customers()
    after = later(here.store.path(done.keys["cleaning"], "transactions"), chosen.step(ProductMix))
    keys = _keys(here, data, recipe)
    missing = {name: each for name, each in keys.items() if not here.store.has(each[1])}
    for place, (offered, key) in enumerate(missing.values()):

        def tell(share: float, place: int = place, offered: Offered = offered) -> None:
            report(
                0.05 + 0.95 * (place + share) / len(missing), f"{offered.title}: looking for segments, again and again"
            )

        clusters, method = chosen.step(Clusters), chosen.step(KMeans)
        records = judged(customers, after, offered.preparation, clusters, [method], DRAWS, tell)
        here.store.put(key, {}, {"records": records}, tag=dataset.digest)
    report(1.0, f"Compared {len(keys)} preparations")


def _keys(here: Workspace, data: str, recipe: str | None) -> dict[str, tuple[Offered, str]]:
    dataset, chosen = here.dataset(data), here.recipe(recipe)
    made_of = _made_of(dataset.digest, chosen)
    return {
        name: (each, f"{STAGE}-{digest(made_of, each.preparation.to_json())}")
        for name, each in compared_with(chosen.step(Preparation)).items()
    }


def _made_of(source_digest: str, recipe: Recipe) -> list[Any]:
    """What decides on the figures of any preparation, beside its settings."""
    stages = segmentation.stage_keys(source_digest, recipe)
    settings = [recipe.step(Clusters).computed_settings(), recipe.step(KMeans).to_json()]
    return [stages["features"], *settings, DRAWS, code_digest()]
