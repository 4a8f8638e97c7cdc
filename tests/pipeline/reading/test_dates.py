"""Dates are decided from the whole column, or refused; never guessed."""

import pandas as pd
import pytest

from pipeline.errors import ReadingError
from tests.pipeline.reading.conftest import HEADINGS, a_line


def _moments(read, written, **settings):
    table, facts = read(HEADINGS + "".join(a_line(date=f'"{date}"') for date in written), **settings)
    return [None if pd.isna(moment) else moment.isoformat(" ") for moment in table["InvoiceDate"]], facts


@pytest.mark.parametrize(
    ("written", "moments", "formats"),
    [
        (["2010-12-31 08:26:00"], ["2010-12-31 08:26:00"], ["Y-m-d H:M:S"]),
        (["2010-12-31T08:26:00Z"], ["2010-12-31 08:26:00"], ["Y-m-d H:M:S"]),
        (["2010/1/5", "2010/12/31"], ["2010-01-05 00:00:00", "2010-12-31 00:00:00"], ["Y/m/d"]),
        (["12/1/2010 8:26", "12/31/2010 17:05"], ["2010-12-01 08:26:00", "2010-12-31 17:05:00"], ["m/d/Y H:M"]),
        (["1/12/2010", "31/12/2010"], ["2010-12-01 00:00:00", "2010-12-31 00:00:00"], ["d/m/Y"]),
        (["31.12.2010 08:26"], ["2010-12-31 08:26:00"], ["d.m.Y H:M"]),
        (["12-31-2010"], ["2010-12-31 00:00:00"], ["m-d-Y"]),
        (["12/31/10", "1/2/11"], ["2010-12-31 00:00:00", "2011-01-02 00:00:00"], ["m/d/Y"]),
        (["12/31/2010 1:05 PM", "12/31/2010 12:05 am"], ["2010-12-31 13:05:00", "2010-12-31 00:05:00"], ["m/d/Y H:M"]),
        (["31-Dec-2010 08:26", "Dec 1, 2010"], ["2010-12-31 08:26:00", "2010-12-01 00:00:00"], None),
        (["Fri, 31 Dec 2010 08:26:01 +0000"], ["2010-12-31 08:26:01"], ["d Mon Y H:M:S"]),
    ],
)
def test_dates_are_read_as_written(read, written, moments, formats):
    found, facts = _moments(read, written)
    assert found == moments
    assert formats is None or facts["interpretation"]["date_formats"] == formats


def test_days_above_twelve_anywhere_in_the_column_decide_for_all_of_it(read):
    found, facts = _moments(read, ["03/04/2011"] * 500 + ["25/04/2011"])
    assert found[0] == "2011-04-03 00:00:00"
    assert facts["interpretation"]["date_order"] == "day first"


def test_one_mistyped_date_does_not_turn_the_others(read):
    found, facts = _moments(read, [f"1/{day}/2011" for day in range(1, 32)] + ["13/02/2011"])
    assert found[:2] == ["2011-01-01 00:00:00", "2011-01-02 00:00:00"]
    assert found[-1] is None
    assert facts["warnings"] == ["Dates that cannot be read, such as '13/02/2011': 1 line."]


def test_dates_that_no_line_can_decide_are_refused_by_one_sentence_that_names_the_setting(read):
    with pytest.raises(ReadingError) as refusal:
        _moments(read, ["03/04/2011", "05/06/2011"])
    assert str(refusal.value) == (
        "The dates, such as '03/04/2011', can be read day first or month first and no line tells which; "
        "set Date order (reading.date_order) to day or month."
    )


def test_the_setting_decides_what_no_line_can(read):
    assert _moments(read, ["03/04/2011"], date_order="day")[0] == ["2011-04-03 00:00:00"]
    assert _moments(read, ["03/04/2011"], date_order="month")[0] == ["2011-03-04 00:00:00"]
    assert _moments(read, ["11-04-03"], date_order="year")[0] == ["2011-04-03 00:00:00"]


def test_dates_with_equal_day_and_month_need_no_decision(read):
    assert _moments(read, ["03/03/2011", "04/04/2011"])[0] == ["2011-03-03 00:00:00", "2011-04-04 00:00:00"]


def test_two_formats_in_one_column_are_both_read(read):
    found, facts = _moments(read, ["2010-12-31 10:00", "31/12/2010", "2010-12-30 10:00"])
    assert found == ["2010-12-31 10:00:00", "2010-12-31 00:00:00", "2010-12-30 10:00:00"]
    assert facts["interpretation"]["date_formats"] == ["Y-m-d H:M", "d/m/Y"]


def test_day_first_and_month_first_in_one_column_are_refused(read):
    with pytest.raises(ReadingError, match=r"Some dates are written day first .* and some month first"):
        _moments(read, ["12/31/2010", "31/12/2010", "30/12/2010"])


@pytest.mark.parametrize("written", ["31/02/2011 10:00", "2011-13-01", "1011-01-01", "0", "2011", "25:61", "yesterday"])
def test_what_is_no_date_is_none(read, written):
    found, facts = _moments(read, ["2010-12-31", "30/12/2010", written])
    assert found == ["2010-12-31 00:00:00", "2010-12-30 00:00:00", None]
    assert len(facts["warnings"]) == 1


def test_a_column_in_which_nothing_is_a_date_is_refused(read):
    with pytest.raises(ReadingError, match=r"'InvoiceDate' is headed like InvoiceDate, but .* such as 'soon'"):
        _moments(read, ["soon"])
    with pytest.raises(ReadingError, match="None of the dates, such as 'soon', is understood"):
        _moments(read, ["soon"], columns="InvoiceDate = InvoiceDate")
