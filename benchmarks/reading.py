"""`python -m benchmarks.reading [FILE] [--times N]`: from file to typed table, beside pandas.

Both in fresh processes, in turns: `pandas.read_csv` with its dates parsed, and the reading stage of the pipeline, which
also checks every byte, accounts for every line and writes the table to disk.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.processes import ROOT, Cost, cost_of

REAL_FILE = ROOT.parent / "shared" / "data" / "online_retail.csv.gz"
SIDES = ("pandas", "pipeline")


def main() -> int:
    """Measure and print; the exit code is 1 when the two sides do not find the same."""
    asked = _arguments()
    if asked.side:
        print_found(asked.side, asked.file, asked.found)
        return 0
    with tempfile.TemporaryDirectory(prefix="segment-studio-bench-") as folder:
        source = _input(asked.file, asked.times, Path(folder))
        costs: dict[str, list[Cost]] = {side: [] for side in SIDES}
        found = {}
        for repeat in range(asked.repeats):
            for side in SIDES if repeat % 2 == 0 else reversed(SIDES):
                told = Path(folder) / f"{side}.json"
                command = ["-m", "benchmarks.reading", str(source), "--side", side, "--found", str(told)]
                costs[side].append(cost_of(command))
                found[side] = json.loads(told.read_text())
        size = source.stat().st_size / 1e6
    same = found["pandas"] == found["pipeline"]
    print(f"{size:,.0f} MB, {found['pipeline']['rows']:,} rows, {asked.repeats} in turns, {os.cpu_count()} cores")
    print(_table(costs))
    print(f"same rows and revenue: {'yes' if same else f'NO: {found}'}")
    return 0 if same else 1


def print_found(side: str, source: Path, target: Path) -> None:
    """One side's work, and what it found: rows, and revenue to the penny."""
    found = with_pandas(source) if side == "pandas" else with_pipeline(source)
    target.write_text(json.dumps(found))


def with_pandas(source: Path) -> dict[str, float]:
    """The plain way, with ids kept as texts."""
    import pandas as pd

    texts = {"InvoiceNo": "str", "StockCode": "str"}
    table = pd.read_csv(source, dtype=texts, parse_dates=["InvoiceDate"])  # type: ignore[call-overload]
    assert str(table["InvoiceDate"].dtype).startswith("datetime64")
    return {"rows": len(table), "revenue": round(float((table["Quantity"] * table["UnitPrice"]).sum()), 2)}


def with_pipeline(source: Path) -> dict[str, float]:
    """The reading stage, its table written to disk and summed there."""
    from pipeline import engine
    from pipeline.reading.transactions import Reading, read_transactions

    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "transactions"
        facts = read_transactions(source, Reading(), target, lambda *_: None, Path(folder) / "rejected")
        with engine.connection() as duck:
            row = duck.execute("SELECT sum(Quantity * UnitPrice) FROM read_parquet(?)", [str(target)]).fetchone()
    assert row is not None
    return {"rows": facts["accepted"], "revenue": round(row[0], 2)}


def _table(costs: dict[str, list[Cost]]) -> str:
    lines = ["| | seconds | processor seconds | peak MB |", "|---|---:|---:|---:|"]
    middle = {side: Cost(*map(statistics.median, zip(*costs[side], strict=True))) for side in SIDES}
    for side, cost in middle.items():
        lines.append(f"| {side} | {cost.seconds:.2f} | {cost.cpu_seconds:.2f} | {cost.peak_memory_mb:.0f} |")
    ratios = [one / other for one, other in zip(middle["pandas"], middle["pipeline"], strict=True)]
    lines.append(f"| pandas / pipeline | {ratios[0]:.2f}x | {ratios[2]:.2f}x | {ratios[1]:.2f}x |")
    return "\n".join(lines)


def _input(asked: Path | None, times: int, folder: Path) -> Path:
    """The file, unpacked, with its rows repeated."""
    import gzip

    from pipeline.simulation import simulate_shop

    file, target = asked or (REAL_FILE if REAL_FILE.is_file() else None), folder / "input.csv"
    if file is None:
        file = folder / "simulated.csv"
        simulate_shop(file, 4_000, 1)
    with target.open("wb") as written:
        for number in range(times):
            with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as stream:
                if number:
                    stream.readline()
                shutil.copyfileobj(stream, written, 2**20)
    return target


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", help="a CSV like Online Retail, may be .gz")
    parser.add_argument("--times", type=int, default=1, help="repeat the rows: 10 is 480 MB, 42 is 2 GB")
    parser.add_argument("--repeats", type=int, default=3, help="how often each side runs")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--found", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
