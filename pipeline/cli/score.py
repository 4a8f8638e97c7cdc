"""`score`: the customers of a later file in the segments of a finished model."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pipeline.cli.arguments import add_inputs, add_output, add_resources
from pipeline.cli.runs import checked_inputs, finished

HELP = "later customers in the segments of a finished model"


def add_flags(parser: argparse.ArgumentParser) -> None:
    """The command's flags; its settings are the model's."""
    add_inputs(parser, "the later file of transactions")
    parser.add_argument("--model", metavar="FILE", required=True, help="the model, as `segment --model FILE` wrote it")
    parser.add_argument("--method", metavar="NAME", help="one method; without it all of them")
    parser.add_argument("--k", type=int, metavar="K", help="the number of segments; without it the recipe's own")
    add_output(parser, "data/processed/scored.csv")
    add_resources(parser)


def run(asked: argparse.Namespace) -> None:
    """Read the later file by the model's recipe and put its customers into segments, without fitting."""
    from pipeline.audience.columns import rounded
    from pipeline.model_file import read_model, recipe_of, wanted_columns
    from pipeline.output import whole_file
    from pipeline.scoring import scored

    known = read_model(Path(asked.model))
    columns = wanted_columns(known, asked.method, asked.k)
    with finished(asked, checked_inputs(asked), recipe_of(known), until="features") as described:
        customers = described.store.path(described.keys["features"], "customers")
        found = scored(customers, known, columns, described.facts("cleaning")["span"])
    with whole_file(Path(asked.output)) as unfinished:
        rounded(found.table).to_csv(unfinished, index=False, lineterminator="\n")
    for sentence in found.sentences:
        print(f"drift: {sentence}", file=sys.stderr)
    print(asked.output)
