"""The routes by which a browser sends files: announced together, sent in slices, finished together as one data set.

A slice that breaks is sent again from where the file ends on the disk, also after a reload or a restart of the server.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify, request

from pipeline.errors import PipelineError
from webapp.incoming import Incoming, UploadError
from webapp.workspace import Workspace

ROUTE = "/uploads"
SLICE_BYTES = 8 * 2**20
HEADER = "X-Segment-Studio"


def register(server: Flask, here: Workspace, limit_bytes: int) -> None:
    """Add the routes.

    Parameters
    ----------
    here : where the files go.
    limit_bytes : the largest file that is taken.
    """
    incoming = Incoming(here, limit_bytes)

    def announce() -> Response:
        files = _told().get("files")
        if not isinstance(files, list) or not all(isinstance(each, dict) for each in files):
            raise UploadError("Files are announced as a list, each with its name and its size in bytes.", 400)
        return jsonify({"slice": SLICE_BYTES, "files": incoming.announce(files)})

    def half_sent() -> Response:
        return jsonify({"files": incoming.still_here(request.args.getlist("ticket"))})

    def state(ticket: str) -> Response:
        return jsonify({"offset": incoming.under_way(ticket).received})

    def put_slice(ticket: str) -> Response:
        upload = incoming.under_way(ticket)
        return jsonify({"offset": incoming.append(upload, request.args.get("offset", type=int), request.stream)})

    def finish() -> Response:
        told = _told()
        named = told.get("tickets")
        tickets = [str(ticket) for ticket in named] if isinstance(named, list) else []
        onto = here.dataset(str(told["onto"])) if told.get("onto") else None
        return jsonify({"data": incoming.complete(tickets, onto)})

    def cancel(ticket: str) -> Response:
        incoming.cancel(incoming.under_way(ticket))
        return jsonify({})

    for view, methods, rule in (
        (announce, ["POST"], ""),
        (half_sent, ["GET"], ""),
        (finish, ["POST"], "/finish"),
        (state, ["GET"], "/<ticket>"),
        (put_slice, ["PUT"], "/<ticket>"),
        (cancel, ["DELETE"], "/<ticket>"),
    ):
        server.add_url_rule(ROUTE + rule, f"upload_{view.__name__}", _answered(view), methods=methods)


def _told() -> dict[str, Any]:
    told = request.get_json(silent=True)
    if not isinstance(told, dict):
        raise UploadError("This request says nothing that can be understood: it is no JSON object.", 400)
    return told


def _answered(view: Any) -> Any:
    def answer(**values: str) -> Response:
        if request.headers.get(HEADER) is None or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            return _refusal("Files are taken from this app's own pages only.", 403)
        try:
            answered: Response = view(**values)
        except UploadError as error:
            return _refusal(str(error), error.status, **error.more)
        except PipelineError as error:
            return _refusal(str(error), 404)
        except OSError as error:
            return _refusal(f"The server could not write the file: {error.strerror}.", 507)
        return answered

    return answer


def _refusal(sentence: str, status: int, **more: Any) -> Response:
    response = jsonify({"error": sentence, **more})
    response.status_code = status
    return response
