"""One thread for matrices of this size: several lose more than they gain, on a busy machine a hundredfold."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager

THREADED = ("scipy.linalg", "sklearn.cluster")  # between them they load every thread pool that clustering meets


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold BLAS and OpenMP to one thread.

    A limit reaches only the libraries loaded when it is set, so they are loaded first: otherwise it would do nothing
    in a fresh process.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    for module in THREADED:
        importlib.import_module(module)
    with threadpool_limits(1):
        yield
