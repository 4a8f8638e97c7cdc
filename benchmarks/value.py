"""`python -m benchmarks.value [--customers 5000 100000 1000000]`: lifetime values, ours beside lifetimes, in one run.

Each side works in a fresh process of its own on the same simulated purchase histories; what both found is compared.
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

import numpy as np

from benchmarks.agreement import Check
from benchmarks.processes import Cost, cost_of
from benchmarks.report import Row, checks_table, costs_table
from pipeline.clv.histories import Histories

SIDES = ("reference", "ours")
SIZES = (5_000, 100_000, 1_000_000)
TRUTH = {"r": 0.8, "alpha": 60.0, "a": 0.6, "b": 3.0, "p": 3.0, "q": 4.0, "v": 300.0}
YEAR = 373  # days, as many as Online Retail has
LIMIT = 1e-4  # of a relative difference: the fits of lifetimes stop within a tolerance of their own


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, compare, print; the exit code is 1 when the two sides disagree."""
    asked = _arguments(arguments)
    rows, checks, beyond = [], [], []
    with tempfile.TemporaryDirectory(prefix="segment-studio-bench-") as folder:
        for customers in asked.customers:
            costs, found = compared(customers, Path(folder), asked.repeats)
            rows.append(Row(f"{customers:,} customers", costs["reference"], costs["ours"]))
            checks += found
            beyond.append(f"{customers:,} customers {min(cost.cpu_seconds for cost in costs['beyond']):.2f} s")
    print(f"Lifetime values; {asked.repeats} interleaved repeats, medians; {os.cpu_count()} cores; ", end="")
    print(f"Python {platform.python_version()}\n\n{costs_table(rows)}\n\n{checks_table(checks)}")
    print(f"\nOnly ours: ranges of spend and dates of the next order, processor time: {', '.join(beyond)}")
    return 0 if all(check.agrees for check in checks) else 1


def compared(customers: int, folder: Path, repeats: int) -> tuple[dict[str, list[Cost]], list[Check]]:
    """Both sides' costs, and whether they found the same."""
    source = folder / f"{customers}.npz"
    np.savez(source, **simulated(customers, seed=1)._asdict())
    costs: dict[str, list[Cost]] = {"reference": [], "ours": [], "beyond": []}
    targets = {side: folder / f"{customers}-{side}.npz" for side in SIDES}
    for repeat in range(repeats):
        for side in SIDES if repeat % 2 == 0 else reversed(SIDES):
            print(f"{customers:,} customers, repeat {repeat + 1} of {repeats}: {side}", file=sys.stderr)
            cost_of(["-m", "benchmarks.value_child", side, str(source), str(targets[side])])
            for what, cost in json.loads(targets[side].with_suffix(".json").read_text()).items():
                costs[side if what == "value" else what].append(Cost(**cost))
    with np.load(targets["reference"]) as theirs, np.load(targets["ours"]) as own:
        return costs, [_check(f"{name}, {customers:,} customers", theirs[name], own[name]) for name in own]


def _check(what: str, theirs: np.ndarray, own: np.ndarray) -> Check:
    """Whether two columns are alike."""
    gap = float((np.abs(own - theirs) / np.maximum(np.abs(theirs), 1e-6)).max())
    return Check(what, f"largest relative difference {gap:.1e}", gap < LIMIT)


def simulated(customers: int, seed: int) -> Histories:
    """Purchase histories of customers who live as BG/NBD and spend as Gamma-Gamma has it, in whole days of a year."""
    random = np.random.default_rng(seed)
    T = random.integers(1, YEAR, customers).astype(np.float64)
    rate = random.gamma(TRUTH["r"], 1 / TRUTH["alpha"], customers)
    leaves = random.beta(TRUTH["a"], TRUTH["b"], customers)
    x, t_x, now = np.zeros(customers), np.zeros(customers), np.zeros(customers)
    here = np.arange(customers)
    while len(here):
        now[here] += random.exponential(1 / rate[here])
        here = here[now[here] <= T[here]]
        day = np.ceil(now[here])
        x[here] += day > t_x[here]
        t_x[here] = np.minimum(day, T[here])
        here = here[random.random(len(here)) >= leaves[here]]
    nu = random.gamma(TRUTH["q"], 1 / TRUTH["v"], customers)
    m = np.where(x > 0, random.gamma(TRUTH["p"] * np.maximum(x, 1), 1 / nu) / np.maximum(x, 1), 0.0)
    return Histories(x, t_x, T, np.round(m, 2), x)


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.value", description=__doc__)
    parser.add_argument("--customers", type=int, nargs="+", default=SIZES, help="how many; several sizes one by one")
    parser.add_argument("--repeats", type=int, default=3, help="how often each side runs")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
