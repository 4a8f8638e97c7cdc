"""New data, same segments: a finished model as a file, and later customers put into its segments without fitting."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline import engine
from pipeline.clustering import drift
from pipeline.clustering.labels import label_column
from pipeline.clustering.methods import METHODS
from pipeline.clustering.preparation import RFM
from pipeline.clustering.scales import Scales
from pipeline.clustering.scaling import prepared_like
from pipeline.clustering.sweep import assigned_numbers
from pipeline.errors import SettingError
from pipeline.output import versions, whole_file
from pipeline.recipe import SECTIONS, Recipe

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.results import Segmentation

KIND, VERSION = "segment-studio-model", 2
SHORT = 0.5  # a later file with less than this share of the model's days is told to be short
NEW_HERE = "New here"  # a cell of the grid that held nobody when the model was made
MEASURES = {"Recency": "Days since the last order", "Frequency": "Orders", "Monetary": "Spend"}


class Placed(NamedTuple):
    """Later customers, and where a model puts them.

    Attributes
    ----------
    customers : the customers who can be placed, sorted by CustomerID, with all that is known of them.
    labels : CustomerID, aligned with `customers`, and one column of segment numbers per clustering (`kmeans_4`).
    warnings : who could not be placed, a sentence each.
    """

    customers: pd.DataFrame
    labels: pd.DataFrame
    warnings: list[str]


class Scored(NamedTuple):
    """Later customers in the segments of a model.

    Attributes
    ----------
    table : CustomerID, the measures and shares, and of each scored clustering its number and name columns.
    sentences : how far they differ from the customers that the model was made from.
    drift : `measures`, the stability index of each; `segments`, that of the shares of segments.
    """

    table: pd.DataFrame
    sentences: list[str]
    drift: dict[str, Any]


def model(segmentation: Segmentation) -> dict[str, Any]:
    """Everything that puts other customers into the segments of finished results, for JSON."""
    customers, facts = segmentation.customers(), segmentation.facts("clusters")
    models = segmentation.table("clusters", "models")
    clusterings = {}
    for row in models.to_dict("records"):
        k = None if row["k"] is None or row["k"] != row["k"] else int(row["k"])
        labels = segmentation.labels(row["method"], k)
        named = segmentation.named(row["method"], k)
        shares = labels.value_counts(normalize=True)
        clusterings[label_column(row["method"], k)] = {
            "method": row["method"],
            "k": k,
            "model": json.loads(row["model"]),
            "names": {number: each.name for number, each in named.items()},
            "shares": {int(str(number)): float(share) for number, share in shares.items()},
        }
    return {
        "kind": KIND,
        "version": VERSION,
        "recipe": segmentation.recipe.to_json(),
        "preparation": facts["preparation"],
        "clusterings": clusterings,
        "reference": {name: drift.reference(customers[name].to_numpy(dtype=np.float64)) for name in RFM},
        "customers": len(customers),
        "span": segmentation.facts("cleaning")["span"],
        "versions": versions(),
    }


def write_model(segmentation: Segmentation, target: Path) -> None:
    """Write the model of finished results as JSON, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(target) as unfinished:
        unfinished.write_text(written(segmentation), encoding="utf-8")


def written(segmentation: Segmentation) -> str:
    """The model of finished results as the text of its file."""
    return json.dumps(model(segmentation), ensure_ascii=False) + "\n"


def read_model(path: Path) -> dict[str, Any]:
    """A model as `write_model` wrote it.

    Raises
    ------
    SettingError
        If there is no such file, or it is not a model of this version.
    """
    if not path.is_file():
        raise SettingError(f"There is no model {path}; `segment --model {path.name}` writes one.")
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as reason:
        raise SettingError(f"{path} is not a model, because it is not JSON: {reason}.") from None
    if not isinstance(found, dict) or found.get("kind") != KIND:
        raise SettingError(f"{path} is not a model of Segment Studio; `segment --model FILE` writes one.")
    if found.get("version") != VERSION:
        raise SettingError(
            f"{path} is a model of version {found.get('version')}, but this is a program for version {VERSION}; "
            "make the model again with it."
        )
    _check_whole(found, path)
    return found


def _check_whole(found: Mapping[str, Any], path: Path) -> None:
    """Raise `SettingError` where a part that scoring reads is missing or of another shape."""
    for part, is_whole in _WHOLE.items():
        try:
            whole = is_whole(found[part])
        except (KeyError, TypeError, AttributeError):
            whole = False
        if not whole:
            raise SettingError(
                f"{path} is a damaged model: its {part} is missing or not whole; make it again with `segment --model`."
            )


_CLUSTERING = frozenset({"method", "k", "model", "names", "shares"})
_WHOLE: Mapping[str, Callable[[Any], bool]] = {
    "recipe": lambda part: set(SECTIONS) <= set(part),
    "preparation": lambda part: set(Scales.__annotations__) <= set(part),
    "clusterings": lambda part: bool(part) and all(set(own) >= _CLUSTERING for own in part.values()),
    "reference": lambda part: all({"edges", "shares"} <= set(part[name]) for name in RFM),
    "customers": lambda part: isinstance(part, int),
    "span": lambda part: {"first", "last"} <= set(part),
}
"""What each part of a model must hold to be read at all; the values are the business of whoever reads them."""


def recipe_of(known: Mapping[str, Any]) -> Recipe:
    """The recipe that a model was made with: later files are read and cleaned by it too."""
    return Recipe.from_json(known["recipe"])


