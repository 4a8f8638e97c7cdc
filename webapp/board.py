"""Where jobs and pages meet: small notes as JSON, on this machine's disk or where all machines see them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import diskcache

KEPT_SECONDS = 24 * 3600


class Board(Protocol):
    """Notes that any process may put up and read. A board can be handed to another process, which opens it anew."""

    def get(self, name: str) -> Any:
        """The note of this name, or None."""

    def put(self, name: str, note: Any) -> None:
        """Put up a note, in place of the one before. It hangs for a day."""

    def claim(self, name: str, note: Any, for_ever: bool = False) -> bool:
        """Put up a note where there is none; whether it was this one that is up now."""

    def names(self, beginning: str) -> Iterator[str]:
        """The names of all notes that begin so."""

    def beat(self, name: str, seconds: float) -> None:
        """A sign of life that is good for so long."""

    def beats(self, name: str, seconds: float) -> bool:
        """Whether there was such a sign of life within the last seconds."""


class DiskBoard:
    """The board of one machine: a directory, readable by its owner only; as JSON, so nothing from it is executed."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def __getstate__(self) -> dict[str, Any]:
        return {"directory": self.directory}

    @cached_property
    def cache(self) -> diskcache.Cache:
        """The directory, opened by this process."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return diskcache.Cache(str(self.directory), disk=diskcache.JSONDisk)

    def get(self, name: str) -> Any:
        """See `Board`."""
        return self.cache.get(name)

    def put(self, name: str, note: Any) -> None:
        """See `Board`."""
        self.cache.set(name, note, expire=KEPT_SECONDS)

    def claim(self, name: str, note: Any, for_ever: bool = False) -> bool:
        """See `Board`."""
        return bool(self.cache.add(name, note, expire=None if for_ever else KEPT_SECONDS))

    def names(self, beginning: str) -> Iterator[str]:
        """See `Board`."""
        return (str(name) for name in list(self.cache.iterkeys()) if str(name).startswith(beginning))

    def beat(self, name: str, seconds: float) -> None:  # noqa: ARG002 - read with the same seconds
        """See `Board`. By a clock that stands still while the machine sleeps."""
        self.put(name, time.monotonic())

    def beats(self, name: str, seconds: float) -> bool:
        """See `Board`."""
        return bool(time.monotonic() - (self.get(name) or 0.0) <= seconds)
