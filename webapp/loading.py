"""Loads libraries in the shortest time, for as long as the process lasts."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def for_good() -> Iterator[None]:
    """What is loaded meanwhile is not looked through for garbage, now or later, nor by processes forked from this one.

    Nothing of a library goes again, and looking for what could takes up to a fifth of the time to load it. At the very
    end of the process it does go: DuckDB complains of whatever is left of it then.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
        atexit.register(gc.unfreeze)
