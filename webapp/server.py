"""The server: the Dash app put together, and the process that serves it until it is told to stop."""

from __future__ import annotations

import contextlib
import logging
import signal
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import dash
import waitress
from flask import Flask, Response, request

from pipeline.store import code_digest
from webapp import ahead, bootstrap, jobs, security, shell, uploads, workforce, workspace
from webapp.settings import Server

ASSETS = Path(__file__).parent.parent / "assets"
COMPRESSION = {"COMPRESS_ALGORITHM": ["br", "gzip"], "COMPRESS_ALGORITHM_STREAMING": ["br", "gzip"]}
PAINTED_SECONDS = 1.0  # after its first answer a page asks for a few more and is painted
RECEIVE_BYTES = 256 * 1024
ALL_HOSTS = ("0.0.0.0", "::")  # noqa: S104 - compared with, never the default


def create_app(settings: Server | None = None) -> dash.Dash:
    """The whole app, nothing served yet."""
    settings = settings or Server()
    here = workforce.workspace_of(settings)
    flask_app = Flask("segment_studio", static_folder=None)
    flask_app.config.update(COMPRESSION)
    flask_app.config[workspace.SETTING] = here
    flask_app.config[jobs.SETTING] = manager = workforce.job_manager(settings, here)
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
    ahead.register(flask_app)
    bootstrap.register(flask_app)
    uploads.register(flask_app, here, settings.max_upload_mb * 1_000_000)
    shell.register(app)
    security.register(app)
    flask_app.after_request(_ended_with_its_file)
    return app


def run(settings: Server, say: Callable[[str], None]) -> int:
    """Serve until Ctrl-C or SIGTERM; 2 where the data directory or the port does not allow it."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
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
    serve(listening, app.server, settings, say)
    return 0


def serve(
    listening: waitress.server.BaseWSGIServer, flask_app: Flask, settings: Server, say: Callable[[str], None]
) -> None:
    """Answer until a signal says stop; runs end with the server."""
    signal.signal(signal.SIGTERM, _stop)
    get_ready = threading.Timer(PAINTED_SECONDS, _get_ready)
    get_ready.daemon = True
    once_a_page_is_answered(flask_app, get_ready.start)
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


def _ended_with_its_file(response: Response) -> Response:
    """Close the file that an answer is made of when the answer ends: Flask-Compress, which wraps it, does not."""
    close = getattr(response.response, "close", None)
    if response.direct_passthrough and close is not None:
        response.call_on_close(close)
    return response


def _get_ready() -> None:
    """Load what the first results will be read with and found by, while nobody waits."""
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
