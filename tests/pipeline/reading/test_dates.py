"""Dates are decided from the whole column, or refused; never guessed."""

import datetime as dt
import pickle

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import engine
from pipeline.errors import ReadingError, UndecidedError
from pipeline.reading import date_order
from pipeline.reading.contents import content, contradicts
from pipeline.reading.date_shapes import SPELLINGS
from pipeline.reading.dates import read_dates
from pipeline.reading.transactions import Reading, read_transactions
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
        (["31. Dezember 2011 08:26", "1. März 2011 8:26 Uhr"], ["2011-12-31 08:26:00", "2011-03-01 08:26:00"], None),
        (["31 décembre 2011 à 08h26", "1er août 2011"], ["2011-12-31 08:26:00", "2011-08-01 00:00:00"], None),
        (["31 de diciembre de 2011", "1 ene 2011"], ["2011-12-31 00:00:00", "2011-01-01 00:00:00"], ["d b Y"]),
        (["31 dicembre 2011", "2 gennaio 2011"], ["2011-12-31 00:00:00", "2011-01-02 00:00:00"], ["d b Y"]),
        (["31 december 2011", "2 mrt 2011"], ["2011-12-31 00:00:00", "2011-03-02 00:00:00"], ["d b Y"]),
        (["December 31st, 2011", "Mar 1, 2011 5:04 pm"], ["2011-12-31 00:00:00", "2011-03-01 17:04:00"], None),
        (["2011-Dec-31"], ["2011-12-31 00:00:00"], ["d b Y"]),
        (["20111231", "201101020304", "20110102T030405"], None, ["Ymd", "Ymd H:M", "Ymd H:M:S"]),
        (["40513.35", "40909"], ["2010-12-01 08:24:00", "2012-01-01 00:00:00"], ["40513.35"]),
        (["1293840000", "1293840000.5"], ["2011-01-01 00:00:00", "2011-01-01 00:00:00.500000"], ["1354320000"]),
        (["1293840000123"], ["2011-01-01 00:00:00.123000"], ["1354320000"]),
        (["2011-12-31T08:26:00.123456789+01:00"], ["2011-12-31 08:26:00.123456"], ["Y-m-d H:M:S"]),
        (["2011-12-31 08:26:00 -0500"], ["2011-12-31 08:26:00"], ["Y-m-d H:M:S"]),
        (["Fri, 31 Dec 2010 08:26:01 +0000"], ["2010-12-31 08:26:01"], ["d b Y H:M:S"]),
    ],
)
def test_dates_are_read_as_written(read, written, moments, formats):
    found, facts = _moments(read, written)
    assert moments is None or found == moments
    assert None not in found
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


def test_of_several_files_the_one_that_leaves_dates_open_is_named_and_the_question_stays_one(tmp_path):
    for name, date in (("clear.csv", "31/12/2010"), ("open.csv", "03/04/2011")):
        (tmp_path / name).write_text(HEADINGS + a_line(date=date))
    sources = [tmp_path / "clear.csv", tmp_path / "open.csv"]
    with pytest.raises(UndecidedError, match=r"^open\.csv: The dates, such as '03/04/2011'") as question:
        read_transactions(sources, Reading(), tmp_path / "rows", lambda *_: None)
    assert question.value.setting == "reading.date_order"
    assert pickle.loads(pickle.dumps(question.value)).options == question.value.options


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
    assert facts["interpretation"]["date_examples"] == ["2010-12-30 10:00", "31/12/2010"]


def test_every_shape_of_dates_has_an_example_of_the_file(read):
    for written in (["20111231", "201101020304", "20110102T030405"], ["40513.35", "40909"], ["1er août 2011"]):
        _, facts = _moments(read, written)
        examples = facts["interpretation"]["date_examples"]
        assert set(examples) <= set(written)
        assert len(examples) == len(facts["interpretation"]["date_formats"])


def test_day_first_and_month_first_in_one_column_are_refused(read):
    with pytest.raises(UndecidedError, match=r"Some dates are written day first .* and some month first") as refusal:
        _moments(read, ["12/31/2010", "31/12/2010", "30/12/2010"])
    assert refusal.value.setting == "reading.date_order"
    assert set(refusal.value.options) == {"day", "month"}


