"""From customers to the numbers that clusters are made of: which columns, on which scale, with which weight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import PipelineError
from pipeline.parameters import Step, choice, number

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Scales = dict[str, Any]

RFM = ("Recency", "Frequency", "Monetary")
COUNTRY = ("IsUK",)
PRODUCT_MIX_PREFIX = "CatShare_"
WEIGHT_HELP = (
    "1 gives each of its columns the spread of one standard deviation; 0 leaves the block out of the distances."
)


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
        options={"yeo-johnson": "Yeo-Johnson, then standardise", "standard": "Standardise the raw columns"},
        label="Scaling of recency, frequency and spend",
        help="Yeo-Johnson removes the skew of a few very large customers first, so that they do not become a cluster.",
        flag="--scaling",
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


class Prepared(NamedTuple):
    """Customers ready to be clustered, sorted by `CustomerID` so that the order of a file changes nothing.

    Attributes
    ----------
    customer_ids : `(n_customers,)`.
    rows : at which row of the customers table each one stands, `(n_customers,)`.
    monetary : total spend in money, which clusters are numbered by, `(n_customers,)`.
    matrix : scaled and weighted columns, `(n_customers, n_features)`.
    columns : the names of the features.
    raw : Recency, Frequency and Monetary as they are, by name, `(n_customers,)` each.
    fitted : how they were put on one scale, see `fitted_scales`.
    warnings : sentences on what was dropped or filled.
    """

    customer_ids: NDArray[np.object_]
    rows: NDArray[np.intp]
    monetary: Floats
    matrix: Floats
    columns: tuple[str, ...]
    warnings: list[str]
    raw: dict[str, Floats]
    fitted: Scales


def prepared(customers: pd.DataFrame, settings: Preparation) -> Prepared:
    """The feature matrix of a customers table.

    Parameters
    ----------
    customers : `CustomerID, Recency, Frequency, Monetary, IsUK, CatShare_*`. Rows without a finite Recency, Frequency
        or Monetary are dropped; a missing IsUK or share counts as 0. Both are told in `warnings`. A column of IsUK or
        shares that is missing for everyone is unknown, and left out.
    """
    mix = (name for name in customers.columns if name.startswith(PRODUCT_MIX_PREFIX))
    columns = (*RFM, *(name for name in (*COUNTRY, *mix) if customers[name].notna().any()))
    return _made(customers, columns, lambda filled: fitted_scales(filled, columns, settings))


def prepared_like(customers: pd.DataFrame, fitted: Scales) -> Prepared:
    """The feature matrix of other customers, on the scales of the ones that `fitted` was made from.

    Raises
    ------
    PipelineError
        If a column that the scales were made for is missing, or is missing for everyone.
    """
    columns = tuple(fitted["columns"])
    lost = [name for name in columns if name not in customers or not customers[name].notna().any()]
    if lost:
        raise PipelineError(
            f"These customers cannot be put into the segments of the model, which were made with {', '.join(lost)}: "
            "nothing is known of that here. Give a file that has it, or make segments of their own."
        )
    return _made(customers, columns, lambda _: fitted)


def _made(customers: pd.DataFrame, columns: Sequence[str], scales: Callable[[Floats], Scales]) -> Prepared:
    rows = customers["CustomerID"].argsort(kind="stable").to_numpy()
    ordered = customers.iloc[rows]
    raw = ordered[list(columns)].to_numpy(dtype=np.float64, na_value=np.nan)
    whole = np.isfinite(raw[:, : len(RFM)]).all(axis=1)
    kept = raw[whole]
    missing = ~np.isfinite(kept)
    filled = np.where(missing, 0.0, kept)
    fitted = scales(filled)
    return Prepared(
        customer_ids=ordered["CustomerID"].to_numpy(dtype=object)[whole],
        rows=rows[whole],
        monetary=filled[:, RFM.index("Monetary")],
        matrix=scaled(filled, fitted),
        columns=tuple(columns),
        warnings=_told(int((~whole).sum()), missing.any(axis=0), columns),
        raw={name: filled[:, place] for place, name in enumerate(RFM)},
        fitted=fitted,
    )


def fitted_scales(raw: Floats, columns: Sequence[str], settings: Preparation) -> Scales:
    """How these customers are put on one scale, for JSON: what `scaled` needs to do the same with others.

    Returns
    -------
    dict
        `columns`; `lambdas`, of Yeo-Johnson for the RFM columns, which lead, None where there is no skew to remove;
        `means` and `deviations` after that; `weights`.
    """
    from sklearn.preprocessing import StandardScaler

    skewed = settings.scaling == "yeo-johnson" and len(raw) > 0
    lambdas = [_lambda(raw[:, place]) if skewed else None for place in range(len(RFM))]
    own = StandardScaler()
    if len(raw):
        own.fit(_without_skew(raw, lambdas))
    return {
        "columns": list(columns),
        "lambdas": lambdas,
        "means": own.mean_.tolist() if len(raw) else [0.0] * len(columns),
        "deviations": own.scale_.tolist() if len(raw) else [1.0] * len(columns),
        "weights": weights(columns, settings).tolist(),
    }


def scaled(raw: Floats, fitted: Scales) -> Floats:
    """Columns on the fitted scales: there with mean 0 and standard deviation 1 (constant ones all 0), then weighted."""
    if len(raw) == 0:
        return raw
    standardised = (_without_skew(raw, fitted["lambdas"]) - np.array(fitted["means"])) / np.array(fitted["deviations"])
    weighted: Floats = standardised * np.array(fitted["weights"])
    return weighted


def _without_skew(raw: Floats, lambdas: Sequence[float | None]) -> Floats:
    ready = raw.copy()
    for place, power in enumerate(lambdas):
        if power is not None:
            ready[:, place] = transformed(raw[:, place], power)
    return ready


def _lambda(column: Floats) -> float | None:
    """The power of highest likelihood; None for a constant column. Source: Yeo and Johnson (2000), Biometrika 87."""
    from sklearn.preprocessing import PowerTransformer

    if column.size == 0 or column.min() == column.max():
        return None
    return float(PowerTransformer(method="yeo-johnson", standardize=False).fit(column[:, None]).lambdas_[0])


def transformed(column: Floats, power: float) -> Floats:
    """A column after scikit-learn's Yeo-Johnson transform of this power, `(n_customers,)`."""
    from sklearn.preprocessing import PowerTransformer

    known = PowerTransformer(method="yeo-johnson", standardize=False)
    known.lambdas_, known.n_features_in_ = np.array([power]), 1
    found: Floats = known.transform(column[:, None])[:, 0]
    return found


def weights(columns: Sequence[str], settings: Preparation) -> Floats:
    """The factor of each column by the block it belongs to, `(n_features,)`."""
    blocks = {
        **dict.fromkeys(RFM, settings.rfm_weight),
        **dict.fromkeys(COUNTRY, settings.country_weight),
    }
    return np.array([blocks.get(name, settings.product_mix_weight) for name in columns])


def _told(dropped: int, filled: NDArray[np.bool_], columns: Sequence[str]) -> list[str]:
    sentences = []
    if dropped:
        who = "1 customer" if dropped == 1 else f"{dropped:,} customers"
        verb = "is" if dropped == 1 else "are"
        sentences.append(f"{who} without recency, frequency or spend {verb} left out of the clusters.")
    if filled.any():
        names = ", ".join(name for name, is_filled in zip(columns, filled, strict=True) if is_filled)
        sentences.append(f"Missing values of {names} count as 0 in the clusters.")
    return sentences
