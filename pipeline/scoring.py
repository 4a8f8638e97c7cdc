"""New data, same segments: later customers put into the segments of a finished model without fitting."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline import engine, formats
from pipeline.clustering import drift
from pipeline.clustering.labels import label_column
from pipeline.clustering.methods import METHODS
from pipeline.clustering.scaling import prepared_like
from pipeline.clustering.sweep import assigned_numbers
from pipeline.output import segment_columns

if TYPE_CHECKING:
    import pandas as pd

SHORT = 0.5  # a later file with less than this share of the model's days is told to be short
GAP_DAYS = 31  # between two files; a month that nobody has seen
DAYS_A_YEAR = 365.25
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
    sentences = [*there.warnings, *_sentences(known, len(table), told), *of_time(known["span"], span)]
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
        found |= segment_columns(method, labels, labels.map(lambda label, words=words: words.get(label, NEW_HERE)))
    return there.customers.assign(**found)


def measure_shifts(table: pd.DataFrame, reference: Mapping[str, Any]) -> dict[str, float]:
    """The stability index of each measure of later customers against the `reference` of a model."""
    return {name: drift.stability_index(own, table[name].to_numpy(dtype=np.float64)) for name, own in reference.items()}


def of_time(known: Mapping[str, str], span: Mapping[str, str]) -> list[str]:
    """A warning for each way in which the days of a later file do not go on from those of the model.

    It covers much less time, so that who ordered before it looks like a newcomer there; it begins long after the
    model's file ends; or it is the earlier one.

    Parameters
    ----------
    known, span : the first and last day (ISO) of the model's file and of the later one.
    """
    here, there = _days(span), _days(known)
    (_, ended), (begins, ends) = _ends(known), _ends(span)
    gap = (begins - ended).days - 1
    told = []
    if here < SHORT * there:
        told.append(
            f"This file covers {formats.days(here)}, that of the model {formats.count(there)}: orders before it are "
            "not counted, so old customers look like new ones. Give the earlier files too, to be read as one."
        )
    if gap > GAP_DAYS:
        told.append(
            f"This file begins on {formats.date(begins)}, {_long(gap)} after that of the model ends: what was ordered "
            "between is in neither, and the same number may be another customer by now. Make new segments from it, "
            "rather than take these moves for what people did."
        )
    if ends < ended:
        told.append(
            f"This file ends on {formats.date(ends)}, that of the model on {formats.date(ended)}: it is the earlier "
            "one, so nobody has become what stands here."
        )
    return told


def _long(days: int) -> str:
    """A long time in days or, beyond two years, in years."""
    years = days / DAYS_A_YEAR
    return formats.days(days) if years < 2 else f"{formats.count(years)} years"


def _days(span: Mapping[str, str]) -> int:
    first, last = _ends(span)
    return (last - first).days + 1


def _ends(span: Mapping[str, str]) -> tuple[datetime.date, datetime.date]:
    return datetime.date.fromisoformat(span["first"]), datetime.date.fromisoformat(span["last"])


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
        f"{formats.count(customers)} customers were put into the segments of a model made from "
        f"{formats.count(known['customers'])} customers ({formats.date(known['span']['first'])} to "
        f"{formats.date(known['span']['last'])})."
    )
    measures = [
        f"{MEASURES[name]} {drift.in_words(found)} (stability index {formats.number(found, 2)})."
        for name, found in told["measures"].items()
    ]
    segments = [
        f"The shares of the segments {column} {drift.in_words(found)} (stability index {formats.number(found, 2)})."
        for column, found in told["segments"].items()
    ]
    return [first, *measures, *segments, *too_different([*told["measures"].values(), *told["segments"].values()])]


def too_different(found: Sequence[float]) -> list[str]:
    """A warning where one of these indices says that a new model is due."""
    if max(found) < drift.MUCH:
        return []
    return ["These customers differ much from those of the model: make new segments before you act on them."]