def test_day_first_and_month_first_are_both_read_where_their_signs_or_times_tell_them_apart(read):
    day_first = [f"{day}/06/2011 10:00" for day in range(10, 29)]
    found, _ = _moments(
        read, [*day_first, "03/04/2011 10:00", *(f"06/{day}/2011" for day in range(10, 29)), "03/04/2011"]
    )
    assert (found[19], found[-1]) == ("2011-04-03 10:00:00", "2011-03-04 00:00:00")
    found, facts = _moments(read, ["31/12/2010", "03/04/2011", "12-31-2010", "12-30-2010", "12-29-2010", "03-04-2011"])
    assert (found[1], found[-1]) == ("2011-04-03 00:00:00", "2011-03-04 00:00:00")
    assert facts["interpretation"]["date_formats"] == ["m-d-Y", "d/m/Y"]


def _column(texts, told="auto"):
    """Each text as it is read, and the reading."""
    with engine.connection() as duck:
        numbered = dict(enumerate(texts))
        columns = "unnest(?::INTEGER[]) AS place, unnest(?::VARCHAR[]) AS text"
        duck.execute(f"CREATE TEMP TABLE listed AS SELECT {columns}", [list(numbered), list(numbered.values())])
        duck.execute("CREATE TEMP TABLE date_texts AS SELECT text, count(*) AS lines FROM listed GROUP BY text")
        found = read_dates(duck, "date_texts", told, "SELECT place, text FROM listed")
        return dict(duck.execute("SELECT text, moment FROM dates").fetchall()), found


def _days(first, count, step=1):
    return [dt.date.fromisoformat(first) + dt.timedelta(days=step * number) for number in range(count)]


def test_the_order_of_the_file_decides_what_no_day_above_twelve_does_and_that_is_said():
    ordered = [day for day in _days("2010-01-01", 365) if day.day <= 12]
    found, reading = _column(f"{day:%m/%d/%Y}" for day in ordered)
    assert set(found.values()) == {dt.datetime.combine(day, dt.time()) for day in ordered}
    assert reading.notes == (
        "Dates such as '01/01/2010' are read month first, because the file is then in order of time, which it is not "
        "the other way round.",
    )
    shuffled = ordered[::3] + ordered[1::3] + ordered[2::3]
    with pytest.raises(UndecidedError):
        _column(f"{day:%d/%m/%Y}" for day in shuffled)


def test_dates_that_would_still_be_to_come_are_read_the_other_way_round(monkeypatch):
    monkeypatch.setattr(date_order, "today", lambda: dt.date(2011, 3, 1))
    _, reading = _column(f"02/{day:02}/2011" for day in range(1, 13))
    assert reading.order == "month"
    assert "the other way round some of them are still to come" in reading.notes[0]
    monkeypatch.setattr(date_order, "today", lambda: dt.date(2012, 3, 1))
    with pytest.raises(UndecidedError):
        _column(f"02/{day:02}/2011" for day in range(1, 13))


def test_a_shop_that_is_closed_on_one_day_of_the_week_tells_the_order():
    open_days = [day for day in _days("2008-01-01", 1000) if day.day <= 12 and day.weekday() != 6]
    _, reading = _column(f"{day:%d/%m/%Y}" for day in open_days[::2] + open_days[1::2])
    assert reading.order == "day"
    assert "closed on one day of every week" in reading.notes[0]


def test_years_in_two_digits_stand_first_where_the_last_part_runs_through_the_month(read):
    found, _ = _moments(read, [f"11-03-{day:02}" for day in range(1, 31)])
    assert (found[0], found[-1]) == ("2011-03-01 00:00:00", "2011-03-30 00:00:00")


