"""The stages of a run: reading -> cleaning -> features -> history -> value -> clusters -> pictures -> stability.

A stage says what it needs, which settings its results depend on and which tables it writes; `segmentation` runs them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.cleaning.settings import Cleaning
from pipeline.clustering.methods import METHODS
from pipeline.clustering.preparation import Preparation
from pipeline.clustering.stability import Stability
from pipeline.clustering.sweep import Clusters
from pipeline.clv.backtest import TESTED_SETTINGS, Backtest
from pipeline.clv.lifetime_value import LifetimeValue
from pipeline.features.product_mix import ProductMix
from pipeline.reading.settings import Reading
from pipeline.recipe import Recipe
from pipeline.store import Facts, Store

StageProgress = Callable[[float, str], None]


@dataclass(frozen=True)
class Work:
    """What one stage is given: where its inputs are, where its tables go, and the settings."""

    source: Mapping[str, Path]
    store: Store
    keys: Mapping[str, str]
    target: Path
    recipe: Recipe
    progress: StageProgress

    def table(self, stage: str, table: str) -> Path:
        """The Parquet file (or the folder of such) of a finished stage's table."""
        return self.store.path(self.keys[stage], table)

    def facts(self, stage: str) -> Facts:
        """What a finished stage reported."""
        return self.store.facts(self.keys[stage])


@dataclass(frozen=True)
class Stage:
    """One stage: its words, what it depends on, the tables it writes and the work itself.

    `sections` names the settings that its results depend on: a whole section, or one setting as `section.name`.
    `weight` is its usual share of a whole run's time, for the progress bar only; `libraries` are slow to import.
    """

    name: str
    title: str
    inputs: tuple[str, ...]
    sections: tuple[str, ...]
    tables: tuple[str, ...]
    weight: float
    perform: Callable[[Work], Facts]
    libraries: tuple[str, ...] = ()


def _read(work: Work) -> Facts:
    from pipeline.reading.transactions import read_transactions

    written, rejected = work.target / "transactions", work.target / "rejected"
    if datasets := [path for path in work.source.values() if not path.is_file()]:
        from pipeline.reading.dataset import read_dataset

        return read_dataset(datasets[0], work.recipe.step(Reading), written, work.progress, rejected)
    return read_transactions(work.source, work.recipe.step(Reading), written, work.progress, rejected)


def _clean(work: Work) -> Facts:
    from pipeline.cleaning.transactions import clean

    read = work.table("reading", "transactions")
    settings, target = work.recipe.step(Cleaning), work.target
    return clean(read, settings, target / "transactions", target / "dropped", work.progress)


def _check(work: Work) -> Facts:
    from pipeline.clv.forecast import MONTH_DAYS
    from pipeline.data_check.check import check
    from pipeline.data_check.enough import Asked
    from pipeline.data_check.oddities import oddities

    currency = work.facts("reading")["interpretation"].get("currency")
    horizon_days = work.recipe.step(LifetimeValue).horizon_months * MONTH_DAYS
    cleaned, facts = work.table("cleaning", "transactions"), work.facts("cleaning")
    asked = Asked(horizon_days, work.recipe.step(Backtest).n_cutoffs)
    found = check(cleaned, facts, currency, asked, work.target, work.progress)
    no_products = work.recipe.step(Cleaning).non_product_codes
    return found | {"oddities": oddities(cleaned, work.table("cleaning", "dropped"), no_products)}


def _features(work: Work) -> Facts:
    from pipeline.features.feature_matrix import build_feature_matrix

    cleaned = work.table("cleaning", "transactions")
    mix, no_products = work.recipe.step(ProductMix), work.recipe.step(Cleaning).non_product_codes
    return build_feature_matrix(cleaned, mix, work.target / "customers", work.progress, no_products)


def _history(work: Work) -> Facts:
    from pipeline.profiles.history import history

    cleaned = work.table("cleaning", "transactions")
    baskets, days, bought = (work.target / table for table in ("baskets", "days", "bought"))
    mix, no_products = work.recipe.step(ProductMix), work.recipe.step(Cleaning).non_product_codes
    return history(cleaned, mix, baskets, days, bought, work.progress, no_products)


def _backtest(work: Work) -> Facts:
    from pipeline.clv.backtest import backtest

    cleaned, recipe = work.table("cleaning", "transactions"), work.recipe
    return backtest(cleaned, recipe.step(Backtest), recipe.step(LifetimeValue), work.target, work.progress)


