"""What people are likely to ask for next, made while nobody waits for an answer.

The server's threads take turns at one interpreter: drawing beside a request makes it take twice as long. So nothing is
begun while a request is open, nor soon after one: a page asks for several things in a row, and the browser that paints
what it was told is often on this machine. Only the questions how a run goes on count for nothing, or nothing would be
drawn ahead while one does.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import copy_context
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from flask import Flask

NAME = "drawn ahead"
POLL = "cacheKey="
"""What the address of a question for a background callback's end has in its query, and nothing else."""

QUIET_SECONDS = 0.3  # what was answered is painted by then


class Traffic:
    """How many requests are open, and since when there have been none. Threads share it.

    Parameters
    ----------
    quiet_seconds : how long there has to be no request before somebody who waits for quiet goes on.
    """

    def __init__(self, quiet_seconds: float = QUIET_SECONDS) -> None:
        self._quiet_seconds = quiet_seconds
        self._changed = threading.Condition()
        self._open = 0
        self._last = -math.inf

    @contextmanager
    def request(self) -> Iterator[None]:
        """A request is being answered meanwhile."""
        with self._changed:
            self._open += 1
        try:
            yield
        finally:
            with self._changed:
                self._open -= 1
                self._last = time.monotonic()
                self._changed.notify_all()

    def wait_until_quiet(self) -> None:
        """Come back when no request is open and none has been for a moment."""
        with self._changed:
            while self._open or self._left() > 0:
                self._changed.wait(None if self._open else self._left())

    def _left(self) -> float:
        return self._last + self._quiet_seconds - time.monotonic()


TRAFFIC = Traffic()
"""Of this process."""


def register(flask_app: Flask) -> None:
    """Have the server's requests counted, but for the questions how a run goes on."""
    inner = flask_app.wsgi_app

    def counted(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with nullcontext() if POLL in environ.get("QUERY_STRING", "") else TRAFFIC.request():
            return inner(environ, start_response)

    flask_app.wsgi_app = counted  # type: ignore[method-assign]


def begin(makes: Sequence[Callable[[], object]]) -> threading.Thread:
    """Make these one after the other in the background, each when it is quiet; the thread that does."""
    here = copy_context()  # with the currency of the request that asks
    drawing = threading.Thread(target=here.run, args=(_make_all, makes), name=NAME, daemon=True)
    drawing.start()
    return drawing


def _make_all(makes: Sequence[Callable[[], object]]) -> None:
    for make in makes:
        TRAFFIC.wait_until_quiet()
        make()
