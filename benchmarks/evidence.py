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
from typing import TYPE_CHECKING, NamedTuple

from pipeline import engine
from pipeline.cleaning.settings import Cleaning
from pipeline.cleaning.transactions import clean
from pipeline.clustering.preparation import Preparation
from pipeline.clustering.quality import silhouettes
from pipeline.clustering.scaling import prepared
from pipeline.clustering.stability import clustered
from pipeline.clustering.sweep import Clusters
from pipeline.features.feature_matrix import build_feature_matrix
from pipeline.features.product_mix import ProductMix
from pipeline.profiles.foretelling import Later, later
from pipeline.profiles.preparations import judged
from pipeline.reading.settings import Reading
from pipeline.reading.transactions import read_transactions
from pipeline.recipe import RECIPES, Recipe
from pipeline.threads import one_thread

if TYPE_CHECKING:
    import pandas as pd


class Evidence(NamedTuple):
    """What speaks for one way to cluster, as one row of the table. Shares are 0 to 1.

    Attributes
    ----------
    bootstrap_ari : adjusted Rand index with the clusters of resampled customers, mean of the draws.
    weakest_jaccard : the same of the cluster that is found again least (Hennig's clusterboot).
    smallest : the customers in the smallest cluster.
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


def periods(source: Path, folder: Path) -> tuple[pd.DataFrame, Later | None]:
    """The customers of a file of transactions, and what became of those of six months before its end."""
    read, cleaned, customers = (folder / f"{name}.parquet" for name in ("read", "cleaned", "customers"))
    read_transactions(source, Reading(), read, _quiet)
    clean(read, Cleaning(), cleaned, folder / "dropped.parquet", _quiet)
    build_feature_matrix(cleaned, ProductMix(), customers, _quiet)
    return engine.read_parquet(customers), later(cleaned, ProductMix())


def evidence(customers: pd.DataFrame, after: Later | None, draws: int) -> Iterator[Evidence]:
    """One row for each recipe, method and k."""
    for name, recipe in RECIPES.items():
        yield from _of_one(name, recipe, customers, after, draws)


def _of_one(name: str, recipe: Recipe, customers: pd.DataFrame, after: Later | None, draws: int) -> Iterator[Evidence]:
    preparation, clusters = recipe.step(Preparation), recipe.step(Clusters)
    methods = [method for method in recipe.methods() if method.TAKES_K]
    titles = {method.NAME: method.TITLE for method in methods}
    with one_thread("scipy.linalg", "sklearn.cluster"):
        found = clustered(customers, clusters, preparation, methods)
        ready = prepared(customers, preparation)
        shown = silhouettes(ready.matrix, [labels[ready.rows] for labels in found.values()])
    by_key = dict(zip(found, shown, strict=True))
    for row in judged(customers, after, preparation, clusters, methods, draws, _unheard):
        silhouette = by_key[row["method"], row["k"]]
        told = (row["ari"], row["weakest"], row["abroad"], row["explained"], silhouette)
        ari, weakest, abroad, foretold, apart = (float("nan") if each is None else float(each) for each in told)
        smallest = round(min(row["sizes"]) * len(customers))
        yield Evidence(name, titles[row["method"]], row["k"], ari, weakest, smallest, abroad, foretold, apart)


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


def _unheard(share: float) -> None:
    del share


def _quiet(share: float, sentence: str) -> None:
    del share, sentence


def main(arguments: list[str] | None = None) -> int:
    """Print the table for the file named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="a CSV of transactions of at least a year")
    parser.add_argument("--draws", type=int, default=20, help="bootstrap samples (default 20)")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        customers, after = periods(chosen.file, Path(folder))
    print(table(list(evidence(customers, after, chosen.draws))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
