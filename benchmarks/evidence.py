"""Why `balanced` is the default: how steady its segments are and what they foretell, beside `classic`.

    python -m benchmarks.evidence FILE [--draws N]

prints a table in Markdown, in about two minutes on Online Retail.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline import engine
from pipeline.cleaning.settings import Cleaning
from pipeline.cleaning.transactions import clean
from pipeline.clustering.agreement import jaccards, rand_index
from pipeline.clustering.methods import Method
from pipeline.clustering.preparation import Preparation
from pipeline.clustering.quality import silhouettes
from pipeline.clustering.scaling import prepared
from pipeline.features.feature_matrix import build_feature_matrix
from pipeline.features.product_mix import ProductMix
from pipeline.reading.settings import Reading
from pipeline.reading.transactions import read_transactions
from pipeline.recipe import RECIPES
from pipeline.threads import one_thread

HORIZON = pd.Timedelta(days=182.625)
KS = range(2, 9)
SEED = 42
Labels = NDArray[np.intp]


class Periods(NamedTuple):
    """Customers of the whole file, customers as they stood six months before its end, and what those then spent."""

    customers: pd.DataFrame
    earlier: pd.DataFrame
    log_revenue: NDArray[np.float64]


class Evidence(NamedTuple):
    """What speaks for one way to cluster, as one row of the table. Shares are 0 to 1.

    Attributes
    ----------
    bootstrap_ari : adjusted Rand index with the clusters of resampled customers, mean of the draws.
    weakest_jaccard : the same of the cluster that is found again least (Hennig's clusterboot).
    abroad : the share of customers outside the UK in the most foreign cluster.
    foretold : the share of variance of the next six months' log revenue that clusters explain.
    """

    recipe: str
    method: str
    k: int
    bootstrap_ari: float
    weakest_jaccard: float
    smallest: int
    abroad: float
    foretold: float
    silhouette: float


def periods(source: Path, folder: Path) -> Periods:
    """Read, clean and sum up a file of transactions, whole and without its last six months."""
    read, cleaned, before = (folder / f"{name}.parquet" for name in ("read", "cleaned", "before"))
    read_transactions(source, Reading(), read, _quiet)
    clean(read, Cleaning(), cleaned, folder / "dropped.parquet", _quiet)
    lines = engine.read_parquet(cleaned)
    cut = lines["InvoiceDate"].max() - HORIZON
    engine.write_parquet(lines[lines["InvoiceDate"] <= cut], before)
    later = lines[lines["InvoiceDate"] > cut].groupby("CustomerID")["TotalPrice"].sum()
    earlier = _customers(before, folder)
    revenue = earlier["CustomerID"].map(later).fillna(0.0)
    return Periods(_customers(cleaned, folder), earlier, np.log1p(revenue.to_numpy(dtype=np.float64)))


def _customers(transactions: Path, folder: Path) -> pd.DataFrame:
    target = folder / "customers.parquet"
    build_feature_matrix(transactions, ProductMix(), target, _quiet)
    return engine.read_parquet(target)


def evidence(seen: Periods, draws: int) -> Iterator[Evidence]:
    """One row for each recipe, method and k."""
    with one_thread("scipy.linalg", "sklearn.cluster"):
        for name, recipe in RECIPES.items():
            for method in (each for each in recipe.methods() if each.TAKES_K):
                yield from _of_one(name, recipe.step(Preparation), method, seen, draws)


def _of_one(recipe: str, preparation: Preparation, method: Method, seen: Periods, draws: int) -> Iterator[Evidence]:
    whole = clusters(seen.customers, preparation, method, SEED)
    before = clusters(seen.earlier, preparation, method, SEED)
    again = [resampled(seen.customers, preparation, method, draw) for draw in range(draws)]
    matrix = prepared(seen.customers, preparation).matrix
    shown = silhouettes(matrix, list(whole.values()))
    foreign = 1 - seen.customers["IsUK"].to_numpy(dtype=np.float64)
    for k, silhouette in zip(KS, shown, strict=True):
        sizes = np.bincount(whole[k])
        yield Evidence(
            recipe,
            method.TITLE,
            k,
            float(np.mean([rand_index(whole[k][drawn], labels[k]) for drawn, labels in again])),
            float(np.mean([jaccards(whole[k][drawn], labels[k], k) for drawn, labels in again], axis=0).min()),
            int(sizes.min()),
            float((np.bincount(whole[k], foreign) / sizes).max()),
            explained(seen.log_revenue, before[k]),
            float("nan") if silhouette is None else silhouette,
        )


def clusters(customers: pd.DataFrame, preparation: Preparation, method: Method, seed: int) -> dict[int, Labels]:
    """For every k the cluster of each customer, in the order of `customers`."""
    ready = prepared(customers, preparation)
    order = np.argsort(ready.rows)
    found = method.clusterings(ready, KS, seed, _unheard)
    return {k: np.unique(found[k].labels, return_inverse=True)[1][order] for k in KS}


def resampled(
    customers: pd.DataFrame, preparation: Preparation, method: Method, seed: int
) -> tuple[Labels, dict[int, Labels]]:
    """Who is in a bootstrap sample, each once, and their clusters when scaling and method see the sample alone."""
    drawn = np.sort(np.random.default_rng(seed).integers(0, len(customers), len(customers)))
    first = np.unique(drawn, return_index=True)[1]
    found = clusters(customers.iloc[drawn].reset_index(drop=True), preparation, method, seed)
    return drawn[first], {k: labels[first] for k, labels in found.items()}


def explained(outcome: NDArray[np.float64], labels: Labels) -> float:
    """The share of an outcome's variance between clusters, 0 to 1."""
    means = np.bincount(labels, outcome) / np.bincount(labels)
    return float(1 - ((outcome - means[labels]) ** 2).sum() / ((outcome - outcome.mean()) ** 2).sum())


def table(rows: list[Evidence]) -> str:
    """The rows in Markdown."""
    lines = [
        "| recipe | method | k | bootstrap ARI | weakest cluster's Jaccard | smallest cluster "
        "| abroad in the most foreign cluster | next six months explained | silhouette |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row.recipe} | {row.method} | {row.k} | {row.bootstrap_ari:.2f} | {row.weakest_jaccard:.2f} "
        f"| {row.smallest:,} | {row.abroad:.0%} | {row.foretold:.1%} | {row.silhouette:.2f} |"
        for row in rows
    ]
    return "\n".join(lines)


def _unheard(k: int) -> None:
    del k


def _quiet(share: float, sentence: str) -> None:
    del share, sentence


def main(arguments: list[str] | None = None) -> int:
    """Print the table for the file named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="a CSV of transactions of at least a year")
    parser.add_argument("--draws", type=int, default=20, help="bootstrap samples (default 20)")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        seen = periods(chosen.file, Path(folder))
    print(table(list(evidence(seen, chosen.draws))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
