"""What commands are given: input files, an output that may be written to, and a recipe with single settings changed.

Every setting's flag is read from its declaration, so a new setting needs no line here.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from pipeline import engine
from pipeline.clustering.sweep import Clusters
from pipeline.errors import ReadingError, SettingError
from pipeline.parameters import Parameter, Value, parameters
from pipeline.profiles.movement import USUAL_DAYS
from pipeline.recipe import RECIPES, SECTIONS, Recipe, load_recipe


def add_inputs(parser: argparse.ArgumentParser, what: str = "the file of transactions") -> None:
    """One file or several."""
    parser.add_argument("input", metavar="INPUT", nargs="+", help=f"{what}; several are read as one")


def add_output(parser: argparse.ArgumentParser, default: str) -> None:
    """Where the result goes."""
    parser.add_argument("--output", metavar="FILE", default=default, help="%(default)s")


def add_days(parser: argparse.ArgumentParser) -> None:
    """The two days between which movement is looked at."""
    words = f"the earlier day of who moved, as 2011-09-01; without it {USUAL_DAYS} days before the later one"
    parser.add_argument("--from", dest="since", metavar="DAY", default="", help=words)
    parser.add_argument(
        "--to", dest="until", metavar="DAY", default="", help="the later day; without it the last of the file"
    )


def add_resources(parser: argparse.ArgumentParser) -> None:
    """Where results are kept between commands, which engine makes them, and how much memory their tables may take."""
    default = os.environ.get("DATA_DIR", "data")
    parser.add_argument("--data-dir", metavar="DIR", default=default, help="where results are kept (%(default)s)")
    parser.add_argument(
        "--engine",
        metavar="NAME",
        default=os.environ.get(engine.ENGINE, engine.DUCKDB),
        help=f"what turns transactions into customers, {' or '.join(engine.ENGINES)} (%(default)s)",
    )
    words = f"megabytes for tables, the rest goes to disk; 0 is {engine.SHARE_OF_MEMORY} of the machine (%(default)s)"
    parser.add_argument(
        "--memory-mb", metavar="MB", default=os.environ.get(engine.MEMORY, "0"), help=words.replace("% of", "%% of")
    )


def add_settings(parser: argparse.ArgumentParser) -> None:
    """The recipe, and a flag for each setting."""
    parser.add_argument(
        "--recipe", default="balanced", metavar="NAME|FILE", help=f"{' or '.join(RECIPES)}, or a recipe's JSON file"
    )
    for step in SECTIONS.values():
        group = parser.add_argument_group(step.TITLE or step.NAME)
        for parameter in parameters(step):
            also = "; @FILE reads it from a file" if parameter.kind == "text" else ""
            words = f"{parameter.label}: {parameter.allowed()}{also}".replace("%", "%%")
            group.add_argument(parameter.flag, dest=parameter.key, metavar=parameter.name.upper(), help=words)


def recipe_asked(asked: argparse.Namespace) -> Recipe:
    """The recipe that was asked for, with the settings that were typed."""
    changes: dict[str, dict[str, Value]] = {}
    for section, step in SECTIONS.items():
        for parameter in parameters(step):
            typed = getattr(asked, parameter.key)
            if typed is not None:
                changes.setdefault(section, {})[parameter.name] = parameter.parse(_from_file(parameter, typed))
    recipe = load_recipe(asked.recipe)
    _widen(changes.get(Clusters.NAME, {}), recipe.step(Clusters))
    return recipe.with_settings(changes).named()


def _widen(typed: dict[str, Value], usual: Clusters) -> None:
    """Whoever asks for a number of segments wants it tried: the range reaches to it unless that was typed too."""
    k = typed.get("n_clusters")
    if isinstance(k, int):
        typed.setdefault("k_low", min(k, usual.k_low))
        typed.setdefault("k_high", max(k, usual.k_high))


def _from_file(parameter: Parameter, typed: str) -> str:
    if parameter.kind != "text" or not typed.startswith("@"):
        return typed
    path = Path(typed[1:])
    if not path.is_file():
        raise SettingError(f"{parameter.flag} is to be read from {path}, but there is no such file.")
    return path.read_text(encoding="utf-8")


def source_file(typed: str) -> Path:
    """The input that was typed; a `ReadingError` where it is no file and the engine reads nothing else."""
    source = Path(typed)
    if engine.chosen() == engine.SPARK and not source.is_file():
        return source  # a folder or a table, of which Spark alone can tell whether it is there
    if source.is_dir():
        raise ReadingError(f"{source} is a folder, not a file; name the CSV file in it.")
    if not source.exists():
        raise ReadingError(f"There is no file {source}.")
    return source


def check_output(output: Path) -> None:
    """Find out before a run that the output can be written, and tell of a folder that is not there yet."""
    from pipeline.output import check_writable

    check_writable(output)
    if not output.parent.exists():
        print(f"The folder {output.parent} is not there yet; it will be made.", file=sys.stderr)


def refuse_overwriting(source: Path, output: Path, flag: str = "--output") -> None:
    """Raise a `SettingError` where an output is a folder or the input itself."""
    if output.is_dir():
        raise SettingError(f"{flag} must be a file, but {output} is a folder.")
    if output.exists() and source.exists() and output.samefile(source):
        raise SettingError(f"{flag} would overwrite the input {source}; choose another file.")
