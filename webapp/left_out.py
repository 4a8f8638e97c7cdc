"""The lines that were left out as CSV files: each with its file, its number, the reason, and what stood there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, Response, request

from pipeline import engine
from pipeline.audience.spreadsheets import csv
from pipeline.errors import PipelineError
from webapp import workspace

PATH = "/download/left-out/<kind>.csv"


@dataclass(frozen=True)
class Kind:
    """Lines left out for one sort of reason: where they are kept, and what their file is called."""

    stage: str
    table: str
    suffix: str


KINDS = {
    "unreadable": Kind("reading", "rejected", "unreadable-lines"),
    "dropped": Kind("cleaning", "dropped", "dropped-lines"),
}


def register(server: Flask) -> None:
    """Serve `PATH`; its query is that of the Data page."""
    server.add_url_rule(PATH, "download_left_out", _download)


def address(kind: str, data: str, recipe: str | None) -> str:
    """Where the file of one kind is."""
    return f"{PATH.replace('<kind>', kind)}?{urlencode({'data': data} | ({'recipe': recipe} if recipe else {}))}"


def pieces(path: Path) -> Iterator[str]:
    """A Parquet file as CSV, piece by piece, safe to open in a spreadsheet."""
    for number, rows in enumerate(engine.parquet_in_pieces(path)):
        head, *body = csv(rows)
        if number == 0:
            yield head
        yield from body


def file_name(name: str, kind: Kind) -> str:
    """What the file is called: `orders_2011-dropped-lines.csv`."""
    stem = re.sub(r"(\.[A-Za-z0-9]{1,8})+$", "", name)
    return f"{re.sub(r'[^A-Za-z0-9]+', '_', stem).strip('_') or 'file'}-{kind.suffix}.csv"


def _download(kind: str) -> Response:
    asked = KINDS.get(kind)
    try:
        if asked is None:
            raise PipelineError(f"There is no list of {kind} lines; there are: {', '.join(KINDS)}.")
        here = workspace.current()
        data, recipe = request.args.get("data", ""), request.args.get("recipe")
        found = here.find(data, recipe, asked.stage)
        if found is None:
            raise PipelineError("These results are not kept any more; open the data set on the Data page again.")
        path = found.store.path(found.keys[asked.stage], asked.table)
        name = file_name(here.dataset(data).name, asked)
    except PipelineError as problem:
        return Response(str(problem), status=404, mimetype="text/plain")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(pieces(path), mimetype="text/csv", headers=headers)
