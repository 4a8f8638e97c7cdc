"""A run as the pages speak of it: asked for, looked up, worked on, and how it ended.

The browser asks with ids; finished work is looked up at once, and only a miss becomes a job.
"""

from __future__ import annotations

import functools
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline import segmentation
from pipeline.errors import PipelineError
from pipeline.results import Segmentation
from pipeline.stages import STAGE_TITLES, STAGES
from webapp import ids, lab, proposals, scorings, workspace
from webapp.sources import Dataset
from webapp.workspace import Workspace

SAMPLE = "sample"
SAMPLE_NAME = "Sample shop.csv"
SAMPLE_CUSTOMERS = 1500
SAMPLE_SEED = 20111209
MAKING_SAMPLE = "Making the sample shop"
WAITING = "Waiting"
TEST = "stability"
"""The stage that nobody waits for: results stay on the page during it."""
DATA_PAGE = "check"
"""The last stage that the Data page shows."""

ASIDE: Mapping[str, Any] = {proposals.STAGE: proposals, **{each.STAGE: each for each in lab.LABS.values()}}
"""Work that is no stage of a run but is asked for like one: whatever has `STAGE`, `TITLE`, `find` and `make`."""

_BESIDE = {name: aside.TITLE for name, aside in ASIDE.items()}
TITLES = {**STAGE_TITLES, **_BESIDE, scorings.STAGE: scorings.TITLE}
Request = Mapping[str, Any]
Status = dict[str, Any]


def look_up(wanted: Request, job: Request | None) -> tuple[Status, Request | None]:
    """What is known of a run at once, and the job to start where it is not finished.

    Parameters
    ----------
    wanted : {"data", "recipe", "until", "nonce", "running"}; `data` is a data set's id or `SAMPLE`, `running` the nonce
        of the job that the page sees running.
    job : the job that was started last.
    """
    try:
        asked = checked(wanted)
        here = workspace.current()
        sample = sample_dataset(here) if asked["data"] == SAMPLE else None
        data = sample.id if sample else asked["data"]
        if data != SAMPLE and is_done(here, {**asked, "data": data}):
            return _status("done", {**asked, "data": data}, sample=sample is not None), None
    except PipelineError as error:
        return _status("failed", wanted, str(error)), None
    joins = job is not None and job["nonce"] == wanted.get("running") and answers(job, asked)
    return _status("working", asked), None if joins else asked


def is_done(here: Workspace, asked: Request) -> bool:
    """Whether what is asked for is kept already."""
    data, recipe, until = asked["data"], asked["recipe"], asked["until"]
    if until in ASIDE:
        return ASIDE[until].find(here, data, recipe) is not None
    of = scorings.model_of(until)
    if of is not None:
        return scorings.is_done(here, data, recipe, of)
    found: Segmentation | None = here.find(data, recipe, until)
    return found is not None


def answers(job: Request, asked: Request) -> bool:
    """Whether a job will answer this request too."""
    if (job["data"], job["recipe"]) != (asked["data"], asked["recipe"]):
        return False
    if not {job["until"], asked["until"]} <= set(STAGES):
        return bool(job["until"] == asked["until"])
    return STAGES.index(job["until"]) >= STAGES.index(asked["until"])


def run_stages(set_progress: Callable[[Any], None], request: Request) -> Status:
    """The job: run the stages, report progress as {"share", "stage", "sentence", "seconds"}; how it ended.

    Raises
    ------
    PipelineError
        If the request, the file or a setting is not right; the job's process makes a status of it.
    """
    began = time.monotonic()

    def report(stage: str, share: float, sentence: str) -> None:
        title = TITLES.get(stage, stage)
        seconds = round(time.monotonic() - began, 1)
        set_progress({"share": round(share, 3), "stage": title, "sentence": sentence, "seconds": seconds})

    asked = checked(request)
    here = workspace.current()
    aside = ASIDE.get(asked["until"])
    if aside is not None:
        aside.make(here, asked["data"], asked["recipe"], functools.partial(report, aside.STAGE))
        return _status("done", asked)
    of = scorings.model_of(asked["until"])
    if of is not None:
        scorings.make(here, asked["data"], asked["recipe"], of, report)
        return _status("done", asked)
    sample = asked["data"] == SAMPLE
    if sample:
        report(MAKING_SAMPLE, 0.02, MAKING_SAMPLE)
    dataset = make_sample(here) if sample else here.dataset(asked["data"])
    segmentation.run(
        dataset.files,
        here.recipe(asked["recipe"]),
        here.store,
        source_digest=dataset.digest,
        until=asked["until"],
        progress=report,
    )
    return _status("done", {**asked, "data": dataset.id}, sample=sample)


def is_test(status: Request | None) -> bool:
    """Whether a status is that of the test of stability."""
    return status is not None and status["until"] == TEST


def explain(state: str, sentence: str, reference: str | None, arguments: Sequence[Any]) -> Status:
    """The status of a run that ended badly."""
    request = arguments[0] if arguments and isinstance(arguments[0], Mapping) else {}
    return _status(state, request, sentence, reference)


def waits(before: Mapping[str, Any] | None, sentence: str) -> dict[str, Any]:
    """The progress of a run that does not move at present, and why."""
    return {"share": 0.0, "stage": WAITING, "seconds": 0.0, **(before or {}), "sentence": sentence}


def deliver(status: Status) -> dict[str, dict[str, Any]]:
    """Where on the page the status of an ended run goes."""
    return {ids.RUN_STATUS: {"data": status}}


def checked(request: Request) -> dict[str, Any]:
    """A request from a browser, with nothing in it that was not asked for.

    Raises
    ------
    PipelineError
        If it names no stage.
    """
    until, ends = request.get("until"), (*STAGES, *ASIDE)
    if until not in ends and scorings.model_of(str(until)) is None:
        raise PipelineError(f"A run ends at one of {', '.join(ends)}, not at {until!r}.")
    texts = {name: request.get(name) for name in ("data", "recipe", "nonce")}
    return {name: None if text is None else str(text)[:64] for name, text in texts.items()} | {"until": until}


def sample_dataset(here: Workspace) -> Dataset | None:
    """The sample shop, if it was made before."""
    marker = _sample_marker(here)
    if not marker.is_file():
        return None
    try:
        return here.dataset(marker.read_text(encoding="utf-8"))
    except PipelineError:
        return None


def make_sample(here: Workspace) -> Dataset:
    """The sample shop, made if it is not there yet: nobody's data, from known parameters."""
    from pipeline.simulation import simulate_shop

    known = sample_dataset(here)
    if known is not None:
        return known
    with tempfile.TemporaryDirectory(dir=here.incoming) as nest:
        made = Path(nest) / SAMPLE_NAME
        simulate_shop(made, customers=SAMPLE_CUSTOMERS, seed=SAMPLE_SEED)
        dataset = here.adopt(made, SAMPLE_NAME)
    workspace.write_whole(_sample_marker(here), dataset.id)
    return dataset


def _sample_marker(here: Workspace) -> Path:
    return here.directory / f"sample-{SAMPLE_CUSTOMERS}-{SAMPLE_SEED}{os.extsep}txt"


def _status(
    state: str, request: Request, sentence: str = "", reference: str | None = None, sample: bool = False
) -> Status:
    asked = {name: request.get(name) for name in ("data", "recipe", "until", "nonce")}
    return {"state": state, **asked, "sentence": sentence, "reference": reference, "sample": sample}
