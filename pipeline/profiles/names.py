"""A name for each segment, from where its middle customer stands among all: Champions, At risk, Hibernating.

A segment's first name depends on its own customers and on everyone, not on the other segments: the same customers have
the same name under another k. Only where two segments would share a name does each also get what tells them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np

from pipeline.clustering.labels import GROUP_NAMES
from pipeline.features.rfm_scores import NAME_OF, Scale, Scores, scales
from pipeline.parameters import Step, text
from pipeline.profiles import handwritten
from pipeline.profiles.playbook import ACTIONS

if TYPE_CHECKING:
    import pandas as pd

LONGEST = 40
EXAMPLE = '{"kmeans_4": {"0": "Friends of the house"}}'
SPEND = {1: "smallest spenders", 2: "small spenders", 3: "middling spenders", 4: "big spenders", 5: "biggest spenders"}
ORDERS = {1: "one order", 2: "few orders", 3: "some orders", 4: "many orders", 5: "most orders"}
SEEN = {1: "longest away", 2: "long away", 3: "away a while", 4: "seen lately", 5: "seen just now"}
UNEVEN, BEYOND = "a few big spenders", 2  # the mean is so many fifths above the middle customer
ABROAD, FAVOURED = 0.4, 1.5
MEASURES = ("Recency", "Frequency", "Monetary", "IsUK")  # beside the product mix; other columns are not even copied


class Named(NamedTuple):
    """What a segment is called.

    Attributes
    ----------
    name : unique among the segments of one clustering.
    kind : the name of its cell of the RFM grid; that of a group where it is no segment.
    action : what to do with segments of this kind, a sentence.
    """

    name: str
    kind: str
    action: str


def given_names(written: str) -> dict[str, dict[int, str]]:
    """Names that people gave: label column -> number -> name.

    Raises
    ------
    ValueError
        If the text is no JSON object of such objects, or a name is empty, too long or there twice.
    """
    found = handwritten.read(written, EXAMPLE)
    try:
        names = {column: {int(number): name for number, name in own.items()} for column, own in found.items()}
    except (ValueError, AttributeError):
        raise ValueError(f"it must look like {EXAMPLE}") from None
    for own in names.values():
        _check(own)
    return names


def _check(names: Mapping[int, object]) -> None:
    for name in names.values():
        if not isinstance(name, str) or not name.strip() or len(name) > LONGEST:
            raise ValueError(f"a name has 1 to {LONGEST} characters, unlike {name!r}")
    lower = [str(name).strip().lower() for name in names.values()]
    twice = next((name for name in names.values() if lower.count(str(name).strip().lower()) > 1), None)
    if twice is not None:
        raise ValueError(f"two segments would be called {twice}")


@dataclass(frozen=True)
class Names(Step):
    """The names that people gave to segments."""

    NAME: ClassVar[str] = "names"
    TITLE: ClassVar[str] = "Names"
    HELP: ClassVar[str] = "Names of segments that replace the ones found; they travel with the recipe."

    given: str = text(
        "",
        label="Names of segments",
        help=f"Names by label column and number, as JSON: {EXAMPLE}.",
        flag="--names",
        check=given_names,
        looked_up=True,
    )

    def of(self, column: str) -> dict[int, str]:
        """The names given to the segments of a label column, by number."""
        return given_names(self.given).get(column, {})

    def with_names(self, column: str, names: Mapping[int, str]) -> Names:
        """A copy in which these are the names given to the segments of a label column.

        Raises
        ------
        SettingError
            If a name is empty, too long or there twice.
        """
        known = given_names(self.given)
        changed = {**known, column: {number: name.strip() for number, name in sorted(names.items())}}
        return self.from_json({"given": handwritten.write({name: own for name, own in changed.items() if own})})


def segment_names(
    customers: pd.DataFrame,
    labels: pd.Series[int],
    by_rule: Mapping[int, str],
    given: Mapping[int, str],
    actions: Mapping[str, str] = ACTIONS,
) -> dict[int, Named]:
    """Number -> what each segment with customers is called, in the order of the numbers.

    Parameters
    ----------
    customers : `Recency` (days), `Frequency` (invoices), `Monetary`, and where there are `IsUK` and `CatShare_*`.
    labels : the segment of each customer, aligned with `customers`; missing ones belong nowhere.
    by_rule : names that the method itself defines.
    given : names that people gave; one that another segment has already is told apart from it.
    actions : what to do with each kind of segment.
    """
    member = labels.notna().to_numpy()
    numbers = labels.to_numpy()[member].astype(int)
    told_by = [name for name in customers.columns if name in MEASURES or name.startswith("CatShare_")]
    base = customers.loc[member, told_by]
    present = sorted(set(numbers.tolist()))
    profiles = {number: base[numbers == number] for number in present}
    own_scales = scales({name: base[name].to_numpy(dtype=np.float64) for name in ("Recency", "Frequency", "Monetary")})
    kinds = {
        number: GROUP_NAMES.get(number) or by_rule.get(number) or _kind(profiles[number], own_scales)
        for number in present
    }
    found = _told_apart(kinds, profiles, base, own_scales)
    names = _unique({number: given.get(number, found[number]) for number in present})
    return {number: Named(names[number], kinds[number], actions[kinds[number]]) for number in present}


def _middle_score(segment: pd.DataFrame, measure: str, own: Scale) -> int:
    scores: Scores = own.scores(np.array([float(segment[measure].median())]))
    return int(scores[0])


def _kind(segment: pd.DataFrame, own_scales: Mapping[str, Scale]) -> str:
    recency, frequency = (_middle_score(segment, name, own_scales[name]) for name in ("Recency", "Frequency"))
    return NAME_OF[f"{recency}{frequency}"]


def _told_apart(
    kinds: Mapping[int, str],
    profiles: Mapping[int, pd.DataFrame],
    base: pd.DataFrame,
    own_scales: Mapping[str, Scale],
) -> dict[int, str]:
    """The kinds, each with the first words that tell those of one kind apart."""
    names = dict(kinds)
    for words in _words(base, own_scales):
        for shared in {name for name in names.values() if list(names.values()).count(name) > 1}:
            alike = [number for number, name in names.items() if name == shared]
            said = {number: words(profiles[number]) for number in alike}
            if len(set(said.values())) > 1:
                names |= {number: f"{shared}, {word}" for number, word in said.items() if word}
    return names


def _words(base: pd.DataFrame, own_scales: Mapping[str, Scale]) -> list[Callable[[pd.DataFrame], str]]:
    """What may tell segments apart, the most telling first; each says it of a segment in a word or two."""
    return [
        lambda segment: _spend(segment, own_scales["Monetary"]),
        lambda segment: _home(segment, base),
        lambda segment: _taste(segment, base),
        lambda segment: SEEN[_middle_score(segment, "Recency", own_scales["Recency"])],
        lambda segment: ORDERS[_middle_score(segment, "Frequency", own_scales["Frequency"])],
    ]


def _spend(segment: pd.DataFrame, own: Scale) -> str:
    """What the middle customer spends; where a few spend most of it, that says more than a word for the middle."""
    middle = _middle_score(segment, "Monetary", own)
    average = int(own.scores(np.array([float(segment["Monetary"].mean())]))[0])
    return UNEVEN if average - middle >= BEYOND else SPEND[middle]


def _home(segment: pd.DataFrame, base: pd.DataFrame) -> str:
    if "IsUK" not in base or base["IsUK"].isna().all():
        return ""
    more = float(segment["IsUK"].mean() - base["IsUK"].mean())
    return "abroad" if more <= -ABROAD else "at home" if more >= ABROAD else ""


def _taste(segment: pd.DataFrame, base: pd.DataFrame) -> str:
    """The category that a segment favours most, by the mean share of its customers."""
    mix = [name for name in base.columns if name.startswith("CatShare_") and name != "CatShare_Other"]
    common = base[mix].mean()
    times = {name: float(segment[name].mean() / common[name]) for name in mix if common[name] > 0}
    best = max(times, key=lambda name: times[name], default=None)
    return "" if best is None or times[best] < FAVOURED else best.removeprefix("CatShare_").lower()


def _unique(names: Mapping[int, str]) -> dict[int, str]:
    """The names; a later one that is there already gets a number."""
    found: dict[int, str] = {}
    for number, name in names.items():
        tried, place = name, 2
        while tried.lower() in {each.lower() for each in found.values()}:
            tried, place = f"{name} {place}", place + 1
        found[number] = tried
    return found


def check_names(names: Mapping[int, str]) -> None:
    """Raise `SettingError` in one sentence if these cannot be the names of a clustering's segments together."""
    handwritten.kept("These names", lambda: _check(names))
