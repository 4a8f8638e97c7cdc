"""What was measured, kept as JSON beside the tables drawn from it: each record with its machine, date and command.

A record takes the place of an older one about the same thing, so that sizes can be measured one at a time.
"""

from __future__ import annotations

import datetime
import json
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Record = dict[str, Any]
RESULTS = Path(__file__).parent
PLACES = ("--folder", "--results")


def circumstances(module: str, arguments: Sequence[str] | None = None) -> Record:
    """When, where and how something is measured; `load` is the number of processes that wanted a core then."""
    import psutil

    asked = sys.argv[1:] if arguments is None else arguments
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB, {platform.system()}",
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
        "command": " ".join(["python -m", module, *_without_places(asked)]),
    }


def _without_places(arguments: Sequence[str]) -> list[str]:
    """The arguments, but for where things lie on the machine that measures."""
    kept, given = [], iter(arguments)
    for each in given:
        if each in PLACES:
            next(given, None)
        else:
            kept.append(Path(each).name if os.sep in each else each)
    return kept


def kept(file: Path) -> list[Record]:
    """The records in a file, none where there is no file yet."""
    records: list[Record] = json.loads(file.read_text()) if file.is_file() else []
    return records


def keep(file: Path, records: Sequence[Record], about: Sequence[str], *, anew: bool = False) -> list[Record]:
    """Add records to a file in place of those that are equal in what they are about; all of them, in order.

    `anew` keeps none of the older ones.
    """
    fresh = {tuple(record[name] for name in about): record for record in records}
    old = {tuple(record[name] for name in about): record for record in ([] if anew else kept(file))}
    merged = [record for _, record in sorted((old | fresh).items())]
    file.write_text(json.dumps(merged, indent=1) + "\n")
    return merged


def told(records: Sequence[Record]) -> str:
    """How these records came about, a line for each command and day."""
    lines = dict.fromkeys(
        f"`{record['command']}`, {record['date']}, {record['machine']}, Python {record['python']}" for record in records
    )
    return "\n".join(f"- {line}" for line in lines)
