"""Finished results of one run: tables and facts, read from the store when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pipeline import engine, notes
from pipeline.clustering.labels import label_column
from pipeline.clustering.methods import METHODS
from pipeline.clustering.suggestion import Suggestion, suggestion
from pipeline.clv.histories import COLUMNS as HISTORY_COLUMNS
from pipeline.clv.lifetime_value import LifetimeValue
from pipeline.errors import PipelineError, SettingError
from pipeline.profiles.names import Named, Names, segment_names
from pipeline.profiles.playbook import Playbook
from pipeline.recipe import Recipe
from pipeline.store import Facts, Store

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from pipeline.clv.forecast import Models
    from pipeline.clv.histories import Histories
    from pipeline.clv.value_surface import ValueSurface


@dataclass(frozen=True)
class Segmentation:
    """Finished results of one file under one recipe, read from the store when asked for.

    Attributes
    ----------
    source_digest : the file's SHA-256, in hex.
    recipe, store : what was asked, and where the answers are.
    keys : stage -> the key of its result, for every stage that is finished.
    computed : the stages that this run computed; the others were found in the store.
    """

    source_digest: str
    recipe: Recipe
    store: Store
    keys: Mapping[str, str]
    computed: tuple[str, ...] = ()

    def facts(self, stage: str) -> Facts:
        """What a stage reported, the numbers in its sentences written for the reader of now.

        Raises `PipelineError` if it was not run or is not kept any more.
        """
        if stage not in self.keys:
            raise PipelineError(f"The stage {stage} has not been run; the run ended at {list(self.keys)[-1]}.")
        found: Facts = notes.worded(self.store.facts(self.keys[stage]))
        return found

    def table(self, stage: str, table: str) -> pd.DataFrame:
        """A table that a stage wrote. Raises `PipelineError` like `facts`."""
        self.facts(stage)
        return self.store.table(self.keys[stage], table)

    def interpretation(self) -> Facts:
        """How the file was read: encoding, delimiter, decimal mark, date format, which heading is which column."""
        interpretation: Facts = self.facts("reading")["interpretation"]
        return interpretation

    def ledger(self) -> list[Facts]:
        """What each cleaning rule did, in order: rows, customers, invoices and money before and after."""
        ledger: list[Facts] = self.facts("cleaning")["ledger"]
        return ledger

    def effects(self) -> list[Facts]:
        """What each cleaning setting that adds or removes lines would change if it were set the other way."""
        effects: list[Facts] = self.facts("cleaning")["effects"]
        return effects

    def dropped(self) -> pd.DataFrame:
        """The lines that cleaning left out: File, Line, Rule, Reason, and the columns as they were read."""
        return self.table("cleaning", "dropped")

    def data_check(self) -> Facts:
        """What the data is like: span, buyers, seasons, growth, `parts` with enough data or not, and `sentences`."""
        from pipeline.data_check.sentences import told

        facts = {name: fact for name, fact in self.facts("check").items() if name not in ("warnings", "measured")}
        return facts | told(facts, self.months(), self.weekdays())

    def months(self) -> pd.DataFrame:
        """One row per month: Month, revenue, orders, buyers, new_buyers, days_traded, and whether it is partial."""
        return self.table("check", "months")

    def weekdays(self) -> pd.DataFrame:
        """One row per weekday from Monday: Weekday, revenue, orders, days_traded."""
        return self.table("check", "weekdays")

    def preview(self, rows: int = 20) -> pd.DataFrame:
        """The first usable transactions."""
        return engine.read_parquet(self.store.path(self.keys["cleaning"], "transactions"), rows)

    def days(self) -> pd.DataFrame:
        """One row per customer and day with orders: CustomerID, Day, Orders, Revenue; sorted."""
        return self.table("history", "days")

    def bought(self) -> Path:
        """The Parquet file of who bought what at all: CustomerID, Kind (category or product), Item; many rows each."""
        self.facts("history")
        return self.store.path(self.keys["history"], "bought")

    def coverage(self) -> Facts:
        """How much revenue each product category covers, postage and fees bring, and the largest products in none."""
        facts = self.facts("features")
        return {name: facts[name] for name in ("coverage", "no_product", "top_other")}

    def customers(self) -> pd.DataFrame:
        """One row per customer, sorted by CustomerID: the features, and the forecast where the value stage has run."""
        customers = self.table("features", "customers")
        if "value" not in self.keys:
            return customers
        value = self.table("value", "value")
        forecast = value.drop(columns=list(HISTORY_COLUMNS)).assign(Tenure=value["T"])
        return customers.merge(forecast, on="CustomerID", how="left", validate="one_to_one")

    def label_table(self) -> pd.DataFrame:
        """CustomerID and one column of labels per method and k, named by `label_column`: `kmeans_4`, `hdbscan`."""
        return self.table("clusters", "labels")

    def labels(self, method: str, k: int | None) -> pd.Series[int]:
        """Labels 0 to k-1 by descending mean Monetary, or -1 for who is in no cluster, aligned with `customers()`.

        `k` does not matter to a method that decides on it itself.

        Raises
        ------
        SettingError
            If there is no such method, or this k was not computed.
        """
        takes_k = method not in METHODS or METHODS[method].TAKES_K
        column = label_column(method, k if takes_k else None)
        computed = {label_column(row["method"], row["k"]) for row in self.facts("clusters")["evaluation"]}
        if column not in computed:
            ks = self.ks()
            raise SettingError(f"There are no labels for {method!r} with {k} segments: k is {ks[0]} to {ks[-1]}.")
        return engine.read_parquet(self.store.path(self.keys["clusters"], "labels"), columns=[column])[column]

    def rule_names(self, method: str) -> dict[int, str]:
        """Number -> name of the segments of a method that names them by rule; empty for all others."""
        import json

        models = self.table("clusters", "models")
        found = models[(models["method"] == method) & models["k"].isna()]
        if found.empty:
            return {}
        model = json.loads(found["model"].iloc[0])
        return dict(zip(model["numbers"], model["names"] or (), strict=False))

    def named(
        self,
        method: str,
        k: int | None,
        given: Mapping[int, str] | None = None,
        customers: pd.DataFrame | None = None,
    ) -> dict[int, Named]:
        """Number -> what the segment is called and of which kind it is, of every segment that has customers.

        Parameters
        ----------
        given : names to be used instead of those that the recipe gives.
        customers : as `customers()` gives them, where they are at hand.
        """
        takes_k = METHODS[method].TAKES_K
        if given is None:
            given = self.recipe.step(Names).of(label_column(method, k if takes_k else None))
        by_rule = {} if takes_k else self.rule_names(method)
        actions = self.recipe.step(Playbook).actions()
        everyone = self.customers() if customers is None else customers
        return segment_names(everyone, self.labels(method, k), by_rule, given, actions)

    def ks(self) -> list[int]:
        """The numbers of clusters that were tried, ascending."""
        return sorted({row["k"] for row in self.facts("clusters")["evaluation"] if row["k"] is not None})

    def evaluation(self) -> pd.DataFrame:
        """One row per method and k (missing where the method decides): silhouette, inertia, smallest cluster."""
        import pandas as pd

        return pd.DataFrame(self.facts("clusters")["evaluation"]).astype({"k": "Int64"})

    def stability(self) -> Facts | None:
        """What drawing customers anew said of every method and k, as `pipeline.clustering.stability` tells it.

        None where the stage has not been run: pages do not wait for it.
        """
        return self.facts("stability") if "stability" in self.keys else None

    def jaccards(self, method: str, k: int | None) -> dict[int, float] | None:
        """Segment -> how alike it is to itself when customers are drawn anew, 0 to 1; None like `stability`."""
        if "stability" not in self.keys:
            return None
        table = self.table("stability", "jaccards")
        of_k = table["k"].isna() if k is None else (table["k"] == k).fillna(False)
        found = table[(table["method"] == method) & of_k]
        return dict(zip(found["cluster"].tolist(), found["jaccard"].tolist(), strict=True))

    def suggestion(self, method: str) -> Suggestion:
        """The number of segments that speaks for itself most, of a method that is asked for one, and why."""
        facts, tested = self.facts("clusters"), self.stability()
        records = [row for row in facts["evaluation"] if row["method"] == method and row["k"] is not None]
        steady = None if tested is None else [row for row in tested["evaluation"] if row["method"] == method]
        return suggestion(records, steady, facts["customers"])

    def silhouettes(self) -> pd.DataFrame:
        """CustomerID and, under each `label_column`, the silhouettes of all customers or of a sample of them."""
        return self.table("clusters", "silhouettes")

    def map_places(self) -> pd.DataFrame:
        """Where customers lie on the flat map: CustomerID, Across and Up, of those who were clustered."""
        return self.table("pictures", "map")

    def map_words(self) -> Facts:
        """Of both directions of the map: `explained` (share of variance) and `words`."""
        told: Facts = self.facts("pictures")["map"]
        return told

    def tree(self) -> Facts | None:
        """The top of Ward's tree, as `pipeline.clustering.dendrogram` tells it; None where there is none."""
        told: Facts | None = self.facts("pictures")["tree"]
        return told

    def rules(self, method: str, k: int | None) -> dict[int, Facts]:
        """Segment -> its plain rule, as `pipeline.profiles.rules` tells it."""
        told = self.facts("pictures")["rules"][label_column(method, k)]
        return {int(segment): rule for segment, rule in told.items()}

    def models(self) -> Facts:
        """The value models: `model`, under its name {r, alpha, a, b}; `gamma_gamma` = {p, q, v}; how they fitted."""
        return {name: fact for name, fact in self.facts("value").items() if name not in ("warnings", "measured")}

    def backtest(self) -> Facts:
        """How the forecast did on past days: `chosen_model`, `grades`, errors of totals, `sentences`, or the `reason`
        why it could not be tested. The tables `cutoffs`, `calibration`, `tracking` and `order_counts` say more.
        """
        return {name: fact for name, fact in self.facts("backtest").items() if name not in ("warnings", "measured")}

    def planning(self) -> str:
        """Which total to plan with, and how far off it may be; why none can be told where the past tests carry none."""
        from pipeline.clv.planning import planning

        months = self.recipe.step(LifetimeValue).horizon_months
        return planning(self.models()[f"total_{months}m"], self.backtest(), months)

    def fitted_models(self) -> Models:
        """The value models themselves, to ask them about any purchase history."""
        from pipeline.clv.forecast import models_of

        return models_of(self.facts("value"))

    def histories(self) -> Histories:
        """The purchase histories as the models read them, aligned with the value table."""
        from pipeline.clv.histories import histories_of

        return histories_of(self.table("value", "value"), self.recipe.step(LifetimeValue).spend_from)

    def value_surface(self) -> ValueSurface:
        """What the models expect over recency and frequency, within the horizon that is set."""
        from pipeline.clv.value_surface import value_surface

        settings = self.recipe.step(LifetimeValue)
        return value_surface(self.fitted_models(), self.histories(), settings.discount_rate, settings.horizon_months)

    def spend_per_order(self) -> pd.DataFrame:
        """What an order is worth, aligned with the value table: Own (a mean, missing where unknown), Expected."""
        import pandas as pd

        from pipeline.clv.forecast import spend_per_order

        histories = self.histories()
        own = pd.Series(histories.m).where(histories.spenders())
        return pd.DataFrame({"Own": own, "Expected": spend_per_order(self.fitted_models().spend, histories)})

    def past_values(self) -> pd.DataFrame:
        """What the finished models make of customers as known at the ends of months: see `profiles.past_values`."""
        from pipeline.profiles.past_values import past_values

        settings, last = self.recipe.step(LifetimeValue), date.fromisoformat(self.facts("value")["last_day"])
        return past_values(self.days(), last, self.fitted_models(), settings)

    def timeline(self, customer: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """One customer's days with orders, and the chance of another order as it stood on every day.

        Raises
        ------
        PipelineError
            If there is no such customer.
        """
        import pandas as pd

        from pipeline.clv.timeline import chance_over_time, order_days

        orders = order_days(self.store.path(self.keys["cleaning"], "transactions"), customer)
        if orders.empty:
            raise PipelineError(f"There is no customer {customer} in these results; ask for one of the CustomerIDs.")
        last_day = pd.Timestamp(self.facts("cleaning")["span"]["last"])
        time_unit = self.recipe.step(LifetimeValue).time_unit
        return orders, chance_over_time(self.fitted_models().purchases, orders, last_day, time_unit)

    def warnings(self) -> list[str]:
        """What a person should know before trusting the results, in the order of the stages."""
        return [warning for stage in self.keys for warning in self.facts(stage)["warnings"]]
