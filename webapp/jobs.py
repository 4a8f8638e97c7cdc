"""Background callbacks in processes of their own that cannot hang, get lost, or outlive the server.

Dash's own managers keep results under a name that two tabs share, delete a result on its first read, and say nothing
when a process dies; the one for a single machine forks the web process. `Jobs` is what we promise of a job wherever it
runs, `JobManager` runs jobs on this machine, from a fork server.
"""

from __future__ import annotations

import json
import os
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dash import DiskcacheManager
from dash.background_callback.managers import BaseBackgroundCallbackManager

from webapp.board import Board, DiskBoard
from webapp.launcher import Launcher, end, handle_of, process_of
from webapp.worker import Explain, Job, Limits, Outcome

CANCELLED = "The run was cancelled."
DIED = (
    "The run ended before it was finished: the server was restarted, or the machine ran out of memory. Start it again."
)
SETTING = "JOBS"

Deliver = Callable[[Outcome], dict[str, dict[str, Any]]]


class Jobs(BaseBackgroundCallbackManager):
    """What is promised of a job, whoever works on it; stands before one of Dash's managers.

    A function of a background callback must be importable by name and exchange JSON only. Equal arguments of a job that
    still runs join that job: a page that was reloaded finds its run again. A job's handle is its key.

    Attributes
    ----------
    board : where jobs and pages meet.
    explain : makes a callback's output of a job that ended badly, from ("failed" or "cancelled", sentence, reference,
        the job's arguments); importable by name.
    deliver : the properties of the page, {id: {property: value}}, that are set from a job's output when it has ended.
    limits : see `Limits`.
    """

    board: Board
    explain: Explain
    deliver: Deliver
    limits: Limits

    def _promise(self, board: Board, explain: Explain, deliver: Deliver, limits: Limits) -> None:
        self.board, self.explain, self.deliver, self.limits = board, explain, deliver, limits
        self._functions: dict[str, Job] = {}
        self._reviving = threading.Lock()

    def _launch(self, key: str, job: Job, arguments: list[Any]) -> None:
        """Have the job worked on, by a process of this machine or another."""
        raise NotImplementedError

    def _lives(self, key: str) -> bool:
        """Whether it is worked on, or waits to be."""
        raise NotImplementedError

    def _lost_its_host(self, key: str) -> bool:
        """Whether a job that lives no more ended because what it ran in did: the server, or a worker."""
        raise NotImplementedError

    def get_or_create_signing_secret(self, generate: Callable[[], bytes]) -> str:
        """One secret for all server processes, kept as text."""
        self.board.claim(self.SIGNING_SECRET_KEY, generate().decode(), for_ever=True)
        secret: str = self.board.get(self.SIGNING_SECRET_KEY)
        return secret

    def make_job_fn(self, fn: Callable[..., Outcome], progress: bool, key: str | None = None) -> Job:  # noqa: ARG002
        """Dash registers every background callback's function through this."""
        job = self._functions[name_of(fn)] = Job(fn, bool(progress))
        return job

    def build_cache_key(self, fn: Callable[..., Outcome], args: Any, ignored: Any, triggered: Any) -> str:  # noqa: ARG002
        """A name that no other run has or had, unless this very run is still under way."""
        asked = json.dumps([name_of(fn), args], sort_keys=True)
        running = self.board.get(f"asked/{asked}")
        if running is not None and self.job_running(running):
            return str(running)
        fresh = uuid.uuid4().hex
        self.board.put(f"asked/{asked}", fresh)
        return fresh

    def call_job_fn(self, key: str, job_fn: Job, args: Any, context: Any) -> str:  # noqa: ARG002
        """Start the job, or find it running; its handle."""
        if self.board.get(f"function/{key}") is None:
            arguments = list(args.values()) if isinstance(args, Mapping) else list(args)
            self.board.put(f"function/{key}", name_of(job_fn.function))
            self.board.put(f"arguments/{key}", arguments)
            self._seen(key)
            self._launch(key, job_fn, arguments)
        return key

    def job_running(self, job: str | None) -> bool:
        """Whether a job is worked on, or waits to be."""
        return job is not None and self._lives(job)

    def terminate_job(self, job: str | None) -> None:
        """Stop a job on a person's wish. A job that has ended meanwhile is no error."""
        if job is not None:
            self.board.put(f"cancelled/{job}", True)

    def cancel_where(self, concerned: Callable[[list[Any]], bool]) -> None:
        """Stop every running job whose arguments are of concern."""
        for name in self.board.names("arguments/"):
            key = name.removeprefix("arguments/")
            if concerned(self.board.get(name) or []) and self.job_running(key):
                self.terminate_job(key)

    def terminate_unhealthy_job(self, job: str | None) -> bool:  # noqa: ARG002
        """Part of Dash's interface; a dead job needs no ending here."""
        return False

    def get_progress(self, key: str) -> Any:
        """The latest progress. It stays, so a lost answer loses nothing."""
        return self.board.get(f"{key}-progress")

    def result_ready(self, key: str) -> bool:
        """Whether `get_result` has a result."""
        return self.board.get(key) is not None

    def get_result(self, key: str, job: str | None) -> Outcome:
        """The job's output, the same on every read; the explanation of its end where it died; else `UNDEFINED`.

        A job that ended with what it ran in is started again, once, by the server that is asked for it next.
        """
        self._seen(key)
        kept = self.board.get(key)
        if kept is None and not self.job_running(job):
            kept = self.board.get(key)
            if kept is None and not self._started_again(key):
                kept = self._ended_badly(key)
        return self.UNDEFINED if kept is None else kept["output"]

    def get_updated_props(self, key: str | None) -> dict[str, Any]:
        """What the page is told when the job has ended.

        Not by the callback's output: everything that depends on an output of a running callback waits for it, so all
        pages would stand still until the job ends.
        """
        kept = self.board.get(key) if key else None
        return {} if kept is None else self.deliver(kept["output"])

    def _started_again(self, key: str) -> bool:
        """Whether a job that ended with what it ran in goes on now, or is being started by another request."""
        function = self._functions.get(self.board.get(f"function/{key}") or "")
        if function is None or self.board.get(f"cancelled/{key}"):
            return False
        with self._reviving:
            if self._lives(key):
                return True
            if not self._lost_its_host(key):
                return False
            if not self.board.claim(f"again/{key}", True):  # before, or just now by another server
                return self._lives(key)
            self._launch(key, function, self.board.get(f"arguments/{key}") or [])
        return True

    def _ended_badly(self, key: str) -> Any:
        state, sentence = ("cancelled", CANCELLED) if self.board.get(f"cancelled/{key}") else ("failed", DIED)
        kept = {"output": self.explain(state, sentence, None, self.board.get(f"arguments/{key}") or [])}
        return kept if self.board.claim(key, kept) else self.board.get(key)

    def _seen(self, key: str) -> None:
        self.board.beat(f"seen/{key}", self.limits.orphan_seconds)


