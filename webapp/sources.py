"""What a data set is: one file or several that are read as one, known by their contents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.segmentation import identity


@dataclass(frozen=True)
class Source:
    """A file of a data set.

    Attributes
    ----------
    name : what it is called where it came from.
    bytes : its size.
    digest : the SHA-256 of its contents, in hex.
    path : where it lies now; for an arrival, where it lies until it is taken in.
    """

    name: str
    bytes: int
    digest: str
    path: Path

    def to_json(self) -> dict[str, Any]:
        """As `dataset.json` keeps it."""
        return {"name": self.name, "bytes": self.bytes, "digest": self.digest, "file": self.path.name}


@dataclass(frozen=True)
class Dataset:
    """Files that were uploaded to be read as one.

    Attributes
    ----------
    id : the first 24 hex digits of `digest`: the same contents have the same id, in any order and under any names.
    name : what the person calls it.
    added : when it arrived, ISO 8601, UTC.
    sources : its files, by name.
    """

    id: str
    name: str
    added: str
    sources: tuple[Source, ...]

    @property
    def bytes(self) -> int:
        """The size of all its files."""
        return sum(source.bytes for source in self.sources)

    @property
    def digest(self) -> str:
        """What its results are kept under."""
        return identity([source.digest for source in self.sources])

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.sources[0].path.parent

    @property
    def files(self) -> dict[str, Path]:
        """Its files under the names that people know them by, each name once."""
        found: dict[str, Path] = {}
        for source in self.sources:
            found[_unused(source.name, found)] = source.path
        return found

    def to_json(self) -> dict[str, Any]:
        """As `dataset.json` keeps it."""
        return {"name": self.name, "added": self.added, "sources": [source.to_json() for source in self.sources]}


def kept_in(folder: Path, facts: Mapping[str, Any]) -> Dataset:
    """The data set of a folder, from its `dataset.json`; the older form named a single file."""
    listed = facts.get("sources") or [{**facts, "file": facts["source"]}]
    sources = [Source(each["name"], each["bytes"], each["digest"], folder / each["file"]) for each in listed]
    return Dataset(folder.name, facts["name"], facts["added"], in_order(sources))


def in_order(sources: Sequence[Source]) -> tuple[Source, ...]:
    """Files by name, whatever the order in which they came."""
    return tuple(sorted(sources, key=lambda source: (source.name, source.digest)))


def joint_name(names: Sequence[str]) -> str:
    """What several files are called together."""
    if len(names) <= 2:
        return " and ".join(names)
    return f"{names[0]} and {len(names) - 1} more files"


def _unused(name: str, taken: Mapping[str, Path]) -> str:
    number, fresh = 2, name
    while fresh in taken:
        number, fresh = number + 1, f"{name} ({number})"
    return fresh
