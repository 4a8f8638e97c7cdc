"""The data directory: which data sets and recipes there are, and where their results live.

A browser holds ids only. Every id that comes from one is checked here before it becomes part of a path.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import flask

from pipeline import segmentation
from pipeline.errors import PipelineError
from pipeline.recipe import RECIPES, Recipe
from pipeline.results import Segmentation
from pipeline.store import Store, file_digest

DEFAULT_RECIPE = "balanced"
IDENTIFIER = re.compile(r"[0-9a-f]{8,64}")
SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")
VARIABLE = "DATA_DIR"
SETTING = "WORKSPACE"


@dataclass(frozen=True)
class Dataset:
    """A file that was uploaded.

    Attributes
    ----------
    id : the first 24 hex digits of `digest`.
    name : the file's name where it came from.
    bytes : its size.
    digest : the SHA-256 of its contents, in hex.
    added : when it arrived, ISO 8601, UTC.
    source : where it lies now.
    """

    id: str
    name: str
    bytes: int
    digest: str
    added: str
    source: Path


class Workspace:
    """One data directory. Several processes may use the same one: every write is a rename.

    Parameters
    ----------
    directory : made if missing.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.raw, self.recipes, self.incoming = directory / "raw", directory / "recipes", directory / "incoming"
        for folder in (self.raw, self.recipes, self.incoming):
            folder.mkdir(parents=True, exist_ok=True)

    @cached_property
    def store(self) -> Store:
        """Where results are kept."""
        return Store(self.directory / "cache")

    def datasets(self) -> list[Dataset]:
        """Every data set, the newest first."""
        found = [self._read(folder) for folder in self.raw.iterdir() if (folder / "dataset.json").is_file()]
        return sorted(found, key=lambda dataset: dataset.added, reverse=True)

    def dataset(self, id: str) -> Dataset:
        """The data set of this id.

        Raises
        ------
        PipelineError
            If there is none: the address is mistyped, or the file was removed from the data directory.
        """
        folder = self.raw / _checked(id, "data set")
        if not (folder / "dataset.json").is_file():
            raise PipelineError(
                f"There is no data set {id} here; choose one on the Data page or upload the file again."
            )
        return self._read(folder)

    def adopt(self, arrived: Path, name: str, digest: str | None = None) -> Dataset:
        """Take a file that has arrived as a whole into the data directory; the same contents are kept once.

        Contents that are here already take the name and the date of this arrival: that is what the person looks for.

        Parameters
        ----------
        arrived : the file, on the same disk; it is moved.
        name : what the person calls it.
        digest : its SHA-256 in hex, where it is known already.
        """
        digest = digest or file_digest(arrived)
        folder = self.raw / digest[:24]
        if (folder / "dataset.json").is_file():
            arrived.unlink()
            return self._renamed(folder, name)
        suffix = Path(name).suffix
        source = f"source{suffix if SUFFIX.fullmatch(suffix) else ''}"
        facts = {"name": name, "bytes": arrived.stat().st_size, "digest": digest, "added": _now(), "source": source}
        with tempfile.TemporaryDirectory(dir=self.incoming) as nest:
            made = Path(nest) / "dataset"
            made.mkdir()
            shutil.move(arrived, made / source)
            (made / "dataset.json").write_text(json.dumps(facts, ensure_ascii=False, indent=2), encoding="utf-8")
            _move_unless_there(made, folder)
        return self._read(folder)

    def forget(self, id: str) -> None:
        """Remove a file from the data directory; results computed from it grow old in the store by themselves."""
        folder = self.dataset(id).source.parent
        with tempfile.TemporaryDirectory(dir=self.incoming) as nest:
            folder.rename(Path(nest) / "forgotten")

    def recipe(self, id: str | None) -> Recipe:
        """The recipe of this id, or the default one.

        Raises
        ------
        PipelineError
            If there is none of this id, or it cannot be read any more.
        """
        if id is None:
            return RECIPES[DEFAULT_RECIPE]
        for named in RECIPES.values():
            if named.digest() == id:
                return named
        kept = self.recipes / f"{_checked(id, 'recipe')}.json"
        if not kept.is_file():
            raise PipelineError(f"There is no recipe {id} here; choose one on the Model page.")
        return Recipe.from_json(json.loads(kept.read_text(encoding="utf-8")))

    def keep_recipe(self, recipe: Recipe) -> str:
        """Keep a recipe for later addresses; its id."""
        id = recipe.digest()
        write_whole(self.recipes / f"{id}.json", json.dumps(recipe.to_json(), ensure_ascii=False, indent=2))
        return id

    def find(self, data: str, recipe: str | None, until: str = "clusters") -> Segmentation | None:
        """The finished results of this data set and recipe, or `None`; looks only, never computes.

        Raises
        ------
        PipelineError
            If the data set or the recipe is not known.
        """
        return segmentation.find(self.dataset(data).digest, self.recipe(recipe), self.store, until=until)

    def _renamed(self, folder: Path, name: str) -> Dataset:
        facts = json.loads((folder / "dataset.json").read_text(encoding="utf-8")) | {"name": name, "added": _now()}
        write_whole(folder / "dataset.json", json.dumps(facts, ensure_ascii=False, indent=2))
        return self._read(folder)

    def _read(self, folder: Path) -> Dataset:
        facts: dict[str, Any] = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))
        return Dataset(**{**facts, "id": folder.name, "source": folder / facts["source"]})


def current() -> Workspace:
    """The data directory of the running app, or in a job the one that its environment names."""
    if flask.has_app_context():
        serving: Workspace = flask.current_app.config[SETTING]
        return serving
    return Workspace(Path(os.environ[VARIABLE]))


def write_whole(path: Path, contents: str) -> None:
    """Write a file so that a reader sees the old contents or the new, never a part."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as stream:
        stream.write(contents)
    Path(stream.name).replace(path)


def _checked(id: str, what: str) -> str:
    if not IDENTIFIER.fullmatch(str(id)):
        raise PipelineError(f"This address names no {what}: an id has 8 to 64 digits 0-9 and letters a-f.")
    return id


def _move_unless_there(made: Path, folder: Path) -> None:
    try:
        made.rename(folder)
    except OSError:
        if not (folder / "dataset.json").is_file():
            raise


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