def _value(work: Work) -> Facts:
    from pipeline.clv.backtest_grades import total_range
    from pipeline.clv.lifetime_value import value
    from pipeline.clv.purchase_history import purchase_history

    history, settings = work.target / "history", work.recipe.step(LifetimeValue)
    counted = purchase_history(work.table("cleaning", "transactions"), settings.time_unit, history)
    last_day, tests = datetime.date.fromisoformat(counted["last_day"]), work.facts("backtest")
    found = value(history, last_day, settings, tests["chosen_model"], work.target / "value", work.progress)
    totals = {f"total_{horizon}": total_range(total, tests) for horizon, total in found["expected_spend"].items()}
    return counted | found | totals


def _clusters(work: Work) -> Facts:
    from pipeline.clustering.sweep import sweep

    customers, recipe = work.table("features", "customers"), work.recipe
    clusters, preparation = recipe.step(Clusters), recipe.step(Preparation)
    return sweep(customers, clusters, preparation, recipe.methods(), work.target, work.progress)


def _pictures(work: Work) -> Facts:
    from pipeline.profiles.pictures import pictures

    customers, labels = work.table("features", "customers"), work.table("clusters", "labels")
    preparation, seed = work.recipe.step(Preparation), work.recipe.step(Clusters).seed
    return pictures(customers, labels, preparation, seed, work.target / "map", work.progress)


def _stability(work: Work) -> Facts:
    from pipeline.clustering.stability import stability

    customers, labels, recipe = work.table("features", "customers"), work.table("clusters", "labels"), work.recipe
    return stability(
        customers,
        labels,
        recipe.step(Clusters),
        recipe.step(Preparation),
        recipe.methods(),
        recipe.step(Stability),
        work.target / "jaccards",
        work.progress,
    )


IN_ORDER = (
    Stage("reading", "Reading the file", (), (Reading.NAME,), ("transactions", "rejected"), 0.25, _read),
    Stage("cleaning", "Cleaning", ("reading",), (Cleaning.NAME,), ("transactions", "dropped"), 0.15, _clean),
    Stage(
        "check",
        "Checking the data",
        ("reading", "cleaning"),
        (f"{LifetimeValue.NAME}.horizon_months", f"{Backtest.NAME}.n_cutoffs"),
        ("months", "weekdays"),
        0.03,
        _check,
    ),
    Stage("features", "Describing customers", ("cleaning",), (ProductMix.NAME,), ("customers",), 0.1, _features),
    Stage(
        "history",
        "Adding up days and products",
        ("cleaning",),
        (ProductMix.NAME,),
        ("baskets", "days", "bought"),
        0.05,
        _history,
    ),
    Stage(
        "backtest",
        "Testing the forecast on past days",
        ("cleaning",),
        (Backtest.NAME, *(f"{LifetimeValue.NAME}.{setting}" for setting in TESTED_SETTINGS)),
        ("cutoffs", "calibration", "tracking", "order_counts"),
        0.15,
        _backtest,
        ("scipy.optimize", "scipy.special"),
    ),
    Stage(
        "value",
        "Estimating value",
        ("cleaning", "backtest"),
        (LifetimeValue.NAME,),
        ("history", "value"),
        0.15,
        _value,
    ),
    Stage(
        "clusters",
        "Finding segments",
        ("features",),
        (Preparation.NAME, Clusters.NAME, *METHODS),
        ("labels", "models", "silhouettes"),
        0.4,
        _clusters,
        ("sklearn.cluster", "sklearn.mixture", "sklearn.preprocessing", "fastcluster"),
    ),
    Stage(
        "pictures",
        "Drawing segments",
        ("features", "clusters"),
        (),
        ("map",),
        0.1,
        _pictures,
        ("sklearn.tree",),
    ),
    Stage(
        "stability",
        "Testing whether segments come back",
        ("features", "clusters"),
        (Stability.NAME,),
        ("jaccards",),
        2.0,
        _stability,
        ("sklearn.cluster", "sklearn.mixture", "sklearn.preprocessing", "fastcluster", "sklearn.metrics"),
    ),
)
"""Each comes after those whose results it is given."""

RESULTS = "pictures"
"""The last stage that pages need before they show anything; what comes after it fills in when it is ready."""

STAGES = tuple(stage.name for stage in IN_ORDER)
STAGE_TITLES = {stage.name: stage.title for stage in IN_ORDER}
