"""Which of a file's parts are read: all of them, but for the sheets of a workbook that hold something else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ReadingError
from pipeline.reading.columns import mapped, missing, overrides
from pipeline.reading.containers import Part, parts
from pipeline.reading.dialect import SAMPLE_CHARACTERS, dialect
from pipeline.reading.settings import Reading
from pipeline.reading.source import head_of


@dataclass(frozen=True)
class Tables:
    """The parts of a file that are read, and a sentence for each that is not."""

    parts: tuple[Part, ...]
    left_out: tuple[str, ...] = ()


@contextmanager
def tables(name: str, path: Path, settings: Reading) -> Iterator[Tables]:
    """The tables in a file; what had to be unpacked for them goes when the context closes.

    Raises
    ------
    ReadingError
        If the file cannot be taken apart.
    """
    with parts(name, path) as found:
        yield _of_one_shape(found, settings) if len(found) > 1 else Tables(tuple(found))


def _of_one_shape(found: list[Part], settings: Reading) -> Tables:
    """Without the sheets that are empty or lack what is needed; if all do, the largest, to say what it lacks."""
    reasons = {part.name: _unlike(part, settings) if part.is_sheet else "" for part in found}
    kept = tuple(part for part in found if not reasons[part.name])
    if not kept:
        return Tables((max(found, key=lambda part: part.path.stat().st_size),))
    return Tables(kept, tuple(f"{name} was left out: {reason}." for name, reason in reasons.items() if reason))


def _unlike(sheet: Part, settings: Reading) -> str:
    told = overrides(settings.columns)
    try:
        form = dialect(head_of(sheet.path, SAMPLE_CHARACTERS), "comma", told)
    except ReadingError:
        return "it is empty"
    lacking = missing(mapped(form.headings, told))
    return f"it has no column for {' and '.join(lacking)}" if lacking else ""
