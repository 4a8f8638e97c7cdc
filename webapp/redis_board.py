"""The board of many machines: Redis, notes as JSON; see `webapp.board.Board`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from pipeline.redis_link import PREFIX, connect, reaching
from webapp.board import KEPT_SECONDS

NOTES = f"{PREFIX}run:"


class RedisBoard:
    """See `webapp.board.Board`.

    Parameters
    ----------
    url : of the Redis.
    patience_seconds : how long to try again while Redis is away.
    """

    def __init__(self, url: str, patience_seconds: float = 0.0) -> None:
        self.url, self.patience_seconds = url, patience_seconds

    def __getstate__(self) -> dict[str, Any]:
        return {"url": self.url, "patience_seconds": self.patience_seconds}

    @cached_property
    def _redis(self) -> Any:
        return connect(self.url, self.patience_seconds)

    def get(self, name: str) -> Any:
        """See `Board`."""
        with reaching(self.url):
            written = self._redis.get(NOTES + name)
        return None if written is None else json.loads(written)

    def put(self, name: str, note: Any) -> None:
        """See `Board`."""
        with reaching(self.url):
            self._redis.set(NOTES + name, json.dumps(note), ex=KEPT_SECONDS)

    def claim(self, name: str, note: Any, for_ever: bool = False) -> bool:
        """See `Board`."""
        with reaching(self.url):
            return bool(self._redis.set(NOTES + name, json.dumps(note), nx=True, ex=None if for_ever else KEPT_SECONDS))

    def names(self, beginning: str) -> Iterator[str]:
        """See `Board`."""
        with reaching(self.url):
            found = list(self._redis.scan_iter(match=f"{NOTES}{beginning}*", count=1000))
        return (str(name).removeprefix(NOTES) for name in found)

    def beat(self, name: str, seconds: float) -> None:
        """See `Board`. By the clock of Redis, so that the clocks of the machines need not agree."""
        with reaching(self.url):
            self._redis.set(NOTES + name, "true", px=int(seconds * 1000))

    def beats(self, name: str, seconds: float) -> bool:  # noqa: ARG002 - what was good for so long is gone after it
        """See `Board`."""
        return self.get(name) is not None
