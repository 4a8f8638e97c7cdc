"""An audience as a file: CSV, a workbook that tells about itself, or both CSV and side file in one ZIP."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from pipeline import formats
from pipeline.audience import spreadsheets
from pipeline.audience.columns import date_columns
from pipeline.audience.lists import Audience
from pipeline.clustering.methods import METHODS
from pipeline.store import Facts

KINDS = ("csv", "xlsx", "zip")
_WORDS = {
    "made": "Made on",
    "customers": "Customers",
    "chosen_by": "Who is in it",
    "segments_of": "Segments by",
    "groups": "Groups",
    "control": "Control group",
    "economics": "Assumptions",
    "told": "What to know",
    "columns": "Columns",
    "data_ends": "Data end on",
    "data_set": "Data set (SHA-256)",
    "recipe": "Recipe",
    "versions": "Versions",
}


def write(made: Audience, target: Path, kind: str, stem: str) -> None:
    """Write an audience as CSV, as a workbook with a sheet About, or as a ZIP of the CSV and its side file.

    Parameters
    ----------
    kind : one of `KINDS`.
    stem : what the files in a ZIP are called, without their endings.
    """
    if kind == "xlsx":
        days = date_columns(map(str, made.table.columns))
        spreadsheets.write_workbook(made.table, target, "Customers", _as_rows(made.about), days)
    elif kind == "zip":
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
            with packed.open(f"{stem}.csv", "w") as stream:
                for piece in spreadsheets.csv(made.table):
                    stream.write(piece.encode())
            packed.writestr(f"{stem}.about.json", about_json(made))
    else:
        with target.open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(spreadsheets.csv(made.table))


def about_json(made: Audience) -> str:
    """The side file's contents."""
    return json.dumps(made.about, indent=2, ensure_ascii=False) + "\n"


def _as_rows(about: Facts) -> list[tuple[str, str]]:
    """The side file for a sheet: one line a fact, lists one line an entry, the method by its title."""
    told = about | {"segments_of": _segments_of(about)}
    return [(title, _in_words(told[name])) for name, title in _WORDS.items() if told[name]]


def _segments_of(about: Facts) -> str:
    """The method by its title, and how many segments it was asked for where it is asked for a number."""
    method = METHODS[about["segments_of"]]
    segments = formats.plural(about["recipe"]["clusters"]["n_clusters"], "segment")
    return f"{method.TITLE}, {segments}" if method.TAKES_K else method.TITLE


def _in_words(fact: Any) -> str:
    if isinstance(fact, dict):
        return "\n".join(
            f"{name}: {value if isinstance(value, str) else json.dumps(value)}" for name, value in fact.items()
        )
    return "\n".join(map(str, fact)) if isinstance(fact, list) else str(fact)
