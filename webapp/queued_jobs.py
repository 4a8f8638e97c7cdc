"""Background callbacks that workers on any machine run: Dash's CeleryManager, with the promises of `webapp.jobs.Jobs`.

Imported only where REDIS_URL is set.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from dash import CeleryManager

from pipeline.redis_link import RedisLostError, reaching
from webapp.job_queue import ALIVE_SECONDS, TASK, alive, begun, job_queue
from webapp.jobs import Deliver, Jobs
from webapp.redis_board import RedisBoard
from webapp.worker import Explain, Job, Limits, Outcome

GRACE_SECONDS = ALIVE_SECONDS / 2
NOT_BEGUN = "No worker is free yet; the run starts by itself."

Waits = Callable[[Any, str], Any]


class QueuedJobs(Jobs, CeleryManager):
    """Puts runs into the queue, and tells any server's pages of them.

    While Redis is away a run counts as going on, and its page says what is wrong: workers go on, and notes come back.

    Parameters
    ----------
    url : of the Redis.
    explain, deliver, limits : see `Jobs`.
    waits : a progress that says why nothing moves, from the progress before (or None) and a sentence.
    """

    def __init__(self, url: str, explain: Explain, deliver: Deliver, *, limits: Limits, waits: Waits) -> None:
        self._promise(RedisBoard(url), explain, deliver, limits)
        self._url, self._waits = url, waits
        self._told: dict[str, Any] = {}
        self._silent: dict[str, float] = {}
        self._noticing = threading.Lock()
        super().__init__(job_queue(url))  # type: ignore[no-untyped-call]

    def job_running(self, job: str | None) -> bool:
        """Whether a job is worked on, or waits to be, as far as is known."""
        try:
            return super().job_running(job)
        except RedisLostError:
            return True

    def get_progress(self, key: str) -> Any:
        """The latest progress, or why there is none."""
        try:
            if not self._is_begun(key) and not self.board.beats(alive(key), ALIVE_SECONDS):
                return [self._waits(self._told.get(key), NOT_BEGUN)]
            found = super().get_progress(key)
        except RedisLostError as lost:
            return [self._waits(self._told.get(key), str(lost))]
        if found is not None:
            self._told[key] = found[0]
        return found

    def get_result(self, key: str, job: str | None) -> Outcome:
        """See `Jobs`; nothing yet where Redis is away."""
        try:
            output = super().get_result(key, job)
        except RedisLostError:
            return self.UNDEFINED
        if output is not self.UNDEFINED:
            self._told.pop(key, None)
            self._silent.pop(key, None)
        return output

    def get_updated_props(self, key: str | None) -> dict[str, Any]:
        """See `Jobs`; nothing yet where Redis is away."""
        try:
            return super().get_updated_props(key)
        except RedisLostError:
            return {}

    def _launch(self, key: str, job: Job, arguments: list[Any]) -> None:  # noqa: ARG002 - they hang on the board
        from kombu.exceptions import OperationalError
        from redis.exceptions import ConnectionError

        with reaching(self._url):
            try:
                self.handle.send_task(TASK, [key, self._attempt(key)], retry=False)
            except OperationalError as error:
                raise ConnectionError(str(error)) from error

    def _lives(self, key: str) -> bool:
        asked, ended = self.board.get(f"function/{key}"), self.board.get(key)
        if asked is None or ended is not None or self.board.get(f"cancelled/{key}"):
            return False
        return not self._is_begun(key) or self._is_heard_of(key)

    def _lost_its_host(self, key: str) -> bool:
        """A worker explains the end of a job that dies; where nobody does, the worker is gone."""
        return self.board.get(f"function/{key}") is not None

    def _attempt(self, key: str) -> int:
        return 2 if self.board.get(f"again/{key}") else 1

    def _is_begun(self, key: str) -> bool:
        return self.board.get(begun(key, self._attempt(key))) is not None

    def _is_heard_of(self, key: str) -> bool:
        """Whether its worker gives signs of life. After an outage of Redis it has a moment to give the next."""
        with self._noticing:
            if self.board.beats(alive(key), ALIVE_SECONDS):
                self._silent.pop(key, None)
                return True
            silent_since = self._silent.setdefault(key, time.monotonic())
            return time.monotonic() - silent_since < GRACE_SECONDS