def test_excels_days_since_1904_are_told_from_those_since_1900_by_dates_beside_them(read):
    found, facts = _moments(read, ["2011-12-30", "2011-12-31", "40513"])
    assert found[2] == "2010-12-01 00:00:00"
    assert facts["warnings"] == ["Dates that are numbers, such as 40513, are read as Excel's days since 1900."]
    found, facts = _moments(read, ["2011-12-30", "2011-12-31", "39446"])
    assert found[2] == "2011-12-31 00:00:00"
    assert facts["warnings"] == ["Dates that are numbers, such as 39446, are read as Excel's days since 1904."]


def test_time_zones_are_left_out_and_that_is_said(read):
    found, facts = _moments(read, ["2011-12-31 23:30:00 +0100", "2011-12-31 23:30:00 +0200", "2011-12-31 23:30:00Z"])
    assert found == ["2011-12-31 23:30:00"] * 3
    assert facts["warnings"] == [
        "Times are kept as the clock showed them; their time zones (+0100, +0200) are left out."
    ]


def test_months_are_known_by_their_names_and_by_what_these_are_cut_short_to():
    known = {"okt": 10, "dec": 12, "dez": 12, "dic": 12, "mai": 5, "mei": 5, "ago": 8, "aout": 8, "juin": 6, "juil": 7}
    assert {name: SPELLINGS[name] for name in known} == known
    assert "jui" not in SPELLINGS  # juin or juillet


def _unpadded(pattern):
    return lambda moment: pattern.format(m=moment)


FORMATS = {
    "iso": _unpadded("{m:%Y-%m-%d %H:%M:%S}"),
    "iso T": _unpadded("{m:%Y-%m-%dT%H:%M:%S}Z"),
    "iso with zone": _unpadded("{m:%Y-%m-%dT%H:%M:%S}+05:30"),
    "year, slashes": _unpadded("{m.year}/{m.month}/{m.day} {m:%H:%M:%S}"),
    "day, slashes": _unpadded("{m:%d/%m/%Y %H:%M:%S}"),
    "day, dots": _unpadded("{m.day}.{m.month}.{m.year} {m:%H:%M:%S}"),
    "day, dashes": _unpadded("{m:%d-%m-%Y %H:%M:%S}"),
    "day, two-digit year": _unpadded("{m:%d/%m/%y %H:%M:%S}"),
    "month, slashes": _unpadded("{m.month}/{m.day}/{m.year} {m.hour}:{m:%M:%S}"),
    "month, dashes": _unpadded("{m:%m-%d-%Y %H:%M:%S}"),
    "month, two-digit year": _unpadded("{m.month}/{m.day}/{m:%y %H:%M:%S}"),
    "month, twelve hours": _unpadded("{m:%m/%d/%Y %I:%M:%S %p}"),
    "month by name": _unpadded("{m:%d-%b-%Y %H:%M:%S}"),
    "month by name, first": _unpadded("{m:%B} {m.day}, {m.year} {m:%I:%M:%S %p}"),
    "weekday": _unpadded("{m:%a, %d %b %Y %H:%M:%S} +0000"),
    "compact": _unpadded("{m:%Y%m%d%H%M%S}"),
    "serial": lambda moment: f"{(moment - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1):.8f}",
    "epoch": lambda moment: str(int((moment - dt.datetime(1970, 1, 1)).total_seconds())),
    "epoch, milliseconds": lambda moment: str(int((moment - dt.datetime(1970, 1, 1)).total_seconds()) * 1000),
}
MOMENTS = st.datetimes(dt.datetime(2002, 1, 1), dt.datetime(2030, 12, 31)).map(lambda each: each.replace(microsecond=0))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(FORMATS)), st.lists(MOMENTS, min_size=1, max_size=20, unique=True))
def test_any_moments_in_any_format_are_read_as_they_were(name, moments):
    clear = [dt.datetime(2011, 1, day) for day in range(13, 26)]
    written = {FORMATS[name](moment): moment for moment in [*moments, *clear]}
    found, reading = _column(written)
    assert found == written
    assert reading.unreadable_lines == 0


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_read_as_dates_looks_like_dates_when_columns_are_recognised(name):
    column = content([FORMATS[name](dt.datetime(2011, 1, day, 9, 5)) for day in range(1, 28)])
    assert contradicts("InvoiceDate", column) == ""
    assert max(column.dates, column.serials) == 1


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
