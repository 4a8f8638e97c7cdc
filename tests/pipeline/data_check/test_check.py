"""The data check tells of shops of which everything is known."""

import datetime as dt
from contextvars import copy_context
from decimal import Decimal

import pandas as pd
import pytest

from pipeline import engine, formats
from pipeline.data_check import sentences
from pipeline.data_check.check import check
from pipeline.data_check.enough import Asked, Size, parts

GUESTS = {"without_customer": {"rows_share": 0.25, "revenue_share": 0.125}}


def _checked(orders, folder):
    """Facts, months and weekdays of orders given as (customer, day, money)."""
    lines = pd.DataFrame(
        {
            "CustomerID": [customer for customer, _, _ in orders],
            "InvoiceNo": [str(number) for number in range(len(orders))],
            "InvoiceDate": pd.to_datetime([day for _, day, _ in orders]).astype("datetime64[us]"),
            "TotalPrice": [Decimal(money) for _, _, money in orders],
        }
    )
    engine.write_parquet(lines, folder / "lines")
    facts = check(folder / "lines", GUESTS, "EUR", Asked(182.6, 4), folder, lambda *_: None)
    tables = [engine.read_parquet(folder / name) for name in ("months", "weekdays")]
    told = sentences.told(facts, *tables)
    return facts | {"sentences": [plain(sentence) for sentence in told["sentences"]]}, *tables


def plain(sentence):
    return sentence.replace("\N{NO-BREAK SPACE}", " ")


def _daily(first, last, money="10"):
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    return [(str(number % 7), day, money) for number, day in enumerate(days)]


def test_months_hold_their_revenue_orders_buyers_and_who_is_new(tmp_path):
    orders = [
        *(("a", dt.date(2023, 1, day), "10") for day in range(1, 31)),
        ("b", dt.date(2023, 1, 31), "5.50"),
        ("b", dt.date(2023, 3, 1), "7"),
        ("c", dt.date(2023, 3, 2), "1"),
    ]
    _, months, _ = _checked(orders, tmp_path)
    assert months["Month"].tolist() == ["2023-01", "2023-02", "2023-03"]
    assert months["revenue"].tolist() == [305.5, 0.0, 8.0]
    assert months["orders"].tolist() == [31, 0, 2]
    assert months["buyers"].tolist() == [2, 0, 2]
    assert months["new_buyers"].tolist() == [2, 0, 1]
    assert months["days_traded"].tolist() == [31, 0, 2]
    assert months["partial"].tolist() == [False, False, True]


def test_a_file_that_begins_and_ends_within_a_month_has_both_marked(tmp_path):
    facts, months, _ = _checked(_daily(dt.date(2023, 1, 10), dt.date(2023, 4, 20)), tmp_path)
    assert months["partial"].tolist() == [True, False, False, True]
    assert facts["last_month"] == {
        "month": "2023-04",
        "days_traded": 20,
        "last_day": "2023-04-20",
        "is_partial": True,
        "last_full_month": "2023-03",
    }
    assert (
        "The last month, Apr 2023, ends early with 20 days of trade; the last full month is Mar 2023."
        in (facts["sentences"])
    )


def test_growth_compares_the_same_season_where_there_are_two(tmp_path):
    first_year = _daily(dt.date(2022, 1, 1), dt.date(2022, 12, 31), "10")
    facts, _, _ = _checked([*first_year, *_daily(dt.date(2023, 1, 1), dt.date(2023, 12, 31), "15")], tmp_path)
    assert facts["growth"]["same_season"]
    assert facts["growth"]["last"] == ["2023-10", "2023-12"]
    assert facts["growth"]["before"] == ["2022-10", "2022-12"]
    assert facts["growth"]["change"] == pytest.approx(0.5)
    assert "Revenue of Oct 2023 to Dec 2023 is up 50 % on Oct 2022 to Dec 2022." in facts["sentences"]


def test_growth_within_a_year_is_said_to_be_season_too_and_of_a_few_months_is_not_told(tmp_path):
    facts, _, _ = _checked(_daily(dt.date(2023, 1, 1), dt.date(2023, 6, 30)), tmp_path)
    assert not facts["growth"]["same_season"]
    assert any("too short to tell growth from the season" in sentence for sentence in facts["sentences"])
    facts, _, _ = _checked(_daily(dt.date(2023, 1, 1), dt.date(2023, 4, 30)), tmp_path)
    assert facts["growth"] is None


