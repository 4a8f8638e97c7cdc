"""Whether both sides found the same: speed is not to be bought with other numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd


class Check(NamedTuple):
    """One comparison: what, what came out in words, and whether that is agreement."""

    what: str
    found: str
    agrees: bool


class Findings(NamedTuple):
    """What one side wrote: customers and labels by CustomerID, the evaluation by method and k, and figures."""

    customers: pd.DataFrame
    labels: pd.DataFrame
    evaluation: pd.DataFrame
    facts: dict[str, Any]


def findings(folder: Path) -> Findings:
    """Read what `benchmarks.child` wrote."""
    as_text = {"CustomerID": "str"}
    return Findings(
        pd.read_csv(folder / "customers.csv", dtype=as_text).set_index("CustomerID").sort_index(),
        pd.read_csv(folder / "labels.csv", dtype=as_text).set_index("CustomerID").sort_index(),
        pd.read_csv(folder / "evaluation.csv").set_index(["method", "k"]).sort_index(),
        json.loads((folder / "facts.json").read_text()),
    )


def checks(reference: Findings, ours: Findings) -> list[Check]:
    """Every comparison of the two sides."""
    same_people = reference.customers.index.equals(ours.customers.index)
    first = Check("customers", f"{len(reference.customers):,} and {len(ours.customers):,}", same_people)
    if not same_people:
        return [first]
    return [
        first,
        *_totals(reference, ours),
        *_features(reference, ours),
        *_values(reference, ours),
        *_clusters(reference, ours),
    ]


def _totals(reference: Findings, ours: Findings) -> Iterator[Check]:
    for name in ("lines", "invoices"):
        theirs, own = reference.facts[name], ours.facts[name]
        yield Check(name, f"{theirs:,} and {own:,}", theirs == own)
    theirs, own = reference.facts["revenue"], ours.facts["revenue"]
    yield Check("revenue", f"{theirs:,.3f} and {own:,.3f}", abs(theirs - own) < 0.005)


def _features(reference: Findings, ours: Findings) -> Iterator[Check]:
    theirs, own = reference.customers, ours.customers
    for name in ("Recency", "Frequency", "IsUK", "PrimaryCountry"):
        differ = int((theirs[name] != own[name]).sum())
        yield Check(name, f"{differ} customers differ", differ == 0)
    shares = [name for name in theirs if name.startswith("CatShare_")]
    for what, names, limit in (("Monetary", ["Monetary"], 1e-6), ("CatShare_*", shares, 1e-9)):
        gap = float((theirs[names] - own[names]).abs().to_numpy().max())
        yield Check(what, f"largest difference {gap:.1e}", gap < limit)


def _values(reference: Findings, ours: Findings) -> Iterator[Check]:
    theirs, own = reference.customers, ours.customers
    for name in ("frequency", "recency", "T"):
        differ = int((theirs[name] != own[name]).sum())
        yield Check(f"purchase history: {name}", f"{differ} customers differ", differ == 0)
    for name in ("monetary_value", "ExpectedOrders_6m", "CLV_6m"):
        limit = 1e-9 if name == "monetary_value" else 0.002  # the fits stop within their own tolerance
        gap = float(((theirs[name] - own[name]).abs() / theirs[name].abs().clip(lower=1e-6)).max())
        yield Check(f"{name}, months of the same length", f"largest relative difference {gap:.1e}", gap < limit)


def _clusters(reference: Findings, ours: Findings) -> Iterator[Check]:
    theirs, own = reference.evaluation, ours.evaluation
    ward = [name for name in reference.labels if name.startswith("hierarchical_")]
    different = [name for name in ward if not same_partition(reference.labels[name], ours.labels[name])]
    yield Check("Ward labels", f"{len(ward) - len(different)} of {len(ward)} k identical", not different)
    gap = float((theirs.loc["hierarchical", "silhouette"] - own.loc["hierarchical", "silhouette"]).abs().max())
    yield Check("Ward silhouettes", f"largest difference {gap:.1e}", gap < 1e-6)
    ratio = float((own.loc["kmeans", "inertia"] / theirs.loc["kmeans", "inertia"]).max())
    yield Check("k-means inertia, ours by theirs", f"{ratio:.6f} at most", ratio < 1.0001)
    for method in ("kmeans", "gaussian_mixture"):
        names = [name for name in reference.labels if name.startswith(f"{method}_")]
        same = sum(same_partition(reference.labels[name], ours.labels[name]) for name in names)
        gap = float((own.loc[method, "silhouette"] - theirs.loc[method, "silhouette"]).abs().max())
        found = f"{same} of {len(names)} k identical, silhouettes differ by {gap:.3f} at most"
        yield Check(f"{method} (random starts; for information)", found, True)


def same_partition(one: pd.Series[int], other: pd.Series[int]) -> bool:
    """Whether two labelings divide the same rows in the same way, whatever the numbers."""
    pairs = np.unique(np.column_stack([one.to_numpy(), other.to_numpy()]), axis=0)
    return len(pairs) == one.nunique() == other.nunique()
