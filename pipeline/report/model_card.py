"""The model card: what was fitted, on what, how it came out before, and how not to read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline import formats
from pipeline.clustering.methods import METHODS
from pipeline.clv.lifetime_value import LifetimeValue

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.results import Segmentation

PARAMETER_WORDS = {
    "bg_nbd": "BG/NBD, how often customers order and when they stop",
    "mbg_nbd": "MBG/NBD, how often customers order and when they stop",
    "gamma_gamma": "Gamma-Gamma, what an order is worth",
}
CATEGORY_WORDS = {"HomeDecor": "Home decor", "Other": "Other, no keyword matches"}
LIMITS = (
    "A customer's value is the average over many customers with the same history, not a promise for one of them.",
    "It is revenue, not profit: costs, returns that the cleaning took out and marketing spend are not in it.",
    "The models know orders, dates and money only. They know nothing of seasons, prices, stock or campaigns.",
    "The chance to be active (P_Alive) is for reference. It is 1 for many who came once; never rank by it.",
    "It tells who is likely to order, not whom a campaign would change: test that with a group that gets none.",
    "It is made for marketing. Do not decide on credit, prices or anything else that people have a right to with it.",
)
NOT_DESCRIBED = "The file does not say what was bought, so product categories take no part in the segments."


def sentences(segmentation: Segmentation, value: pd.Series[float], method: str, k: int | None) -> list[str]:
    """Data, value and segments of a run, a sentence each.

    Parameters
    ----------
    value : of each customer within the run's horizon, money.
    method, k : the segments that are spoken of.
    """
    cleaned = segmentation.facts("cleaning")
    span, months = cleaned["span"], segmentation.recipe.step(LifetimeValue).horizon_months
    total, chosen = segmentation.models()[f"total_{months}m"]["expected"], _evaluation_row(segmentation, method, k)
    return [
        f"{formats.count(cleaned['rows'])} usable lines from {formats.date(span['first'])} to "
        f"{formats.date(span['last'])}: {formats.plural(cleaned['customers'], 'customer')}, "
        f"{formats.plural(cleaned['invoices'], 'order')}, {formats.money(cleaned['money'])}.",
        f"In {formats.months_ahead(months)} these customers are expected to spend {formats.money(total)}. As later "
        f"sales count a little less, that is worth {formats.money(float(value.sum()))}: "
        f"{formats.money(float(value.mean()))} each on average and {formats.money(float(value.median()))} for the one "
        "in the middle.",
        f"{METHODS[method].TITLE} with {formats.plural(chosen['clusters'], 'segment')} has a silhouette of "
        f"{formats.number(chosen['silhouette'], 2)}; its smallest segment has "
        f"{formats.plural(chosen['smallest'], 'customer')}{_in_none(chosen['in_none'])}.",
    ]


def parameters(models: Mapping[str, Any]) -> pd.DataFrame:
    """The value models' parameters: Model, Parameter, Value, Standard error, written for people.

    Parameters
    ----------
    models : as `Segmentation.models()` gives them; parts that are not parameters of a known model are left out.
    """
    rows = [
        {
            "Model": words,
            "Parameter": name,
            "Value": formats.number(float(value), 4),
            "Standard error": formats.number((models.get(f"{model}_standard_errors") or {}).get(name), 4),
        }
        for model, words in PARAMETER_WORDS.items()
        for name, value in models.get(model, {}).items()
        if isinstance(value, int | float)
    ]
    import pandas as pd

    return pd.DataFrame(rows, columns=["Model", "Parameter", "Value", "Standard error"])


def coverage(facts: Mapping[str, Any]) -> pd.DataFrame:
    """Share of revenue per product category, the largest first and Other last: Category, Share (0 to 1).

    Parameters
    ----------
    facts : as `Segmentation.coverage()` gives them.
    """
    shares: dict[str, float] = facts["coverage"]
    ordered = sorted(shares, key=lambda category: (category == "Other", -shares[category]))
    rows = [{"Category": CATEGORY_WORDS.get(name, name), "Share": shares[name]} for name in ordered]
    import pandas as pd

    return pd.DataFrame(rows, columns=["Category", "Share"])


def beside_products(facts: Mapping[str, Any]) -> str:
    """How much of the revenue is no product, in a sentence; empty where nothing is."""
    part = float(facts["no_product"])
    return f"{formats.share(part)} of the revenue is postage, fees and corrections, in Other." if part else ""


def unmatched(facts: Mapping[str, Any], most: int = 10) -> pd.DataFrame:
    """The largest descriptions that no keyword matches: Description, Revenue, written for people."""
    rows = [
        {"Description": str(each["description"] or "(none)").capitalize(), "Revenue": formats.money(each["money"])}
        for each in facts["top_other"][:most]
    ]
    import pandas as pd

    return pd.DataFrame(rows, columns=["Description", "Revenue"])


def _in_none(customers: int) -> str:
    return f", and {formats.plural(customers, 'customer')} are in none" if customers else ""


def _evaluation_row(segmentation: Segmentation, method: str, k: int | None) -> Mapping[str, Any]:
    rows = segmentation.facts("clusters")["evaluation"]
    found: Mapping[str, Any] = next(row for row in rows if row["method"] == method and row["k"] in (k, None))
    return found
