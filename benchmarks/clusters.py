"""`python -m benchmarks.clusters [FILE] [--customers 100000 1000000]`: clusters beside plain scikit-learn.

First the customers of FILE (without it the real file where it is, else a simulated shop), then as many as asked: the
same ones drawn again, each moved by a tenth of a standard deviation a column. Three methods for k = 2..8 with all
measures of quality. Above `PAIRS` customers plain scikit-learn has no Ward and no silhouettes in bounded time and
memory; beside it stands only what it can do, and above `PLAIN` nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.agreement import Check, same_partition
from benchmarks.processes import ROOT, Cost, cost_of
from benchmarks.report import Row, checks_table, costs_table
from pipeline.clustering.labels import Floats

REAL_FILE = ROOT.parent / "shared" / "data" / "online_retail.csv.gz"
SIZES = (100_000, 1_000_000)
PAIRS, PLAIN = 10_000, 200_000  # customers
JITTER = 0.1  # of a column's standard deviation
Side = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, compare, print; the exit code is 1 when ours is worse."""
    asked = _arguments(arguments)
    rows, checks, told = [], [], []
    with tempfile.TemporaryDirectory(prefix="segment-studio-bench-") as folder:
        own = _customers(asked.file, Path(folder))
        for customers in (len(own), *asked.customers):
            matrix = own if customers == len(own) else resampled(own, customers, seed=1)
            what = f"{customers:,} customers"
            sides = {name: _run(name, matrix, Path(folder), asked.repeats) for name in _sides(customers)}
            theirs = sides.get("reference") or sides.get("part")
            rows.append(Row(what, theirs["costs"] if theirs else [], sides["ours"]["costs"]))
            checks += _checks(what, theirs, sides["ours"]) if theirs else []
            told += _approximate(what, sides["ours"])
    print(f"Three methods, k = 2 to 8; {asked.repeats} repeats, medians; {os.cpu_count()} cores; ", end="")
    print(f"Python {platform.python_version()}\n\n{costs_table(rows)}\n\n{checks_table(checks)}\n")
    print(f"Above {PAIRS:,} customers the plain side has neither Ward nor silhouettes.\n" + "\n".join(told))
    return 0 if all(check.agrees for check in checks) else 1


def resampled(matrix: Floats, customers: int, seed: int) -> Floats:
    """As many customers, drawn from these and moved a little, so that no two are the same."""
    random = np.random.default_rng(seed)
    drawn = matrix[random.integers(0, len(matrix), customers)]
    moved: Floats = drawn + random.normal(0.0, JITTER, drawn.shape) * matrix.std(axis=0)
    return moved


def _sides(customers: int) -> list[str]:
    return [*(["reference"] if customers <= PAIRS else ["part"] if customers <= PLAIN else []), "ours"]


def _run(side: str, matrix: Floats, folder: Path, repeats: int) -> Side:
    """The costs of every repeat, and what the last one found."""
    source, target, costs = folder / "customers.npz", folder / f"{side}.npz", []
    np.savez(source, matrix=matrix)
    for repeat in range(repeats):
        print(f"{len(matrix):,} customers, repeat {repeat + 1} of {repeats}: {side}", file=sys.stderr)
        cost_of(["-m", "benchmarks.clusters_child", side, str(source), str(target)])
        written = json.loads(target.with_suffix(".json").read_text())
        costs.append(Cost(**written["cost"]))
    with np.load(target) as kept:
        labels = {name: kept[name] for name in kept.files}
    records = pd.DataFrame(written["records"]).set_index(["method", "k"]).sort_index()
    return {"costs": costs, "labels": labels, "records": records}


