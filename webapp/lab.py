"""Preparations compared for a data set by one method, looked up or worked out in a job: each kept by itself.

Each is kept under what made it, so that taking one over as the recipe's own computes none of the others again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from pipeline import notes, segmentation
from pipeline.clustering.methods import K_METHODS, METHODS
from pipeline.clustering.preparation import Preparation
from pipeline.clustering.stability import Stability
from pipeline.clustering.sweep import Clusters
from pipeline.features.product_mix import ProductMix
from pipeline.profiles.preparations import MOST_DRAWS, Offered, compared_with
from pipeline.recipe import Recipe
from pipeline.store import code_digest, digest
from webapp.workspace import Workspace


@dataclass(frozen=True)
class Judged:
    """One preparation and what comes of it: the records of `pipeline.profiles.preparations.judged`, by k."""

    offered: Offered
    by_k: dict[int, dict[str, Any]]


@dataclass(frozen=True)
class Lab:
    """The comparison by one method, asked for like a run that ends at `STAGE`."""

    method: str
    TITLE: ClassVar[str] = "Comparing preparations"

    @property
    def STAGE(self) -> str:  # noqa: N802
        """What a run ends at to compare by this method."""
        return f"preparations-{self.method}"

    def find(self, here: Workspace, data: str, recipe: str | None) -> dict[str, Judged] | None:
        """The preparations that are compared, by name, the one in use first; None until all are there."""
        keys = self._keys(here, data, recipe)
        if not all(here.store.has(key) for _, key in keys.values()):
            return None
        records = {name: notes.worded(here.store.facts(key)["records"]) for name, (_, key) in keys.items()}
        return {name: Judged(offered, {row["k"]: row for row in records[name]}) for name, (offered, _) in keys.items()}

    def make(self, here: Workspace, data: str, recipe: str | None, report: Callable[[float, str], None]) -> None:
        """Judge the preparations that have not been judged, and keep what comes of each."""
        from pipeline.profiles.foretelling import later
        from pipeline.profiles.preparations import judged

        dataset, chosen = here.dataset(data), here.recipe(recipe)
        report(0.0, "Looking at customers as they stood six months before the end")
        done = segmentation.run(dataset.files, chosen, here.store, source_digest=dataset.digest, until="features")
        customers = done.customers()
        after = later(here.store.path(done.keys["cleaning"], "transactions"), chosen.step(ProductMix))
        keys = self._keys(here, data, recipe)
        missing = {name: each for name, each in keys.items() if not here.store.has(each[1])}
        methods = [each for each in chosen.methods() if self.method == each.NAME]
        for place, (offered, key) in enumerate(missing.values()):

            def tell(share: float, place: int = place, offered: Offered = offered) -> None:
                told = f"{offered.title}: looking for segments, again and again"
                report(0.05 + 0.95 * (place + share) / len(missing), told)

            clusters = chosen.step(Clusters)
            with notes.written_later():
                records = judged(customers, after, offered.preparation, clusters, methods, draws(chosen), tell)
            here.store.put(key, {}, {"records": records}, tag=dataset.digest)
        report(1.0, f"Compared {len(keys)} preparations")

    def _keys(self, here: Workspace, data: str, recipe: str | None) -> dict[str, tuple[Offered, str]]:
        dataset, chosen = here.dataset(data), here.recipe(recipe)
        made_of = self._made_of(dataset.digest, chosen)
        return {
            name: (each, f"{self.STAGE}-{digest(made_of, each.preparation.to_json())}")
            for name, each in compared_with(chosen.step(Preparation)).items()
        }

    def _made_of(self, source_digest: str, recipe: Recipe) -> list[Any]:
        """What decides on the figures of any preparation, beside its settings."""
        stages = segmentation.stage_keys(source_digest, recipe)
        settings = [recipe.step(Clusters).computed_settings(), recipe.step(METHODS[self.method]).to_json()]
        return [stages["features"], *settings, draws(recipe), code_digest()]


def draws(recipe: Recipe) -> int:
    """How often customers are drawn anew for each preparation: as in the test of stability, up to a bound."""
    return min(recipe.step(Stability).draws, MOST_DRAWS)


LABS = {name: Lab(name) for name in K_METHODS}


def by(method: str) -> Lab:
    """The comparison by a method; by the first one where this method finds its own number of segments."""
    return LABS.get(method, LABS[K_METHODS[0]])
