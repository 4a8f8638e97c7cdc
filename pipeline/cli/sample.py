"""`sample`: a simulated shop whose truth is known."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pipeline.cli.arguments import check_output

HELP = "a simulated shop with known parameters"


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Where to, how large, and the seed."""
    parser.add_argument("file", metavar="FILE", help="the CSV to write")
    parser.add_argument("--customers", type=int, default=1500, metavar="N", help="how many customers (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="same seed, same file (%(default)s)")


def run(asked: argparse.Namespace) -> None:
    """Write the file, and its truth beside it."""
    from pipeline.simulation import simulate_shop

    target = Path(asked.file)
    check_output(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    simulate_shop(target, asked.customers, asked.seed)
    print(f"A simulated shop of {asked.customers:,} customers; its truth stands beside it.", file=sys.stderr)
    print(target)
