"""`python -m pipeline audience`: the flags of a list of customers, and the list as a file."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.audience import choice, outlines
from pipeline.audience.choice import DRAWN, Choice
from pipeline.audience.columns import GROUPS, USUAL
from pipeline.audience.lists import STEPS, audience, wishes
from pipeline.audience.writing import KINDS, about_json, write
from pipeline.clustering.methods import METHODS
from pipeline.clustering.sweep import Clusters
from pipeline.errors import SettingError
from pipeline.features.product_mix import CATEGORIES
from pipeline.formats import money, write_amounts_in
from pipeline.output import whole_file
from pipeline.parameters import parameters

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.results import Segmentation

_RANGES = {
    "recency": "so many days since the last order",
    "frequency": "so many orders",
    "monetary": "so much money spent",
    "clv": "a CLV_6m in this range",
    "overdue": "so many own usual gaps since the last order",
    "first": "so many days since the first order",
}

_RANGE = "a range such as 5-60, 5- or -60, from low to high"
_OUTLINE = f"3 to {outlines.MOST_CORNERS} corners such as 12_1.5~40_1.5~40_8"


def add_flags(parser: argparse.ArgumentParser) -> None:
    """The flags beside those of the recipe: who is in the list, with which columns, with which control group."""
    who = parser.add_argument_group("Who is in the list")
    who.add_argument("--method", metavar="METHOD", default=next(iter(METHODS)), help=f"{', '.join(METHODS)}")
    who.add_argument("--segment", metavar="N", type=int, help="only this segment, by its number")
    who.add_argument("--country", metavar="NAME", help="only customers of this country")
    who.add_argument("--min-clv", metavar="MONEY", type=float, default=0.0, help="only with at least this CLV_6m")
    who.add_argument("--min-frequency", metavar="N", type=int, default=0, help="only with at least so many orders")
    who.add_argument("--never", metavar="CATEGORY", help=f"only who never bought: {', '.join(CATEGORIES)}")
    for name, words in _RANGES.items():
        who.add_argument(f"--{name}", metavar="RANGE", default="", help=f"only with {words}: 5-60, 5- or -60")
    for name, plane in outlines.PLANES.items():
        help = f"only inside this outline in {plane.title}, as the address of the Explore page has it"
        who.add_argument(f"--{name.replace('_', '-')}", metavar="CORNERS", default="", help=help)
    named = "; ".join(f"{name}: {group.help}" for name, group in GROUPS.items())
    who.add_argument("--columns", metavar="GROUPS", default=",".join(USUAL), help=f"with commas between. {named}")
    for step in STEPS:
        group = parser.add_argument_group(step.TITLE, step.HELP)
        for parameter in parameters(step):
            words = f"{parameter.label}: {parameter.allowed()}. {parameter.help}".replace("%", "%%")
            group.add_argument(parameter.flag, dest=parameter.key, metavar=parameter.name.upper(), help=words)


def written(segmentation: Segmentation, asked: argparse.Namespace, output: Path) -> list[str]:
    """Write the list that was asked for; what to know of it, a sentence each.

    Raises
    ------
    SettingError
        If the output's ending, a method, a segment, a range, an outline, a group of columns or a setting is not known.
    """
    kind = kind_of(output)
    write_amounts_in(segmentation.interpretation().get("currency"))
    asked_for = _choice(asked)
    names, everyone = _in_segments(segmentation, asked.method)
    if asked_for.segment is not None:
        _check_there(everyone, asked_for.segment, asked.method)
    chosen, told = choice.chosen(everyone, asked_for), choice.in_words(asked_for, names, money)
    made = audience(segmentation, chosen, wishes(vars(asked)), method=asked.method, chosen_by=list(told.values()))
    with whole_file(output) as unfinished:
        write(made, unfinished, kind, output.stem)
    if kind == "csv":
        with whole_file(output.with_suffix(".about.json")) as unfinished:
            unfinished.write_text(about_json(made), encoding="utf-8")
    return list(made.about["told"])


def kind_of(output: Path) -> str:
    """The kind of file that an output's ending stands for."""
    kind = output.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise SettingError(f"--output must end in .{', .'.join(KINDS)}, but it is {output.name}.")
    return kind


def _in_segments(segmentation: Segmentation, method: str) -> tuple[dict[int, str], pd.DataFrame]:
    if method not in METHODS:
        raise SettingError(f"--method must be one of {', '.join(METHODS)}, not {method!r}.")
    k = segmentation.recipe.step(Clusters).n_clusters
    labels = segmentation.labels(method, k)
    names = {number: named.name for number, named in segmentation.named(method, k).items()}
    return names, segmentation.customers().assign(Segment=labels, SegmentName=labels.map(names))


def _choice(asked: argparse.Namespace) -> Choice:
    settled = Choice.asked(vars(asked))
    for name in DRAWN:
        if (typed := getattr(asked, name)) and not getattr(settled, name):
            raise SettingError(_not_allowed(name, typed[:40]))
    # numbers have been read by now, and one that nobody has is told rather than left out
    return replace(settled, segment=asked.segment, min_clv=asked.min_clv, min_frequency=asked.min_frequency)


def _not_allowed(name: str, typed: str) -> str:
    if name == "never":
        return f"There is no category {typed!r}; there are: {', '.join(CATEGORIES)}."
    allowed = _OUTLINE if name in outlines.PLANES else _RANGE
    return f"--{name.replace('_', '-')} must be {allowed}, not {typed!r}."


def _check_there(everyone: pd.DataFrame, segment: int, method: str) -> None:
    there = everyone[["Segment", "SegmentName"]].drop_duplicates().sort_values("Segment").to_numpy().tolist()
    if segment not in [number for number, _ in there]:
        listed = ", ".join(f"{number} ({name})" for number, name in there)
        raise SettingError(f"There is no segment {segment} under {method}; there are: {listed}.")
