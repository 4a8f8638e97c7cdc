"""The yardstick: the same work as a plain pandas, scikit-learn and lifetimes script, written without haste or malice.

Run it by itself: `python benchmarks/reference.py online_retail.csv --output segments.csv`.
"""

from __future__ import annotations

import argparse
import json
import re
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pandas as pd
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.metrics import silhouette_score
from sklearn.mixture import GaussianMixture
from sklearn.preprocessing import StandardScaler

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lifetimes import BetaGeoFitter, GammaGammaFitter
    from lifetimes.utils import summary_data_from_transaction_data

ORDER = ("Bags", "Kitchen", "HomeDecor", "Toys", "Other")
KEYWORDS = Path(__file__).parent.parent / "pipeline" / "features" / "categories.txt"
NO_COUNTRY = ("Unspecified", "European Community")
K_VALUES = range(2, 9)
SEED = 42
FEATURES = ["Recency", "Frequency", "Monetary", "IsUK", *(f"CatShare_{name}" for name in ORDER)]


class Stages(Protocol):
    """Something to enter around each stage, such as a stop watch."""

    def __call__(self, name: str) -> AbstractContextManager[object]: ...


class Results(NamedTuple):
    """What a run finds: one row per customer, labels per method and k, the evaluation of each k, and figures."""

    customers: pd.DataFrame
    labels: pd.DataFrame
    evaluation: pd.DataFrame
    facts: dict[str, Any]


class Keywords:
    """The project's keyword map: the match of most words wins, then the category that stands first; plurals match."""

    def __init__(self, written: str) -> None:
        self.categories: dict[str, str] = {}
        for line in written.splitlines():
            if ":" in line and not line.startswith("#"):
                category, keywords = line.split(":")
                self.categories |= {" ".join(keyword.lower().split()): category for keyword in keywords.split(",")}
        self.order = list(dict.fromkeys(self.categories.values()))
        longest_first = sorted(self.categories, key=lambda keyword: (-keyword.count(" "), -len(keyword)))
        self.pattern = re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, longest_first)) + r")(?:e?s)?(?![\w-])")

    def category(self, description: object) -> str:
        found = self.pattern.findall(" ".join(str(description).lower().split()))
        if not found:
            return "Other"
        most_words = max(keyword.count(" ") for keyword in found)
        return min((self.categories[word] for word in found if word.count(" ") == most_words), key=self.order.index)


@contextmanager
def unwatched(_: str) -> Iterator[None]:
    """A stage that nobody measures."""
    yield


def segment(source: Path, stage: Stages = unwatched) -> Results:
    """All stages, each inside `stage(name)`."""
    with stage("reading"):
        lines = read(source)
    with stage("cleaning"):
        bought = cleaned(lines)
    with stage("features"):
        customers = features(bought)
    with stage("value"):
        value, facts = lifetime_value(bought)
    with stage("clusters"):
        labels, evaluation = clusters(customers)
    customers = customers.join(value)
    for method, column in (("kmeans", "KMeans"), ("hierarchical", "Hierarchical"), ("gaussian_mixture", "GMM")):
        customers[f"Cluster_{column}"] = labels[f"{method}_4"]
    facts |= {
        "lines": len(bought),
        "customers": bought["CustomerID"].nunique(),
        "invoices": bought["InvoiceNo"].nunique(),
        "revenue": float(bought["TotalPrice"].sum()),
    }
    return Results(customers, labels, evaluation, facts)


def read(source: Path) -> pd.DataFrame:
    return pd.read_csv(source, dtype={"InvoiceNo": "str", "StockCode": "str"}, parse_dates=["InvoiceDate"])


def cleaned(lines: pd.DataFrame) -> pd.DataFrame:
    bought = lines.dropna(subset=["CustomerID"])
    bought = bought[(bought["Quantity"] > 0) & (bought["UnitPrice"] > 0)]
    bought = bought.dropna(subset=["InvoiceDate"]).copy()
    bought["CustomerID"] = bought["CustomerID"].astype(int).astype(str)
    bought["Country"] = bought["Country"].str.strip().replace(dict.fromkeys(NO_COUNTRY, None))
    bought["TotalPrice"] = bought["Quantity"] * bought["UnitPrice"]
    return bought


