"""How a data set's columns would be read, looked up or worked out in a job, and what people confirmed of it before.

What was confirmed is kept with the data set, and once that was read with success under its headings too, so that the
next export of the same shop is read without asking.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline import notes
from pipeline.errors import PipelineError
from pipeline.reading.settings import Reading
from pipeline.store import Facts, code_digest, digest
from webapp.sources import Dataset
from webapp.workspace import Workspace, write_whole

STAGE = "proposal"
TITLE = "Looking at the file"
FOLDER, OWN = "confirmed", "confirmed.json"


@dataclass(frozen=True)
class Confirmed:
    """What a person confirmed: the settings, of which data set (its id and its name then), and on what day (ISO)."""

    reading: Reading
    data: str
    name: str
    day: str


def find(here: Workspace, data: str, recipe: str | None) -> Facts | None:
    """The proposal under the reading settings of a recipe, as `pipeline.reading.proposal` describes it, or None."""
    key = _key(here.dataset(data), here.recipe(recipe).step(Reading))
    found: Facts | None = notes.worded(here.store.facts(key)) if here.store.has(key) else None
    return found


def at_hand(here: Workspace, data: str, recipe: str | None) -> Facts:
    """The proposal; raises `PipelineError` where it is not kept any more."""
    found = find(here, data, recipe)
    if found is None:
        raise PipelineError("What was seen of the file is not kept any more; open the data set again.")
    return found


def refusal(here: Workspace, data: str, recipe: str | None) -> str:
    """Why a data set cannot be read whatever its columns, where that was found; else empty."""
    proposed = find(here, data, recipe)
    return str(proposed["refusal"] or "") if proposed else ""


def make(here: Workspace, data: str, recipe: str | None, report: Callable[[float, str], None]) -> None:
    """Work it out from a look at the file, and keep it."""
    from pipeline.reading.proposal import proposal

    report(0.1, "Looking at the headings and at what stands under them")
    dataset, reading = here.dataset(data), here.recipe(recipe).step(Reading)
    with notes.written_later():
        proposed = proposal(list(dataset.files.values()), reading)
    here.store.put(_key(dataset, reading), {}, proposed, tag=dataset.digest)
    report(1.0, "Looked at the file")


def confirm(dataset: Dataset, headings_key: str, reading: Reading) -> None:
    """Keep with a data set how it is to be read."""
    day = datetime.now(UTC).date().isoformat()
    kept = {"reading": reading.to_json(), "data": dataset.id, "name": dataset.name, "day": day}
    _write(dataset.folder / OWN, {**kept, "headings_key": headings_key, "worked": False})


def remember(here: Workspace, dataset: Dataset, reading: Reading) -> None:
    """Files with the same headings are read so from now on: a data set was, as confirmed, with success."""
    own = dataset.folder / OWN
    kept = json.loads(own.read_text(encoding="utf-8")) if own.is_file() else None
    if kept is None or kept["worked"] or kept["reading"] != reading.to_json():
        return
    place = _place(here, kept["headings_key"])
    place.parent.mkdir(exist_ok=True)
    _write(place, kept)
    _write(own, kept | {"worked": True})


def confirmed(here: Workspace, dataset: Dataset, proposed: Facts) -> Confirmed | None:
    """How this data set was confirmed, or files with its headings last; None where that does not answer what it asks.

    The order of day and month is taken over from another file only where this one does not tell it by itself.
    """
    own, place = dataset.folder / OWN, _place(here, proposed["headings_key"])
    if not proposed["headings_key"] or not (own.is_file() or place.is_file()):
        return None
    kept = json.loads((own if own.is_file() else place).read_text(encoding="utf-8"))
    try:
        reading = Reading.from_json(kept["reading"])
    except PipelineError:  # settings of an older version, which have to be confirmed anew
        return None
    if kept["data"] != dataset.id:
        asked = {question["setting"].partition(".")[2] for question in proposed["questions"]}
        if any(getattr(reading, name) == "auto" for name in asked):
            return None
        reading = reading if "date_order" in asked else reading.with_settings(date_order="auto")
    return Confirmed(reading, kept["data"], kept["name"], kept["day"])


def is_guessed(here: Workspace, data: str, recipe: str | None) -> bool:
    """Whether the columns of a data set are read as they look to us, without anybody having confirmed them."""
    dataset, reading = here.dataset(data), here.recipe(recipe).step(Reading)
    if reading != Reading() or (dataset.folder / OWN).is_file():
        return False
    proposed = find(here, data, recipe)
    return proposed is None or confirmed(here, dataset, proposed) is None


def _write(place: Path, kept: Facts) -> None:
    write_whole(place, json.dumps(kept, ensure_ascii=False, indent=2))


def _key(dataset: Dataset, reading: Reading) -> str:
    return f"{STAGE}-{digest(dataset.digest, reading.to_json(), code_digest())}"


def _place(here: Workspace, headings_key: str) -> Path:
    return here.directory / FOLDER / f"{digest(headings_key)}.json"
