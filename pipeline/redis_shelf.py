"""A shelf that many machines share: files in a directory that all of them see, their index in Redis.

A file is written under a name of its own and renamed when it is whole; only then the index names it. So no lock of the
file system is needed, and none of Redis: an entry goes in and out in one transaction.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline import folders
from pipeline.redis_link import PREFIX, connect, reaching

RECORD, TAG = f"{PREFIX}result:", f"{PREFIX}results-of:"
USED, VOLUME, LIMIT = f"{PREFIX}results-used", f"{PREFIX}results-volume", f"{PREFIX}results-limit"
STRAY_SECONDS = 24 * 3600
Entry = dict[str, Any]


class RedisShelf:
    """See `pipeline.shelf.Shelf`.

    Parameters
    ----------
    directory : the same for all machines, on a file system that they share.
    size_limit_bytes : for what is added; all machines go by the limit that was set last.
    url : of the Redis, which must not evict by itself (`maxmemory-policy noeviction`).
    patience_seconds : how long to try again while Redis is away.
    """

    def __init__(self, directory: Path, size_limit_bytes: int, url: str, patience_seconds: float = 0.0) -> None:
        self.directory, self.size_limit_bytes = directory, size_limit_bytes
        self.url, self.patience_seconds = url, patience_seconds
        with reaching(url):
            self._redis.set(LIMIT, size_limit_bytes)

    @cached_property
    def _redis(self) -> Any:
        return connect(self.url, self.patience_seconds)

    def holds(self, name: str) -> bool:
        """See `Shelf`."""
        entry = self._entry(name)
        return entry is not None and ("text" in entry or self._place(entry).exists())

    def text(self, name: str) -> str | None:
        """See `Shelf`."""
        entry = self._used(name)
        return None if entry is None else entry.get("text")

    def file(self, name: str) -> Path | None:
        """See `Shelf`."""
        entry = self._used(name)
        return self._place(entry) if entry is not None and self._place(entry).exists() else None

    def add_text(self, name: str, text: str, tag: str | None) -> None:
        """See `Shelf`."""
        self._add(name, {"text": text, "size": len(text.encode()), "tag": tag})

    def add_file(self, name: str, source: Path, tag: str | None) -> None:
        """See `Shelf`."""
        if self.holds(name):
            return
        self._remove(name)  # an entry whose file was deleted by hand
        entry = {"file": f"{uuid.uuid4().hex}.parquet", "size": folders.size_bytes(source), "tag": tag}
        target = self._place(entry)
        folders.take(source, target.with_suffix(".part"))
        target.with_suffix(".part").rename(target)
        if not self._add(name, entry) and self._entry(name) != entry:  # equal where only the answer was lost
            folders.remove(target)

    def drop(self, tag: str) -> None:
        """See `Shelf`."""
        with reaching(self.url):
            names = self._redis.smembers(TAG + tag)
        for name in names:
            self._remove(name)

    def volume(self, tag: str | None = None) -> int:
        """See `Shelf`. Of a tag only the files."""
        with reaching(self.url):
            if tag is None:
                return int(self._redis.get(VOLUME) or 0)
            written = self._redis.mget([RECORD + name for name in self._redis.smembers(TAG + tag)] or [RECORD])
        entries = [_read(each) for each in written]
        return sum(entry["size"] for entry in entries if entry is not None and "file" in entry)

    def resize(self, size_limit_bytes: int) -> None:
        """See `Shelf`."""
        with reaching(self.url):
            self._redis.set(LIMIT, size_limit_bytes)
        self._make_room()
        self._sweep()

    def close(self) -> None:
        """See `Shelf`."""
        self._redis.close()

    def _place(self, entry: Entry) -> Path:
        return self.directory / str(entry["file"])

    def _entry(self, name: str) -> Entry | None:
        with reaching(self.url):
            written = self._redis.get(RECORD + name)
        return _read(written)

    def _used(self, name: str) -> Entry | None:
        with reaching(self.url):
            written, _ = self._redis.pipeline().get(RECORD + name).zadd(USED, {name: time.time()}, xx=True).execute()
        return _read(written)

    def _add(self, name: str, entry: Entry) -> bool:
        """Whether it is this entry that is in the index now; whatever was there before stays."""

        def add(pipe: Any) -> bool:
            if pipe.exists(RECORD + name):
                return False
            pipe.multi()
            pipe.set(RECORD + name, json.dumps(entry)).zadd(USED, {name: time.time()}).incrby(VOLUME, entry["size"])
            if entry["tag"] is not None:
                pipe.sadd(TAG + entry["tag"], name)
            return True

        added: bool = self._in_one_go(add, name)
        self._make_room()
        return added

    def _remove(self, name: str) -> None:
        def remove(pipe: Any) -> Entry | None:
            entry = _read(pipe.get(RECORD + name))
            pipe.multi()
            pipe.zrem(USED, name)
            if entry is None:
                return None
            pipe.delete(RECORD + name).decrby(VOLUME, entry["size"])
            if entry["tag"] is not None:
                pipe.srem(TAG + entry["tag"], name)
            return entry

        entry: Entry | None = self._in_one_go(remove, name)
        if entry is not None and "file" in entry:
            folders.remove(self._place(entry))

    def _in_one_go(self, change: Callable[[Any], Any], name: str) -> Any:
        """Make a change that counts only if nobody else changed the entry meanwhile; else once more."""
        with reaching(self.url):
            return self._redis.transaction(change, RECORD + name, value_from_callable=True)

    def _make_room(self) -> None:
        while True:
            with reaching(self.url):
                taken, limit, oldest = self._redis.pipeline().get(VOLUME).get(LIMIT).zrange(USED, 0, 0).execute()
            if int(taken or 0) <= int(limit or self.size_limit_bytes) or not oldest:
                return
            self._remove(oldest[0])

    def _sweep(self) -> None:
        """Remove files that the index does not name, as after a Redis that lost its data; not those just written."""
        old = [path for path in self.directory.iterdir() if time.time() - path.stat().st_mtime > STRAY_SECONDS]
        named = set(self._files()) if old else set()
        for path in old:
            if path.name not in named:
                folders.remove(path)

    def _files(self) -> Iterator[str]:
        with reaching(self.url):
            names = self._redis.zrange(USED, 0, -1)
            written = self._redis.mget([RECORD + name for name in names] or [RECORD])
        entries = [_read(each) for each in written]
        return (entry["file"] for entry in entries if entry is not None and "file" in entry)


def _read(written: Any) -> Entry | None:
    entry: Entry | None = None if written is None else json.loads(written)
    return entry
