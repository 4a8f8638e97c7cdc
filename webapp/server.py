"""The server: its settings, the Dash app put together, and the process that serves it until it is told to stop."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import dash
import waitress
from flask import Flask, Response, request

from pipeline import engine
from pipeline.errors import PipelineError
from pipeline.parameters import Parameter, Step, Value, integer, parameters, text
from pipeline.store import code_digest
from webapp import bootstrap, jobs, runs, security, shell, uploads, workspace
from webapp.jobs import JobManager
from webapp.worker import Limits
from webapp.workspace import Workspace

ASSETS = Path(__file__).parent.parent / "assets"
COMPRESSION = {"COMPRESS_ALGORITHM": ["br", "gzip"], "COMPRESS_ALGORITHM_STREAMING": ["br", "gzip"]}
PAINTED_SECONDS = 1.0  # after its first answer a page asks for a few more and is painted
RECEIVE_BYTES = 256 * 1024
UNITS = {"min": "minutes", "s": "seconds"}
ALL_HOSTS = ("0.0.0.0", "::")  # noqa: S104 - compared with, never the default


@dataclass(frozen=True)
class Server(Step):
    """How the app is served. Each setting is a flag, `--max-upload-mb`, and a variable, `MAX_UPLOAD_MB`."""

    NAME = "server"
    TITLE = "Server"
    HELP = "How the web app is served."

    host: str = text(
        "127.0.0.1",
        flag="--host",
        label="Address to listen on",
        help="127.0.0.1 is this machine only; 0.0.0.0 is every network it is on.",
    )
    port: int = integer(
        8050, low=0, high=65535, flag="--port", label="Port", help="Where the app is reached; 0 takes a free one."
    )
    data_dir: str = text(
        "data",
        flag="--data-dir",
        label="Data directory",
        help="Uploads, recipes and results are kept here; a restart loses nothing.",
    )
    threads: int = integer(
        8, low=2, high=64, flag="--threads", label="Threads", help="Requests that are answered at the same time."
    )
    max_upload_mb: int = integer(
        4096, low=1, high=1_000_000, flag="--max-upload-mb", label="Largest upload", help="Of one file.", unit="MB"
    )
    disk_limit_gb: int = integer(
        50,
        low=1,
        high=1_000_000,
        flag="--disk-limit-gb",
        label="Disk limit",
        help="For uploads and results together; results that were not used for longest give way to uploads.",
        unit="GB",
    )
    runs_at_once: int = integer(
        2,
        low=1,
        high=64,
        flag="--runs-at-once",
        label="Runs at once",
        help="Further runs wait for their turn, so that memory is enough for each.",
    )
    memory_mb: int = integer(
        0,
        low=0,
        high=1_000_000,
        flag="--memory-mb",
        label="Memory for the tables of a run",
        help=f"What does not fit goes to disk. 0 is {engine.SHARE_OF_MEMORY} of the machine.",
        unit="MB",
    )
    run_minutes: int = integer(
        60, low=1, high=1440, flag="--run-minutes", label="Time limit of a run", help="Then it is stopped.", unit="min"
    )
    orphan_seconds: int = integer(
        180,
        low=2,
        high=86_400,
        flag="--orphan-seconds",
        label="Patience with closed pages",
        help="A run that no open page asks for is stopped after this time; a hidden page asks once a minute.",
        unit="s",
    )


def create_app(settings: Server | None = None) -> dash.Dash:
    """The whole app, nothing served yet."""
    settings = settings or Server()
    here = Workspace(Path(settings.data_dir).resolve(), settings.disk_limit_gb * 10**9)
    flask_app = Flask("segment_studio", static_folder=None)
    flask_app.config.update(COMPRESSION)
    flask_app.config[workspace.SETTING] = here
    flask_app.config[jobs.SETTING] = manager = job_manager(settings, here)
    app = dash.Dash(
        "segment_studio",
        server=flask_app,  # type: ignore[arg-type]
        assets_folder=str(ASSETS),
        use_pages=True,
        pages_folder="",
        suppress_callback_exceptions=True,
        compress=True,
        title=shell.BRAND,
        update_title="",
        index_string=shell.INDEX,
        external_stylesheets=bootstrap.stylesheets(),
        background_callback_manager=manager,
        on_error=shell.on_error,
        add_log_handler=False,
        assets_ignore=r"theme\.js",
    )
    bootstrap.register(flask_app)
    uploads.register(flask_app, here, settings.max_upload_mb * 1_000_000)
    shell.register(app)
    security.register(app)
    return app


def job_manager(settings: Server, here: Workspace) -> JobManager:
    """Where the app's runs happen."""
    limits = Limits(settings.run_minutes * 60.0, float(settings.orphan_seconds), settings.runs_at_once)
    return JobManager(
        here.directory / "jobs",
        runs.explain,
        runs.deliver,
        environment={
            workspace.VARIABLE: str(here.directory),
            workspace.LIMIT_VARIABLE: str(here.disk_limit),
            engine.MEMORY: str(settings.memory_mb),
        },
        limits=limits,
        preload=["webapp.preload"],
    )