def _checks(what: str, theirs: Side, own: Side) -> list[Check]:
    """Ward's labels identical, inertia and likelihood not worse, and the same measures for the same labels."""
    ward = [name for name in theirs["labels"] if name.startswith("hierarchical")]
    same = [name for name in theirs["labels"] if _same(theirs, own, name)]
    inertia = _column(own, "kmeans", "inertia") / _column(theirs, "kmeans", "inertia")
    likely = _column(own, "gaussian_mixture", "mean_log_likelihood")
    likely = likely - _column(theirs, "gaussian_mixture", "mean_log_likelihood")
    exact = bool(ward)
    found = [
        Check(f"{what}: k-means inertia, ours by theirs", f"{inertia.max():.5f} at most", inertia.max() < 1.001),
        Check(
            f"{what}: mean log-likelihood, ours less theirs",
            f"{likely.min():+.4f} at least",
            bool(likely.min() > (-0.001 if exact else -0.02)),
        ),
    ]
    if exact:
        identical = len([name for name in ward if name in same])
        found.append(Check(f"{what}: Ward labels", f"{identical} of {len(ward)} k identical", identical == len(ward)))
    return found + [_measured(what, measure, same, theirs, own) for measure in _shared(exact)]


def _shared(exact: bool) -> list[str]:
    return [*(["silhouette"] if exact else []), "calinski_harabasz", "davies_bouldin"]


def _measured(what: str, measure: str, same: Sequence[str], theirs: Side, own: Side) -> Check:
    """Whether labels that are the same have the same measure."""
    keys = [(name.rpartition("_")[0], int(name.rpartition("_")[2])) for name in same]
    before, after = (side["records"].loc[keys, measure].astype(float) for side in (theirs, own))
    gap = float(((after - before).abs() / before.abs()).max()) if keys else 0.0
    found = f"largest relative difference {gap:.1e} where labels are the same ({len(keys)} of {len(theirs['labels'])})"
    return Check(f"{what}: {measure}", found, gap < 1e-6)


def _same(theirs: Side, own: Side, name: str) -> bool:
    return same_partition(pd.Series(theirs["labels"][name]), pd.Series(own["labels"][name]))


def _column(side: Side, method: str, name: str) -> pd.Series[float]:
    found: pd.Series[float] = side["records"].loc[method][name].astype(float)
    return found


def _approximate(what: str, own: Side) -> list[str]:
    """What is approximate, and by how much on a sample where the exact tree can be made."""
    if "exact_ari" not in own["records"]:
        return []
    alike, spread = (_column(own, "hierarchical", name) for name in ("exact_ari", "exact_inertia"))
    error = float(own["records"]["silhouette_error"].max())
    return [
        f"{what}: Ward in two steps against the exact tree of a sample, k = 2 to 8: adjusted Rand index "
        f"{alike.min():.2f} to {alike.max():.2f}, inertia {spread.min():.3f} to {spread.max():.3f} times as large; "
        f"standard error of a silhouette {error:.4f} at most."
    ]


def _customers(file: Path | None, folder: Path) -> Floats:
    """The prepared customers of a file of transactions under the recipe `balanced`."""
    from pipeline import segmentation
    from pipeline.clustering.preparation import Preparation
    from pipeline.clustering.scaling import prepared
    from pipeline.recipe import BALANCED
    from pipeline.simulation import simulate_shop
    from pipeline.store import Store

    source = file or (REAL_FILE if REAL_FILE.is_file() else folder / "simulated shop.csv")
    if not source.is_file():
        simulate_shop(source, 4_338, 1)
    if source.suffix == ".gz":
        import gzip

        unpacked = folder / source.stem
        unpacked.write_bytes(gzip.decompress(source.read_bytes()))
        source = unpacked
    store = Store(folder / "store")
    done = segmentation.run(source, BALANCED, store, until="features")
    matrix = prepared(done.customers(), Preparation()).matrix
    store.close()
    return matrix


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clusters", description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", help="Online Retail CSV, may be .gz")
    parser.add_argument("--customers", type=int, nargs="*", default=SIZES, help="how many to make of the file's own")
    parser.add_argument("--repeats", type=int, default=1, help="how often each side runs")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
