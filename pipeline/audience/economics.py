"""What a campaign would earn of each customer, under assumptions that only the user can make.

How much more customers buy because of a campaign is in no file of past orders. So it is an input, said beside every
result, and shown with the uplift from which on the campaign pays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import SettingError
from pipeline.parameters import Step, number

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
PROFIT, BREAK_EVEN, PER_COST = "ExpectedProfit", "BreakEvenUplift", "ProfitPerCost"


@dataclass(frozen=True)
class Economics(Step):
    """What a contact costs and what it may bring: assumptions of whoever plans the campaign."""

    NAME: ClassVar[str] = "economics"
    TITLE: ClassVar[str] = "What the campaign costs and brings"
    HELP: ClassVar[str] = "These are your assumptions; none of them can be read from the file."

    contact_cost: float = number(
        0.5, low=0.0, high=1_000_000.0, step_size=0.01, label="Cost of a contact", help="Per customer, in money."
    )
    margin_percent: float = number(
        40.0, low=0.1, high=100.0, step_size=0.5, label="Margin", help="What is left of a sale after costs.", unit="%"
    )
    discount_percent: float = number(
        0.0, low=0.0, high=99.0, step_size=0.5, label="Discount", help="What the offer takes off the price.", unit="%"
    )
    uplift_percent: float = number(
        10.0,
        low=0.0,
        high=1_000.0,
        step_size=1.0,
        label="Assumed uplift",
        help="How much more customers spend because of the campaign; a control group measures it.",
        unit="%",
    )

    def check_together(self) -> None:
        """A discount as large as the margin cannot pay, whatever the uplift."""
        if self.discount_percent >= self.margin_percent:
            raise SettingError(
                f"The discount (economics.discount_percent, {self.discount_percent:g} %) must be smaller than the "
                f"margin (economics.margin_percent, {self.margin_percent:g} %): every sale would lose money."
            )


def profit(revenue: Floats, settings: Economics) -> Floats:
    """What a campaign earns more than none, per customer, in money, `(n_customers,)`.

    (1 + u) E (m - d) - E m - c, which without a discount is u m E - c.

    Parameters
    ----------
    revenue : E, what each would spend without the campaign.
    """
    margin, discount, uplift = _shares(settings)
    earned: Floats = (1 + uplift) * revenue * (margin - discount) - revenue * margin - settings.contact_cost
    return earned


def break_even_uplift(revenue: Floats, settings: Economics) -> Floats:
    """The uplift (0.1 is 10 %) at which `profit` is zero: (c + E d) / (E (m - d)); infinite where nothing is spent."""
    margin, discount, _ = _shares(settings)
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = (settings.contact_cost + revenue * discount) / (revenue * (margin - discount))
    return np.where(revenue > 0, needed, np.inf)


def economics(revenue: pd.Series[float], settings: Economics) -> pd.DataFrame:
    """`PROFIT` (money), `BREAK_EVEN` (0.1 is 10 %; missing where nothing is expected) and `PER_COST`, the rank's
    measure under a budget (profit per unit of contact cost; missing where contacts cost nothing).
    """
    import pandas as pd

    spent = np.asarray(revenue, dtype=np.float64)
    earned, needed = profit(spent, settings), break_even_uplift(spent, settings)
    cost = settings.contact_cost or np.nan
    columns = {PROFIT: earned, BREAK_EVEN: np.where(np.isfinite(needed), needed, np.nan), PER_COST: earned / cost}
    return pd.DataFrame(columns, index=revenue.index)


def in_words(revenue: pd.Series[float], settings: Economics, horizon: str) -> list[str]:
    """What the assumptions come to for these customers, a sentence each.

    Parameters
    ----------
    horizon : in which time the revenue is expected, as "the next 6 months".
    """
    from pipeline.formats import count, money, share

    spent = np.asarray(revenue, dtype=np.float64)
    earned = profit(spent, settings)
    whole = break_even_uplift(np.array([spent.mean()]) if len(spent) else np.zeros(1), settings)[0]
    told = [
        f"Assumed by you: a contact costs {money(settings.contact_cost)}, the margin is "
        f"{share(settings.margin_percent / 100)}, the discount {share(settings.discount_percent / 100)}, and customers "
        f"spend {share(settings.uplift_percent / 100)} more because of the campaign in {horizon}.",
        f"Under these assumptions the whole list brings {money(float(earned.sum()))}; {count(int((earned > 0).sum()))} "
        f"of {count(len(spent))} customers bring more than they cost.",
    ]
    if np.isfinite(whole):
        told.append(f"The whole list pays from an uplift of {share(float(whole))} on.")
    return told


def _shares(settings: Economics) -> tuple[float, float, float]:
    return settings.margin_percent / 100, settings.discount_percent / 100, settings.uplift_percent / 100
