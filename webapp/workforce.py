"""Who works on the app's runs: processes of this machine, or, where servers share a Redis, workers on any machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline import engine, redis_link
from webapp import runs, workspace
from webapp.jobs import JobManager, Jobs, name_of
from webapp.launcher import PRELOAD
from webapp.settings import Server
from webapp.worker import Job, Limits
from webapp.workspace import Workspace


def workspace_of(settings: Server) -> Workspace:
    """The data directory that the settings name."""
    return Workspace(Path(settings.data_dir).resolve(), settings.disk_limit_gb * 10**9, settings.redis_url)


def job_manager(settings: Server, here: Workspace) -> Jobs:
    """Where the app's runs happen."""
    if settings.redis_url:
        from webapp.queued_jobs import QueuedJobs

        return QueuedJobs(settings.redis_url, runs.explain, runs.deliver, limits=_limits(settings), waits=runs.waits)
    return JobManager(
        here.directory / "jobs",
        runs.explain,
        runs.deliver,
        environment=_environment(settings, here),
        limits=_limits(settings),
        preload=PRELOAD,
    )


def work(settings: Server, say: Callable[[str], None]) -> None:
    """Take runs from the servers until a signal says stop; those under way are finished first."""
    import tempfile

    from webapp.launcher import Launcher
    from webapp.queue_worker import work as take_runs
    from webapp.redis_board import RedisBoard

    here = workspace_of(settings)
    board = RedisBoard(settings.redis_url, redis_link.PATIENCE_SECONDS)
    known = {name_of(runs.run_stages): Job(runs.run_stages, reports_progress=True)}
    say(f"A worker of Segment Studio takes runs from the Redis at {redis_link.place(settings.redis_url)}.")
    say("Press Ctrl-C to stop it when the runs under way are finished, twice to stop them too.")
    with tempfile.TemporaryDirectory(prefix="segment-studio-") as places:
        take_runs(
            settings.redis_url,
            known,
            Launcher(
                board, Path(places), runs.explain, _environment(settings, here), _limits(settings), preload=PRELOAD
            ),
        )


def _limits(settings: Server) -> Limits:
    return Limits(settings.run_minutes * 60.0, float(settings.orphan_seconds), settings.runs_at_once)


def _environment(settings: Server, here: Workspace) -> dict[str, str]:
    return {
        workspace.VARIABLE: str(here.directory),
        workspace.LIMIT_VARIABLE: str(here.disk_limit),
        redis_link.VARIABLE: settings.redis_url,
        engine.MEMORY: str(settings.memory_mb),
        engine.ENGINE: settings.engine,
    }
