"""Our columns: what they are called, which are needed, and what a person says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.errors import ReadingError
from pipeline.reading.headings import names_of, plain

CANONICAL = (
    *("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"),
    "Amount",
)
NEEDED = ("InvoiceDate", "CustomerID")  # and one of MONEY
MONEY = ("UnitPrice", "Amount")
NUMBERS = ("Quantity", *MONEY)
LOSSES = {
    "InvoiceNo": "all that a customer buys on one day counts as one order",
    "Quantity": "every line counts as one piece",
    "StockCode": "lines that are no products, such as postage, cannot be told from products and so cannot be left out",
    "Description": "what customers buy is unknown, and product categories are left out",
    "Country": "where customers are is unknown, and countries are left out",
}
NONE = "none"


def overrides(written: str) -> dict[str, str]:
    """The mapping that a person wrote, `CustomerID = Client no; UnitPrice = Price`, as canonical name -> which column.

    A column is told by its heading, in double quotes where that has a `;` or a `"` in it (a `"` is then doubled); by
    its place in the file, `#3`; or it is `none`, where the file has no such column whatever its headings say.

    Raises
    ------
    ValueError
        With the reason, if a part has no `=`, or its left side is not one of our columns, or stands twice.
    """
    mapping: dict[str, str] = {}
    for part in _parts(written):
        name, equals, column = (piece.strip() for piece in part.partition("="))
        if not equals or not column:
            raise ValueError(f"{part!r} is not of the form CustomerID = heading in the file")
        canonical = next((each for each in CANONICAL if each.lower() == name.lower()), None)
        if canonical is None:
            raise ValueError(f"{name!r} is not one of {', '.join(CANONICAL)}")
        if canonical in mapping:
            raise ValueError(f"{canonical} is given twice")
        if column.startswith('"') and not (len(column) > 1 and column.endswith('"')):
            raise ValueError(f"the quotation mark in {part!r} is not closed")
        mapping[canonical] = column
    return mapping


def written(headings: Sequence[str], chosen: Mapping[str, int | None]) -> str:
    """The text of the setting Columns that says which column (its position from 0, or None) is which of ours."""
    return "; ".join(f"{name} = {_told(headings, position)}" for name, position in chosen.items())


def mapped(headings: Sequence[str], told: Mapping[str, str]) -> dict[str, int]:
    """Which heading names which of our columns: canonical name -> position, for those that are there.

    What a person told goes first; of the names the surest wins; no heading is taken twice.
    """
    bare = [plain(heading) for heading in headings]
    found = {name: place for name, column in told.items() if (place := position(headings, column)) is not None}
    for canonical, names in names_of(headings).items():
        if canonical in told:
            continue
        for name in names:
            if name in bare and bare.index(name) not in found.values():
                found[canonical] = bare.index(name)
                break
    return {canonical: found[canonical] for canonical in CANONICAL if canonical in found}


def position(headings: Sequence[str], column: str) -> int | None:
    """Where the column stands that a person told: by heading, in quotes or without, or by place, `#3`."""
    if column.startswith("#") and column[1:].isdigit():
        return int(column[1:]) - 1 if 0 < int(column[1:]) <= len(headings) else None
    if column == NONE:
        return None
    wanted = column[1:-1].replace('""', '"') if column.startswith('"') else column
    exact = [heading.strip() for heading in headings]
    if wanted.strip() in exact:
        return exact.index(wanted.strip())
    bare = [plain(heading) for heading in headings]
    return bare.index(plain(wanted)) if plain(wanted) and plain(wanted) in bare else None


def doubled(headings: Sequence[str], found: Mapping[str, int]) -> dict[str, list[int]]:
    """The columns that were `found` under a heading which other columns have too: canonical name -> all positions."""
    bare = [plain(heading) for heading in headings]
    alike = {name: [place for place, each in enumerate(bare) if each == bare[at]] for name, at in found.items()}
    return {name: places for name, places in alike.items() if bare[found[name]] and len(places) > 1}


def missing(found: Mapping[str, object]) -> list[str]:
    """What a file without which nothing can be done lacks; the money under one name."""
    lacking = [name for name in NEEDED if name not in found]
    return lacking if any(name in found for name in MONEY) else [*lacking, "Amount"]


def check_told(headings: Sequence[str], told: Mapping[str, str]) -> None:
    """Raise `ReadingError`, with what there is, where a person told of a column that the file has not."""
    for canonical, column in told.items():
        if column != NONE and position(headings, column) is None:
            raise ReadingError(
                f"The file has no column {column!r} to take for {canonical}; its columns are: {listing(headings)}."
            )


def listing(headings: Sequence[str]) -> str:
    """The headings for a sentence, the first twelve of them."""
    there = ", ".join(heading.strip()[:40] or "(no name)" for heading in headings[:12])
    return there + (f" and {len(headings) - 12} more" if len(headings) > 12 else "")


def _parts(written: str) -> list[str]:
    """The text cut at each `;` and line end outside double quotes."""
    parts, quoted = [""], False
    for letter in written:
        quoted ^= letter == '"'
        if letter in ";\n" and not quoted:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


def _told(headings: Sequence[str], place: int | None) -> str:
    if place is None:
        return NONE
    heading = headings[place].strip()
    if position(headings, f'"{heading}"') != place or not heading or "\n" in heading or "\r" in heading:
        return f"#{place + 1}"
    is_plain = heading == heading.replace('"', "").replace(";", "").lstrip("#") and heading != NONE
    return heading if is_plain else '"' + heading.replace('"', '""') + '"'