def test_gaps_closed_weekdays_and_who_comes_back_are_found(tmp_path):
    days = [day for _, day, _ in _daily(dt.date(2023, 1, 2), dt.date(2023, 3, 31)) if day.weekday() < 6]
    open_days = [day for day in days if not dt.date(2023, 2, 6) <= day <= dt.date(2023, 2, 18)]
    orders = [("loyal" if day.day % 2 else day.isoformat(), day, "10") for day in open_days]
    facts, _, weekdays = _checked(orders, tmp_path)
    assert facts["gaps"] == [{"first": "2023-02-05", "last": "2023-02-19", "days": 15}]
    assert weekdays["days_traded"].tolist()[-1] == 0
    assert any("nothing is sold on Sundays" in sentence for sentence in facts["sentences"])
    once = sum(not day.day % 2 for day in open_days)
    assert facts["repeat_rate"] == pytest.approx(1 / (once + 1))


def test_concentration_is_the_share_of_the_largest_buyers(tmp_path):
    orders = [(str(number), dt.date(2023, 1, 1), "1000" if number == 0 else "1") for number in range(100)]
    facts, _, _ = _checked(orders, tmp_path)
    assert facts["concentration"] == {"0.01": 1000 / 1099, "0.2": 1019 / 1099}
    assert facts["sentences"][-1] == "The top 1 % of the buyers bring 91 % of the revenue, the top 20 % bring 93 %."


@pytest.mark.parametrize(
    ("size", "enough"),
    [
        (Size(4338, 1916, 374), [True, True, True, True]),
        (Size(99, 99, 1000), [False, False, False, True]),
        (Size(100, 99, 1000), [True, True, False, True]),
        (Size(500, 100, 180), [True, True, True, True]),
        (Size(499, 100, 180), [True, True, False, True]),
        (Size(500, 99, 180), [True, True, False, True]),
        (Size(500, 100, 179), [True, True, False, True]),
        (Size(500, 100, 60), [True, True, False, False]),
        (Size(0, 0, 1), [False, False, False, False]),
    ],
)
def test_each_part_has_its_thresholds(size, enough):
    found = parts(size, Asked(182.6, 4))
    assert [part["enough"] for part in found] == enough
    assert all(part["sentence"].endswith(".") for part in found)


@pytest.mark.parametrize("tests", [3, 4, 5])
def test_no_more_past_tests_are_promised_than_are_made(tests):
    found = parts(Size(5000, 2000, 1500), Asked(182.6, tests))
    assert f"1,500 days allow {tests} past tests" in found[-1]["sentence"]


def test_amounts_and_days_are_written_for_people_and_sales_of_nobody_say_how_they_are_counted():
    facts = {
        "span": {"first": "2010-12-01", "last": "2011-12-09", "days": 374},
        "revenue": 8_911_407.904,
        "currency": "GBP",
        "buyers": 4338,
        "orders": 18532,
        "repeat_rate": 0.643,
        "without_customer": {"rows_share": 0.249, "revenue_share": 0.165},
    }
    size, _ = sentences._size(facts)
    assert size.replace("\N{NO-BREAK SPACE}", " ") == (
        "4,338 buyers with 18,532 orders worth £8,911,407.90 in 374 days, 1 Dec 2010 to 9 Dec 2011."
    )
    assert [plain(sentence) for sentence in sentences._missing(facts)] == [
        "24.9 % of the rows and 16.5 % of all sales belong to no known customer; sales are counted before "
        "cancellations here, after them in the ledger."
    ]


def test_the_sentences_are_in_the_numbers_and_months_of_whoever_reads_them(tmp_path):
    first_year = _daily(dt.date(2022, 1, 1), dt.date(2022, 12, 31), "10")
    facts, *tables = _checked([*first_year, *_daily(dt.date(2023, 1, 1), dt.date(2023, 12, 20), "15")], tmp_path)

    def read_in_german():
        formats.write_numbers_as("de")
        return sentences.told(facts, *tables)

    told = copy_context().run(read_in_german)
    whole = plain(" ".join([*told["sentences"], *(part["sentence"] for part in told["parts"])]))
    for words in (
        "8.960,00 €",
        "01.01.2022 to 20.12.2023",
        "the last full month is Nov. 2023",
        "100 % of the buyers",
    ):
        assert words in whole, whole
