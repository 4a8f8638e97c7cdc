"""The way to a Redis that many machines share, and what is said where it cannot be reached.

It holds notes and the index of results as JSON; tables stay files in a directory that all machines see.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    import redis

PREFIX = "segment-studio:"
VARIABLE = "REDIS_URL"
WAIT_SECONDS = 1.0  # between two tries, where it is away for longer
PATIENCE_SECONDS = 600.0
"""How long a run waits for a Redis that is away before it gives up; a page is told at once."""
ANSWER_SECONDS = 5.0


class RedisLostError(PipelineError):
    """Redis cannot be reached."""


def connect(url: str, patience_seconds: float = 0.0) -> redis.Redis:
    """A client that tries again for at least so long; it connects when it is used first.

    Raises
    ------
    PipelineError
        If the packages are not installed, or the address is none.
    """
    try:
        from redis import Redis
        from redis.backoff import ExponentialBackoff
        from redis.exceptions import ConnectionError, TimeoutError
        from redis.retry import Retry
    except ImportError:
        raise PipelineError(
            f"{VARIABLE} needs packages that are not installed: pip install -r requirements-redis.txt, or unset it."
        ) from None
    lost = (ConnectionError, TimeoutError)
    tries = Retry(ExponentialBackoff(cap=WAIT_SECONDS, base=0.05), 2 + int(patience_seconds / WAIT_SECONDS), lost)
    try:
        return Redis.from_url(
            url,
            decode_responses=True,
            socket_connect_timeout=ANSWER_SECONDS,
            socket_timeout=ANSWER_SECONDS,
            retry=tries,
            retry_on_error=[*lost],
        )
    except ValueError:
        raise PipelineError(f"{VARIABLE} is no address of a Redis; write it as redis://HOST:6379/0.") from None


@contextlib.contextmanager
def reaching(url: str) -> Iterator[None]:
    """Tells in one sentence that Redis cannot be reached."""
    from redis.exceptions import RedisError

    try:
        yield
    except RedisError as error:
        raise RedisLostError(
            f"Redis at {place(url)} does not answer as it should; nothing is lost, it goes on when Redis is back."
        ) from error


def check(url: str) -> None:
    """Whether Redis answers now.

    Raises
    ------
    PipelineError
        If it does not, with the reason, or if what talks to it is not installed.
    """
    link = connect(url)
    try:
        with reaching(url):
            link.ping()
    except RedisLostError as lost:
        reason = str(lost.__cause__).strip(". ")
        raise PipelineError(
            f"Redis at {place(url)} does not answer ({reason}); start it, or mend {VARIABLE}."
        ) from lost
    finally:
        link.close()


def place(url: str) -> str:
    """Where a Redis is, without the password that its address may hold."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or 6379}" if parts.hostname else parts.path
