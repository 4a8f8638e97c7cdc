"""One thread for small matrices: several lose more than they gain, on a busy machine a hundredfold."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread(*libraries: str) -> Iterator[None]:
    """Hold the BLAS and OpenMP pools of these libraries (`"scipy.linalg"`, `"sklearn.cluster"`) to one thread.

    A limit reaches only what is loaded when it is set, so the libraries are loaded first: otherwise it would do nothing
    in a fresh process.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    for library in libraries:
        importlib.import_module(library)
    with threadpool_limits(1):
        yield
