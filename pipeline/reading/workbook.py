"""Excel and OpenDocument workbooks -> one text a sheet, read by python-calamine in a process of its own.

A small workbook can name a cell in its last row and column, or one long text a million times, and so take all memory
there is: the process has a limit, and only it ends when that is reached.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import ReadingError

LINE_BREAK = "\ufdd0"  # stands for a line break inside a cell of a text that we write: no text may have it
MOST_MEMORY_BYTES = 4 * 2**30
MOST_SECONDS = 900
MOST_TEXT_BYTES = 8 * 2**30
LARGEST_WHOLE = 10**15  # beyond it a double holds no whole number exactly
LISTED = "sheets.json"
ROOT = Path(__file__).parent.parent.parent


def sheets(workbook: Path, folder: Path) -> dict[str, Path]:
    """The sheets of a workbook as texts, a line for each row: name -> file in `folder`, in the workbook's order.

    Raises
    ------
    ReadingError
        If it is damaged, protected, or takes more memory or time than a table of sales does.
    """
    command = [sys.executable, "-m", "pipeline.reading.workbook", str(workbook), str(folder), str(MOST_MEMORY_BYTES)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "RUST_BACKTRACE": "0"}
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    listed = folder / LISTED
    if not listed.is_file():
        if finished.returncode < 0 or "MemoryError" in finished.stderr:
            raise ReadingError(
                f"The workbook takes more than {MOST_MEMORY_BYTES / 2**30:g} GiB of memory or {MOST_SECONDS // 60} "
                "minutes to read; save its sheet as CSV and give that file."
            )
        said = (finished.stderr.strip().splitlines() or ["no reason given"])[-1].rpartition("Error: ")[2]
        raise ReadingError(
            f"The workbook is damaged, protected or not one at all ({said}); save it again, or save its sheet as CSV."
        )
    names: dict[str, str] = json.loads(listed.read_text(encoding="utf-8"))
    return {name: folder / file for name, file in names.items()}


def main(workbook: str, folder: str, most_memory: str) -> None:
    """Write every sheet, and last the list of them."""
    _limit(int(most_memory))
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    opened = CalamineWorkbook.from_path(workbook)
    written: dict[str, str] = {}
    for place, found in enumerate(opened.sheets_metadata):
        if found.typ == SheetTypeEnum.WorkSheet:
            sheet = opened.get_sheet_by_index(place)
            with (Path(folder) / str(place)).open("w", encoding="utf-8", newline="") as text:
                rows = sheet.iter_rows() if sheet.start is not None else ()
                csv.writer(text, lineterminator="\n").writerows(map(_spelled, rows))
            written[found.name] = str(place)
    (Path(folder) / LISTED).write_text(json.dumps(written), encoding="utf-8")


def _limit(most_memory: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_TEXT_BYTES, MOST_TEXT_BYTES))


def _spelled(row: Sequence[Any]) -> Iterator[str]:
    """The cells of a row as text; whole numbers without decimals, dates year first."""
    for cell in row:
        if isinstance(cell, str):
            yield _one_line(cell) if "\n" in cell or "\r" in cell else cell
        elif isinstance(cell, float):
            yield str(int(cell)) if cell.is_integer() and abs(cell) < LARGEST_WHOLE else repr(cell)
        elif isinstance(cell, dt.datetime):
            yield cell.isoformat(sep=" ")
        else:
            yield str(cell)


def _one_line(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", LINE_BREAK)


if __name__ == "__main__":
    main(*sys.argv[1:])
