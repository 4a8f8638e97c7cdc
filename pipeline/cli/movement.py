"""`movement`: who is in another segment on one day than on an earlier one, under the same model."""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.arguments import (
    add_inputs,
    add_output,
    add_resources,
    add_settings,
    check_output,
    recipe_asked,
    refuse_overwriting,
    source_file,
)
from pipeline.cli.narration import Narrator

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.results import Segmentation
    from pipeline.standing import Standing

HELP = "who moved between segments from one day to another, and how many had to be expected"
BACK_DAYS = 90


def add_flags(parser: argparse.ArgumentParser) -> None:
    """The two days, the method, and every setting's flag."""
    add_inputs(parser)
    add_output(parser, "data/processed/moved.csv")
    parser.add_argument(
        "--from", dest="since", metavar="DAY", help=f"the earlier day, as 2011-09-01; {BACK_DAYS} days before the other"
    )
    parser.add_argument("--to", dest="until", metavar="DAY", help="the later day; without it the last of the file")
    parser.add_argument("--method", metavar="NAME", default="kmeans", help="whose segments (%(default)s)")
    add_resources(parser)
    add_settings(parser)


def run(asked: argparse.Namespace) -> None:
    """Run the recipe over the input, and write the movers, whoever most is expected of first."""
    from pipeline.audience import spreadsheets
    from pipeline.output import whole_file
    from pipeline.segmentation import STAGE_TITLES
    from pipeline.segmentation import run as segmented
    from pipeline.standing import Standing
    from pipeline.store import Store

    sources, output, recipe = [source_file(each) for each in asked.input], Path(asked.output), recipe_asked(asked)
    for source in sources:
        refuse_overwriting(source, output)
    check_output(output)
    store = Store(Path(asked.data_dir) / "cache")
    try:
        segmentation = segmented(sources, recipe, store, progress=Narrator(STAGE_TITLES).report)
        table, told = _moved(segmentation, Standing(segmentation), asked)
    finally:
        store.close()
    output.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(output) as unfinished:
        unfinished.write_text("".join(spreadsheets.csv(table)), encoding="utf-8", newline="")
    for sentence in told:
        print(sentence, file=sys.stderr)
    print(output)


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
    later = standing.day(asked.until) if asked.until else standing.last
    earlier = standing.day(asked.since) if asked.since else max(standing.first, later - datetime.timedelta(BACK_DAYS))
    moved, names = standing.movement(earlier, later, asked.method, k), standing.names(asked.method, k)
    value = f"CLV_{segmentation.recipe.step(LifetimeValue).horizon_months}m"
    expected = segmentation.customers()[["CustomerID", value]]
    movers = standing.movers(earlier, later, asked.method, k, expected)
    return with_names(movers, names), [*moved.sentences(earlier, later), *moved.told_beyond(names)]
