"""What a file seems to be, before it is read: which column is which, how sure that is, and what has to be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import engine, formats
from pipeline.errors import ReadingError, UndecidedError
from pipeline.reading.columns import CANONICAL, LOSSES, NONE, missing, overrides, written
from pipeline.reading.containers import kind_of
from pipeline.reading.dates import read_dates
from pipeline.reading.dialect import Dialect, dialect
from pipeline.reading.headings import headings_key
from pipeline.reading.interpretation import NO_LINES
from pipeline.reading.recognition import Recognition, one_row_per_customer, recognised
from pipeline.reading.sample import Glance, glance
from pipeline.reading.settings import Reading
from pipeline.reading.source import other_format, source_text
from pipeline.reading.tables import tables

SAMPLES = 5
LOOKED_INTO = 3  # of several files of one kind
LONGEST_SAMPLE = 60


@dataclass(frozen=True)
class _Looked:
    """What was looked at: the form of the first file, rows of it and of others like it, and whether that is all."""

    form: Dialect
    rows: list[list[str]]
    judged: list[list[str]]
    whole: bool
    packed: bool


def proposal(sources: Sequence[Path], settings: Reading) -> dict[str, Any]:
    """How the columns of a data set would be read, from a look at its head and at stretches all over it.

    Parameters
    ----------
    sources : the files of one data set, all of one kind.
    settings : what a person has said already; it is taken for granted.

    Returns
    -------
    dict
        `headings`: for each column of the file `position` (from 0), `heading`, `samples` (up to 5 different texts),
        `canonical` (our name or None), `confidence` ("sure", "likely", "guess" or None) and `why` (a sentence).
        `columns`: our name -> heading, guesses included; `positions`: the same with positions; `mapping`: the same as
        the text of the setting `reading.columns`. `missing`: what is needed and not there; `optional_missing`: a list
        of `column` and `loss`. `questions`: a list of `setting`, `sentence`, `options` (value -> `label` and `example`)
        and `whole_file_may_tell`, whether reading may find the answer by itself. `needs_confirmation`: whether a guess
        or a question stands between this file and its reading. `headings_key`: the same for files with the same
        headings. `looked_at`: a sentence. `refusal`: why the file cannot be read whatever its columns, or None.
    """
    try:
        looked = _looked(sources, settings)
    except ReadingError as refusal:
        return _empty() | {"refusal": str(refusal)}
    told = overrides(settings.columns)
    seen = recognised(looked.form.headings, looked.judged, told)
    questions = _questions(looked, seen, settings)
    names = {name: seen.found[name].position for name in CANONICAL if name in seen.found}
    return {
        "headings": _headings(seen, looked.rows),
        "columns": {name: seen.headings[place].strip() for name, place in names.items()},
        "positions": names,
        "mapping": written(seen.headings, names | dict.fromkeys((n for n, c in told.items() if c == NONE), None)),
        "missing": missing(names),
        "optional_missing": _optional_missing(names),
        "questions": questions,
        "needs_confirmation": bool(questions) or any(each.confidence == "guess" for each in seen.found.values()),
        "headings_key": headings_key(seen.headings),
        "looked_at": _looked_at(sources, looked),
        "refusal": one_row_per_customer(seen) or None,
    }


def _empty() -> dict[str, Any]:
    lists = ("headings", "missing", "optional_missing", "questions")
    nothing: dict[str, Any] = {name: [] for name in lists}
    texts = {"mapping": "", "headings_key": "", "looked_at": "", "needs_confirmation": False}
    return nothing | {"columns": {}, "positions": {}} | texts


def _looked(sources: Sequence[Path], settings: Reading) -> _Looked:
    """The headings, and rows of the first files that have the same."""
    glances = [_glance(source, settings) for source in sources[:LOOKED_INTO]]
    form = dialect(glances[0].head, settings.delimiter, overrides(settings.columns))
    if len(sources) == 1 and glances[0].whole and "\n" not in glances[0].head.strip():
        raise ReadingError(NO_LINES)
    rows = [row for each in glances for row in each.rows(form)]
    judged = [row for each in glances for row in each.judged(form)]
    return _Looked(form, rows, judged, len(sources) == 1 and glances[0].whole, glances[0].packed)


def _glance(source: Path, settings: Reading) -> Glance:
    with source.open("rb") as stream:
        head = stream.read(4096)
    if head and not other_format(head) and kind_of(source) in (None, "gzip"):
        return glance(source, settings.encoding)
    with tables(source.name, source, settings) as found, source_text(found.parts[0], settings.encoding) as text:
        return glance(text.path, "utf-8")


def _headings(seen: Recognition, rows: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    names = {each.position: name for name, each in seen.found.items()}
    told = []
    for place, heading in enumerate(seen.headings):
        name = names.get(place)
        found = seen.found[name] if name else None
        refused = seen.refused.get(place, "")
        told.append(
            {
                "position": place,
                "heading": heading.strip(),
                "samples": _samples([row[place] for row in rows]),
                "canonical": name,
                "confidence": found.confidence if found else None,
                "why": found.why if found else f"Not used: it {refused}." if refused else "Not needed.",
            }
        )
    return told


def _samples(cells: Sequence[str]) -> list[str]:
    """A few different texts, from all over the column."""
    there = list(dict.fromkeys(cell.strip()[:LONGEST_SAMPLE] for cell in cells if cell.strip()))
    step = max(len(there) // SAMPLES, 1)
    return there[::step][:SAMPLES]


def _optional_missing(names: Mapping[str, int]) -> list[dict[str, str]]:
    return [
        {"column": name, "loss": f"{loss[0].upper()}{loss[1:]}."} for name, loss in LOSSES.items() if name not in names
    ]


def _questions(looked: _Looked, seen: Recognition, settings: Reading) -> list[dict[str, Any]]:
    date = seen.found.get("InvoiceDate")
    if date is None:
        return []
    cells = [row[date.position].strip() for row in looked.rows if row[date.position].strip()]
    with engine.connection() as duck:
        places = list(range(len(cells)))
        duck.execute(
            "CREATE TEMP TABLE glanced AS SELECT unnest(?::INTEGER[]) AS place, unnest(?::VARCHAR[]) AS text",
            [places, cells],
        )
        duck.execute("CREATE TEMP TABLE date_texts AS SELECT text, count(*) AS lines FROM glanced GROUP BY text")
        try:
            read_dates(duck, "date_texts", settings.date_order, "SELECT place, text FROM glanced")
        except UndecidedError as question:
            return [question.to_json() | {"whole_file_may_tell": not looked.whole}]
        except ReadingError:  # no date at all: reading the whole file says so, and what to do
            return []
    return []


def _looked_at(sources: Sequence[Path], looked: _Looked) -> str:
    rows = formats.plural(len(looked.rows), "row")
    if looked.whole:
        return f"The whole file, {rows}."
    which = f"the first {min(len(sources), LOOKED_INTO)} of {len(sources)} files" if len(sources) > 1 else "the file"
    rest = "; it is packed, so the rest is seen when it is read." if looked.packed else " and from places all over it."
    return f"{rows} from the head of {which}{rest}"
