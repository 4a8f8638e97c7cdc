"""What a run did, in sentences and small tables: for whoever has to trust the segments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.clustering.methods import METHODS
from webapp import formats

if TYPE_CHECKING:
    from webapp.finished import Finished
    from webapp.views import View

PARAMETER_WORDS = {
    "bg_nbd": "BG/NBD, how often customers order and when they stop",
    "mbg_nbd": "MBG/NBD, how often customers order and when they stop",
    "gamma_gamma": "Gamma-Gamma, what an order is worth",
}
CATEGORY_WORDS = {"HomeDecor": "Home decor", "Other": "Other, no keyword matches"}
NOT_DESCRIBED = "The file does not say what was bought, so product categories take no part in the segments."


def sentences(results: Finished, view: View) -> list[str]:
    """Data, value and segments of a settled view, a sentence each."""
    cleaned, customers = results.segmentation.facts("cleaning"), results.customers
    span, ahead = cleaned["span"], results.horizon
    value, total = customers[ahead.value], results.segmentation.models()[ahead.total]["expected"]
    method, chosen = METHODS[view.method], _evaluation_row(results, view)
    return [
        f"{formats.count(cleaned['rows'])} usable lines from {formats.date(span['first'])} to "
        f"{formats.date(span['last'])}: {formats.plural(cleaned['customers'], 'customer')}, "
        f"{formats.plural(cleaned['invoices'], 'order')}, {formats.money(cleaned['money'])}.",
        f"In {ahead.ahead} these customers are expected to spend {formats.money(total)}. As later sales count a "
        f"little less, that is worth {formats.money(float(value.sum()))}: {formats.money(float(value.mean()))} each on "
        f"average and {formats.money(float(value.median()))} for the one in the middle.",
        f"{method.TITLE} with {view.k} segments has a silhouette of {formats.number(chosen['silhouette'], 2)}; its "
        f"smallest segment has {formats.plural(chosen['smallest'], 'customer')}.",
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
    return pd.DataFrame(rows, columns=["Category", "Share"])


def unmatched(facts: Mapping[str, Any], most: int = 10) -> pd.DataFrame:
    """The largest descriptions that no keyword matches: Description, Revenue, written for people."""
    rows = [
        {"Description": str(each["description"] or "(none)").capitalize(), "Revenue": formats.money(each["money"])}
        for each in facts["top_other"][:most]
    ]
    return pd.DataFrame(rows, columns=["Description", "Revenue"])


def _evaluation_row(results: Finished, view: View) -> Mapping[Any, Any]:
    evaluation = results.evaluation
    found = evaluation[(evaluation["method"] == view.method) & (evaluation["k"] == view.k)]
    row: Mapping[Any, Any] = found.iloc[0].to_dict()
    return row
