"""What commands tell on stderr: the progress of a run, and what a person should know of its results."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.clustering.methods import K_METHODS, METHODS

if TYPE_CHECKING:
    from pipeline.results import Segmentation


class Narrator:
    """Tells each stage of a run once, on stderr."""

    def __init__(self, titles: dict[str, str]) -> None:
        self._titles = titles
        self._told = ""

    def report(self, stage: str, share: float, sentence: str) -> None:
        """Tell a sentence that was not told before; the share is that of the whole run."""
        if sentence != self._told and stage in self._titles:
            self._told = sentence
            print(f"[{share:4.0%}] {sentence}", file=sys.stderr)


def told_of(segmentation: Segmentation) -> list[str]:
    """What a person should know of the data, the forecast and the results, a sentence each."""
    return [
        *_insights(segmentation),
        *of_the_data(segmentation),
        *(f"past tests: {sentence}" for sentence in segmentation.backtest()["sentences"]),
        f"to plan with: {segmentation.planning()}",
        *_stability(segmentation),
        *(f"note: {warning}" for warning in segmentation.warnings()),
    ]


def _insights(segmentation: Segmentation) -> list[str]:
    """What stands out, with what to do, and how to list the customers it counts; as on the pages."""
    from pipeline.clustering.sweep import Clusters
    from pipeline.formats import write_amounts_in
    from pipeline.insights.rules import insights, shop_of

    write_amounts_in(segmentation.interpretation().get("currency"))
    method, k = next(iter(METHODS)), segmentation.recipe.step(Clusters).n_clusters
    customers = segmentation.customers().assign(Segment=segmentation.labels(method, k))
    names = {number: named.name for number, named in segmentation.named(method, k).items()}
    return [
        f"stands out: {each.sentence} {each.step} {each.chance}{_flags(each.filters)}"
        for each in insights(shop_of(segmentation, customers, names))
    ]


def _flags(filters: Mapping[str, int | str]) -> str:
    """The flags of `audience` that list the customers who pass these filters."""
    if not filters:
        return ""
    return f" List them: audience {' '.join(f'--{name} {shlex.quote(str(value))}' for name, value in filters.items())}"


def _stability(segmentation: Segmentation) -> list[str]:
    """The suggested number of segments of each method, where stability was tested."""
    if segmentation.stability() is None:
        return []
    return [f"segments: {METHODS[name].TITLE}: {segmentation.suggestion(name).reason}" for name in K_METHODS]


def of_the_data(segmentation: Segmentation) -> list[str]:
    """What the data are like and what they are enough for, a sentence each."""
    checked = segmentation.data_check()
    return [
        *(f"data: {sentence}" for sentence in checked["sentences"]),
        *(f"{'enough' if part['enough'] else 'too little'} data: {part['sentence']}" for part in checked["parts"]),
    ]