def features(bought: pd.DataFrame) -> pd.DataFrame:
    customers = bought.groupby("CustomerID").agg(
        Recency=("InvoiceDate", "max"), Frequency=("InvoiceNo", "nunique"), Monetary=("TotalPrice", "sum")
    )
    last_day = customers["Recency"].dt.normalize()
    customers["Recency"] = (last_day.max() - last_day).dt.days
    known = Keywords(KEYWORDS.read_text(encoding="utf-8"))
    category = bought["Description"].apply(known.category)
    spent = bought.assign(Category=category).pivot_table(
        index="CustomerID", columns="Category", values="TotalPrice", aggfunc="sum", fill_value=0
    )
    shares = spent.reindex(columns=[*ORDER], fill_value=0).div(customers["Monetary"], axis=0)
    customers = customers.join(shares.add_prefix("CatShare_"))
    customers["PrimaryCountry"] = bought.groupby("CustomerID")[["Country", "TotalPrice"]].apply(primary_country)
    customers["IsUK"] = (customers["PrimaryCountry"] == "United Kingdom").astype(int)
    return customers


def primary_country(purchases: pd.DataFrame) -> str:
    spent = purchases.groupby("Country")["TotalPrice"].sum()
    return "Unknown" if spent.empty else str(spent.idxmax())


def lifetime_value(bought: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Any]]:
    history = summary_data_from_transaction_data(bought, "CustomerID", "InvoiceDate", "TotalPrice", freq="D")
    purchases = BetaGeoFitter().fit(history["frequency"], history["recency"], history["T"], tol=1e-6)
    repeat = history[history["frequency"] > 0]
    spend = GammaGammaFitter().fit(repeat["frequency"], repeat["monetary_value"], tol=1e-6)
    history["CLV_6m"] = spend.customer_lifetime_value(
        purchases,
        history["frequency"],
        history["recency"],
        history["T"],
        history["monetary_value"],
        time=6,
        discount_rate=0.01,
        freq="D",
    )
    facts = {"bg_nbd": purchases.params_.to_dict(), "gamma_gamma": spend.params_.to_dict()}
    return history, facts


def clusters(customers: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    points = StandardScaler().fit_transform(customers[FEATURES])
    labels = pd.DataFrame(index=customers.index)
    evaluation = []
    for k in K_VALUES:
        kmeans = KMeans(k, n_init=10, random_state=SEED).fit(points)
        found = {
            "kmeans": kmeans.labels_,
            "hierarchical": AgglomerativeClustering(k, linkage="ward").fit_predict(points),
            "gaussian_mixture": GaussianMixture(k, random_state=SEED).fit_predict(points),
        }
        for method, assigned in found.items():
            labels[f"{method}_{k}"] = by_monetary(assigned, customers["Monetary"])
            inertia = kmeans.inertia_ if method == "kmeans" else None
            evaluation.append((method, k, silhouette_score(points, assigned), inertia))
    return labels, pd.DataFrame(evaluation, columns=["method", "k", "silhouette", "inertia"])


def by_monetary(assigned: Any, monetary: pd.Series[float]) -> Any:
    """The labels numbered by descending mean Monetary."""
    order = monetary.groupby(assigned).mean().sort_values(ascending=False).index
    return pd.Series(range(len(order)), index=order)[assigned].to_numpy()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("input", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    asked = parser.parse_args()
    results = segment(asked.input)
    results.customers.to_csv(asked.output)
    facts = results.facts | {"evaluation": results.evaluation.to_dict("records")}
    asked.output.with_suffix(".facts.json").write_text(json.dumps(facts, indent=2))


if __name__ == "__main__":
    main()
