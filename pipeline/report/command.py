"""`python -m pipeline report`: the report as a file."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.clustering.methods import METHODS
from pipeline.clustering.sweep import Clusters
from pipeline.errors import SettingError
from pipeline.formats import write_amounts_in
from pipeline.output import whole_file
from pipeline.report.document import report
from pipeline.report.subject import Subject

if TYPE_CHECKING:
    from pipeline.results import Segmentation


def add_flags(parser: argparse.ArgumentParser) -> None:
    """The flags beside those of the recipe."""
    parser.add_argument("--method", metavar="METHOD", default=next(iter(METHODS)), help=f"{', '.join(METHODS)}")
    parser.add_argument("--title", metavar="TEXT", help="what the data set is called (the file's name)")


def check(asked: argparse.Namespace) -> None:
    """Raise `SettingError` where the flags ask for what there is not, before anything is computed."""
    if asked.method not in METHODS:
        raise SettingError(f"--method must be one of {', '.join(METHODS)}, not {asked.method!r}.")
    if Path(asked.output).suffix.lower() not in (".html", ".htm"):
        raise SettingError(f"--output must end in .html, but it is {Path(asked.output).name}.")


def written(segmentation: Segmentation, asked: argparse.Namespace, output: Path) -> list[str]:
    """Write the report that was asked for; what to know of it, a sentence each."""
    write_amounts_in(segmentation.interpretation().get("currency"))
    files = [Path(each) for each in asked.input]
    subject = Subject(
        segmentation,
        asked.title or " and ".join(file.name for file in files),
        files,
        asked.method,
        segmentation.recipe.step(Clusters).n_clusters if METHODS[asked.method].TAKES_K else None,
        datetime.datetime.now(),
        {},
        asked.since,
        asked.until,
    )
    if asked.since or asked.until:
        subject.standing.between(asked.since, asked.until)  # a day that was typed has to be one of the file's
    with whole_file(output) as unfinished:
        unfinished.write_text(report(subject), encoding="utf-8")
    return ["The report needs no internet and no app; print it or save it as PDF from any browser."]
