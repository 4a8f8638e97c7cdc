"""The customers of a view as a CSV file: streamed, safe to open in a spreadsheet, columns as in the public table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Flask, Response, request

from pipeline.audience import spreadsheets
from pipeline.errors import PipelineError
from webapp import workspace
from webapp.finished import Finished, at_hand
from webapp.views import View, selected

if TYPE_CHECKING:
    import pandas as pd

PATH = "/download/customers.csv"


def register(server: Flask) -> None:
    """Serve `PATH`; its query is that of the page it is linked from."""
    server.add_url_rule(PATH, "download_customers", _download)


def table(results: Finished, settled: View) -> pd.DataFrame:
    """The public table's columns at the k of a settled view, for the customers that its filters leave."""
    everyone = results.segmentation.segments_table(settled.k).assign(Segment=results.labels(settled))
    return selected(everyone, settled).drop(columns="Segment")


def file_name(view: View) -> str:
    """What a settled view's file holds: `shop-kmeans-5-segments.csv`, `shop-kmeans-segment-0-of-5.csv`."""
    whole = "segments" if view.k is None else f"{view.k}-segments"
    part = whole if view.segment is None else f"segment-{view.segment}-of-{whole.removesuffix('-segments')}"
    return f"{stem(view)}-{view.method}-{part}{'-filtered' if view.is_filtered else ''}.csv"


def stem(view: View) -> str:
    """The name of a view's data set as every file name may begin: `orders 2011.csv` is `orders_2011`."""
    name = re.sub(r"\.[A-Za-z0-9]{1,8}$", "", workspace.current().dataset(view.data).name)
    return re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_") or "customers"


def _download() -> Response:
    asked = request.args.to_dict()
    try:
        view = View.from_address(asked.pop("data", ""), **asked)
        results = at_hand(view)
        settled = results.settled(view)
        customers, name = table(results, settled), file_name(settled)
    except PipelineError as problem:
        return Response(str(problem), status=404, mimetype="text/plain")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(spreadsheets.csv(customers), mimetype="text/csv", headers=headers)
