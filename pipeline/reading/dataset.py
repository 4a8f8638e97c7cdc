"""A folder of many files, or a table by its name -> the canonical transactions, all rows read by Spark.

What the columns are and how dates and numbers are written is found out from the first rows, by the same code that reads
a file of unknown making; the rows themselves are many, and come from a machine.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import engine, formats
from pipeline.errors import ReadingError
from pipeline.reading.columns import CANONICAL, LOSSES, NUMBERS
from pipeline.reading.completion import completed
from pipeline.reading.interpretation import Interpretation, interpreted
from pipeline.reading.settings import Reading
from pipeline.reading.tables import tables

if TYPE_CHECKING:
    from pipeline.engine import LazyTable, Transactions

SAMPLE_ROWS = 5_000
LARGEST = "1e11"
NUMERIC = ("tinyint", "smallint", "int", "bigint", "float", "double")
MOMENTS = ("date", "timestamp", "timestamp_ntz")
JAVA = {"Y": "yyyy", "m": "M", "d": "d", "b": "MMM", "H": "H", "M": "m", "S": "s"}
Progress = Callable[[float, str], None]


def location(source: Path) -> str:
    """The place that a person named: a URL lost one of its slashes when it became a path."""
    return re.sub(r"^([A-Za-z][A-Za-z0-9+.-]+):/(?!/)", r"\1://", str(source))


def fingerprint(source: Path) -> list[Any]:
    """What tells one state of a data set from another: its files with their sizes and times."""
    with engine.opened_transactions(location(source)) as found:
        return found.files()


def read_dataset(source: Path, settings: Reading, target: Path, progress: Progress, rejected: Path) -> dict[str, Any]:
    """Read every row and write them as `read_transactions` does, in a folder of Parquet files.

    `Line` numbers the rows, not without gaps; `File` is the place that was named.

    Parameters
    ----------
    source : a folder of Parquet or CSV files with one line of headings each, or the name of a table.
    settings : how to read them; what is `auto` is found out from the first `SAMPLE_ROWS` rows.
    target, rejected : what to write; nothing is ever rejected here.

    Returns
    -------
    The facts of `read_transactions`.

    Raises
    ------
    ReadingError
        If there is no such folder or table, or it holds no transactions.
    """
    place = location(source)
    with engine.opened_transactions(place) as found, tempfile.TemporaryDirectory(prefix="segment-studio-") as folder:
        progress(0.0, "Finding out how the data are written")
        understood = _understood(found.sample(Path(folder), SAMPLE_ROWS), settings)
        rows = found.rows(understood.dialect.delimiter, understood.text.encoding)
        kinds = list(rows.to_native().dtypes)
        progress(0.3, f"Reading {place}")
        values = _values(understood, kinds)
        counted = _counted(found, rows, understood, kinds, values)
        typed = found.selected(rows, {"Line": "monotonically_increasing_id() + 1", **values})
        filled = completed(understood.columns, "date_format(InvoiceDate, 'yyyy-MM-dd')")
        named = {"File": _quoted(place), "Line": "Line", **filled}
        engine.sink(found.selected(typed, named), target)
    _write_nothing(rejected)
    facts = _facts(place, found.format, understood, counted)
    progress(1.0, f"Read {facts['accepted']:,} lines")
    return facts


def _understood(sample: Path, settings: Reading) -> Interpretation:
    with tables(sample.name, sample, settings) as found, interpreted(found.parts[0], settings) as (_, understood):
        return understood


def _values(understood: Interpretation, kinds: list[tuple[str, str]]) -> dict[str, str]:
    """SQL of every canonical column."""
    found = {}
    for name in CANONICAL:
        if name not in understood.columns:
            found[name] = f"CAST(NULL AS {'DOUBLE' if name in NUMBERS else 'STRING'})"
            continue
        heading, kind = kinds[understood.columns[name]]
        cell = _cell(heading)
        if name in NUMBERS:
            found[name] = _number(cell, kind, understood)
        elif name == "InvoiceDate":
            found[name] = _moment(cell, kind, understood)
        else:
            found[name] = _text(name, cell, kind)
    return found


def _cell(heading: str) -> str:
    return "`" + heading.replace("`", "``") + "`"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _text(name: str, cell: str, kind: str) -> str:
    whole = f"{cell} = floor({cell}) AND abs({cell}) < 1e15"
    text = f"CAST({cell} AS STRING)"
    if kind in ("float", "double"):
        text = f"CASE WHEN {whole} THEN CAST(CAST({cell} AS BIGINT) AS STRING) ELSE {text} END"
    if name == "Description":
        return f"nullif({text}, '')"
    trimmed = f"nullif(trim({text}), '')"
    return f"regexp_replace({trimmed}, '^([0-9]+)[.]0$', '$1')" if name == "CustomerID" else trimmed


def _number(cell: str, kind: str, understood: Interpretation) -> str:
    if kind in NUMERIC or kind.startswith("decimal"):
        value = f"CAST({cell} AS DOUBLE)"
    elif understood.decimal == "comma":
        value = f"try_cast(replace(replace(trim({cell}), '.', ''), ',', '.') AS DOUBLE)"
    else:
        value = f"try_cast(replace(trim({cell}), ',', '') AS DOUBLE)"
    return f"CASE WHEN abs({value}) <= {LARGEST} THEN {value} END"


def _moment(cell: str, kind: str, understood: Interpretation) -> str:
    if kind in MOMENTS:
        return f"CAST({cell} AS TIMESTAMP_NTZ)"
    shapes = ["".join(JAVA.get(sign, sign) for sign in shape) for shape in understood.dates.formats]
    tried = [f"try_to_timestamp(trim({cell}), {_quoted(shape)})" for shape in shapes]
    if understood.dates.order == "year":
        tried.insert(0, f"try_cast(trim({cell}) AS TIMESTAMP)")
    return f"CAST(coalesce({', '.join(tried)}) AS TIMESTAMP_NTZ)"


def _counted(
    found: Transactions,
    rows: LazyTable,
    understood: Interpretation,
    kinds: list[tuple[str, str]],
    values: Mapping[str, str],
) -> dict[str, int]:
    """How many rows there are, and in how many a date or a number is written that cannot be read."""
    asked = {"lines": "count(1)"}
    for name in ("InvoiceDate", *NUMBERS):
        if name in understood.columns:
            cell = _cell(kinds[understood.columns[name]][0])
            asked[name] = f"count_if(trim(CAST({cell} AS STRING)) <> '' AND ({values[name]}) IS NULL)"
    (counted,) = engine.rows(found.selected(rows, asked))
    if not counted["lines"] or counted["InvoiceDate"] == counted["lines"]:
        raise ReadingError(
            "There are no rows to read, or none with a date that is written like those of the first rows; check the "
            "folder or the table."
        )
    return {name: int(count) for name, count in counted.items()}


def _write_nothing(rejected: Path) -> None:
    import pandas as pd

    columns = {"File": "str", "Line": "int64", "Lines": "int64", "Reason": "str", "Text": "str"}
    engine.write_parquet(pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()}), rejected)


def _facts(place: str, kind: str, understood: Interpretation, counted: Mapping[str, int]) -> dict[str, Any]:
    lines = counted["lines"]
    interpretation = understood.to_json() | {"format": kind}
    lost = [
        f"Values of {name} that cannot be read like those of the first rows: {formats.count(count)} lines."
        for name, count in counted.items()
        if name != "lines" and count
    ]
    missing = [
        f"The data have no column for {name}, so {loss}."
        for name, loss in LOSSES.items()
        if name not in understood.columns and name != "StockCode"
    ]
    part = {"name": place, "interpretation": interpretation, "lines": lines, "accepted": lines, "rejected": 0}
    return {
        "interpretation": interpretation,
        "parts": [part],
        **{count: part[count] for count in ("lines", "accepted", "rejected")},
        "rejected_examples": [],
        "warnings": [*lost, *understood.dates.notes, *missing],
    }
