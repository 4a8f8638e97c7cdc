"""Background callbacks in processes of their own that cannot hang, get lost, or outlive the server.

Dash's own manager forks the web process, keeps results under a name that two tabs share, deletes a result on its first
read, and says nothing when a process dies. `JobManager` starts jobs from a fork server instead, and mends the rest.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil
from dash import DiskcacheManager

from webapp.worker import KEPT_SECONDS, Explain, Job, Limits, Outcome, open_cache, perform

CANCELLED = "The run was cancelled."
DIED = (
    "The run ended before it was finished: the server was restarted, or the machine ran out of memory. Start it again."
)
SETTING = "JOBS"
METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"

Deliver = Callable[[Outcome], dict[str, dict[str, Any]]]


class JobManager(DiskcacheManager):
    """Runs background callbacks in daemon processes from a fork server; see the module for what it mends.

    A function of a background callback must be importable by name and exchange JSON only. Equal arguments of a job that
    still runs join that job: a page that was reloaded finds its run again.

    Parameters
    ----------
    directory : where jobs and pages meet, readable by its owner only; as JSON, so nothing from it is ever executed.
    explain : makes a callback's output of a job that ended badly, from ("failed" or "cancelled", sentence, reference,
        the job's arguments); importable by name.
    deliver : the properties of the page, {id: {property: value}}, that are set from a job's output when it has ended.
    environment : variables set in every job's process.
    limits : see `Limits`.
    preload : modules that the fork server imports once, so that no job waits for them.
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
        self.directory, self.explain, self.deliver = directory, explain, deliver
        self.environment, self.limits = dict(environment or {}), limits or Limits()
        self._context: Any = multiprocessing.get_context(METHOD)
        if METHOD == "forkserver":
            self._context.set_forkserver_preload(["webapp.worker", *preload])
        self._starting, self._reviving = threading.Lock(), threading.Lock()
        self._functions: dict[str, Job] = {}
        self._server = handle_of(os.getpid())
        super().__init__(open_cache(directory))  # type: ignore[no-untyped-call]

    def warm_up(self) -> None:
        """Start the fork server now, while nobody waits."""
        if METHOD == "forkserver":
            from multiprocessing import forkserver

            forkserver.ensure_running()

    def get_or_create_signing_secret(self, generate: Callable[[], bytes]) -> str:
        """One secret for all server processes, kept as text."""
        self.handle.add(self.SIGNING_SECRET_KEY, generate().decode())
        secret: str = self.handle.get(self.SIGNING_SECRET_KEY)
        return secret

    def make_job_fn(self, fn: Callable[..., Outcome], progress: bool, key: str | None = None) -> Job:  # noqa: ARG002
        """Dash registers every background callback's function through this."""
        job = self._functions[_name_of(fn)] = Job(fn, bool(progress))
        return job

    def build_cache_key(self, fn: Callable[..., Outcome], args: Any, ignored: Any, triggered: Any) -> str:  # noqa: ARG002
        """A name that no other run has or had, unless this very run is still under way."""
        asked = json.dumps([_name_of(fn), args], sort_keys=True)
        running = self.handle.get(f"asked/{asked}")
        if running is not None and self.job_running(self.handle.get(f"job/{running}")):
            return str(running)
        fresh = uuid.uuid4().hex
        self._keep(f"asked/{asked}", fresh)
        return fresh

    def call_job_fn(self, key: str, job_fn: Job, args: Any, context: Any) -> str:  # noqa: ARG002
        """Start the job, or find it running; its handle."""
        running: str | None = self.handle.get(f"job/{key}")
        if running is not None:
            return running
        arguments = list(args.values()) if isinstance(args, Mapping) else list(args)
        self._keep(f"started/{key}", {"server": self._server, "function": _name_of(job_fn.function)})
        self._keep(f"arguments/{key}", arguments)
        return self._start(key, job_fn, arguments)

    def _start(self, key: str, job_fn: Job, arguments: list[Any]) -> str:
        self._seen(key)
        order = (self.directory, key, job_fn, arguments, self.environment, self.limits, self.explain)
        with self._starting:
            process = self._context.Process(target=perform, args=order, daemon=True)
            process.start()
        handle = handle_of(process.pid or 0)
        self._keep(f"job/{key}", handle)
        return handle

    def job_running(self, job: str | None) -> bool:
        """Whether this very process is alive, or the one in its place; a later one of the same number is not it."""
        return process_of(self._latest(job)) is not None

    def terminate_job(self, job: str | None) -> None:
        """Stop a job on a person's wish. A job that has ended meanwhile is no error."""
        job = self._latest(job)
        process = process_of(job)
        self._keep(f"cancelled/{job}", True)
        if process is None:
            return
        with contextlib.suppress(psutil.Error):
            for child in process.children(recursive=True):
                child.kill()
        with contextlib.suppress(psutil.Error):
            process.kill()
            process.wait(1)

    def cancel_where(self, concerned: Callable[[list[Any]], bool]) -> None:
        """Stop every running job whose arguments are of concern."""
        for name in list(self.handle.iterkeys()):
            if str(name).startswith("arguments/") and concerned(self.handle.get(name, [])):
                job = self.handle.get(f"job/{str(name).removeprefix('arguments/')}")
                if self.job_running(job):
                    self.terminate_job(job)

    def terminate_unhealthy_job(self, job: str | None) -> bool:  # noqa: ARG002
        """Part of Dash's interface; a dead job needs no ending here."""
        return False

    def get_progress(self, key: str) -> Any:
        """The latest progress. It stays, so a lost answer loses nothing."""
        return self.handle.get(f"{key}-progress")

    def result_ready(self, key: str) -> bool:
        """Whether `get_result` has a result."""
        return key in self.handle

    def get_result(self, key: str, job: str | None) -> Outcome:
        """The job's output, the same on every read; the explanation of its end where it died; else `UNDEFINED`.

        A job that ended with its server is started again, once, by the server that is asked for it next.
        """
        self._seen(key)
        job = self._latest(job)
        kept = self.handle.get(key)
        if kept is None and not self.job_running(job):
            kept = self.handle.get(key)
            if kept is None and not self._started_again(key, job):
                kept = self._ended_badly(key, job)
        return self.UNDEFINED if kept is None else kept["output"]

    def get_updated_props(self, key: str | None) -> dict[str, Any]:
        """What the page is told when the job has ended.

        Not by the callback's output: everything that depends on an output of a running callback waits for it, so all
        pages would stand still until the job ends.
        """
        kept = self.handle.get(key) if key else None
        return {} if kept is None else self.deliver(kept["output"])

    def _latest(self, job: str | None) -> str | None:
        """The job that took the place of this one; a page knows only the first."""
        latest: str | None = self.handle.get(f"replaced/{job}", job)
        return latest

    def _started_again(self, key: str, job: str | None) -> bool:
        """Whether a job that ended with its server runs again now, or is being started by another request."""
        started = self.handle.get(f"started/{key}")
        if started is None or self.handle.get(f"cancelled/{job}") or process_of(started["server"]) is not None:
            return False
        function = self._functions.get(started["function"])
        with self._reviving:
            if self._latest(job) != job:
                return True
            if function is None or not self.handle.add(f"again/{key}", True, expire=KEPT_SECONDS):
                return False
            fresh = self._start(key, function, self.handle.get(f"arguments/{key}", []))
            self._keep(f"replaced/{job}", fresh)
        return True

    def _ended_badly(self, key: str, job: str | None) -> dict[str, Outcome]:
        cancelled = self.handle.get(f"cancelled/{job}", False)
        state, sentence = ("cancelled", CANCELLED) if cancelled else ("failed", DIED)
        kept = {"output": self.explain(state, sentence, None, self.handle.get(f"arguments/{key}", []))}
        self._keep(key, kept)
        return kept

    def _seen(self, key: str) -> None:
        self._keep(f"seen/{key}", time.monotonic())

    def _keep(self, key: str, value: Any) -> None:
        self.handle.set(key, value, expire=KEPT_SECONDS)


def handle_of(pid: int) -> str:
    """A process's number with the moment it began, since numbers are given again."""
    with contextlib.suppress(psutil.Error):
        return f"{pid}-{psutil.Process(pid).create_time():.2f}"
    return f"{pid}-0"


def _name_of(function: Callable[..., Outcome]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def process_of(handle: str | None) -> psutil.Process | None:
    """The living process of a handle, if it still lives."""
    pid, _, began = str(handle).partition("-")
    if not pid.isdigit():
        return None
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(int(pid))
        if f"{process.create_time():.2f}" == began and process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None
