"""What the cells of a column look like: dates, money, small numbers, ids, countries. Names can lie; cells cannot."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.reading.date_shapes import is_month

# Wide on purpose: whether it is the 3rd of April or the 4th of March is decided elsewhere, from the whole column.
_WORD = r"([^\W\d]{3,10})\.?"
_TIME = r"(?:[T ,]+(?:\w+ )?\d{1,2}[:.h]\d{2}.*)?$"
_COMPACT = r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:[T ]?(?:\d{4}|\d{6}))?"
_WEEKDAY = r"^(?:\w{2,12}[.,]{0,2} )?"
_YEAR_FIRST, _YEAR_LAST = r"\d{4}[-/. ]\d{1,2}[-/. ]\d{1,2}", r"\d{1,2}[-/. ]\d{1,2}[-/. ](?:\d{4}|\d{2})"
_NUMERIC_DATE = re.compile(rf"{_WEEKDAY}(?:{_YEAR_FIRST}|{_YEAR_LAST}|{_COMPACT}){_TIME}")
_WORDED_DATES = tuple(
    re.compile(rf"{_WEEKDAY}{shape}{_TIME}")
    for shape in (
        rf"\d{{1,2}}(?:st|nd|rd|th|er|º|\.)?(?:[-/. ]+| de | of ){_WORD}(?:[-/., ]+| de )\d{{2,4}}",
        rf"\d{{4}}[-/. ]{_WORD}[-/. ]\d{{1,2}}",
        rf"{_WORD}[-/. ]+\d{{1,2}}(?:st|nd|rd|th)?[-/., ]+\d{{4}}",
    )
)
_CURRENCY = r"(?:[£$€¥₹₽₺₩₪₴₫฿₦₱]|[A-Z]{1,2}\$|[A-Z]{3}|kr\.?|zł|Rs\.?)"
_NUMBER = re.compile(
    rf"^[(]?[-+−]?\s*{_CURRENCY}?\s*[-+−]?[\d.,][\d.,'’\s\u00a0\u202f]*(?:[eE][-+]?\d+)?\s*{_CURRENCY}?\s*-?[)]?$"
)
LONGEST_EXAMPLE = 40
_WHOLE = re.compile(r"^[-+−]?(?:\d+|\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+)(?:[.,]0+)?$")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
COUNTRIES = frozenset(
    line
    for line in (Path(__file__).parent / "countries.txt").read_text(encoding="utf-8").splitlines()
    if line[:1] != "#"
)


@dataclass(frozen=True)
class Content:
    """What the filled cells of a column are, each as a share from 0 to 1.

    Attributes
    ----------
    cells : how many cells were looked at.
    filled : how many of them are not blank; all other shares are of these.
    distinct : how many different ones there are, over how many there are.
    dates, numbers, whole, small, emails, countries, letters, negative : what they look like. `small` are whole numbers
        below 10,000; `letters` have a letter in them.
    serials : numbers that could be days since 1900 or seconds since 1970.
    example : the first of them.
    """

    cells: int
    filled: float
    distinct: float
    dates: float
    numbers: float
    whole: float
    small: float
    emails: float
    countries: float
    letters: float
    negative: float
    serials: float
    example: str

    @property
    def is_id(self) -> bool:
        """Whether the cells could name orders or people: not measured, not dated (20110105 may be an order)."""
        dated = self.dates > 0.8 and self.whole < 0.8
        return not dated and (self.numbers < 0.5 or self.whole > 0.95 * self.numbers)

    @property
    def several(self) -> bool:
        """Whether there is more than one value; a column that is 0 throughout names nobody. One row tells nothing."""
        return self.filled > 0 and (self.cells < 5 or self.distinct * self.filled * self.cells > 1.5)


def content(cells: Sequence[str]) -> Content:
    """What a column's cells are; of an empty column every share is 0."""
    there = [cell.strip() for cell in cells if cell.strip()]
    counted = max(len(there), 1)
    numbers = [_NUMBER.match(cell) is not None and any(map(str.isdigit, cell)) for cell in there]

    def share(test: Callable[[str], object]) -> float:
        return sum(bool(test(cell)) for cell in there) / counted

    return Content(
        cells=len(cells),
        filled=len(there) / max(len(cells), 1),
        distinct=len(set(there)) / counted,
        dates=share(_is_date),
        numbers=sum(numbers) / counted,
        whole=share(_WHOLE.match),
        small=share(lambda cell: _WHOLE.match(cell) and len(re.sub(r"\D", "", re.sub(r"[.,]0+$", "", cell))) < 5),
        emails=share(_EMAIL.match),
        countries=share(lambda cell: cell.casefold() in COUNTRIES),
        letters=share(lambda cell: any(map(str.isalpha, cell))),
        negative=share(lambda cell: cell.startswith(("-", "−", "(")) or cell.endswith("-")),
        serials=share(_is_serial),
        example=there[0][:LONGEST_EXAMPLE] if there else "",
    )


def fits(canonical: str, found: Content) -> bool:
    """Whether the cells are what the column is for; the name alone does not show that."""
    return {
        "InvoiceDate": found.dates >= 0.5 or found.serials >= 0.8,
        "Quantity": found.numbers >= 0.5 and found.whole >= 0.5,
        "UnitPrice": found.numbers >= 0.5,
        "Amount": found.numbers >= 0.5,
        "CustomerID": found.is_id and found.several,
        "InvoiceNo": found.is_id and found.several,
        "Country": found.countries >= 0.3,
        "Description": found.letters >= 0.5,
        "StockCode": found.filled > 0 and found.is_id,
    }[canonical]


def contradicts(canonical: str, found: Content) -> str:
    """Why the cells cannot be what the heading says, as the end of a sentence; empty where they can."""
    if found.filled == 0:
        return ""
    verdicts = {
        "InvoiceDate": (found.dates < 0.05 and found.serials < 0.05, "hardly any of its values is a date"),
        "Quantity": (found.numbers < 0.05 or found.dates > 0.5, "hardly any of its values is a number"),
        "UnitPrice": (found.numbers < 0.05 or found.dates > 0.5, "hardly any of its values is a number"),
        "Amount": (found.numbers < 0.05 or found.dates > 0.5, "hardly any of its values is a number"),
        "CustomerID": (not found.is_id, "its values are dates or amounts, not customers"),
        "InvoiceNo": (not found.is_id, "its values are dates or amounts, not orders"),
        "Country": (found.letters < 0.2 or found.emails > 0.5, "its values are no names"),
        "Description": (found.dates > 0.8 and found.whole < 0.2, "its values are dates"),
        "StockCode": (found.dates > 0.8 and found.whole < 0.2, "its values are dates"),
    }
    wrong, reason = verdicts[canonical]
    return reason if wrong else ""


def _is_date(cell: str) -> bool:
    if _NUMERIC_DATE.match(cell):
        return True
    words = (shape.match(cell) for shape in _WORDED_DATES)
    return any(word is not None and is_month(word[1]) for word in words)


def _is_serial(cell: str) -> bool:
    """Whether it could be an Excel day of 1955 to 2091, or a second or millisecond of 2001 to 2033."""
    if not re.fullmatch(r"\d{5}(?:[.,]\d+)?|1\d{9}(?:\.\d+)?|1\d{12}", cell):
        return False
    number = float(cell.replace(",", "."))
    return 20_000 <= number < 70_000 or number >= 1e9
