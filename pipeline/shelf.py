"""Where a store keeps what it is given: named texts and files, within a limit, dropped by tag or when long unused."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pipeline.folders import Folders

if TYPE_CHECKING:
    import diskcache

FOLDERS = "folders"  # no name that diskcache gives: its own have two letters
IN_PARTS = "in parts"  # what the index holds of a folder
INDEX = "cache.db"  # diskcache's own; it can say what a tag holds without counting as a use of it


class Shelf(Protocol):
    """Named texts and files. What is put there first stays: equal names stand for equal contents."""

    def holds(self, name: str) -> bool:
        """Whether something of this name is there; no use of it."""

    def text(self, name: str) -> str | None:
        """The text of this name, or None."""

    def file(self, name: str) -> Path | None:
        """The file of this name, or the folder of its parts, for reading only; or None."""

    def add_text(self, name: str, text: str, tag: str | None) -> None:
        """Keep a text."""

    def add_file(self, name: str, source: Path, tag: str | None) -> None:
        """Keep the contents of a file; a folder of parts is taken over."""

    def drop(self, tag: str) -> None:
        """Drop everything of a tag."""

    def volume(self, tag: str | None = None) -> int:
        """The bytes that all of it takes, or what has a tag."""

    def resize(self, size_limit_bytes: int) -> None:
        """Allow so many bytes from now on; what was not used for longest gives way."""

    def close(self) -> None:
        """Let go of it."""


class DiskShelf:
    """A directory of this machine with diskcache's index, shared by its processes.

    The index is SQLite, whose locks do not hold on network file systems: many machines need another shelf.
    """

    def __init__(self, directory: Path, size_limit_bytes: int) -> None:
        import diskcache

        self.directory, self._size_limit = directory, size_limit_bytes
        self._folders = Folders(directory / FOLDERS)
        self._cache: diskcache.Cache = diskcache.Cache(
            str(directory), size_limit=size_limit_bytes, eviction_policy="least-recently-used", tag_index=True
        )

    def holds(self, name: str) -> bool:
        """See `Shelf`."""
        return name in self._cache

    def text(self, name: str) -> str | None:
        """See `Shelf`."""
        written = self._cache.get(name)
        return written if isinstance(written, str) else None

    def file(self, name: str) -> Path | None:
        """See `Shelf`."""
        stream = self._cache.get(name, read=True)
        if stream is None or stream == IN_PARTS:
            return None if stream is None else self._folders.path(name)
        with stream:
            return Path(stream.name)

    def add_text(self, name: str, text: str, tag: str | None) -> None:
        """See `Shelf`."""
        self._cache.add(name, text, tag=tag)

    def add_file(self, name: str, source: Path, tag: str | None) -> None:
        """See `Shelf`. What a folder takes of the disk, the files cannot have."""
        if source.is_dir():
            self._cache.add(name, IN_PARTS, tag=tag)
            self._folders.keep(source, name)
            self.resize(self._size_limit)
            return
        with source.open("rb") as stream:
            self._cache.add(name, stream, read=True, tag=tag)

    def drop(self, tag: str) -> None:
        """See `Shelf`."""
        self._cache.evict(tag)
        self._sweep()

    def volume(self, tag: str | None = None) -> int:
        """See `Shelf`. Of a tag only the files, without the index."""
        if tag is None:
            return int(self._cache.volume()) + self._folders.volume()
        index = sqlite3.connect(f"{(self.directory / INDEX).as_uri()}?mode=ro", uri=True)
        with contextlib.closing(index):
            found = index.execute("SELECT key, size FROM Cache WHERE tag = ?", (tag,)).fetchall()
        return sum(int(size) for _, size in found) + self._folders.volume({str(name) for name, _ in found})

    def resize(self, size_limit_bytes: int) -> None:
        """See `Shelf`."""
        self._size_limit = size_limit_bytes
        self._cache.reset("size_limit", max(size_limit_bytes - self._folders.volume(), 0))
        self._cache.cull()
        self._sweep()

    def close(self) -> None:
        """See `Shelf`."""
        self._cache.close()

    def _sweep(self) -> None:
        """Remove the folders whose entries are gone."""
        self._folders.sweep({str(name) for name in self._cache})
