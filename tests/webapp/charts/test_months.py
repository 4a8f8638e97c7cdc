"""The months are drawn as they are, and those that are covered in part are set apart by more than a colour."""

from contextvars import copy_context

import pandas as pd
import pytest

from webapp import formats
from webapp.charts import months


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Month": ["2011-10", "2011-11", "2011-12"],
            "revenue": [1_000.0, 3_000.5, 400.0],
            "orders": [10, 30, 4],
            "buyers": [8, 20, 4],
            "new_buyers": [8, 12, 0],
            "days_traded": [26, 26, 8],
            "partial": [False, False, True],
        }
    )


@pytest.mark.parametrize("measure", months.MEASURES)
def test_each_measure_is_a_bar_per_month(table, measure):
    (bars,) = months.figure(table, measure).data
    assert list(bars.y) == table[measure].tolist()
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in bars.x] == ["Oct 2011", "Nov 2011", "Dec 2011"]


def test_a_month_that_is_covered_in_part_is_grey_hatched_and_named(table):
    (bars,) = months.figure(table, "revenue").data
    assert list(bars.marker.pattern.shape) == ["", "", "/"]
    assert bars.marker.color[2] != bars.marker.color[1] == bars.marker.color[0]
    assert bars.customdata[2][1] == "covered in part"
    assert months.caption(table).startswith("Dec\N{NO-BREAK SPACE}2011 is not covered whole")
    assert months.readable(table)["Covered"].tolist() == ["whole", "whole", "in part"]


def test_whole_months_are_told_as_such(table):
    assert "first day to its last" in months.caption(table.iloc[:2])


def test_many_months_have_labels_that_fit():
    every = pd.period_range("2008-01", "2012-12", freq="M").strftime("%Y-%m")
    many = pd.DataFrame({"Month": every, "revenue": 1.0, "partial": False})
    ticks = months.figure(many, "revenue").layout.xaxis
    assert len(ticks.tickvals) <= months.FEW
    assert set(ticks.tickvals) <= {formats.month(month) for month in every}
    assert sum("<br>" in text for text in ticks.ticktext) == 5


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [("2010-12", "2011-12", ["D<br>’10", "J<br>’11"]), ("2010-11", "2011-12", ["N<br>2010", "J<br>2011"])],
)
def test_years_that_begin_side_by_side_are_short_enough_for_a_phone(first, last, years):
    every = pd.period_range(first, last, freq="M").strftime("%Y-%m")
    few = pd.DataFrame({"Month": every, "revenue": 1.0, "partial": False})
    assert [text for text in months.figure(few, "revenue").layout.xaxis.ticktext if "<br>" in text] == years


def test_the_axis_names_months_in_the_readers_language(table):
    def drawn():
        formats.write_numbers_as("de")
        return months.figure(table, "orders"), months.caption(table)

    chart, caption = copy_context().run(drawn)
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in chart.data[0].x] == [
        "Okt. 2011",
        "Nov. 2011",
        "Dez. 2011",
    ]
    assert list(chart.layout.xaxis.tickvals) == list(chart.data[0].x)
    assert caption.startswith("Dez.")
