"""What is said of each method and k beside its clusters: quality, sizes, and every customer's silhouette."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.clustering import quality
from pipeline.clustering.labels import LARGEST_EXACT, SAMPLE, Clustering, Floats, Labels, label_column, sample_of

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.clustering.scaling import Prepared

Clusterings = dict[tuple[str, int | None], Clustering]
Values = dict[tuple[str, int | None], Floats | None]


def measured_customers(customers: int, seed: int) -> Labels:
    """Whose silhouettes are taken."""
    return sample_of(customers, customers if customers <= LARGEST_EXACT else SAMPLE // 2, seed)


def evaluation(ready: Prepared, found: Clusterings, values: Values) -> list[dict[str, Any]]:
    """One record for each method and k."""
    return [
        {**_record(ready, *key, clustering), **_silhouette(values[key], len(ready.matrix)), **clustering.details}
        for key, clustering in found.items()
    ]


def _silhouette(values: Floats | None, customers: int) -> dict[str, float | None]:
    """The mean silhouette; where it is that of a sample, its standard error, as of a mean of independent draws."""
    if values is None:
        return {"silhouette": None}
    known = values[~np.isnan(values)]
    mean: dict[str, float | None] = {"silhouette": float(known.mean())}
    if len(values) == customers:
        return mean
    return {**mean, "silhouette_error": float(known.std(ddof=1) / np.sqrt(len(known))) if len(known) > 1 else None}


def customer_silhouettes(matrix: Floats, found: Clusterings, drawn: Labels, tell: Callable[[float], None]) -> Values:
    """The silhouettes of the drawn customers, whose `matrix` it is; those who are in no cluster are missing."""
    tell(0.0)
    labelings = {key: clustering.labels[drawn] for key, clustering in found.items()}
    whole = {key: np.unique(own, return_inverse=True)[1] for key, own in labelings.items() if (own >= 0).all()}
    of_whole = quality.silhouette_values(matrix, list(whole.values()), tell) if whole else []
    known = dict(zip(whole, of_whole, strict=True))
    return {key: known[key] if key in known else _of_members(matrix, own) for key, own in labelings.items()}


def _of_members(matrix: Floats, labels: Labels) -> Floats | None:
    member = labels >= 0
    if not member.any():
        return None
    (own,) = quality.silhouette_values(matrix[member], [np.unique(labels[member], return_inverse=True)[1]])
    if own is None:
        return None
    values = np.full(len(labels), np.nan)
    values[member] = own
    return values


def _record(ready: Prepared, method: str, k: int | None, clustering: Clustering) -> dict[str, Any]:
    member = clustering.labels >= 0
    matrix, labels = ready.matrix[member], np.unique(clustering.labels[member], return_inverse=True)[1]
    sizes = np.bincount(labels)
    within = quality.inertia(matrix, labels) if len(labels) else None
    return {
        "method": method,
        "k": k,
        "clusters": len(sizes),
        "inertia": within,
        "calinski_harabasz": None if within is None else quality.calinski_harabasz(matrix, labels, within),
        "davies_bouldin": None if within is None else quality.davies_bouldin(matrix, labels),
        "smallest": int(sizes.min(initial=len(labels))),
        "largest": int(sizes.max(initial=0)),
        "in_none": int((~member).sum()),
    }


def silhouette_table(ready: Prepared, drawn: Labels, values: Values) -> pd.DataFrame:
    """`CustomerID` and, under each `label_column`, the silhouettes of the drawn customers, in their table's order."""
    import pandas as pd

    order = np.argsort(ready.rows[drawn])
    nothing = np.full(len(drawn), np.nan)
    columns = {
        label_column(*key): (nothing if own is None else own)[order].astype(np.float32) for key, own in values.items()
    }
    return pd.DataFrame({"CustomerID": ready.customer_ids[drawn][order], **columns})
