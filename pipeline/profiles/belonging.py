"""Why a customer is in a segment: which parts of its rule hold, where their scores come from, how near the border is.

A cluster is no rule: the conditions are those of its plain rule, and a customer may be in it though one does not hold.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline.features.rfm_scores import HIGHEST, SCORES, Scale, scales
from pipeline.profiles.rules import Condition, in_words

if TYPE_CHECKING:
    import pandas as pd

ON_THE_BORDER, WELL_INSIDE = 0.0, 0.25  # silhouettes; below the first the next segment is nearer


class Part(NamedTuple):
    """One condition of a rule, in words, and whether it holds for the customer."""

    words: str
    holds: bool


class Score(NamedTuple):
    """One score of a customer and what it is given for.

    Attributes
    ----------
    measure : `Recency`, `Frequency` or `Monetary`.
    value, score : the customer's own; the score is 1 to 5.
    low, high : the score is given to values from `low` on and below `high`; infinite where there is no limit.
    """

    measure: str
    value: float
    score: int
    low: float
    high: float


def parts_of(conditions: Sequence[Sequence[Any]], customer: Mapping[str, Any]) -> list[Part]:
    """The conditions of a rule for one customer.

    Parameters
    ----------
    conditions : each [column, ">=" or "<=", value], as `pipeline.profiles.rules` tells them.
    customer : the columns that they speak of; one that is unknown counts as 0, as it does in the rule.
    """
    checked = [Condition(*each) for each in conditions]
    return [Part(in_words([each]), bool(each.holds(np.array([_known(customer, each.column)]))[0])) for each in checked]


def scores_of(customers: pd.DataFrame, row: int) -> list[Score]:
    """The scores of the customer at a row of the table, each on the scale of all customers.

    Parameters
    ----------
    customers : `Recency` (days), `Frequency` (orders), `Monetary` (money).
    """
    measures = {name: customers[name].to_numpy(dtype=np.float64) for name in SCORES}
    return [_score(name, own, float(measures[name][row])) for name, own in scales(measures).items()]


def place_in_words(silhouette: float) -> str:
    """How well a customer sits in a segment, in a sentence; empty where it was not measured.

    Parameters
    ----------
    silhouette : -1 to 1, NaN where it was not measured.
    """
    if math.isnan(silhouette):
        return ""
    if silhouette < ON_THE_BORDER:
        return "By all that is compared, this customer is nearer to another segment: a case of the border."
    if silhouette < WELL_INSIDE:
        return "This customer is near the border of the segment: another number of segments may place them elsewhere."
    return "This customer sits well inside the segment."


def _score(name: str, own: Scale, value: float) -> Score:
    score = int(own.scores(np.array([value]))[0])
    place = HIGHEST + 1 - score if own.small_is_good else score
    limits = (-math.inf, *own.edges, math.inf)
    return Score(name, value, score, limits[place - 1], limits[place])


def _known(customer: Mapping[str, Any], column: str) -> float:
    value = float(customer[column])
    return 0.0 if math.isnan(value) else value
