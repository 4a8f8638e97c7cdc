"""`python -m benchmarks.lines [--lines 1 10 100]`: from a file of many lines to customers with value.

A simulated shop is repeated with other invoices, and after every fourth time with other customers, until it has as many
millions of lines as asked for, as CSV and as Parquet. Each file is run through the stages up to the value of every
customer, in a fresh process, with so much memory for its tables. Seconds a million lines should stay flat, and the peak
of memory grow with the customers only.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.processes import Cost, cost_of
from pipeline import engine
from pipeline.simulation import simulate_shop

PATTERN_CUSTOMERS = 2_000
ROUNDS_A_CUSTOMER = 4  # so that one has about as many lines as in Online Retail
FORMATS = {"csv": "HEADER", "parquet": "FORMAT parquet"}
LAST_STAGE = "value"


class Measured(NamedTuple):
    """One run: the file's format and millions of lines, its customers, and what it cost."""

    kind: str
    millions: float
    customers: int
    cost: Cost


def main() -> int:
    """Measure and print a table."""
    asked = _arguments()
    if asked.source:
        print(value_of_all(asked.source))
        return 0
    with tempfile.TemporaryDirectory(prefix="segment-studio-bench-", dir=asked.folder) as folder:
        pattern = Path(folder) / "pattern.csv"
        simulate_shop(pattern, PATTERN_CUSTOMERS, 1)
        runs = [measured(pattern, kind, millions, asked.memory_mb) for millions in asked.lines for kind in FORMATS]
    print(f"{os.cpu_count()} cores, {asked.memory_mb} MB for tables, up to the stage `{LAST_STAGE}`\n")
    print(table(runs))
    return 0


def measured(pattern: Path, kind: str, millions: float, memory_mb: int) -> Measured:
    """Make a file of so many lines beside the pattern, run it in a fresh process, and remove what it left."""
    print(f"{millions:g} million lines, {kind}", file=sys.stderr)
    with tempfile.TemporaryDirectory(dir=pattern.parent) as folder:
        source = Path(folder) / f"lines.{kind}"
        customers = repeated(pattern, source, round(millions * 1e6))
        os.environ[engine.MEMORY] = str(memory_mb)
        return Measured(kind, millions, customers, cost_of(["-m", "benchmarks.lines", "--run", str(source)]))


def repeated(pattern: Path, target: Path, lines: int) -> int:
    """Write the pattern over and over, with other customers and invoices each time; the number of customers."""
    with engine.connection() as duck:
        duck.execute(
            "CREATE OR REPLACE TEMP TABLE pattern AS SELECT *, row_number() OVER () AS line "
            "FROM read_csv(?, all_varchar = true)",
            [str(pattern)],
        )
        found = duck.execute("SELECT count(*), count(DISTINCT CustomerID) FROM pattern").fetchone()
        assert found is not None
        times = -(-lines // found[0])
        others = (
            "InvoiceNo || lpad(round::VARCHAR, 6, '0') AS InvoiceNo, "
            f"CustomerID || lpad((round // {ROUNDS_A_CUSTOMER})::VARCHAR, 6, '0') AS CustomerID"
        )
        duck.execute(
            f"COPY (SELECT * EXCLUDE (line) REPLACE ({others}) FROM range({times}) AS rounds(round), pattern "
            f"WHERE round * {found[0]} + line <= {lines}) TO '{target}' ({FORMATS[target.suffix.removeprefix('.')]})"
        )
        duck.execute("DROP TABLE pattern")
    return int(found[1]) * -(-times // ROUNDS_A_CUSTOMER)


def value_of_all(source: Path) -> str:
    """The work that is measured."""
    from pipeline.recipe import load_recipe
    from pipeline.segmentation import run
    from pipeline.store import Store

    with tempfile.TemporaryDirectory(dir=source.parent) as folder:
        store = Store(Path(folder))
        try:
            found = run(source, load_recipe("balanced"), store, until=LAST_STAGE)
            return f"{found.facts(LAST_STAGE)['measured']}"
        finally:
            store.close()


def table(runs: list[Measured]) -> str:
    """The measures as Markdown."""
    lines = [
        "| file | million lines | customers | seconds | seconds a million lines | peak MB |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {run.kind} | {run.millions:g} | {run.customers:,} | {run.cost.seconds:.1f} | "
        f"{run.cost.seconds / run.millions:.2f} | {run.cost.peak_memory_mb:,.0f} |"
        for run in runs
    ]
    return "\n".join(lines)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=float, nargs="+", default=[1.0, 4.0], metavar="MILLIONS")
    parser.add_argument("--memory-mb", type=int, default=1000, metavar="MB")
    parser.add_argument("--folder", type=Path, help="where the files are made (a temporary folder)")
    parser.add_argument("--run", dest="source", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
