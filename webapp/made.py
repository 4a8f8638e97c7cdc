"""What was made of results and is kept in memory for a while, so that asking for it again is a look-up."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import numpy as np

ROOM = 400
ROOM_BYTES = 300 * 10**6  # a list of a million rows is half of it
T = TypeVar("T")


class Made:
    """Things under their keys; of many, or of large ones, the least recently used are dropped. Threads may share it.

    Parameters
    ----------
    room : how many things are kept.
    room_bytes : how large the tables and arrays among them may be together; what was made last is kept in any case.
    """

    def __init__(self, room: int = ROOM, room_bytes: int = ROOM_BYTES) -> None:
        self._room, self._room_bytes = room, room_bytes
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._changing = threading.Lock()

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made only where it is not kept under this key."""
        with self._changing:
            if key in self._kept:
                self._kept.move_to_end(key)
                known: T = self._kept[key][0]
                return known
        made = make()  # outside the lock: nobody waits for another view's drawing
        with self._changing:
            self._kept.pop(key, None)
            self._kept[key] = made, held_bytes(made)
            self._make_room()
        return made

    def _make_room(self) -> None:
        """Drop what was not used for longest, but never what was made last."""
        while len(self._kept) > self._room:
            self._kept.popitem(last=False)
        held = sum(size for _, size in self._kept.values())
        for key in list(self._kept)[:-1]:
            if held <= self._room_bytes:
                return
            size = self._kept[key][1]
            if size:
                del self._kept[key]
                held -= size


def held_bytes(made: object) -> int:
    """The memory of tables and arrays, also inside a tuple or a dict; of anything else, which is small, 0."""
    if isinstance(made, np.ndarray):
        return int(made.nbytes)
    if isinstance(made, tuple):
        return sum(map(held_bytes, made))
    if isinstance(made, dict):
        return sum(map(held_bytes, made.values()))
    measured = getattr(made, "memory_usage", None)
    return int(np.sum(measured())) if callable(measured) else 0
