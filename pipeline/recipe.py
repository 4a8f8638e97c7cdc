"""Every setting of one run: to and from JSON, and the two recipes that come with the project."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar, cast

from pipeline.cleaning.settings import Cleaning
from pipeline.clustering.gaussian_mixture import GaussianMixture
from pipeline.clustering.kmeans import KMeans
from pipeline.clustering.methods import METHODS, Method
from pipeline.clustering.preparation import Preparation
from pipeline.clustering.stability import Stability
from pipeline.clustering.sweep import Clusters
from pipeline.clv.backtest import Backtest
from pipeline.clv.lifetime_value import LifetimeValue
from pipeline.errors import SettingError
from pipeline.features.product_mix import ProductMix
from pipeline.parameters import Step, Value
from pipeline.profiles.names import Names
from pipeline.profiles.playbook import Playbook
from pipeline.reading.settings import Reading
from pipeline.store import digest

_STEPS = (
    *(Reading, Cleaning, ProductMix, LifetimeValue, Backtest, Preparation, Clusters),
    *METHODS.values(),
    Stability,
    Names,
    Playbook,
)
SECTIONS: dict[str, type[Step]] = {step.NAME: step for step in _STEPS}
S = TypeVar("S", bound=Step)


@dataclass(frozen=True)
class Recipe:
    """One step of each section, in the order of `SECTIONS`, under a name for people."""

    name: str
    steps: tuple[Step, ...]

    def step(self, kind: type[S]) -> S:
        """The settings of one section, asked for by its class: `recipe.step(Clusters).seed`."""
        return next(step for step in self.steps if isinstance(step, kind))

    def methods(self) -> list[Method]:
        """The clustering methods with their settings, in the order of `METHODS`."""
        return [cast(Method, step) for step in self.steps if type(step) in METHODS.values()]

    def to_json(self) -> dict[str, Any]:
        """The name and every setting of every section."""
        return {"name": self.name} | {step.NAME: step.to_json() for step in self.steps}

    def digest(self) -> str:
        """The recipe's id: equal settings, equal id, whatever the name."""
        return digest([[step.NAME, step.to_json()] for step in self.steps])

    def with_settings(self, changes: Mapping[str, Mapping[str, Value]], name: str | None = None) -> Recipe:
        """A copy with some settings changed, given as section -> setting -> value.

        Raises
        ------
        SettingError
            If a section or setting is unknown, or a value is not allowed.
        """
        _check_sections(changes)
        steps = tuple(step.with_settings(**changes.get(step.NAME, {})) for step in self.steps)
        return Recipe(name or self.name, steps)

    def named(self) -> Recipe:
        """The same settings under the name they deserve: that of a delivered recipe, else `changed`.

        What only picks among finished results makes no other recipe of it: names and actions of segments, or k.
        """
        same = next((recipe.name for recipe in RECIPES.values() if recipe.computes_like(self)), None)
        own = "changed" if self.name in RECIPES else self.name
        return Recipe(same or own, self.steps)

    def computes_like(self, other: Recipe) -> bool:
        """Whether both give the same results: the settings that these depend on are equal."""
        return all(
            one.computed_settings() == another.computed_settings()
            for one, another in zip(self.steps, other.steps, strict=True)
        )

    @classmethod
    def from_json(cls, written: object) -> Self:
        """The recipe as `to_json` wrote it; sections and settings left out take those of `balanced`.

        Raises
        ------
        SettingError
            If it is not an object, its name is no text, it has no section, or a section, setting or value is not
            allowed.
        """
        if not isinstance(written, Mapping):
            raise SettingError(f"A recipe must be an object of sections, not {str(written)[:60]}.")
        name = written.get("name", "changed")
        if not isinstance(name, str):
            raise SettingError(f"The name of a recipe (name) must be text, not {name!r}.")
        sections = {name: settings for name, settings in written.items() if name != "name"}
        _check_sections(sections)
        if not sections:
            raise SettingError("A recipe has sections such as reading, cleaning or clusters, and this one has none.")
        steps = tuple(step.from_json(sections.get(name, {})) for name, step in SECTIONS.items())
        return cls(name, steps)


def load_recipe(name_or_file: str) -> Recipe:
    """A delivered recipe by its name, or any recipe from a JSON file.

    Raises
    ------
    SettingError
        If there is no such recipe or file, or the file is not a recipe.
    """
    if name_or_file in RECIPES:
        return RECIPES[name_or_file]
    path = Path(name_or_file)
    if not path.is_file():
        raise SettingError(f"There is no recipe {name_or_file!r}: it is {' or '.join(RECIPES)}, or a JSON file.")
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as reason:
        raise SettingError(f"{name_or_file} is not a recipe, because it is not JSON: {reason}.") from None
    return Recipe.from_json(written)


def _check_sections(sections: Mapping[str, object]) -> None:
    for name in sections:
        if name not in SECTIONS:
            raise SettingError(f"A recipe has no section {name!r}; its sections are: {', '.join(SECTIONS)}.")


BALANCED = Recipe("balanced", tuple(step() for step in SECTIONS.values()))
CLASSIC = BALANCED.with_settings(
    {
        Preparation.NAME: {"scaling": "standard", "rfm_weight": 1.0, "country_weight": 1.0, "product_mix_weight": 1.0},
        KMeans.NAME: {"n_init": 10},
        GaussianMixture.NAME: {"covariance_type": "full"},
    },
    name="classic",
)
RECIPES = {recipe.name: recipe for recipe in (BALANCED, CLASSIC)}
