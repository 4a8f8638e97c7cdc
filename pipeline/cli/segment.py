"""`segment`: one row per customer, with value and segments, as CSV."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
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
from pipeline.cli.narration import Narrator, told_of
from pipeline.errors import SettingError

if TYPE_CHECKING:
    from pipeline.results import Segmentation

HELP = "one row per customer, with value and segments, as CSV"


def add_flags(parser: argparse.ArgumentParser) -> None:
    """The command's own flags, and every setting's."""
    add_inputs(parser)
    add_output(parser, "data/processed/rfm_segments.csv")
    parser.add_argument(
        "--stability", action="store_true", help="also test whether segments come back when customers are drawn anew"
    )
    parser.add_argument("--model", metavar="FILE", help="write the finished model too, for `score`")
    parser.add_argument("--rejected", metavar="FILE", help="write the lines left out too: File, Line, Reason, Text")
    add_resources(parser)
    add_settings(parser)


def run(asked: argparse.Namespace) -> None:
    """Run the recipe over the input; the table and what else was asked for go to files."""
    from pipeline.output import write_left_out
    from pipeline.scoring import write_model
    from pipeline.segmentation import RESULTS, STAGE_TITLES
    from pipeline.segmentation import run as segmented
    from pipeline.store import Store

    sources, output, recipe = [source_file(each) for each in asked.input], Path(asked.output), recipe_asked(asked)
    rejected = Path(asked.rejected) if asked.rejected else None
    model = Path(asked.model) if asked.model else None
    for source in sources:
        refuse_overwriting(source, output)
        if rejected:
            refuse_overwriting(source, rejected, "--rejected")
        if model:
            refuse_overwriting(source, model, "--model")
    for target in filter(None, (output, rejected, model)):
        check_output(target)
    store = Store(Path(asked.data_dir) / "cache")
    try:
        until = "stability" if asked.stability else RESULTS
        segmentation = segmented(sources, recipe, store, until=until, progress=Narrator(STAGE_TITLES).report)
        for told in told_of(segmentation):
            print(told, file=sys.stderr)
        manifest = _written(segmentation, sources, output)
        if model:
            write_model(segmentation, model)
            print(f"The model, for `score`: {model}", file=sys.stderr)
        if rejected:
            print(f"Lines left out: {write_left_out(segmentation, rejected):,}, in {rejected}", file=sys.stderr)
    finally:
        store.close()
    print(f"How it came about: {manifest}", file=sys.stderr)
    print(output)


def _written(segmentation: Segmentation, sources: Sequence[Path], output: Path) -> Path:
    from pipeline.output import write_segments

    try:
        return write_segments(segmentation, sources, output)
    except OSError as reason:  # its own words name an unfinished file that nobody asked for
        raise SettingError(f"{output} cannot be written ({reason.strerror or reason}); choose another file.") from None
