"""A few sums over all lines, asked once: how many rows each trait has, and what was sold, to guests too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline import engine
from pipeline.cleaning.lines import TRAITS
from pipeline.cleaning.related import RELATIONS

if TYPE_CHECKING:
    from pipeline.engine import LazyTable

Figures = dict[str, Any]


def figures(groups: LazyTable) -> Figures:
    """The rows of each trait and relation, by its name; `sold`, the money of all rows that sold something, and
    `sold_to_guests`, of those of them without a CustomerID. What there is nothing of is 0 or None."""
    import narwhals as nw

    def of(which: nw.Expr, what: str) -> nw.Expr:
        return nw.when(which).then(nw.col(what)).sum()

    sold = nw.col("counts") & nw.col("costs")
    return engine.rows(
        groups.select(
            **{name: of(nw.col(name), "rows") for name in (*TRAITS, *RELATIONS)},
            sold=of(sold, "money"),
            sold_to_guests=of(sold & nw.col("customer").is_null(), "money"),
        )
    )[0]
