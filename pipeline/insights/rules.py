"""The rules in one list, and what they find in a shop, most money first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.insights.absence import absence
from pipeline.insights.category_gaps import category_gaps
from pipeline.insights.chance import FEWEST
from pipeline.insights.concentration import concentration
from pipeline.insights.country_outliers import country_outliers
from pipeline.insights.insight import Insight, Rule, Shop
from pipeline.insights.newcomers import newcomers
from pipeline.insights.overdue_regulars import overdue_regulars
from pipeline.insights.suspicious_customers import odd_days, one_that_is_many
from pipeline.insights.suspicious_data import given_back, guests, missing_days, odd_prices

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from pipeline.results import Segmentation

RULES = (
    Rule("concentration", concentration),
    Rule("absence", absence, of_segments=True),
    Rule("category_gaps", category_gaps, of_segments=True),
    Rule("newcomers", newcomers),
    Rule("country_outliers", country_outliers),
    Rule("overdue_regulars", overdue_regulars),
    Rule("one_that_is_many", one_that_is_many),
    Rule("odd_days", odd_days, of_segments=True),
    Rule("guests", guests),
    Rule("given_back", given_back),
    Rule("odd_prices", odd_prices),
    Rule("missing_days", missing_days),
)


def insights(shop: Shop, rules: Iterable[Rule] = RULES) -> list[Insight]:
    """What these rules find, most money first; nothing in a shop of few customers."""
    if len(shop.customers) < 2 * FEWEST:
        return []
    return ranked([found for rule in rules for found in rule.find(shop)])


def ranked(found: Iterable[Insight]) -> list[Insight]:
    """Insights, those with most money at stake first."""
    return sorted(found, key=lambda each: -each.money)


def shop_of(segmentation: Segmentation, customers: pd.DataFrame, names: Mapping[int, str]) -> Shop:
    """What rules look at in finished results.

    Parameters
    ----------
    customers : rows of `Segmentation.customers()` with their `Segment`.
    names : segment -> its name.
    """
    r, alpha, _, _ = segmentation.fitted_models().purchases
    history = segmentation.table("value", "value").loc[customers.index, ["frequency", "T"]]
    return Shop(
        customers,
        names,
        segmentation.days(),
        history,
        (r, alpha),
        segmentation.facts("cleaning"),
        segmentation.facts("check"),
    )
