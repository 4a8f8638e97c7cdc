"""Which rows a table's own filters leave, as AG Grid words them: the browser asks, and the server looks through all."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from webapp import formats

if TYPE_CHECKING:
    import pandas as pd

Mask = NDArray[np.bool_]
MOST_CONDITIONS = 2  # of one column
_TEXTS: dict[str, Callable[[pd.Series[str], str], pd.Series[bool]]] = {
    "contains": lambda cells, typed: cells.str.contains(typed, regex=False),
    "notContains": lambda cells, typed: ~cells.str.contains(typed, regex=False),
    "equals": lambda cells, typed: cells == typed,
    "notEqual": lambda cells, typed: cells != typed,
    "startsWith": lambda cells, typed: cells.str.startswith(typed),
    "endsWith": lambda cells, typed: cells.str.endswith(typed),
}
_ORDERED: dict[str, Callable[[Any, Any, Any], Any]] = {
    "equals": lambda cells, low, _: cells == low,
    "notEqual": lambda cells, low, _: cells != low,
    "lessThan": lambda cells, low, _: cells < low,
    "lessThanOrEqual": lambda cells, low, _: cells <= low,
    "greaterThan": lambda cells, low, _: cells > low,
    "greaterThanOrEqual": lambda cells, low, _: cells >= low,
    "inRange": lambda cells, low, high: (cells >= low) & (cells <= high),
}


def kept(table: pd.DataFrame, model: Mapping[str, Any]) -> Mask:
    """Whom the filters leave, `(n_rows,)`; a filter that is not understood leaves everyone.

    Parameters
    ----------
    table : texts, numbers, and days as ISO texts; what is missing passes filters for blanks and exclusions only.
    model : column -> {"filterType", "type", "filter", "filterTo", "dateFrom", "dateTo"}, or two of these as
        "conditions" under an "operator", AND or OR.
    """
    left = np.ones(len(table), dtype=bool)
    for column, asked in model.items():
        if column in table:
            left &= _of_column(table[column], asked)
    return left


def is_understood(asked: Any) -> bool:
    """Whether the filter of a column, of whatever kind, narrows anything as it is written."""
    if not isinstance(asked, Mapping):
        return False
    parts = asked.get("conditions")
    if isinstance(parts, list):
        return 0 < len(parts) <= MOST_CONDITIONS and all(map(_is_condition, parts))
    return _is_condition(asked)


def in_words(model: Mapping[str, Any], headings: Mapping[str, str]) -> list[str]:
    """What the filters ask for, a short phrase a column: `Customer starts with 123`, `Orders at least 3`.

    Parameters
    ----------
    headings : column -> what stands above it; the filters of other columns are not told.
    """
    return [f"{headings[column]} {_column_in_words(asked)}" for column, asked in model.items() if column in headings]


_WORDS = {
    "contains": "contains",
    "notContains": "does not contain",
    "equals": "is",
    "notEqual": "is not",
    "startsWith": "starts with",
    "endsWith": "ends with",
    "lessThan": "below",
    "lessThanOrEqual": "at most",
    "greaterThan": "above",
    "greaterThanOrEqual": "at least",
    "inRange": "from",
    "blank": "is missing",
    "notBlank": "is known",
}


def _column_in_words(asked: Mapping[str, Any]) -> str:
    parts = asked.get("conditions")
    if parts:
        return (" or " if asked.get("operator") == "OR" else " and ").join(map(_column_in_words, parts))
    ends = [asked.get(name) for name in ("filter", "filterTo", "dateFrom", "dateTo")]
    values = " to ".join(_end_in_words(end) for end in ends if end is not None)
    return f"{_WORDS.get(str(asked.get('type')), '')} {values}".strip()


def _end_in_words(end: Any) -> str:
    return formats.plain(float(end)) if _is_number(end) else str(end).removesuffix(" 00:00:00")


def _of_column(cells: pd.Series[Any], asked: Mapping[str, Any]) -> Mask:
    parts = asked.get("conditions")
    if not parts:
        return _condition(cells, asked)
    joined = np.logical_or if asked.get("operator") == "OR" else np.logical_and
    return functools.reduce(joined, [_condition(cells, part) for part in parts])


def _is_condition(asked: Any) -> bool:
    if not isinstance(asked, Mapping):
        return False
    kind, word = asked.get("filterType"), str(asked.get("type"))
    if word in ("blank", "notBlank"):
        return True
    if kind == "text":
        return word in _TEXTS and asked.get("filter") is not None
    if kind == "number":
        return word in _ORDERED and _is_number(asked.get("filter"))
    return kind == "date" and word in _ORDERED and bool(asked.get("dateFrom"))


def _condition(cells: pd.Series[Any], asked: Mapping[str, Any]) -> Mask:
    if not _is_condition(asked):
        return np.ones(len(cells), dtype=bool)
    kind, word = asked.get("filterType"), str(asked.get("type"))
    missing = cells.isna().to_numpy()
    if word in ("blank", "notBlank"):
        return missing if word == "blank" else ~missing
    if kind == "text":
        found = _TEXTS[word](cells.fillna("").astype("str").str.lower(), str(asked["filter"]).lower())
    elif kind == "number":
        found = _ORDERED[word](cells.astype("float64"), float(asked["filter"]), _upper(asked.get("filterTo")))
    else:
        found = _ORDERED[word](cells.fillna("").astype("str"), _day(asked["dateFrom"]), _day(asked.get("dateTo")))
    passes = np.asarray(found, dtype=bool)
    return passes | missing if word in ("notContains", "notEqual") else passes & ~missing


def _is_number(asked: Any) -> bool:
    return isinstance(asked, int | float) and not isinstance(asked, bool)


def _upper(asked: Any) -> float:
    return float(asked) if _is_number(asked) else np.inf


def _day(asked: Any) -> str:
    """`2026-01-30 00:00:00` as the day it begins; beyond all days where none is said."""
    return str(asked)[:10] if asked else "9999"
