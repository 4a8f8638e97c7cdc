"""`audience` and `report`: what is handed on to other people, made of the results of a run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from pipeline.cli.arguments import add_inputs, add_output, add_resources, add_settings, recipe_asked
from pipeline.cli.runs import checked_inputs, finished


def handed_on(asked: argparse.Namespace, written: Callable[..., list[str]]) -> None:
    """Run the recipe over the input and write what `written` makes of the results, with what it tells on stderr."""
    recipe, output = recipe_asked(asked), Path(asked.output)
    with finished(asked, checked_inputs(asked), recipe) as segmentation:
        for told in written(segmentation, asked, output):
            print(told, file=sys.stderr)
    print(output)


def add_flags(parser: argparse.ArgumentParser, output: str, own: Callable[[argparse.ArgumentParser], None]) -> None:
    """Input, output, the command's own flags, and every setting's."""
    add_inputs(parser)
    add_output(parser, output)
    add_resources(parser)
    own(parser)
    add_settings(parser)
