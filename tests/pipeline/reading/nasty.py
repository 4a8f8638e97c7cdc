"""One known table, written as files in all the ways that people's tools write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

HEADINGS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
COUNTRIES = ("United Kingdom", "Germany", "France", "EIRE")
WORDS = ("LANTERN, WHITE", "CAFÉ SIGN", "5 INCH BOWL", "MUG; LARGE", "TEA | SET", "GIFT TAG", "CRÈME POT", "KÄSE BOARD")
Row = tuple[str, str, str, int, dt.datetime, float, str, str]


def known_table(rows: int = 40) -> list[Row]:
    """Rows with days above 12 and below, commas, semicolons, bars and letters beyond ASCII in their descriptions."""
    start = dt.datetime(2011, 1, 3, 9, 15)
    return [
        (
            f"5{36365 + place // 3}",
            f"00{710 + place % 7}",
            WORDS[place % len(WORDS)],
            1 + place % 12,
            start + dt.timedelta(days=3 * place, minutes=7 * place),
            round(0.5 + place * 0.37, 2),
            f"{17850 + place % 9}",
            COUNTRIES[place % len(COUNTRIES)],
        )
        for place in range(rows)
    ]


@dataclass
class Spelling:
    """How a file is written. Every field is one variation; the defaults are a plain CSV.

    Attributes
    ----------
    headings, date, number : what stands in the heading row, and how a moment and a price are written.
    quote : `minimal`, `all`, `single`, `backslash` or `none`: what stands around cells, and before marks inside them.
    above, below : lines before the headings and after the rows.
    between : given the number of a row from 0, lines that stand before it.
    end_rows_with : what every row but the headings ends with, such as a delimiter.
    """

    encoding: str = "utf-8"
    ends: str | Sequence[str] = "\n"
    delimiter: str = ","
    quote: str = "minimal"
    headings: Sequence[str] = HEADINGS
    split_headings: bool = False
    date: Callable[[dt.datetime], str] = field(default=lambda moment: f"{moment:%Y-%m-%d %H:%M:%S}")
    number: Callable[[float], str] = field(default=lambda price: f"{price:.2f}")
    above: Sequence[str] = ()
    below: Sequence[str] = ()
    between: Callable[[int], Sequence[str]] = field(default=lambda place: ())
    end_rows_with: str = ""
    number_rows: bool = False
    last_line_ends: bool = True
    zero_bytes: bool = False

    def written(self, rows: Sequence[Row]) -> bytes:
        """The file's bytes."""
        lines = [*self.above, *self._headings()]
        for place, row in enumerate(rows):
            lines += [*self.between(place), self._row(place, row)]
        lines += self.below
        ends = [self.ends] if isinstance(self.ends, str) else list(self.ends)
        text = "".join(line + ends[place % len(ends)] for place, line in enumerate(lines))
        if not self.last_line_ends:
            text = text.rstrip("\r\n")
        if self.zero_bytes:
            text = text.replace("BOWL", "BO\0WL")
        return text.encode(self.encoding)

    def _headings(self) -> list[str]:
        if not self.split_headings:
            return [self.delimiter.join(map(self._cell, self.headings))]
        upper = ["Invoice", "Stock", "", "", "Invoice", "Unit", "Customer", ""]
        lower = ["No", "Code", "Description", "Quantity", "Date", "Price", "ID", "Country"]
        return [self.delimiter.join(upper), self.delimiter.join(lower)]

    def _row(self, place: int, row: Row) -> str:
        number, code, words, pieces, moment, price, customer, country = row
        cells = [number, code, words, str(pieces), self.date(moment), self.number(price), customer, country]
        numbered = [str(place + 1)] if self.number_rows else []
        return self.delimiter.join([*numbered, *map(self._cell, cells)]) + self.end_rows_with

    def _cell(self, text: str) -> str:
        if self.quote == "none":
            return text.replace(self.delimiter, "")
        mark = "'" if self.quote == "single" else '"'
        inside = text.replace('"', '\\"') if self.quote == "backslash" else text.replace(mark, mark * 2)
        needed = self.quote in ("all", "single", "backslash") or any(
            sign in text for sign in (self.delimiter, mark, "\n")
        )
        return f"{mark}{inside}{mark}" if needed else text
