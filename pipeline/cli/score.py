"""`score`: the customers of a later file in the segments of a finished model."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pipeline.cli.arguments import add_inputs, add_output, add_resources, check_output, refuse_overwriting, source_file
from pipeline.cli.narration import Narrator

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
    from pipeline.output import whole_file
    from pipeline.scoring import read_model, recipe_of, scored, wanted_columns
    from pipeline.segmentation import STAGE_TITLES
    from pipeline.segmentation import run as segmented
    from pipeline.store import Store

    sources, output, known = (
        [source_file(each) for each in asked.input],
        Path(asked.output),
        read_model(Path(asked.model)),
    )
    columns = wanted_columns(known, asked.method, asked.k)
    for source in sources:
        refuse_overwriting(source, output)
    check_output(output)
    store = Store(Path(asked.data_dir) / "cache")
    try:
        described = segmented(
            sources, recipe_of(known), store, until="features", progress=Narrator(STAGE_TITLES).report
        )
        span = described.facts("cleaning")["span"]
        found = scored(store.path(described.keys["features"], "customers"), known, columns, span)
    finally:
        store.close()
    output.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(output) as unfinished:
        found.table.to_csv(unfinished, index=False, lineterminator="\n")
    for sentence in found.sentences:
        print(f"drift: {sentence}", file=sys.stderr)
    print(output)
