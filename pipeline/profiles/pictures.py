"""What pages show of clusters without computing: the customers' map, the top of Ward's tree, a rule per segment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import engine
from pipeline.clustering.dendrogram import dendrogram
from pipeline.clustering.hierarchical import Hierarchical
from pipeline.clustering.preparation import Preparation
from pipeline.clustering.projection import in_words, projection
from pipeline.clustering.scaling import Prepared, prepared
from pipeline.profiles.rules import columns, rules
from pipeline.threads import one_thread

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[float, str], None]


def pictures(
    customers: Path, labels: Path, preparation: Preparation, seed: int, target: Path, progress: Progress
) -> dict[str, Any]:
    """Write where each customer lies on the map, and tell the rest.

    Parameters
    ----------
    customers : Parquet of the customers table.
    labels : Parquet of the labels of every method and k, as the sweep writes it.
    target : Parquet written: `CustomerID`, `Across`, `Up` (the two principal components), sorted by CustomerID.

    Returns
    -------
    dict
        `map`: for each direction `explained` (share of variance) and `words`, what customers further along are like;
        `tree`, as `dendrogram` tells it, or None where Ward's method was not run; `rules`: label column -> segment ->
        its rule, as `rules` tells it; `warnings`.
    """
    described, found = engine.read_parquet(customers), engine.read_parquet(labels)
    ready = prepared(described, preparation)
    by_customer = found.set_index("CustomerID")
    with one_thread("scipy.linalg", "sklearn.tree"):
        progress(0.0, "Drawing the map of customers")
        flat = projection(ready)
        engine.write_parquet(_placed(ready, flat.coordinates), target)
        progress(0.1, "Drawing the tree of segments")
        tree = _tree(ready.in_segments(), by_customer, seed)
        progress(0.3, "Putting segments into rules")
        ruled = _rules(described, by_customer, seed, progress)
    progress(1.0, "Drew the segments")
    words = [in_words(weights, ready.columns) for weights in flat.loadings]
    return {"map": {"explained": flat.explained, "words": words}, "tree": tree, "rules": ruled, "warnings": []}


def _placed(ready: Prepared, coordinates: np.ndarray[Any, Any]) -> pd.DataFrame:
    import pandas as pd

    placed = {"CustomerID": ready.customer_ids, "Across": coordinates[:, 0], "Up": coordinates[:, 1]}
    return pd.DataFrame(placed)


def _tree(ready: Prepared, by_customer: pd.DataFrame, seed: int) -> dict[str, Any] | None:
    prefix = f"{Hierarchical.NAME}_"
    named = [column for column in by_customer.columns if column.startswith(prefix)]
    if not named or len(ready.matrix) < 2:
        return None
    own = by_customer.reindex(ready.customer_ids)
    cuts = {int(column.removeprefix(prefix)): own[column].to_numpy(dtype=np.intp) for column in named}
    return dendrogram(ready.matrix, cuts, seed)


def _rules(described: pd.DataFrame, by_customer: pd.DataFrame, seed: int, progress: Progress) -> dict[str, Any]:
    labelled = described[described["CustomerID"].isin(by_customer.index)]
    known, ordered = columns(labelled), by_customer.loc[labelled["CustomerID"]]
    found = {}
    for place, column in enumerate(ordered.columns):
        progress(0.3 + 0.7 * place / len(ordered.columns), "Putting segments into rules")
        own = rules(known, ordered[column].to_numpy(dtype=np.intp), seed)
        found[str(column)] = {str(segment): rule for segment, rule in own.items()}
    return found