class JobManager(Jobs, DiskcacheManager):
    """Runs background callbacks in daemon processes of this machine, from a fork server.

    Parameters
    ----------
    directory : where jobs and pages meet.
    explain, deliver, limits : see `Jobs`.
    environment, preload : see `Launcher`.
    """

    def __init__(
        self,
        directory: Path,
        explain: Explain,
        deliver: Deliver,
        *,
        environment: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        preload: Sequence[str] = (),
    ) -> None:
        board = DiskBoard(directory)
        self._promise(board, explain, deliver, limits or Limits())
        self._launcher = Launcher(board, directory, explain, environment or {}, self.limits, preload)
        self._server = handle_of(os.getpid())
        super().__init__(board.cache)  # type: ignore[no-untyped-call]

    def terminate_job(self, job: str | None) -> None:
        """Stop a job on a person's wish, at once."""
        super().terminate_job(job)
        end(self.board.get(f"process/{job}"))

    def _launch(self, key: str, job: Job, arguments: list[Any]) -> None:
        self.board.put(f"server/{key}", self._server)
        process = self._launcher.start(key, job, arguments)
        self.board.put(f"process/{key}", handle_of(process.pid or 0))

    def _lives(self, key: str) -> bool:
        return process_of(self.board.get(f"process/{key}")) is not None

    def _lost_its_host(self, key: str) -> bool:
        return process_of(self.board.get(f"server/{key}")) is None


def name_of(function: Callable[..., Outcome]) -> str:
    """The name by which a job's function is found in every process."""
    return f"{function.__module__}.{function.__qualname__}"
