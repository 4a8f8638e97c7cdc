"""The data directory: which data sets and recipes there are, and where their results live.

A browser holds ids only. Every id that comes from one is checked here before it becomes part of a path.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import flask

from pipeline import redis_link, segmentation
from pipeline.errors import PipelineError
from pipeline.recipe import RECIPES, Recipe
from pipeline.results import Segmentation
from pipeline.stages import RESULTS
from pipeline.store import Store, file_digest
from webapp import disk
from webapp.disk import Usage
from webapp.sources import Dataset, Source, in_order, joint_name, kept_in

DEFAULT_RECIPE = "balanced"
IDENTIFIER = re.compile(r"[0-9a-f]{8,64}")
SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")
FACTS, OPENED = "dataset.json", "opened.json"
NAME_LENGTH = 200
VARIABLE, LIMIT_VARIABLE = "DATA_DIR", "DISK_LIMIT_BYTES"
SETTING = "WORKSPACE"


class Workspace:
    """One data directory. Several processes may use the same one: every write is a rename.

    Parameters
    ----------
    directory : made if missing.
    disk_limit : the bytes that uploads and results may take together.
    redis_url : of the Redis where the index of results is, if several machines share the directory.
    patience_seconds : how long to try again while that Redis is away.
    """

    def __init__(
        self,
        directory: Path,
        disk_limit: int = disk.DEFAULT_LIMIT_BYTES,
        redis_url: str = "",
        patience_seconds: float = 0.0,
    ) -> None:
        self.directory, self.disk_limit = directory, disk_limit
        self.redis_url, self.patience_seconds = redis_url, patience_seconds
        self.raw, self.recipes, self.incoming = directory / "raw", directory / "recipes", directory / "incoming"
        for folder in (self.raw, self.recipes, self.incoming):
            folder.mkdir(parents=True, exist_ok=True)

    @cached_property
    def store(self) -> Store:
        """Where results are kept."""
        limit = disk.room_for_results(self.disk_limit, self.uploads())
        if not self.redis_url:
            return Store(self.directory / "cache", limit)
        from pipeline.redis_shelf import RedisShelf

        shared = self.directory / "results"
        shared.mkdir(mode=0o700, exist_ok=True)
        return Store(shared, limit, RedisShelf(shared, limit, self.redis_url, self.patience_seconds))

    def uploads(self) -> int:
        """The bytes that uploads take, whole or on their way."""
        return disk.taken_by(self.raw, self.incoming)

    def usage(self) -> Usage:
        """What is used of the disk."""
        return Usage(self.uploads(), self.store.volume(), self.disk_limit)

    def datasets(self) -> list[Dataset]:
        """Every data set, the newest first."""
        found = [self._read(folder) for folder in self.raw.iterdir() if (folder / FACTS).is_file()]
        return sorted(found, key=lambda dataset: dataset.added, reverse=True)

    def dataset(self, id: str) -> Dataset:
        """The data set of this id.

        Raises
        ------
        PipelineError
            If there is none: the address is mistyped, or the file was removed from the data directory.
        """
        folder = self.raw / _checked(id, "data set")
        if not (folder / FACTS).is_file():
            raise PipelineError(
                f"There is no data set {id} here; choose one on the Data page or upload the file again."
            )
        return self._read(folder)

    def adopt(self, arrived: Path, name: str, digest: str | None = None) -> Dataset:
        """Take a file that has arrived as a whole into the data directory; see `take_in`.

        Parameters
        ----------
        arrived : the file; it is moved.
        name : what the person calls it.
        digest : its SHA-256 in hex, where it is known already.
        """
        return self.take_in([Source(name, arrived.stat().st_size, digest or file_digest(arrived), arrived)])

    def take_in(self, arrivals: Sequence[Source], onto: Dataset | None = None) -> Dataset:
        """Make a data set of files that have arrived; the same contents are kept once.

        Contents that are here already take the name and the date of this arrival: that is what the person looks for.

        Parameters
        ----------
        arrivals : the files; they are moved.
        onto : a data set whose files are part of the new one too; it stays, and no byte of it is copied.
        """
        sources = {source.digest: source for source in [*(onto.sources if onto else ()), *arrivals]}
        files = in_order(list(sources.values()))
        folder = self.raw / segmentation.identity(list(sources))[:24]
        named = Dataset(folder.name, joint_name([source.name for source in files]), _now(), files)
        if (folder / FACTS).is_file():
            self._named_again(folder, named)
        else:
            self._laid_down(folder, named)
        for arrival in arrivals:
            arrival.path.unlink(missing_ok=True)
        self.store.resize(disk.room_for_results(self.disk_limit, self.uploads()))
        return self._read(folder)

    def rename(self, id: str, name: str) -> Dataset:
        """Call a data set by another name; its files keep theirs.

        Raises
        ------
        PipelineError
            If there is no such data set, or the name is empty.
        """
        dataset, short = self.dataset(id), " ".join(name.split())[:NAME_LENGTH]
        if not short:
            raise PipelineError(f"{dataset.name} needs a name with at least one letter or digit.")
        self._write(dataset.folder, replace(dataset, name=short))
        return self._read(dataset.folder)

    def opened(self, dataset: Dataset, recipe: str | None) -> None:
        """Remember that a person looks at a data set now, and under which recipe."""
        write_whole(dataset.folder / OPENED, json.dumps({"at": _now(), "recipe": recipe}))

    def last_opened(self, dataset: Dataset) -> tuple[str | None, str | None]:
        """When a data set was looked at last, ISO 8601, UTC, and under which recipe."""
        kept = dataset.folder / OPENED
        facts = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
        return facts.get("at"), facts.get("recipe")

    def forget(self, id: str) -> None:
        """Remove a data set and every result that was computed from it; recipes stay."""
        dataset = self.dataset(id)
        with tempfile.TemporaryDirectory(dir=self.incoming) as nest:
            dataset.folder.rename(Path(nest) / "forgotten")
        self.store.forget(dataset.digest)
        self.store.resize(disk.room_for_results(self.disk_limit, self.uploads()))

    def frees(self, dataset: Dataset) -> int:
        """The bytes that forgetting a data set frees."""
        return disk.freed_without(dataset.folder) + self.store.volume(dataset.digest)

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

    def find(self, data: str, recipe: str | None, until: str = RESULTS) -> Segmentation | None:
        """The finished results of this data set and recipe, or `None`; looks only, never computes.

        Raises
        ------
        PipelineError
            If the data set or the recipe is not known.
        """
        return segmentation.find(self.dataset(data).digest, self.recipe(recipe), self.store, until=until)

    def _named_again(self, folder: Path, arrived: Dataset) -> None:
        """The names of an arrival for files that are here."""
        names = {source.digest: source.name for source in arrived.sources}
        sources = [replace(source, name=names[source.digest]) for source in self._read(folder).sources]
        self._write(folder, replace(arrived, sources=tuple(sources)))

    def _laid_down(self, folder: Path, arrived: Dataset) -> None:
        with tempfile.TemporaryDirectory(dir=self.incoming) as nest:
            made = Path(nest) / "dataset"
            made.mkdir()
            sources = [
                replace(source, path=_placed(source.path, made / _plain_name(source.name, position)))
                for position, source in enumerate(arrived.sources)
            ]
            self._write(made, replace(arrived, sources=tuple(sources)))
            _move_unless_there(made, folder)

    def _write(self, folder: Path, dataset: Dataset) -> None:
        write_whole(folder / FACTS, json.dumps(dataset.to_json(), ensure_ascii=False, indent=2))

    def _read(self, folder: Path) -> Dataset:
        return kept_in(folder, json.loads((folder / FACTS).read_text(encoding="utf-8")))


def current() -> Workspace:
    """The data directory of the running app, or in a job the one that its environment names."""
    if flask.has_app_context():
        serving: Workspace = flask.current_app.config[SETTING]
        return serving
    limit = int(os.environ.get(LIMIT_VARIABLE, disk.DEFAULT_LIMIT_BYTES))
    shared = os.environ.get(redis_link.VARIABLE, "")
    return Workspace(Path(os.environ[VARIABLE]), limit, shared, redis_link.PATIENCE_SECONDS)


def write_whole(path: Path, contents: str) -> None:
    """Write a file so that a reader sees the old contents or the new, never a part."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as stream:
        stream.write(contents)
    Path(stream.name).replace(path)


def _checked(id: str, what: str) -> str:
    if not IDENTIFIER.fullmatch(str(id)):
        raise PipelineError(f"This address names no {what}: an id has 8 to 64 digits 0-9 and letters a-f.")
    return id


def _plain_name(name: str, position: int) -> str:
    """What a file is called here: nothing of its sender's name but a harmless ending."""
    suffix = Path(name).suffix
    return f"source{f'-{position + 1}' if position else ''}{suffix if SUFFIX.fullmatch(suffix) else ''}"


def _placed(source: Path, target: Path) -> Path:
    """The same file at another place too; a copy where the file system knows no hard links."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)
    return target


def _move_unless_there(made: Path, folder: Path) -> None:
    try:
        made.rename(folder)
    except OSError:
        if not (folder / FACTS).is_file():
            raise


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
