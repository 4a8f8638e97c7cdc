"""The scales themselves: fitted to some customers, kept as JSON, and applied to the same or to others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

import numpy as np

from pipeline.clustering.labels import Floats
from pipeline.clustering.preparation import RFM, Preparation, weights

LOG = 0.0  # the power of Yeo-Johnson that is the logarithm of 1 + x, for x of 0 and more
NORMAL_QUARTILES = 1.3489795003921634  # from the first quartile of a standard normal distribution to the third


class Scales(TypedDict):
    """How customers are put on one scale, for JSON: one value a column of `columns`, in that order.

    `limits` (lowest and highest value) and `lambdas` (powers of Yeo-Johnson) are None where a column is left as it is;
    `centres` are taken off after that, `spreads` divided by, and `weights` multiplied with. Customers who spend more
    than `key_accounts_above` are set aside; None where nobody is.
    """

    columns: list[str]
    limits: list[list[float] | None]
    lambdas: list[float | None]
    centres: list[float]
    spreads: list[float]
    weights: list[float]
    key_accounts_above: float | None


def fitted_scales(raw: Floats, columns: Sequence[str], settings: Preparation) -> Scales:
    """The scales of these customers: what `scaled` needs to put others where they belong beside them.

    Recency, frequency and spend are scaled as the settings say, all other columns are standardised.

    Parameters
    ----------
    raw : `(n_customers, n_features)`; there may be no customers.
    """
    scaling, known = settings.scaling, len(raw) > 0
    measured = [known and name in RFM for name in columns]
    limits = [
        _limits(raw[:, place], settings.tail_share) if own and scaling == "winsorised" else None
        for place, own in enumerate(measured)
    ]
    lambdas = [_lambda(raw[:, place], scaling) if own else None for place, own in enumerate(measured)]
    ready = _without_skew(raw, limits, lambdas)
    centres, spreads = _standard(ready)
    for place, own in enumerate(measured):
        if own and scaling == "robust":
            centres[place], spreads[place] = _robust(ready[:, place], spreads[place])
    return {
        "columns": list(columns),
        "limits": limits,
        "lambdas": lambdas,
        "centres": centres,
        "spreads": spreads,
        "weights": weights(columns, settings).tolist(),
        "key_accounts_above": None,
    }


def scaled(raw: Floats, fitted: Scales) -> Floats:
    """Columns on the fitted scales, constant ones all 0, then weighted, `(n_customers, n_features)`."""
    if len(raw) == 0:
        return raw
    ready = _without_skew(raw, fitted["limits"], fitted["lambdas"])
    weighted: Floats = (ready - np.array(fitted["centres"])) / np.array(fitted["spreads"]) * np.array(fitted["weights"])
    return weighted


def _without_skew(raw: Floats, limits: Sequence[list[float] | None], lambdas: Sequence[float | None]) -> Floats:
    ready = raw.copy()
    for place, (limit, power) in enumerate(zip(limits, lambdas, strict=True)):
        if limit is not None:
            ready[:, place] = np.clip(ready[:, place], limit[0], limit[1])
        if power is not None:
            ready[:, place] = transformed(ready[:, place], power)
    return ready


def _standard(ready: Floats) -> tuple[list[float], list[float]]:
    from sklearn.preprocessing import StandardScaler

    if len(ready) == 0:
        return [0.0] * ready.shape[1], [1.0] * ready.shape[1]
    own = StandardScaler().fit(ready)
    return own.mean_.tolist(), own.scale_.tolist()


def _robust(column: Floats, deviation: float) -> tuple[float, float]:
    """Median and interquartile range, which is brought to a deviation's size so that weights mean the same.

    Where more than half of the customers are alike there is no such range, and the deviation stays.
    """
    low, middle, high = np.quantile(column, (0.25, 0.5, 0.75))
    return float(middle), float(high - low) / NORMAL_QUARTILES if high > low else deviation


def _limits(column: Floats, tail: float) -> list[float]:
    """The values within which a column is kept, as scipy's `winsorize` of this share at either end finds them."""
    cut, ordered = int(tail * len(column)), np.sort(column)
    return [float(ordered[cut]), float(ordered[len(column) - cut - 1])]


def _lambda(column: Floats, scaling: str) -> float | None:
    """The power that removes skew: for Yeo-Johnson that of highest likelihood; None where there is none to remove.

    Source: Yeo and Johnson (2000), Biometrika 87.
    """
    from sklearn.preprocessing import PowerTransformer

    if scaling == "log1p":
        return LOG
    if scaling != "yeo-johnson" or column.min() == column.max():
        return None
    return float(PowerTransformer(method="yeo-johnson", standardize=False).fit(column[:, None]).lambdas_[0])


def transformed(column: Floats, power: float) -> Floats:
    """A column after scikit-learn's Yeo-Johnson transform of this power, `(n_customers,)`."""
    from sklearn.preprocessing import PowerTransformer

    known: Any = PowerTransformer(method="yeo-johnson", standardize=False)
    known.lambdas_, known.n_features_in_ = np.array([power]), 1
    found: Floats = known.transform(column[:, None])[:, 0]
    return found
