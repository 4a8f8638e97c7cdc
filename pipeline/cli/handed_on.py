"""`audience` and `report`: what is handed on to other people, made of the results of a run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

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


def handed_on(asked: argparse.Namespace, written: Callable[..., list[str]]) -> None:
    """Run the recipe over the input and write what `written` makes of the results, with what it tells on stderr."""
    from pipeline.segmentation import STAGE_TITLES, run
    from pipeline.store import Store

    sources, output, recipe = [source_file(each) for each in asked.input], Path(asked.output), recipe_asked(asked)
    for source in sources:
        refuse_overwriting(source, output)
    check_output(output)
    store = Store(Path(asked.data_dir) / "cache")
    try:
        segmentation = run(sources, recipe, store, progress=Narrator(STAGE_TITLES).report)
        for told in written(segmentation, asked, output):
            print(told, file=sys.stderr)
    finally:
        store.close()
    print(output)


def add_flags(parser: argparse.ArgumentParser, output: str, own: Callable[[argparse.ArgumentParser], None]) -> None:
    """Input, output, the command's own flags, and every setting's."""
    add_inputs(parser)
    add_output(parser, output)
    add_resources(parser)
    own(parser)
    add_settings(parser)
