"""The control group of an audience: who gets no campaign, so that the next upload can tell what the campaign did.

Each place is drawn from the seed and the customer's own number alone. So the order of a file changes nothing,
and who is in the control group of one list is, at the same share, mostly in that of the next.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from pipeline.parameters import Step, choice, integer, number

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
TREATMENT, CONTROL = "treatment", "control"
CONFIDENCE = 1.959963984540054  # standard normal at .975
CERTAIN = "8 of 10 times, with 5 % false alarms"


@dataclass(frozen=True)
class ControlGroup(Step):
    """How many are held back, and how they are drawn."""

    NAME: ClassVar[str] = "control"
    TITLE: ClassVar[str] = "Control group"
    HELP: ClassVar[str] = "Customers who get no campaign, so that its effect can be measured against them."

    share_percent: float = number(
        0.0,
        low=0.0,
        high=90.0,
        step_size=1.0,
        label="Held back",
        help="How many of the customers get no campaign; 0 writes no column Group.",
        unit="%",
        flag="--control",
    )
    draw: str = choice(
        "by_segment",
        options={"by_segment": "By segment", "simple": "From all together"},
        label="How they are drawn",
        help="By segment, both groups hold the same mix of segments.",
        flag="--control-draw",
    )
    seed: int = integer(
        1,
        low=0,
        high=1_000_000,
        label="Seed of the draw",
        help="The same number draws the same customers again; another one draws others.",
        flag="--control-seed",
    )


def groups(customer_ids: pd.Series[str], segments: pd.Series[int], settings: ControlGroup) -> NDArray[np.object_]:
    """`TREATMENT` or `CONTROL` for each customer, `(n_customers,)`.

    The control group has the asked share of all customers, to the nearest whole customer; by segment, also that of
    each segment, to less than one customer.

    Parameters
    ----------
    customer_ids, segments : aligned; a customer's draw depends on the id and the seed only.
    """
    draws = _draws(customer_ids, settings.seed)
    share = settings.share_percent / 100
    together = np.zeros(len(draws), dtype=np.int64)
    strata = np.asarray(segments, dtype=np.int64) if settings.draw == "by_segment" else together
    held_back = np.zeros(len(draws), dtype=bool)
    for stratum, size in _held_back_of(strata, share).items():
        members = np.flatnonzero(strata == stratum)
        held_back[members[np.argsort(draws[members], kind="stable")[:size]]] = True
    return np.where(held_back, CONTROL, TREATMENT).astype(object)


def _draws(customer_ids: pd.Series[str], seed: int) -> NDArray[np.uint64]:
    """A number from 0 to 2**64 for each customer, as good as random, from the seed and the id."""
    drawn = (hashlib.blake2b(f"{seed}:{each}".encode(), digest_size=8).digest() for each in customer_ids)
    return np.frombuffer(b"".join(drawn), dtype=">u8").astype(np.uint64)


def _held_back_of(strata: NDArray[np.int64], share: float) -> dict[int, int]:
    """How many of each stratum are held back: whole parts, then the largest remainders up to the sum."""
    names, sizes = np.unique(strata, return_counts=True)
    exact = sizes * share
    given = np.floor(exact + 1e-9).astype(int)
    left = math.floor(len(strata) * share + 0.5 + 1e-9) - int(given.sum())
    for place in np.argsort(-(exact - given), kind="stable")[:left]:
        given[place] += 1
    return dict(zip(names.tolist(), given.tolist(), strict=True))


def power_of(usual: float, changed: float, treated: float, held_back: float) -> float:
    """How likely a change of a share would be noticed, at 5 % of false alarms on either side together.

    Parameters
    ----------
    usual, changed : the share of customers who order in the control group and in the treated one, 0 to 1.
    treated, held_back : customers in each group.

    Source: the test of two proportions as in Fleiss, Levin and Paik (2003), Statistical Methods for Rates and
    Proportions, 3rd ed., equation 4.14 without the correction; for equal groups it is R's `power.prop.test`.
    """
    together = (treated * changed + held_back * usual) / (treated + held_back)
    alike = math.sqrt(together * (1 - together) * (1 / treated + 1 / held_back))
    apart = math.sqrt(changed * (1 - changed) / treated + usual * (1 - usual) / held_back)
    if apart == 0.0:
        return 1.0 if changed != usual else 0.0
    beyond = (abs(changed - usual) - CONFIDENCE * alike) / apart
    return 0.5 * math.erfc(-beyond / math.sqrt(2))


def noticeable_share(usual: float, treated: int, held_back: int) -> float | None:
    """The smallest higher share that would be noticed 8 of 10 times (`power_of`); None where even 1 would not be."""
    if not treated or not held_back or power_of(usual, 1.0, treated, held_back) < 0.8:
        return None
    low, high = usual, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if power_of(usual, middle, treated, held_back) < 0.8 else (low, middle)
    return high


def can_be_noticed(usual: float, treated: int, held_back: int, ordering: str) -> str:
    """What these two groups can show, in a sentence.

    Parameters
    ----------
    usual : the share who would order anyhow, 0 to 1.
    ordering : what is counted, as in "order within 30 days".
    """
    from pipeline.formats import SPACE, count

    if not held_back:
        return "Without a control group nobody can tell later what the campaign changed."
    changed = noticeable_share(usual, treated, held_back)
    sizes = (
        f"{count(treated)} in each group"
        if treated == held_back
        else f"{count(treated)} in treatment and {count(held_back)} in control"
    )
    if changed is None:
        return f"With {sizes} no change at all could be told from chance; hold more customers back."
    return (
        f"With {sizes} you would notice a change from {100 * usual:.0f}{SPACE}% to {100 * changed:.0f}{SPACE}% of "
        f"customers who {ordering} "
        f"({CERTAIN})."
    )
