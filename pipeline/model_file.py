"""A finished model as a file: everything that puts other customers into its segments, and nothing of its customers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.clustering import drift
from pipeline.clustering.labels import label_column
from pipeline.clustering.methods import METHODS
from pipeline.clustering.preparation import RFM
from pipeline.clustering.scales import Scales
from pipeline.errors import SettingError
from pipeline.output import versions, whole_file
from pipeline.recipe import SECTIONS, Recipe

if TYPE_CHECKING:
    from pipeline.results import Segmentation

KIND, VERSION = "segment-studio-model", 2


def model(segmentation: Segmentation) -> dict[str, Any]:
    """Everything that puts other customers into the segments of finished results, for JSON."""
    customers, facts = segmentation.customers(), segmentation.facts("clusters")
    models = segmentation.table("clusters", "models")
    clusterings = {}
    for row in models.to_dict("records"):
        k = None if row["k"] is None or row["k"] != row["k"] else int(row["k"])
        labels = segmentation.labels(row["method"], k)
        named = segmentation.named(row["method"], k)
        shares = labels.value_counts(normalize=True)
        clusterings[label_column(row["method"], k)] = {
            "method": row["method"],
            "k": k,
            "model": json.loads(row["model"]),
            "names": {number: each.name for number, each in named.items()},
            "shares": {int(str(number)): float(share) for number, share in shares.items()},
        }
    return {
        "kind": KIND,
        "version": VERSION,
        "recipe": segmentation.recipe.to_json(),
        "preparation": facts["preparation"],
        "clusterings": clusterings,
        "reference": {name: drift.reference(customers[name].to_numpy(dtype=np.float64)) for name in RFM},
        "customers": len(customers),
        "span": segmentation.facts("cleaning")["span"],
        "versions": versions(),
    }


def write_model(segmentation: Segmentation, target: Path) -> None:
    """Write the model of finished results as JSON, whole or not at all."""
    with whole_file(target) as unfinished:
        unfinished.write_text(written(segmentation), encoding="utf-8")


def written(segmentation: Segmentation) -> str:
    """The model of finished results as the text of its file."""
    return json.dumps(model(segmentation), ensure_ascii=False) + "\n"


def read_model(path: Path) -> dict[str, Any]:
    """A model as `write_model` wrote it.

    Raises
    ------
    SettingError
        If there is no such file, or it is not a model of this version.
    """
    if not path.is_file():
        raise SettingError(f"There is no model {path}; `segment --model {path.name}` writes one.")
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as reason:
        raise SettingError(f"{path} is not a model, because it is not JSON: {reason}.") from None
    if not isinstance(found, dict) or found.get("kind") != KIND:
        raise SettingError(f"{path} is not a model of Segment Studio; `segment --model FILE` writes one.")
    if found.get("version") != VERSION:
        raise SettingError(
            f"{path} is a model of version {found.get('version')}, but this is a program for version {VERSION}; "
            "make the model again with it."
        )
    _check_whole(found, path)
    return found


def _check_whole(found: Mapping[str, Any], path: Path) -> None:
    """Raise `SettingError` where a part that scoring reads is missing or of another shape."""
    for part, is_whole in _WHOLE.items():
        try:
            whole = is_whole(found[part])
        except (KeyError, TypeError, AttributeError):
            whole = False
        if not whole:
            raise SettingError(
                f"{path} is a damaged model: its {part} is missing or not whole; make it again with `segment --model`."
            )


_CLUSTERING = frozenset({"method", "k", "model", "names", "shares"})
_WHOLE: Mapping[str, Callable[[Any], bool]] = {
    "recipe": lambda part: set(SECTIONS) <= set(part),
    "preparation": lambda part: set(Scales.__annotations__) <= set(part),
    "clusterings": lambda part: bool(part) and all(set(own) >= _CLUSTERING for own in part.values()),
    "reference": lambda part: all({"edges", "shares"} <= set(part[name]) for name in RFM),
    "customers": lambda part: isinstance(part, int),
    "span": lambda part: {"first", "last"} <= set(part),
}
"""What each part of a model must hold to be read at all; the values are the business of whoever reads them."""


def recipe_of(known: Mapping[str, Any]) -> Recipe:
    """The recipe that a model was made with: later files are read and cleaned by it too."""
    return Recipe.from_json(known["recipe"])


def wanted_columns(known: Mapping[str, Any], method: str | None, k: int | None) -> list[str]:
    """The clusterings of a model that are asked for: of all methods where none is named, at the k asked for.

    Raises
    ------
    SettingError
        If the model has no such clustering.
    """
    usual = known["recipe"]["clusters"]["n_clusters"] if k is None else k
    wanted = [method] if method else list(METHODS)
    unknown = next((name for name in wanted if name not in METHODS), None)
    if unknown is not None:
        raise SettingError(f"There is no method {unknown!r}; the methods are: {', '.join(METHODS)}.")
    columns = [label_column(name, usual if METHODS[name].TAKES_K else None) for name in wanted]
    lost = next((column for column in columns if column not in known["clusterings"]), None)
    if lost is not None:
        there = ", ".join(known["clusterings"])
        raise SettingError(f"The model has no segments {lost}; it has: {there}.")
    return columns
