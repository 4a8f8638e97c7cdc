"""The settings of the preparation: which columns of customers make clusters, on which scale, with which weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import SettingError
from pipeline.parameters import Step, choice, number, toggle

RFM = ("Recency", "Frequency", "Monetary")
COUNTRY = ("IsUK",)
PRODUCT_MIX_PREFIX = "CatShare_"
SWITCHES = {
    "Recency": "recency",
    "Frequency": "frequency",
    "Monetary": "monetary",
    "IsUK": "country",
    "CatShare_Bags": "bags",
    "CatShare_Kitchen": "kitchen",
    "CatShare_HomeDecor": "home_decor",
    "CatShare_Toys": "toys",
    "CatShare_Other": "other",
}
"""Column -> the setting that says whether it takes part."""
FEWEST = 2
WEIGHT_HELP = (
    "1 gives each of its columns the spread of one standard deviation; 0 leaves the block out of the distances."
)
TAKES_PART_HELP = "Whether customers are told apart by it."


@dataclass(frozen=True)
class Preparation(Step):
    """How customers are put on one scale before distances between them are taken.

    The defaults keep every column but let recency, frequency and spend decide: on raw columns one country flag, or one
    wholesaler, makes a cluster of its own.
    """

    NAME: ClassVar[str] = "preparation"
    TITLE: ClassVar[str] = "Preparation"
    HELP: ClassVar[str] = "Skew is removed, every column is standardised, and the three blocks of columns are weighted."

    scaling: str = choice(
        "yeo-johnson",
        options={
            "yeo-johnson": "Yeo-Johnson, then standardise",
            "log1p": "Logarithm, then standardise",
            "winsorised": "Cut off the tails, then standardise",
            "robust": "Median and quartiles instead of mean and deviation",
            "standard": "Standardise the raw columns",
        },
        label="Scaling of recency, frequency and spend",
        help="Yeo-Johnson removes the skew of a few very large customers first, so that they do not become a cluster.",
        flag="--scaling",
    )
    tail_share: float = number(
        0.01,
        low=0.001,
        high=0.2,
        step_size=0.001,
        label="Tails cut off",
        help="Where tails are cut off: the share of customers at either end who count as the next one does.",
    )
    rfm_weight: float = number(
        1.0, low=0.0, high=5.0, step_size=0.05, label="Weight of recency, frequency and spend", help=WEIGHT_HELP
    )
    country_weight: float = number(
        0.3, low=0.0, high=5.0, step_size=0.05, label="Weight of the country", help=WEIGHT_HELP
    )
    product_mix_weight: float = number(
        0.3, low=0.0, high=5.0, step_size=0.05, label="Weight of the product mix", help=WEIGHT_HELP
    )
    key_accounts: str = choice(
        "none",
        options={
            "none": "Nobody",
            "share": "A share of customers, the biggest spenders",
            "far": "Whoever spends far more than the others",
        },
        label="Key accounts",
        help="Who is set aside in a group of their own before segments are looked for, to be looked at one by one.",
        flag="--key-accounts",
    )
    key_accounts_share: float = number(
        0.01,
        low=0.001,
        high=0.2,
        step_size=0.001,
        label="Share set aside",
        help="Which share of customers at most are key accounts, where it is a share.",
        flag="--key-accounts-share",
    )
    recency: bool = toggle(True, label="Recency takes part", help=TAKES_PART_HELP)
    frequency: bool = toggle(True, label="Frequency takes part", help=TAKES_PART_HELP)
    monetary: bool = toggle(True, label="Spend takes part", help=TAKES_PART_HELP)
    country: bool = toggle(True, label="Country takes part", help=TAKES_PART_HELP)
    bags: bool = toggle(True, label="Share of bags takes part", help=TAKES_PART_HELP)
    kitchen: bool = toggle(True, label="Share of kitchen takes part", help=TAKES_PART_HELP)
    home_decor: bool = toggle(True, label="Share of home decor takes part", help=TAKES_PART_HELP)
    toys: bool = toggle(True, label="Share of toys takes part", help=TAKES_PART_HELP)
    other: bool = toggle(True, label="Share of other products takes part", help=TAKES_PART_HELP)

    def check_together(self) -> None:
        """Raise `SettingError` where fewer than two columns take part."""
        chosen = [column for column, setting in SWITCHES.items() if getattr(self, setting)]
        if len(chosen) < FEWEST:
            there = f"only {chosen[0]} does" if chosen else "none does"
            raise SettingError(f"At least {FEWEST} columns must take part in the segments, but {there}; switch one on.")

    def takes_part(self, column: str) -> bool:
        """Whether a column of customers takes part in the distances."""
        return bool(getattr(self, SWITCHES[column])) if column in SWITCHES else True


def weights(columns: Sequence[str], settings: Preparation) -> NDArray[np.float64]:
    """The factor of each column by the block it belongs to, `(n_features,)`."""
    blocks = {
        **dict.fromkeys(RFM, settings.rfm_weight),
        **dict.fromkeys(COUNTRY, settings.country_weight),
    }
    return np.array([blocks.get(name, settings.product_mix_weight) for name in columns])
