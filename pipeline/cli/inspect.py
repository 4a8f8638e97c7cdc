"""`inspect`: how a file is read, and which column is what."""

from __future__ import annotations

import argparse
import json
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from pipeline.cli.arguments import add_settings, recipe_asked, source_file
from pipeline.cli.narration import of_the_data
from pipeline.recipe import Recipe

HELP = "how a file is read: encoding, dates, which column is what"


def add_flags(parser: argparse.ArgumentParser) -> None:
    """The command's own flags, and every setting's."""
    parser.add_argument("input", metavar="INPUT", help="the file of transactions")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--check", action="store_true", help="clean the file too and say what its data are like")
    add_settings(parser)


def run(asked: argparse.Namespace) -> None:
    """Print how the file reads; nothing is kept."""
    from pipeline.reading.interpretation import inspect
    from pipeline.reading.proposal import proposal
    from pipeline.reading.transactions import Reading

    source, settings = source_file(asked.input), recipe_asked(asked).step(Reading)
    proposed = proposal([source], settings)
    if not asked.json:
        print(_columns_in_words(proposed))
    interpretation = inspect(source, settings)
    if asked.json:
        print(json.dumps(interpretation | {"proposal": proposed}, indent=2, ensure_ascii=False))
        return
    for name, found in interpretation.items():
        if name != "first_rows":
            print(f"{name.replace('_', ' ')}: {_in_words(found)}")
    print("first rows:")
    for row in interpretation["first_rows"]:
        print("  " + _in_words(row))
    if asked.check:
        print("\n".join(_checked(source, recipe_asked(asked))))


def _checked(source: Path, recipe: Recipe) -> list[str]:
    """The data check of a file in sentences; what it takes to find them is thrown away."""
    from pipeline.segmentation import run
    from pipeline.store import Store

    kept = tempfile.TemporaryDirectory(prefix="segment-studio-")
    with kept as folder, closing(Store(Path(folder))) as store:
        return of_the_data(run(source, recipe, store, until="check"))


def _columns_in_words(proposed: dict[str, Any]) -> str:
    """What each column of the file is taken for, how surely and why, a line each, and what is lost without others."""
    lines = [proposed["looked_at"]] if proposed["looked_at"] else []
    for column in proposed["headings"]:
        taken = f"{column['canonical']} ({column['confidence']})" if column["canonical"] else "-"
        lines.append(f"  {column['heading'] or '(no name)'} -> {taken}. {column['why']}")
    lines += [f"no {each['column']}: {each['loss']}" for each in proposed["optional_missing"]]
    return "\n".join(lines)


def _in_words(found: object) -> str:
    if isinstance(found, dict):
        return ", ".join(f"{name}: {_in_words(value)}" for name, value in found.items())
    if isinstance(found, list | tuple):
        return ", ".join(map(_in_words, found)) or "none"
    return "" if found is None else str(found)
