"""Tables that a cluster wrote in parts: a folder of Parquet files, kept where a single file would be."""

from __future__ import annotations

import shutil
from collections.abc import Set
from pathlib import Path


def size_bytes(table: Path) -> int:
    """What a table takes of the disk, in one file or in parts."""
    parts = table.iterdir() if table.is_dir() else [table]
    return sum(part.stat().st_size for part in parts)


def take(source: Path, target: Path) -> None:
    """Put a table where it is kept: a file is copied; a folder is moved, on the same storage without its bytes."""
    if source.is_dir():
        shutil.move(source, target)
    else:
        shutil.copyfile(source, target)


def remove(table: Path) -> None:
    """Remove a table where it is there, in one file or in parts."""
    if table.is_dir():
        shutil.rmtree(table, ignore_errors=True)  # another process may be at it too
    else:
        table.unlink(missing_ok=True)


class Folders:
    """Folders of parts under the names of entries of an index that itself keeps files only.

    Parameters
    ----------
    directory : where they are; made with the first of them.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def path(self, entry: str) -> Path:
        """Where the folder of an entry is, or would be."""
        return self.directory / entry.replace("/", ".")

    def keep(self, source: Path, entry: str) -> None:
        """Take a folder over; one that is kept already stays, because equal names hold equal results."""
        if not self.path(entry).exists():
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            take(source, self.path(entry))

    def sweep(self, entries: Set[str]) -> None:
        """Remove the folders whose entries are gone."""
        wanted = {self.path(entry) for entry in entries}
        for folder in self._all():
            if folder not in wanted:
                remove(folder)

    def volume(self, entries: Set[str] | None = None) -> int:
        """The bytes of all folders, or of those of some entries."""
        meant = None if entries is None else {self.path(entry) for entry in entries}
        return sum(size_bytes(folder) for folder in self._all() if meant is None or folder in meant)

    def _all(self) -> list[Path]:
        return list(self.directory.iterdir()) if self.directory.is_dir() else []
