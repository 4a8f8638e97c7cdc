"""`movement`: who is in another segment on one day than on an earlier one, under the same model."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.arguments import add_days, add_inputs, add_output, add_resources, add_settings, recipe_asked
from pipeline.cli.runs import checked_inputs, finished

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.results import Segmentation
    from pipeline.standing import Standing

HELP = "who moved between segments from one day to another, and how many had to be expected"


def add_flags(parser: argparse.ArgumentParser) -> None:
    """The two days, the method, and every setting's flag."""
    add_inputs(parser)
    add_output(parser, "data/processed/moved.csv")
    add_days(parser)
    parser.add_argument("--method", metavar="NAME", default="kmeans", help="whose segments (%(default)s)")
    add_resources(parser)
    add_settings(parser)


def run(asked: argparse.Namespace) -> None:
    """Run the recipe over the input, and write the movers, whoever most is expected of first."""
    from pipeline.audience import spreadsheets
    from pipeline.audience.columns import rounded
    from pipeline.output import whole_file
    from pipeline.standing import Standing

    recipe = recipe_asked(asked)
    with finished(asked, checked_inputs(asked), recipe) as segmentation:
        table, told = _moved(segmentation, Standing(segmentation), asked)
    with whole_file(Path(asked.output)) as unfinished:
        unfinished.write_text("".join(spreadsheets.csv(rounded(table))), encoding="utf-8", newline="")
    for sentence in told:
        print(sentence, file=sys.stderr)
    print(asked.output)


def _moved(segmentation: Segmentation, standing: Standing, asked: argparse.Namespace) -> tuple[pd.DataFrame, list[str]]:
    """The movers with the names of their segments, and what is to be told of the movement."""
    from pipeline.clustering.methods import METHODS
    from pipeline.clustering.sweep import Clusters
    from pipeline.clv.lifetime_value import LifetimeValue
    from pipeline.errors import SettingError
    from pipeline.standing import with_names

    if asked.method not in METHODS:
        raise SettingError(f"There is no method {asked.method!r}; the methods are: {', '.join(METHODS)}.")
    k = segmentation.recipe.step(Clusters).n_clusters if METHODS[asked.method].TAKES_K else None
    earlier, later = standing.between(asked.since, asked.until)
    moved, names = standing.movement(earlier, later, asked.method, k), standing.names(asked.method, k)
    value = f"CLV_{segmentation.recipe.step(LifetimeValue).horizon_months}m"
    expected = segmentation.customers()[["CustomerID", value]]
    movers = standing.movers(earlier, later, asked.method, k, expected)
    told = [*moved.sentences(earlier, later), *moved.told_beyond(names), *standing.caveats(asked.method, k)]
    return with_names(movers, names), told
