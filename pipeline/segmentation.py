"""The stages in order: reading -> cleaning -> features -> history -> value -> clusters -> pictures -> stability.

Each result is kept under what made it. A stage's key is the digest of its inputs' keys, its own settings and the
sources of this package. So the same question is answered from the store, a change of one setting recomputes only what
depends on it, and changed code never serves old results.
"""

from __future__ import annotations

import contextlib
import datetime
import importlib
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import engine
from pipeline.cleaning.settings import Cleaning
from pipeline.clustering.methods import METHODS
from pipeline.clustering.preparation import Preparation
from pipeline.clustering.stability import Stability
from pipeline.clustering.sweep import Clusters
from pipeline.clv.backtest import TESTED_SETTINGS, Backtest
from pipeline.clv.lifetime_value import LifetimeValue
from pipeline.errors import PipelineError
from pipeline.features.product_mix import ProductMix
from pipeline.measurement import Measurement
from pipeline.reading.files import Source, named
from pipeline.reading.settings import Reading
from pipeline.recipe import Recipe
from pipeline.results import Segmentation
from pipeline.store import Facts, Store, code_digest, digest, file_digest

if TYPE_CHECKING:
    pass

Progress = Callable[[str, float, str], None]
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
    return found | {"oddities": oddities(cleaned, work.table("cleaning", "dropped"))}


def _features(work: Work) -> Facts:
    from pipeline.features.feature_matrix import build_feature_matrix

    cleaned = work.table("cleaning", "transactions")
    return build_feature_matrix(cleaned, work.recipe.step(ProductMix), work.target / "customers", work.progress)


def _history(work: Work) -> Facts:
    from pipeline.profiles.history import history

    cleaned = work.table("cleaning", "transactions")
    baskets, days, bought = (work.target / table for table in ("baskets", "days", "bought"))
    return history(cleaned, work.recipe.step(ProductMix), baskets, days, bought, work.progress)


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
    labels, models, silhouettes = (work.target / table for table in ("labels", "models", "silhouettes"))
    return sweep(customers, clusters, preparation, recipe.methods(), labels, models, silhouettes, work.progress)


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


