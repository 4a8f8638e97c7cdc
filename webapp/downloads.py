"""The customers of a view as files that are safe in a spreadsheet: the public table at once, or an audience as wished.

An audience is made by the library, so that the file is the one that `python -m pipeline audience` writes.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request

from pipeline.audience import choice, lists, spreadsheets, writing
from pipeline.audience.columns import rounded
from pipeline.clustering.sweep import Clusters
from pipeline.errors import PipelineError
from pipeline.output import segments_table
from webapp import formats, listing, slips, workspace
from webapp.finished import Finished, at_hand
from webapp.views import View

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.results import Segmentation

PATH = "/download/customers.csv"
AUDIENCES = {kind: f"/download/audience.{kind}" for kind in writing.KINDS}
LIST = "list"
_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def register(server: Flask) -> None:
    """Serve `PATH` and `AUDIENCES`; their query is that of the page they are linked from, and that of the wishes."""
    server.add_url_rule(PATH, "download_customers", _download)
    for kind, path in AUDIENCES.items():
        server.add_url_rule(path, f"download_audience_{kind}", _download_audience, defaults={"kind": kind})


def table(results: Finished, settled: View) -> pd.DataFrame:
    """The public table's columns at the k of a settled view, for the customers that its filters leave.

    Figures are as fine as those of an audience: who wants all digits has `rfm_segments.csv`.
    """
    everyone = segments_table(results.segmentation, settled.k).assign(Segment=results.labels(settled))
    return rounded(choice.chosen(everyone, settled.choice).drop(columns="Segment"))


def audience(results: Finished, view: View, typed: Mapping[str, Any]) -> lists.Audience:
    """The customers that a settled view's filters leave, as an audience.

    Parameters
    ----------
    typed : the wishes, as `pipeline.audience.lists.wishes` reads them; what is left out is as usual. `LIST` is what the
        list of customers is filtered by beside, as JSON.

    Raises
    ------
    PipelineError
        If nobody is left, or a wish is not allowed.
    """
    names = results.names(view)
    everyone = results.in_segments(view)
    model = listing.model_of(str(typed.get(LIST) or ""))
    named = everyone.assign(SegmentName=everyone["Segment"].map(names))
    chosen = listing.narrowed(choice.chosen(named, view.choice), names, model)
    words = [*choice.in_words(view.choice, names, formats.money).values(), *listing.in_words(model)]
    asked = lists.wishes(typed)
    return lists.audience(_at_k(results, view), chosen, asked, method=view.method, chosen_by=words)


def _at_k(results: Finished, view: View) -> Segmentation:
    """The same results under the recipe that says the k of the view, which the side file tells."""
    if view.k is None:
        return results.segmentation
    recipe = results.segmentation.recipe.with_settings({Clusters.NAME: {"n_clusters": view.k}})
    return replace(results.segmentation, recipe=recipe)


def file_name(view: View) -> str:
    """What a settled view's file holds: `shop-kmeans-5-segments.csv`, `shop-kmeans-segment-0-of-5.csv`."""
    return f"{_file_stem(view)}.csv"


def _file_stem(view: View) -> str:
    whole = "segments" if view.k is None else f"{view.k}-segments"
    part = (
        whole if view.choice.segment is None else f"segment-{view.choice.segment}-of-{whole.removesuffix('-segments')}"
    )
    return f"{stem(view)}-{view.method}-{part}{'-filtered' if view.is_filtered else ''}"


def stem(view: View) -> str:
    """The name of a view's data set as every file name may begin: `orders 2011.csv` is `orders_2011`."""
    name = re.sub(r"\.[A-Za-z0-9]{1,8}$", "", workspace.current().dataset(view.data).name)
    return re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_") or "customers"


def asked_for(asked: Mapping[str, str]) -> tuple[Finished, View]:
    """The results and the settled view that a download's query asks for.

    Raises
    ------
    PipelineError
        If they are not there, or if the query asks for customers whom no page would show: a page may correct an
        address, but a list that goes to people must not grow by a slip in it.
    """
    view = View.from_address(**{"data": "", **asked})
    results = at_hand(view)
    settled = results.settled(view)
    for sentence in slips.told(results, asked, settled):
        raise PipelineError(f"{sentence} Download from the page again.")
    return results, settled


def _download() -> Response:
    try:
        results, settled = asked_for(request.args.to_dict())
        customers, name = table(results, settled), file_name(settled)
    except PipelineError as problem:
        return Response(str(problem), status=404, mimetype="text/plain")
    return Response(spreadsheets.csv(customers), mimetype="text/csv", headers=_attached(name))


def _download_audience(kind: str) -> Response:
    asked = request.args.to_dict()
    try:
        results, settled = asked_for(asked)
        stem = f"{_file_stem(settled)}-audience"
        written = _written(audience(results, settled, asked), kind, stem)
    except PipelineError as problem:
        return Response(str(problem), status=404, mimetype="text/plain")
    return Response(written, mimetype=_TYPES[kind], headers=_attached(f"{stem}.{kind}"))


def _written(made: lists.Audience, kind: str, stem: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "audience"
        writing.write(made, target, kind, stem)
        return target.read_bytes()


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
