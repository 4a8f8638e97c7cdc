"""What a run leaves behind: `rfm_segments.csv`, and beside it the manifest that says how it came about."""

from __future__ import annotations

import csv
import importlib.metadata
import io
import json
import os
import platform
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pipeline
from pipeline import engine
from pipeline.clustering.methods import METHODS, Method
from pipeline.clustering.sweep import Clusters
from pipeline.errors import SettingError
from pipeline.features.rfm_scores import SCORES, Scores, scales
from pipeline.reading.files import Source, named
from pipeline.results import Segmentation
from pipeline.store import Facts, file_digest

if TYPE_CHECKING:
    import pandas as pd

Column = TypeVar("Column")
_PACKAGES = (
    "numpy",
    "pandas",
    "duckdb",
    "python-calamine",
    "narwhals",
    "scipy",
    "scikit-learn",
    "fastcluster",
    "lifetimes",
)
CLUSTER, SEGMENT = "Cluster_", "Segment_"  # how the columns of a method's numbers and names begin
PLACE_OF_A_LINE = ("File", "Line", "Reason")


def check_writable(output: Path) -> None:
    """Try what writing will do, and leave nothing: found out before a run rather than after it.

    Raises
    ------
    SettingError
        If the file, or the folders it is to stand in, cannot be made.
    """
    folder = output.absolute().parent
    there = next(each for each in (folder, *folder.parents) if each.exists())
    try:
        for name in (output.name, _manifest_path(output).name):
            tempfile.NamedTemporaryFile(dir=there, prefix=f".{name}.").close()
    except OSError as reason:
        raise SettingError(f"{output} cannot be written ({reason.strerror or reason}); choose another file.") from None


def segments_table(segmentation: Segmentation, k: int | None = None) -> pd.DataFrame:
    """The public table, `rfm_segments.csv`: one row per customer with features, RFM scores, value and segments.

    Parameters
    ----------
    k : the number of segments; None is the recipe's own.
    """
    n_clusters = k or segmentation.recipe.step(Clusters).n_clusters
    customers = segmentation.customers()
    columns: dict[str, pd.Series[int] | pd.Series[str]] = {}
    for name, method in METHODS.items():
        labels, named = segmentation.labels(name, n_clusters), segmentation.named(name, n_clusters, customers=customers)
        columns |= segment_columns(method, labels, labels.map({number: each.name for number, each in named.items()}))
    return customers.assign(**_rfm_scores(customers), **columns)


def segment_columns(method: type[Method], numbers: Column, names: Column) -> dict[str, Column]:
    """The public columns of a method: `Cluster_*`, the number of a segment, and `Segment_*`, its name.

    Of a method that names its segments by rule (`COLUMN` is `Segment_*`) there is the name only.
    """
    of_numbers = {method.COLUMN: numbers} if method.COLUMN.startswith(CLUSTER) else {}
    return {**of_numbers, method.COLUMN.replace(CLUSTER, SEGMENT): names}


def _rfm_scores(customers: pd.DataFrame) -> dict[str, Scores]:
    measures = {name: customers[name].to_numpy(dtype="float64") for name in SCORES}
    return {SCORES[name]: own.scores(measures[name]) for name, own in scales(measures).items()}


def write_segments(segmentation: Segmentation, source: Source, output: Path) -> Path:
    """Write the public table and its manifest, each whole or not at all.

    Returns
    -------
    The manifest's path: `rfm_segments.csv` has `rfm_segments.manifest.json` beside it.
    """
    table = segments_table(segmentation)
    manifest_path = _manifest_path(output)
    with whole_file(output) as unfinished:
        table.to_csv(unfinished, index=False, lineterminator="\n")
        written = {
            "file": output.name,
            "sha256": file_digest(unfinished),
            "rows": len(table),
            "columns": list(table.columns),
        }
        described = {**manifest(segmentation, source), "output": written}
        with whole_file(manifest_path) as unfinished_manifest:
            unfinished_manifest.write_text(json.dumps(described, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return manifest_path


def write_left_out(segmentation: Segmentation, target: Path) -> int:
    """Write every line that is no row, and every row that does not count, as CSV: File, Line, Reason, Text.

    The text of a line that is no row is the line itself; that of a row is what was read of it.

    Returns
    -------
    How many there are.
    """
    count = 0
    with whole_file(target) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as stream:
        written = csv.writer(stream, lineterminator="\n")
        written.writerow(["File", "Line", "Reason", "Text"])
        for stage, table in (("reading", "rejected"), ("cleaning", "dropped")):
            for rows in engine.parquet_in_pieces(segmentation.store.path(segmentation.keys[stage], table)):
                count += len(rows)
                values = rows.drop(columns=[*PLACE_OF_A_LINE, "Lines", "Rule", "Text"], errors="ignore")
                texts = rows["Text"] if "Text" in rows else map(_as_one_text, values.itertuples(index=False))
                written.writerows(zip(*(rows[name] for name in PLACE_OF_A_LINE), texts, strict=True))
    return count


def _as_one_text(values: Sequence[object]) -> str:
    row = io.StringIO()
    csv.writer(row, lineterminator="").writerow("" if value is None or value != value else value for value in values)
    return row.getvalue()


def _manifest_path(output: Path) -> Path:
    return output.with_suffix(".manifest.json")


def manifest(segmentation: Segmentation, source: Source) -> Facts:
    """How the results came about: input, reading, ledger, data check, recipe, models, tests, warnings."""
    return {
        "input": {
            "files": [
                {"file": name, "sha256": file_digest(path), "bytes": path.stat().st_size}
                for name, path in named(source).items()
            ],
            "parts": segmentation.facts("reading")["parts"],
        },
        "ledger": segmentation.ledger(),
        "data_check": segmentation.data_check(),
        "recipe": segmentation.recipe.to_json(),
        "versions": versions(),
        "product_mix": segmentation.coverage(),
        "backtest": segmentation.backtest(),
        "clv": segmentation.models(),
        "clustering": {
            "n_clusters": segmentation.recipe.step(Clusters).n_clusters,
            "evaluation": segmentation.facts("clusters")["evaluation"],
            "stability": (segmentation.stability() or {}).get("evaluation"),
        },
        "warnings": segmentation.warnings(),
        "stages": [
            {"stage": stage, **segmentation.facts(stage)["measured"], "reused": stage not in segmentation.computed}
            for stage in segmentation.keys
        ],
    }


def versions() -> dict[str, str]:
    """The versions of everything that the numbers depend on."""
    packages = {name: importlib.metadata.version(name) for name in _PACKAGES}
    return {"segment-studio": pipeline.__version__, "python": platform.python_version(), **packages}


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A file to write into that takes the place of `target` only when the block ends without an error.

    The folder of `target` is made where it is not there.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    unfinished = Path(name)
    try:
        yield unfinished
        unfinished.chmod(0o644)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
