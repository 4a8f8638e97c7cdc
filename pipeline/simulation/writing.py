"""The simulated shop as files: the export itself, what is true of it, and what is true of each customer."""

from __future__ import annotations

import csv
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np

from pipeline.errors import SettingError
from pipeline.simulation.baskets import GUEST, Lines
from pipeline.simulation.catalogue import COUNTRIES, catalogue
from pipeline.simulation.shop import FIRST_DAY, Floats, Integers

HEADINGS = (
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
)
_LINES_AT_ONCE = 100_000


@contextmanager
def new_files(*targets: Path) -> Iterator[list[IO[str]]]:
    """Open each target for writing beside its place; all are put in place at the end, or none on an error.

    Raises
    ------
    SettingError
        If a file cannot be made there.
    """
    beside = [target.with_name(f".{target.name}.{secrets.token_hex(4)}.part") for target in targets]
    streams: list[IO[str]] = []
    try:
        try:
            streams.extend(path.open("w", encoding="utf-8", newline="") for path in beside)
        except OSError as reason:
            raise SettingError(
                f"The sample cannot be written to {targets[0]} ({reason.strerror}); "
                "give the path of a file in a folder that exists and may be written to."
            ) from None
        yield streams
        for stream in streams:
            stream.close()
        for path, target in zip(beside, targets, strict=True):
            path.replace(target)
    finally:
        for stream in streams:
            stream.close()
        for path in beside:
            path.unlink(missing_ok=True)


def by_date(lines: Lines) -> Lines:
    """The lines as a shop writes them: invoice after invoice, by time."""
    return lines.at(np.lexsort((lines.invoice, lines.minute)))


def invoice_numbers(lines: Lines, first: int) -> Integers:
    """Running numbers for the invoices of sorted lines; the first one gets `first`."""
    changes = np.flatnonzero(np.diff(lines.invoice, prepend=-1))
    starts = np.zeros(len(lines), dtype=np.int64)
    starts[changes] = 1
    return np.asarray(first - 1 + np.cumsum(starts))


def write_lines(stream: IO[str], lines: Lines, numbers: Integers, customer_ids: Integers) -> None:
    """Append these lines to the export. `customer_ids` gives each customer's ID."""
    writer = csv.writer(stream, lineterminator="\n")
    for start in range(0, len(lines), _LINES_AT_ONCE):
        rows = np.arange(start, min(start + _LINES_AT_ONCE, len(lines)))
        writer.writerows(_written(lines.at(rows), numbers[rows], customer_ids))


def _written(lines: Lines, numbers: Integers, customer_ids: Integers) -> Iterator[tuple[object, ...]]:
    """The lines as the fields of a CSV."""
    stock = catalogue()
    items = lines.item.tolist()
    ids = np.where(lines.customer == GUEST, GUEST, customer_ids[lines.customer])
    times = np.datetime_as_string(FIRST_DAY.astype("datetime64[m]") + lines.minute).tolist()
    return zip(
        [
            f"C{number}" if cancelled else str(number)
            for number, cancelled in zip(numbers.tolist(), lines.cancelled.tolist(), strict=True)
        ],
        [stock.codes[item] for item in items],
        [stock.descriptions[item] for item in items],
        lines.quantity.tolist(),
        [f"{time[:10]} {time[11:]}:00" for time in times],
        [f"{pence // 100}.{pence % 100:02d}" for pence in lines.pence.tolist()],
        ["" if customer == GUEST else str(customer) for customer in ids.tolist()],
        [
            f" {COUNTRIES[country]} " if untidy else COUNTRIES[country]
            for country, untidy in zip(lines.country.tolist(), lines.spelling.tolist(), strict=True)
        ],
        strict=True,
    )


def write_table(stream: IO[str], columns: dict[str, Sequence[object]], with_heading: bool) -> None:
    """Append the rows of these columns to a CSV."""
    writer = csv.writer(stream, lineterminator="\n")
    if with_heading:
        writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))


def pounds(pence: Integers) -> list[str]:
    """Money as text, exact to the penny."""
    return [f"{each // 100}.{each % 100:02d}" for each in pence.tolist()]


def rounded(values: Floats) -> list[str]:
    """Numbers as text with six significant figures."""
    return [f"{each:.6g}" for each in values.tolist()]


def words(numbers: Integers, names: Sequence[str]) -> list[str]:
    """The name that each number stands for."""
    return [names[each] for each in numbers.tolist()]
