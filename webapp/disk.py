"""How much of the disk the app takes, how much it may take, and what to say where there is no room."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from webapp import formats

DEFAULT_LIMIT_BYTES = 50 * 10**9
KEPT_FOR_RESULTS = 0.1
SPARE_BYTES = 100 * 10**6
FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class Usage:
    """What is used of the disk, in bytes: `uploads` whole or on their way, `results`, and the `limit` of both."""

    uploads: int
    results: int
    limit: int

    @property
    def share(self) -> float:
        """How much of the limit is used, 0 to 1."""
        return min(1.0, (self.uploads + self.results) / self.limit)


@dataclass(frozen=True)
class Room:
    """How many bytes further uploads may take, by the app's own limit and by the disk.

    Results give way to uploads, since they can be computed again; a tenth of the limit is theirs.
    """

    allowed: int
    free: int
    limit: int

    def refusal(self, name: str, size: int) -> str | None:
        """Why a file of this size cannot be taken, or None where it can."""
        needed, allowed, free = (formats.size(max(0, each)) for each in (size, self.allowed, self.free))
        if size > self.allowed:
            whole = formats.size(self.limit)
            return (
                f"{name} needs {needed}, but of the {whole} that this server may use only {allowed} are left for "
                "uploads: delete a data set, or raise DISK_LIMIT_GB."
            )
        if size > self.free:
            return (
                f"{name} needs {needed}, but the server's disk has only {free} to spare: make room on it and try again."
            )
        return None


def room(folder: Path, limit: int, taken: int, to_come: int) -> Room:
    """What is left for uploads.

    Parameters
    ----------
    folder : where they go.
    taken : bytes of the uploads that are here, whole or in part.
    to_come : bytes that were announced and have not arrived.
    """
    free = shutil.disk_usage(folder).free - SPARE_BYTES - to_come
    return Room(room_for_uploads(limit) - taken - to_come, free, limit)


def room_for_uploads(limit: int) -> int:
    """The bytes that uploads may take of the limit."""
    return int(limit * (1 - KEPT_FOR_RESULTS))


def room_for_results(limit: int, uploads: int) -> int:
    """The bytes that results may take: what uploads leave."""
    return max(limit - uploads, limit - room_for_uploads(limit))


def taken_by(*folders: Path) -> int:
    """The bytes of all files in these folders; a file that stands in several places is counted once."""
    sizes: dict[int, int] = {}
    for path in _files(folders):
        with contextlib.suppress(FileNotFoundError):  # one that vanishes meanwhile takes nothing
            known = path.stat()
            sizes[known.st_ino] = known.st_size
    return sum(sizes.values())


def freed_without(folder: Path) -> int:
    """The bytes that removing a folder frees: a file that stands elsewhere too stays."""
    return sum(path.stat().st_size for path in _files([folder]) if path.stat().st_nlink == 1)


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        for place, _, names in os.walk(folder):
            yield from (Path(place, name) for name in names)


def not_written(error: OSError, name: str) -> str:
    """What to tell of a file that could not be written."""
    if error.errno in FULL:
        return (
            f"The server's disk is full, so {name} could not be sent to its end: make room on it, then choose the file "
            "again to go on from where it stands."
        )
    return f"The server could not write {name}: {error.strerror or error}."
