"""Files on their way from the browser to the disk: in slices, each at its offset, never through memory as a whole.

A slice that breaks is sent again from where the file ends on the disk. What is cancelled or left half-sent is removed.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from pipeline.errors import PipelineError
from webapp import formats, workspace
from webapp.workspace import Workspace

ROUTE = "/uploads"
SLICE_BYTES = 8 * 2**20
BLOCK_BYTES = 256 * 2**10
ABANDONED_SECONDS = 6 * 3600
TICKET = re.compile(r"[0-9a-f]{32}")
HEADER = "X-Segment-Studio"


class UploadError(PipelineError):
    """A slice or a file that cannot be taken, with the HTTP status that says so to the browser."""

    def __init__(self, sentence: str, status: int, **more: Any) -> None:
        super().__init__(sentence)
        self.status, self.more = status, more


@dataclass(frozen=True)
class Upload:
    """A file that is on its way: what was announced, and the part that is here."""

    name: str
    size: int
    part: Path
    announced: Path

    @property
    def received(self) -> int:
        """How many bytes are here."""
        return self.part.stat().st_size

    def remove(self) -> None:
        """Forget it, with what is here of it."""
        self.part.unlink(missing_ok=True)
        self.announced.unlink(missing_ok=True)


def register(server: Flask, limit_bytes: int) -> None:
    """Add the routes.

    Parameters
    ----------
    limit_bytes : the largest file that is taken.
    """

    def announce() -> Response:
        told = request.get_json()
        if not isinstance(told, dict) or not isinstance(told.get("size"), int):
            raise UploadError("A file is announced by its name and its size in bytes.", 400)
        return jsonify(begin(workspace.current(), str(told.get("name")), told["size"], limit_bytes))

    def state(ticket: str) -> Response:
        return jsonify({"offset": under_way(workspace.current(), ticket).received})

    def put_slice(ticket: str) -> Response:
        upload = under_way(workspace.current(), ticket)
        return jsonify({"offset": append(upload, request.args.get("offset", type=int))})

    def finish(ticket: str) -> Response:
        here = workspace.current()
        return jsonify({"data": complete(here, under_way(here, ticket))})

    def cancel(ticket: str) -> Response:
        under_way(workspace.current(), ticket).remove()
        return jsonify({})

    for view, methods, rule in (
        (announce, ["POST"], ""),
        (state, ["GET"], "/<ticket>"),
        (put_slice, ["PUT"], "/<ticket>"),
        (cancel, ["DELETE"], "/<ticket>"),
        (finish, ["POST"], "/<ticket>/finish"),
    ):
        server.add_url_rule(ROUTE + rule, f"upload_{view.__name__}", _answered(view), methods=methods)


def begin(here: Workspace, name: str, size: int, limit_bytes: int) -> dict[str, Any]:
    """Announce a file; the ticket under which its slices are sent, and how long they are.

    Raises
    ------
    UploadError
        If the file is empty or too large.
    """
    sweep(here)
    if size <= 0:
        raise UploadError(f"{name} is empty: it has no bytes at all. Choose a file with transactions in it.", 400)
    if size > limit_bytes:
        allowed = formats.size(limit_bytes)
        raise UploadError(
            f"{name} has {formats.size(size)}, but this server takes files up to {allowed} (setting MAX_UPLOAD_MB).",
            413,
        )
    ticket = secrets.token_hex(16)
    part, announced = _places(here, ticket)
    part.touch()
    workspace.write_whole(announced, json.dumps({"name": Path(name).name[:200], "size": size}))
    return {"ticket": ticket, "slice": SLICE_BYTES, "offset": 0}


def under_way(here: Workspace, ticket: str) -> Upload:
    """The upload of this ticket. Raises `UploadError` where there is none (any more)."""
    part, announced = _places(here, ticket)
    if not TICKET.fullmatch(ticket) or not (part.is_file() and announced.is_file()):
        raise UploadError("This upload is not known any more: choose the file again.", 404)
    return Upload(**json.loads(announced.read_text(encoding="utf-8")), part=part, announced=announced)


def append(upload: Upload, offset: int | None) -> int:
    """Write the request's body at the end of what is here; where the file ends then.

    Raises
    ------
    UploadError
        If the slice belongs elsewhere (the answer says where the file ends), or goes beyond the announced size.
    """
    received = upload.received
    if offset != received:
        raise UploadError(f"This slice starts at {offset}, but {received} bytes are here.", 409, offset=received)
    try:
        with upload.part.open("r+b") as stream:
            stream.seek(received)
            while block := request.stream.read(BLOCK_BYTES):
                received += len(block)
                if received > upload.size:
                    raise UploadError(f"{upload.name} sends more than the {upload.size} bytes it announced.", 413)
                stream.write(block)
    except UploadError:
        upload.remove()
        raise
    except (OSError, HTTPException):
        with upload.part.open("r+b") as stream:
            stream.truncate(offset)
        raise
    return received


def complete(here: Workspace, upload: Upload) -> str:
    """Take the file into the data directory; its data set's id. Raises `UploadError` where bytes are missing."""
    if upload.received != upload.size:
        raise UploadError(f"{upload.received} of {upload.size} bytes have arrived.", 409, offset=upload.received)
    dataset = here.adopt(upload.part, upload.name)
    upload.remove()
    return dataset.id


def sweep(here: Workspace) -> None:
    """Remove what was left half-sent long ago."""
    for path in here.incoming.iterdir():
        if path.is_file() and time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
            path.unlink(missing_ok=True)


def _places(here: Workspace, ticket: str) -> tuple[Path, Path]:
    safe = ticket if TICKET.fullmatch(ticket) else "unknown"
    return here.incoming / f"{safe}.part", here.incoming / f"{safe}.json"


def _answered(view: Any) -> Any:
    def answer(**values: str) -> Response:
        if request.headers.get(HEADER) is None or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            return _refusal("Files are taken from this app's own pages only.", 403)
        try:
            answered: Response = view(**values)
        except UploadError as error:
            return _refusal(str(error), error.status, **error.more)
        except OSError as error:
            return _refusal(f"The server could not write the file: {error.strerror}.", 507)
        return answered

    return answer


def _refusal(sentence: str, status: int, **more: Any) -> Response:
    response = jsonify({"error": sentence, **more})
    response.status_code = status
    return response
