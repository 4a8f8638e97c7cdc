"""Results on disk, under the digest of what made them, so that the same question is never computed twice.

A result is some tables (Parquet) and some facts (JSON). Nothing is pickled: a store that others can write to cannot run
code here. The facts are written last, so a result is either there as a whole or not at all.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import engine
from pipeline.errors import PipelineError
from pipeline.shelf import DiskShelf, Shelf

if TYPE_CHECKING:
    import pandas as pd

SIZE_LIMIT_BYTES = 20 * 2**30
Facts = dict[str, Any]


def digest(*parts: object) -> str:
    """A short name for these parts (text, numbers, lists, dicts): equal parts, equal name, in any process."""
    canonical = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:24]


def file_digest(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@functools.cache
def code_digest() -> str:
    """The digest of every file of this package: changed code never meets old results."""
    package = Path(__file__).parent
    sources = sorted(path for path in package.rglob("*") if path.suffix in {".py", ".txt", ".json"})
    return digest([[path.relative_to(package).as_posix(), file_digest(path)] for path in sources])


class Store:
    """Results under their keys, that several processes may share.

    Parameters
    ----------
    directory : made if missing, readable by its owner only.
    size_limit_bytes : above it, the results least recently used are dropped.
    shelf : what keeps them; by default the directory itself with an index that serves the processes of one machine.
    """

    def __init__(self, directory: Path, size_limit_bytes: int = SIZE_LIMIT_BYTES, shelf: Shelf | None = None) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.directory = directory
        self._shelf = shelf or DiskShelf(directory, size_limit_bytes)

    def has(self, key: str) -> bool:
        """Whether the whole result is there: its facts, and every table that it had when it was put."""
        kept = self._kept(key)
        return kept is not None and all(self._shelf.holds(f"{key}/{table}") for table in kept["tables"])

    def facts(self, key: str) -> Facts:
        """The facts of a result. Raises `PipelineError` when it is not kept (any more)."""
        kept = self._kept(key)
        if kept is None:
            raise PipelineError(f"The result {key} is not kept any more; run it again.")
        facts: Facts = kept["facts"]
        return facts

    def path(self, key: str, table: str) -> Path:
        """The Parquet file of a table, or the folder of its parts, for reading only.

        Raises `PipelineError` when it is not kept (any more).
        """
        found = self._shelf.file(f"{key}/{table}")
        if found is None:
            raise PipelineError(f"The table {table} of the result {key} is not kept any more; run it again.")
        return found

    def table(self, key: str, table: str) -> pd.DataFrame:
        """A table of a result as a frame. Raises `PipelineError` when it is not kept (any more)."""
        return engine.read_parquet(self.path(key, table))

    def put(self, key: str, tables: Mapping[str, Path], facts: Facts, tag: str | None = None) -> None:
        """Keep a result: the contents of these Parquet files, and facts that JSON can hold (no NaN).

        A folder of parts is taken over as it is. What is kept already stays: equal keys hold equal results, and another
        process may be reading that very file.

        Parameters
        ----------
        tag : what it was made from; `forget` drops everything of one tag.
        """
        for name, source in tables.items():
            self._shelf.add_file(f"{key}/{name}", source, tag)
        written = json.dumps({"tables": list(tables), "facts": facts}, allow_nan=False)
        self._shelf.add_text(f"{key}/facts", written, tag)

    def forget(self, tag: str) -> None:
        """Drop every result of a tag."""
        self._shelf.drop(tag)

    def volume(self, tag: str | None = None) -> int:
        """The bytes that all results take on the disk, or only the tables of one tag."""
        return self._shelf.volume(tag)

    def resize(self, size_limit_bytes: int) -> None:
        """Allow the results so much of the disk from now on; those least recently used give way."""
        self._shelf.resize(size_limit_bytes)

    def _kept(self, key: str) -> dict[str, Any] | None:
        written = self._shelf.text(f"{key}/facts")
        kept: dict[str, Any] | None = None if written is None else json.loads(written)
        return kept

    def close(self) -> None:
        """Let go of the directory's index."""
        self._shelf.close()
