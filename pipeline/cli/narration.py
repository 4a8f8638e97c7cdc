"""What commands tell on stderr: the progress of a run, and what a person should know of its results."""

from __future__ import annotations

import sys
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


def findings(segmentation: Segmentation) -> list[str]:
    """What a person should know of the data, the forecast and the results, a sentence each."""
    return [
        *of_the_data(segmentation),
        *(f"past tests: {sentence}" for sentence in segmentation.backtest()["sentences"]),
        *_stability(segmentation),
        *(f"note: {warning}" for warning in segmentation.warnings()),
    ]


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
