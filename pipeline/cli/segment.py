"""`segment`: one row per customer, with value and segments, as CSV."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cli.arguments import add_inputs, add_output, add_resources, add_settings, recipe_asked
from pipeline.cli.narration import told_of
from pipeline.cli.runs import checked_inputs, finished
from pipeline.errors import SettingError
from pipeline.stages import RESULTS

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
    from pipeline.model_file import write_model
    from pipeline.output import write_left_out

    recipe, output = recipe_asked(asked), Path(asked.output)
    sources = checked_inputs(asked, "rejected", "model")
    with finished(asked, sources, recipe, until="stability" if asked.stability else RESULTS) as segmentation:
        for told in told_of(segmentation):
            print(told, file=sys.stderr)
        manifest = _written(segmentation, sources, output)
        if asked.model:
            write_model(segmentation, Path(asked.model))
            print(f"The model, for `score`: {asked.model}", file=sys.stderr)
        if asked.rejected:
            count = write_left_out(segmentation, Path(asked.rejected))
            print(f"Lines left out: {count:,}, in {asked.rejected}", file=sys.stderr)
    print(f"How it came about: {manifest}", file=sys.stderr)
    print(output)


def _written(segmentation: Segmentation, sources: Sequence[Path], output: Path) -> Path:
    from pipeline.output import write_segments

    try:
        return write_segments(segmentation, sources, output)
    except OSError as reason:  # its own words name an unfinished file that nobody asked for
        raise SettingError(f"{output} cannot be written ({reason.strerror or reason}); choose another file.") from None
