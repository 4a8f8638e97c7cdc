"""Filters of the list leave whom looking through the rows one by one would leave."""

import math

import pandas as pd
import pytest

from webapp import grid_filters

TABLE = pd.DataFrame(
    {
        "CustomerID": ["12346", "12347", "C-123", "99"],
        "PrimaryCountry": ["France", None, "United Kingdom", "Channel (FR)"],
        "Monetary": [10.0, math.nan, 250.5, 10.0],
        "NextOrder_50": ["2026-01-30", None, "2026-02-01", "2027-05-06"],
    }
)


def text(word, typed):
    return {"filterType": "text", "type": word, "filter": typed}


def number(word, value, to=None):
    return {"filterType": "number", "type": word, "filter": value, "filterTo": to}


def day(word, value, to=None):
    return {"filterType": "date", "type": word, "dateFrom": value, "dateTo": to}


@pytest.mark.parametrize(
    ("column", "asked", "left"),
    [
        ("CustomerID", text("startsWith", "123"), [0, 1]),
        ("CustomerID", text("contains", "c-1"), [2]),
        ("PrimaryCountry", text("contains", "(fr"), [3]),
        ("PrimaryCountry", text("notContains", "fr"), [1, 2]),
        ("PrimaryCountry", text("equals", "france"), [0]),
        ("PrimaryCountry", text("notEqual", "france"), [1, 2, 3]),
        ("PrimaryCountry", text("endsWith", "kingdom"), [2]),
        ("PrimaryCountry", {"filterType": "text", "type": "blank"}, [1]),
        ("Monetary", {"filterType": "number", "type": "notBlank"}, [0, 2, 3]),
        ("Monetary", number("equals", 10), [0, 3]),
        ("Monetary", number("notEqual", 10), [1, 2]),
        ("Monetary", number("greaterThan", 10), [2]),
        ("Monetary", number("greaterThanOrEqual", 10), [0, 2, 3]),
        ("Monetary", number("lessThan", 10), []),
        ("Monetary", number("lessThanOrEqual", 10), [0, 3]),
        ("Monetary", number("inRange", 10, 250), [0, 3]),
        ("NextOrder_50", day("lessThan", "2026-02-01 00:00:00"), [0]),
        ("NextOrder_50", day("inRange", "2026-02-01 00:00:00", "2027-01-01 00:00:00"), [2]),
        ("Monetary", number("likeness", 3), [0, 1, 2, 3]),
        ("Monetary", number("equals", "__class__"), [0, 1, 2, 3]),
        ("nothing of that name", number("equals", 3), [0, 1, 2, 3]),
    ],
)
def test_a_filter_leaves_the_rows_that_it_names(column, asked, left):
    assert grid_filters.kept(TABLE, {column: asked}).nonzero()[0].tolist() == left


@pytest.mark.parametrize(("operator", "left"), [("AND", [2]), ("OR", [0, 2, 3])])
def test_two_conditions_of_a_column_are_joined(operator, left):
    asked = {"operator": operator, "conditions": [number("greaterThan", 5), number("greaterThan", 100)]}
    assert grid_filters.kept(TABLE, {"Monetary": asked}).nonzero()[0].tolist() == left


def test_filters_of_several_columns_all_hold():
    model = {"Monetary": number("equals", 10), "CustomerID": text("startsWith", "9")}
    assert grid_filters.kept(TABLE, model).nonzero()[0].tolist() == [3]


def test_filters_are_told_in_words():
    model = {
        "CustomerID": {"filterType": "text", "type": "startsWith", "filter": "123"},
        "Frequency": {
            "filterType": "number",
            "operator": "OR",
            "conditions": [
                {"type": "greaterThanOrEqual", "filter": 1500},
                {"type": "inRange", "filter": 1, "filterTo": 2},
            ],
        },
        "NextOrder_50": {"filterType": "date", "type": "lessThan", "dateFrom": "2026-01-30 00:00:00", "dateTo": None},
        "Country": {"filterType": "text", "type": "blank"},
        "Hidden": {"filterType": "text", "type": "blank"},
    }
    headings = {"CustomerID": "Customer", "Frequency": "Orders", "NextOrder_50": "Next order", "Country": "Country"}
    assert grid_filters.in_words(model, headings) == [
        "Customer starts with 123",
        "Orders at least 1,500 or from 1 to 2",
        "Next order below 2026-01-30",
        "Country is missing",
    ]
