"""How commands run a recipe: whether all may be read and written is checked first, results last as long as a block."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from pipeline.cli.arguments import check_output, refuse_overwriting, source_file
from pipeline.cli.narration import Narrator
from pipeline.recipe import Recipe
from pipeline.results import Segmentation
from pipeline.segmentation import run as segmented
from pipeline.stages import RESULTS, STAGE_TITLES
from pipeline.store import Store


def checked_inputs(asked: argparse.Namespace, *others: str) -> list[Path]:
    """The input files of a command, once it is sure that everything it is to write can be written.

    Parameters
    ----------
    others : names of the flags beside `--output` that name a file to write; who did not type one wants none.

    Raises
    ------
    PipelineError
        If an input is not there, or an output is a folder, an input, or nothing that can be written to.
    """
    sources = [source_file(each) for each in asked.input]
    targets = {f"--{name}": Path(typed) for name in ("output", *others) if (typed := getattr(asked, name))}
    for source in sources:
        for flag, target in targets.items():
            refuse_overwriting(source, target, flag)
    for target in targets.values():
        check_output(target)
    return sources


@contextmanager
def finished(
    asked: argparse.Namespace, sources: Sequence[Path], recipe: Recipe, until: str = RESULTS
) -> Iterator[Segmentation]:
    """The results of a recipe run over files up to a stage, told on stderr; they can be read until the block ends."""
    with closing(Store(Path(asked.data_dir) / "cache")) as store:
        yield segmented(sources, recipe, store, until=until, progress=Narrator(STAGE_TITLES).report)
