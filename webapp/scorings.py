"""Later files put into the segments of finished results: worked out in a job, looked up ever after.

What is kept is the segment of every later customer under every method and number of segments, so that a change of
either is a look-up.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline import formats, notes, segmentation
from pipeline.errors import PipelineError
from pipeline.store import code_digest, digest
from webapp.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.results import Segmentation

STAGE = "scored"
TITLE = "Putting customers into segments"
DESCRIBED = "features"
"""The last stage of the later file that is needed."""

_UNTIL = re.compile(rf"{STAGE}-([0-9a-f]{{8,64}})")
HARDLY = 0.05  # of a later file's customers or products; where fewer are known it is told
_FILE_SHARE = 0.85  # of the whole run's time


class Scoring(NamedTuple):
    """A later file in the segments of finished results.

    Attributes
    ----------
    later : the later file's results, as far as they go.
    customers : its customers table, sorted by CustomerID, without those who could not be placed.
    labels : CustomerID and the segment of each, aligned, one column per method and number of segments.
    facts : `measures`, the stability index of each; `customers`, how many there are; `span`; `warnings`.
    """

    later: Segmentation
    customers: pd.DataFrame
    labels: pd.DataFrame
    facts: dict[str, Any]


def until(data: str) -> str:
    """What a run of the later file ends at, to put it into the segments of this data set."""
    return f"{STAGE}-{data}"


def model_of(until: str) -> str | None:
    """The data set whose segments a run is for, from what it ends at; None where it is another kind of run."""
    found = _UNTIL.fullmatch(until)
    return found.group(1) if found else None


def is_done(here: Workspace, later: str, recipe: str | None, data: str) -> bool:
    """Whether it is kept already."""
    return here.find(later, recipe, DESCRIBED) is not None and here.store.has(_key(here, later, recipe, data))


def find(here: Workspace, later: str, recipe: str | None, data: str) -> Scoring | None:
    """The later file in the segments of a data set under a recipe, or None where that is not worked out yet."""
    described, key = here.find(later, recipe, DESCRIBED), _key(here, later, recipe, data)
    if described is None or not here.store.has(key):
        return None
    table, labels = described.table("features", "customers"), here.store.table(key, "labels")
    placed = table[table["CustomerID"].isin(set(labels["CustomerID"]))].reset_index(drop=True)
    return Scoring(described, placed, labels, notes.worded(here.store.facts(key)))


def make(here: Workspace, later: str, recipe: str | None, data: str, report: Callable[[str, float, str], None]) -> None:
    """Work it out and keep it.

    Raises
    ------
    PipelineError
        If the segments are not kept any more, or the later file cannot be read by their recipe.
    """
    from pipeline import engine, model_file, scoring

    modelled = here.find(data, recipe)
    if modelled is None:
        raise PipelineError("These segments are not kept any more; press Run on the Model page to compute them again.")
    dataset = here.dataset(later)
    described = segmentation.run(
        dataset.files,
        here.recipe(recipe),
        here.store,
        source_digest=dataset.digest,
        until=DESCRIBED,
        progress=lambda stage, share, sentence: report(stage, _FILE_SHARE * share, sentence),
    )
    report(STAGE, _FILE_SHARE, TITLE)
    known, table = model_file.model(modelled), described.table("features", "customers")
    span = described.facts("cleaning")["span"]
    with notes.written_later():
        there = scoring.placed(table, known, list(known["clusterings"]))
        warnings = [*there.warnings, *scoring.of_time(known["span"], span), *another_shop(modelled, described)]
    facts = {
        "measures": scoring.measure_shifts(table, known["reference"]),
        "customers": len(table),
        "span": span,
        "warnings": warnings,
    }
    with tempfile.TemporaryDirectory(prefix="segment-studio-") as workshop:
        written = Path(workshop) / "labels"
        engine.write_parquet(there.labels, written)
        here.store.put(_key(here, later, recipe, data), {"labels": written}, facts, tag=dataset.digest)
    report(STAGE, 1.0, TITLE)


def another_shop(modelled: Segmentation, later: Segmentation) -> list[str]:
    """A warning for each sign that a later file is another shop's: other money, hardly a customer or product known."""
    ours, theirs = (each.interpretation().get("currency") for each in (modelled, later))
    told = []
    if ours and theirs and ours != theirs:
        told.append(
            f"Amounts of this file are in {theirs} and those of the segments in {ours}: they are not converted."
        )
    for column, words in (("CustomerID", "customers"), ("StockCode", "products")):
        known, there = (_distinct(each, column) for each in (modelled, later))
        share = len(known & there) / max(len(there), 1)
        if there and share < HARDLY:
            told.append(
                f"Only {formats.share(share)} of the {words} of this file are known from the segments' own file: "
                "check that both are of the same shop."
            )
    return told


def _distinct(results: Segmentation, column: str) -> set[str]:
    from pipeline import engine

    with engine.opened() as tables:
        lines = tables.scan(results.store.path(results.keys["cleaning"], "transactions"))
        return set(engine.collected(lines.select(column).unique())[column].dropna().astype(str))


def _key(here: Workspace, later: str, recipe: str | None, data: str) -> str:
    described, modelled = (
        segmentation.stage_keys(here.dataset(each).digest, here.recipe(recipe)) for each in (later, data)
    )
    return f"{STAGE}-{digest(described[DESCRIBED], modelled['clusters'], code_digest())}"
