"""A run: the stages in order, each taken from the store or done and kept there.

A stage's key is the digest of its inputs' keys, its own settings and the sources of this package. So the same question
is answered from the store, a change of one setting recomputes only what depends on it, and changed code never serves
old results.
"""

from __future__ import annotations

import contextlib
import importlib
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pipeline import engine, notes
from pipeline.errors import PipelineError
from pipeline.measurement import Measurement
from pipeline.reading.files import Source, named
from pipeline.recipe import Recipe
from pipeline.results import Segmentation
from pipeline.stages import IN_ORDER, RESULTS, STAGES, Stage, StageProgress, Work
from pipeline.store import Store, code_digest, digest, file_digest

Progress = Callable[[str, float, str], None]


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
    wanted = IN_ORDER[: STAGES.index(until) + 1]
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
    for stage in IN_ORDER:
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
    on_spark = engine.chosen() == engine.SPARK
    shared = store.directory if on_spark else None  # what a cluster writes, all of it must see
    with tempfile.TemporaryDirectory(prefix="segment-studio-", dir=shared) as workshop:
        work = Work(files, store, keys, Path(workshop), recipe, lambda share, told: progress(share, notes.worded(told)))
        with Measurement(started_too=on_spark) as measurement, notes.written_later():
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
