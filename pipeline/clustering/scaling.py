"""From customers to the numbers that clusters are made of, on the scales that were fitted to them or to others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline import formats
from pipeline.clustering.key_accounts import spend_limit
from pipeline.clustering.labels import KEY_ACCOUNTS, Floats, Labels
from pipeline.clustering.preparation import COUNTRY, FEWEST, PRODUCT_MIX_PREFIX, RFM, Preparation
from pipeline.clustering.scales import Scales, fitted_scales, scaled
from pipeline.errors import NotEnoughDataError, PipelineError

if TYPE_CHECKING:
    import pandas as pd


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
    fitted : how they were put on one scale.
    warnings : sentences on what was dropped or filled.
    key_accounts : the places of those who are set aside, ascending. They are on the scales, which the others made.
    """

    customer_ids: NDArray[np.object_]
    rows: NDArray[np.intp]
    monetary: Floats
    matrix: Floats
    columns: tuple[str, ...]
    warnings: list[str]
    raw: dict[str, Floats]
    fitted: Scales
    key_accounts: Labels = np.empty(0, dtype=np.intp)

    def in_segments(self) -> Prepared:
        """Those among whom segments are looked for: all but the key accounts."""
        if not len(self.key_accounts):
            return self
        kept = self._kept
        return self._replace(
            customer_ids=self.customer_ids[kept],
            rows=self.rows[kept],
            monetary=self.monetary[kept],
            matrix=self.matrix[kept],
            raw={name: own[kept] for name, own in self.raw.items()},
            key_accounts=self.key_accounts[:0],
        )

    def of_everyone(self, labels: Labels) -> Labels:
        """The labels of those `in_segments` and, for key accounts, `KEY_ACCOUNTS`, `(n_customers,)`."""
        whole = np.full(len(self.rows), KEY_ACCOUNTS, dtype=np.intp)
        whole[self._kept] = labels
        return whole

    @property
    def _kept(self) -> Labels:
        return np.setdiff1d(np.arange(len(self.rows)), self.key_accounts)


def prepared(customers: pd.DataFrame, settings: Preparation) -> Prepared:
    """The feature matrix of a customers table.

    Parameters
    ----------
    customers : `CustomerID, Recency, Frequency, Monetary, IsUK, CatShare_*`. Rows without a finite Recency, Frequency
        or Monetary are dropped; a missing IsUK or share counts as 0. Both are told in `warnings`. A column of IsUK or
        shares that is missing for everyone is unknown, and left out.

    Raises
    ------
    NotEnoughDataError
        If fewer than two of the columns that take part are known of anyone.
    """
    mix = (name for name in customers.columns if name.startswith(PRODUCT_MIX_PREFIX))
    known = (*RFM, *(name for name in (*COUNTRY, *mix) if customers[name].notna().any()))
    columns = tuple(name for name in known if settings.takes_part(name))
    if len(columns) < FEWEST:
        told = f"only {columns[0]} is" if columns else "none is"
        raise NotEnoughDataError(
            f"Of the columns that are to make segments {told} known in this file, and {FEWEST} are needed; "
            "let recency, frequency or spend take part (preparation)."
        )

    def scales(raw: Floats, monetary: Floats) -> Scales:
        limit = spend_limit(monetary, settings)
        kept = raw if limit is None else raw[monetary <= limit]
        return {**fitted_scales(kept, columns, settings), "key_accounts_above": limit}

    return _made(customers, columns, scales)


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
    return _made(customers, columns, lambda _, __: fitted)


def _made(customers: pd.DataFrame, columns: Sequence[str], scales: Callable[[Floats, Floats], Scales]) -> Prepared:
    rows = customers["CustomerID"].argsort(kind="stable").to_numpy()
    ordered = customers.iloc[rows]
    measures, raw = (ordered[list(names)].to_numpy(dtype=np.float64, na_value=np.nan) for names in (RFM, columns))
    whole = np.isfinite(measures).all(axis=1)
    measures, kept = measures[whole], raw[whole]
    missing = ~np.isfinite(kept)
    filled = np.where(missing, 0.0, kept)
    monetary = measures[:, RFM.index("Monetary")]
    fitted = scales(filled, monetary)
    limit = fitted["key_accounts_above"]
    return Prepared(
        customer_ids=ordered["CustomerID"].to_numpy(dtype=object)[whole],
        rows=rows[whole],
        monetary=monetary,
        matrix=scaled(filled, fitted),
        columns=tuple(columns),
        warnings=_told(int((~whole).sum()), missing.any(axis=0), columns),
        raw={name: measures[:, place] for place, name in enumerate(RFM)},
        fitted=fitted,
        key_accounts=np.flatnonzero(monetary > (np.inf if limit is None else limit)),
    )


def _told(dropped: int, filled: NDArray[np.bool_], columns: Sequence[str]) -> list[str]:
    sentences = []
    if dropped:
        who = formats.plural(dropped, "customer")
        verb = "is" if dropped == 1 else "are"
        sentences.append(f"{who} without recency, frequency or spend {verb} left out of the clusters.")
    if filled.any():
        names = ", ".join(name for name, is_filled in zip(columns, filled, strict=True) if is_filled)
        sentences.append(f"Missing values of {names} count as 0 in the clusters.")
    return sentences