def wanted_columns(known: Mapping[str, Any], method: str | None, k: int | None) -> list[str]:
    """The clusterings of a model that are asked for: of all methods where none is named, at the k asked for.

    Raises
    ------
    SettingError
        If the model has no such clustering.
    """
    usual = known["recipe"]["clusters"]["n_clusters"] if k is None else k
    wanted = [method] if method else list(METHODS)
    unknown = next((name for name in wanted if name not in METHODS), None)
    if unknown is not None:
        raise SettingError(f"There is no method {unknown!r}; the methods are: {', '.join(METHODS)}.")
    columns = [label_column(name, usual if METHODS[name].TAKES_K else None) for name in wanted]
    lost = next((column for column in columns if column not in known["clusterings"]), None)
    if lost is not None:
        there = ", ".join(known["clusterings"])
        raise SettingError(f"The model has no segments {lost}; it has: {there}.")
    return columns


def scored(customers: Path, known: Mapping[str, Any], columns: Sequence[str], span: Mapping[str, str]) -> Scored:
    """Put customers into the segments of a model.

    Parameters
    ----------
    customers : Parquet of the customers table of the later file.
    known : the model.
    columns : the clusterings that are asked for, see `wanted_columns`.
    span : the first and last day of the later file, ISO.
    """
    table = engine.read_parquet(customers)
    there = placed(table, known, columns)
    names = {column: known["clusterings"][column]["names"] for column in columns}
    shifts = {
        column: share_shift(known["clusterings"][column]["shares"], there.labels[column].to_numpy())
        for column in columns
    }
    told = {"measures": measure_shifts(table, known["reference"]), "segments": shifts}
    sentences = [*there.warnings, *_sentences(known, len(table), told), *short(known["span"], span)]
    return Scored(with_segments(there, names), sentences, told)


def placed(table: pd.DataFrame, known: Mapping[str, Any], columns: Sequence[str]) -> Placed:
    """Put the customers of a later file into the segments of a model, nothing fitted.

    Parameters
    ----------
    table : the customers table of the later file.
    known : the model.
    columns : the clusterings that are asked for.
    """
    ready = prepared_like(table, known["preparation"])
    order = np.argsort(ready.rows)
    kept = table.iloc[np.sort(ready.rows)].reset_index(drop=True)
    labels = {}
    for column in columns:
        clustering = known["clusterings"][column]
        method = METHODS[clustering["method"]]
        labels[column] = assigned_numbers(json.dumps(clustering["model"]), method, ready)[order]
    return Placed(kept, kept[["CustomerID"]].assign(**labels), ready.warnings)


def with_segments(there: Placed, names: Mapping[str, Mapping[Any, str]]) -> pd.DataFrame:
    """The customers with the public columns of their segments: the number and the name, of one clustering a method.

    Parameters
    ----------
    names : label column -> number of the segment -> its name.
    """
    found: dict[str, Any] = {}
    methods = {label_column(name, None): method for name, method in METHODS.items()}
    for column, own in names.items():
        method = methods.get(column) or methods[column.rpartition("_")[0]]
        labels, words = there.labels[column], {int(number): name for number, name in own.items()}
        if method.COLUMN.startswith("Cluster_"):
            found[method.COLUMN] = labels
        segment = method.COLUMN.replace("Cluster_", "Segment_")
        found[segment] = [words.get(int(label), NEW_HERE) for label in labels]
    return there.customers.assign(**found)


def measure_shifts(table: pd.DataFrame, reference: Mapping[str, Any]) -> dict[str, float]:
    """The stability index of each measure of later customers against the `reference` of a model."""
    return {name: drift.stability_index(own, table[name].to_numpy(dtype=np.float64)) for name, own in reference.items()}


def short(known: Mapping[str, str], span: Mapping[str, str]) -> list[str]:
    """A warning where the later file covers much less time: who ordered before it looks like a newcomer there.

    Parameters
    ----------
    known, span : the first and last day (ISO) of the model's file and of the later one.
    """
    here, there = _days(span), _days(known)
    if here >= SHORT * there:
        return []
    return [
        f"This file covers {here:,} days, that of the model {there:,}: orders before it are not counted, so old "
        "customers look like new ones. Give the earlier files too, to be read as one."
    ]


def _days(span: Mapping[str, str]) -> int:
    first, last = (datetime.date.fromisoformat(span[end]) for end in ("first", "last"))
    return (last - first).days + 1


def share_shift(shares: Mapping[Any, float], labels: Any) -> float:
    """The stability index of the segments' shares.

    Parameters
    ----------
    shares : number of a segment -> its share of the customers of the model, 0 to 1.
    labels : the segment of each later customer, `(n_customers,)`.
    """
    old = {int(number): share for number, share in shares.items()}
    numbers = sorted({*old, *np.unique(labels).tolist()})
    new = [float((labels == number).mean()) for number in numbers]
    return drift.index(np.array([old.get(number, 0.0) for number in numbers]), np.array(new))


def _sentences(known: Mapping[str, Any], customers: int, told: Mapping[str, Any]) -> list[str]:
    first = (
        f"{customers:,} customers were put into the segments of a model made from {known['customers']:,} customers "
        f"({known['span']['first']} to {known['span']['last']})."
    )
    measures = [
        f"{MEASURES[name]} {drift.in_words(found)} (stability index {found:.2f})."
        for name, found in told["measures"].items()
    ]
    segments = [
        f"The shares of the segments {column} {drift.in_words(found)} (stability index {found:.2f})."
        for column, found in told["segments"].items()
    ]
    return [first, *measures, *segments, *too_different([*told["measures"].values(), *told["segments"].values()])]


def too_different(found: Sequence[float]) -> list[str]:
    """A warning where one of these indices says that a new model is due."""
    if max(found) < drift.MUCH:
        return []
    return ["These customers differ much from those of the model: make new segments before you act on them."]