def settings_from(arguments: Sequence[str], environment: Mapping[str, str]) -> Server:
    """The settings: a flag counts most, then the environment's variable, then the default.

    Raises
    ------
    SettingError
        If a value is not allowed.
    """
    parser = argparse.ArgumentParser(
        prog="python app.py", description="Serve Segment Studio, the web app, until Ctrl-C."
    )
    for parameter in parameters(Server):
        parser.add_argument(parameter.flag, metavar=parameter.kind.upper(), help=_help(parameter), dest=parameter.name)
    given = {name: typed for name, typed in vars(parser.parse_args(arguments)).items() if typed is not None}
    chosen: dict[str, Value] = {}
    for parameter in parameters(Server):
        typed = given.get(parameter.name) or environment.get(variable(parameter))
        if typed:
            chosen[parameter.name] = parameter.parse(typed)
    settings = Server.from_json(chosen)
    engine.memory_limit(str(settings.memory_mb))
    return settings


def variable(parameter: Parameter) -> str:
    """The environment's variable of a setting: `MAX_UPLOAD_MB`."""
    return parameter.name.upper()


def main(arguments: Sequence[str], say: Callable[[str], None]) -> int:
    """Serve until Ctrl-C or SIGTERM; 2 where the settings or the port do not allow it."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    try:
        settings = settings_from(arguments, os.environ)
    except PipelineError as error:
        say(f"Segment Studio cannot start: {error}")
        return 2
    try:
        app = create_app(settings)
    except OSError as error:
        say(f"Segment Studio cannot keep anything in {settings.data_dir}: {_why_not_there(error)}")
        return 2
    try:
        listening = waitress.create_server(
            app.server,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            recv_bytes=RECEIVE_BYTES,
            inbuf_overflow=uploads.SLICE_BYTES * 2,  # a slice waits in memory, so that the disk writes it once
            max_request_body_size=uploads.SLICE_BYTES * 2,
            ident="",
        )
    except (OSError, ValueError) as error:
        say(f"Segment Studio cannot listen on {settings.host} port {settings.port}: {_reason(error)}")
        return 2
    serve(listening, app, settings, say)
    return 0


def serve(
    listening: waitress.server.BaseWSGIServer, app: dash.Dash, settings: Server, say: Callable[[str], None]
) -> None:
    """Answer until a signal says stop; runs end with the server."""
    signal.signal(signal.SIGTERM, _stop)
    manager = app._background_manager
    assert isinstance(manager, JobManager), "the app was made by create_app"
    get_ready = threading.Timer(PAINTED_SECONDS, _get_ready, [manager])
    get_ready.daemon = True
    once_a_page_is_answered(app.server, get_ready.start)
    host = "127.0.0.1" if settings.host in ALL_HOSTS else settings.host
    say(f"Segment Studio is at http://{host}:{listening.effective_port}")
    say("Press Ctrl-C to stop it. What you uploaded and computed is kept.")
    with contextlib.suppress(KeyboardInterrupt, SystemExit):
        listening.run()
    listening.close()


def once_a_page_is_answered(flask_app: Flask, then: Callable[[], object]) -> None:
    """Do something once, after the first callback of the first page: what comes before it makes a person wait."""
    waiting = [then]

    def answered(response: Response) -> Response:
        if request.path.endswith("/_dash-update-component"):
            with contextlib.suppress(IndexError):  # it is done, or another thread does it
                response.call_on_close(waiting.pop())
        return response

    flask_app.after_request(answered)


def _get_ready(manager: JobManager) -> None:
    """Load what the first results will be read with, found by and computed in, while nobody waits."""
    manager.warm_up()
    for name in ("pandas", "duckdb"):
        import_module(name)
    code_digest()


def _stop(*_: object) -> None:
    raise SystemExit(0)


def _why_not_there(error: OSError) -> str:
    if isinstance(error, NotADirectoryError | FileExistsError):
        return "that is a file or lies in one; name a folder with --data-dir."
    if isinstance(error, PermissionError):
        return "this user may not write there; name another folder with --data-dir."
    return f"{error.strerror or error}; name another folder with --data-dir."


def _reason(error: Exception) -> str:
    import errno

    if isinstance(error, ValueError) or getattr(error, "errno", None) == errno.EADDRNOTAVAIL:
        return (
            "this machine has no such address; choose --host 127.0.0.1 (this machine only) or 0.0.0.0 (all networks)."
        )
    if isinstance(error, OSError):
        if error.errno == errno.EADDRINUSE:
            return "another program uses this port; stop it, or choose a port with --port 8051."
        if error.errno == errno.EACCES:
            return "this user may not use this port; choose one above 1023 with --port 8051."
    return f"{getattr(error, 'strerror', None) or error}."


def _help(parameter: Parameter) -> str:
    unit = f" in {UNITS.get(parameter.unit, parameter.unit)}" if parameter.unit else ""
    default = f"default {parameter.default}; variable {variable(parameter)}"
    return f"{parameter.label}{unit}. {parameter.help} ({default})".replace("%", "%%")