_STAGES = (
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
RESULTS = "pictures"
"""The last stage that pages need before they show anything; what comes after it fills in when it is ready."""

STAGES = tuple(stage.name for stage in _STAGES)
STAGE_TITLES = {stage.name: stage.title for stage in _STAGES}


def run(
    source: Source,
    recipe: Recipe,
    store: Store,
    *,
    source_digest: str | None = None,
    until: str = RESULTS,
    progress: Progress | None = None,
) -> Segmentation:
    """Run the stages of a recipe over a file or several, taking from the store what is already there.

    Parameters
    ----------
    source : the file of transactions, or several that are read as one, also as name -> path.
    recipe : every setting.
    store : where finished stages are kept.
    source_digest : the file's SHA-256 in hex, or the `identity` of several, where it is known already.
    until : the last stage to run, one of `STAGES`.
    progress : called with the stage's name, the share of the whole run that is done (0 to 1) and a sentence; whatever
        it raises ends the run.

    Raises
    ------
    PipelineError
        If a file cannot be read, or holds too little for a stage.
    """
    files = named(source)
    missing = next((path for path in files.values() if not path.is_file()), None)
    if missing is not None and engine.chosen() != engine.SPARK:
        raise PipelineError(f"There is no file {missing}.")
    if missing is not None and len(files) > 1:
        raise PipelineError(f"{missing} is no file; a folder or a table is read by itself, not with others.")
    made_of = source_digest or _identity(files)
    keys = stage_keys(made_of, recipe)
    wanted = _STAGES[: STAGES.index(until) + 1]
    unfinished = [stage for stage in wanted if not store.has(keys[stage.name])]
    _import_ahead([library for stage in unfinished for library in stage.libraries])
    computed = []
    for stage in wanted:
        report = _share_of_run(progress, stage, wanted)
        if store.has(keys[stage.name]):
            report(1.0, f"{stage.title}: already done")
            continue
        _perform(stage, files, store, keys, recipe, report, tag=made_of)
        computed.append(stage.name)
    return Segmentation(made_of, recipe, store, {stage.name: keys[stage.name] for stage in wanted}, tuple(computed))


def find(source_digest: str, recipe: Recipe, store: Store, until: str = RESULTS) -> Segmentation | None:
    """The finished results under a recipe, or None where a stage is missing. Never computes anything.

    `source_digest` is the SHA-256 of the file, or the `identity` of several.
    """
    keys = stage_keys(source_digest, recipe)
    wanted = {name: keys[name] for name in STAGES[: STAGES.index(until) + 1]}
    if not all(store.has(key) for key in wanted.values()):
        return None
    return Segmentation(source_digest, recipe, store, wanted)


def identity(digests: Sequence[str]) -> str:
    """What files are known by that are read as one: a file's own digest, or that of all digests in any order."""
    return digests[0] if len(digests) == 1 else digest(sorted(digests))


def _identity(files: Mapping[str, Path]) -> str:
    found: dict[str, str] = {}
    for name, path in files.items():
        known = found.setdefault(file_digest(path) if path.is_file() else _state(path), name)
        if known != name:
            raise PipelineError(f"The files {known} and {name} are the same, byte for byte; give one of them.")
    return identity(list(found))


def _state(dataset: Path) -> str:
    """What a folder or a table is known by: its bytes are too many to read them for that."""
    from pipeline.reading.dataset import fingerprint

    return digest(fingerprint(dataset))


def stage_keys(source_digest: str, recipe: Recipe) -> dict[str, str]:
    """Each stage's key: the digest of its inputs' keys, its settings and the sources of this package."""
    sections = {step.NAME: step.computed_settings() for step in recipe.steps}
    single = {f"{name}.{key}": value for name, section in sections.items() for key, value in section.items()}
    settings = {**sections, **single}
    keys: dict[str, str] = {}
    for stage in _STAGES:
        inputs = [keys[name] for name in stage.inputs] or [source_digest]
        own = {section: settings[section] for section in stage.sections}
        keys[stage.name] = f"{stage.name}-{digest(inputs, own, code_digest())}"
    return keys


def _import_ahead(libraries: Sequence[str]) -> None:
    """Import in the background what later stages need: a new process spends as long on that as on the computing.

    The first stages mostly wait for DuckDB, which works outside the interpreter. A library that cannot be imported is
    told by the stage that needs it.
    """

    def load() -> None:
        with contextlib.suppress(ImportError):
            for library in libraries:
                importlib.import_module(library)

    threading.Thread(target=load, name="imports", daemon=True).start()


def _perform(
    stage: Stage,
    files: Mapping[str, Path],
    store: Store,
    keys: Mapping[str, str],
    recipe: Recipe,
    progress: StageProgress,
    tag: str,
) -> None:
    progress(0.0, stage.title)
    shared = store.directory if engine.chosen() == engine.SPARK else None  # what a cluster writes, all of it must see
    with tempfile.TemporaryDirectory(prefix="segment-studio-", dir=shared) as workshop:
        work = Work(files, store, keys, Path(workshop), recipe, progress)
        with Measurement() as measurement:
            facts = stage.perform(work)
        tables = {name: work.target / name for name in stage.tables}
        store.put(keys[stage.name], tables, facts | {"measured": measurement.to_json()}, tag=tag)


def _share_of_run(progress: Progress | None, stage: Stage, wanted: tuple[Stage, ...]) -> StageProgress:
    whole = sum(each.weight for each in wanted)
    before = sum(each.weight for each in wanted[: wanted.index(stage)])

    def report(share: float, sentence: str) -> None:
        if progress is not None:
            progress(stage.name, (before + share * stage.weight) / whole, sentence)

    return report
