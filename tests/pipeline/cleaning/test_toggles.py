"""Each rule beyond the five basic ones takes what it says, and nothing else."""

import datetime as dt

import pytest

from pipeline import formats
from pipeline.cleaning.settings import Cleaning
from pipeline.errors import SettingError
from tests.pipeline.cleaning.given import A_LINE, NOON, STAYS, cleaned, later


def _rules(dropped):
    return dropped["Rule"].tolist()


def test_exact_duplicates_count_once_and_what_differs_in_one_column_stays():
    lines = [A_LINE, A_LINE, A_LINE, {"Quantity": 7.0}, {"Description": None}, {"Description": None}]
    table, _, dropped = cleaned(lines, duplicates=True)
    assert table["Line"].tolist() == [2, 5, 6]
    assert _rules(dropped) == ["duplicates"] * 3
    assert len(cleaned(lines).table) == 6


def test_rows_of_overlapping_files_count_as_often_as_in_the_file_that_has_them_most_often():
    twice_in_b = [{"File": "a.csv"}, {"File": "b.csv"}, {"File": "b.csv"}]
    only_in_a = [{"File": "a.csv", "InvoiceNo": "2"}] * 2
    table, facts, dropped = cleaned([*twice_in_b, *only_in_a], overlap="once")
    assert sorted(zip(table["File"], table["Line"], strict=True)) == [
        ("a.csv", 5),
        ("a.csv", 6),
        ("b.csv", 3),
        ("b.csv", 4),
    ]
    assert _rules(dropped) == ["overlap"]
    assert facts["ledger"][0]["rule"] == "overlap"


def test_an_overlap_is_noticed_whatever_the_setting_is():
    lines = [{"File": "a.csv"}, {"File": "b.csv"}, *STAYS]
    told = [cleaned(lines, overlap=value).facts["warnings"][0] for value in ("keep", "once")]
    assert told == [
        "The files overlap: 1 row stands in more than one of them, used or not, and counts each time, unless "
        "cleaning counts it once.",
        "The files overlap: 1 row stands in more than one of them, used or not, and counts once.",
    ]


@pytest.mark.parametrize(
    ("code", "is_product"),
    [
        ("POST", False),
        ("m", False),
        ("M", False),
        ("bank charges", False),
        ("gift_0001_80", False),
        ("DCGS0076", True),
        ("POSTCARD", True),
        ("85123A", True),
        (None, True),
    ],
)
def test_codes_on_the_list_are_no_products(code, is_product):
    table, _, dropped = cleaned([{"StockCode": code}, *STAYS], non_products=True)
    assert len(table) == len(STAYS) + is_product
    assert _rules(dropped) == [] if is_product else ["non_products"]


def test_the_list_of_codes_is_a_setting_and_an_entry_that_takes_everything_is_refused():
    table, _, _ = cleaned([{"StockCode": "a.b"}, {"StockCode": "axb"}], non_products=True, non_product_codes="A.B")
    assert table["StockCode"].tolist() == ["axb"]
    assert len(cleaned([A_LINE], non_products=True, non_product_codes=" ").table) == 1
    with pytest.raises(SettingError, match="stands for every product"):
        Cleaning(non_product_codes="POST, *")


def test_a_single_order_years_away_is_left_out_and_a_pause_of_a_year_is_not():
    days = [{"InvoiceNo": str(number), "InvoiceDate": later(days=number)} for number in range(30)]
    typo = {"InvoiceNo": "99", "InvoiceDate": dt.datetime(2099, 1, 1)}
    table, facts, dropped = cleaned([*days, typo], implausible_dates=True)
    assert (len(table), _rules(dropped)) == (30, ["implausible_dates"])
    assert facts["span"]["last"] == "2011-04-02"
    again = [{"InvoiceNo": f"b{number}", "InvoiceDate": later(days=400 + number)} for number in range(30)]
    assert len(cleaned([*days, *again], implausible_dates=True).table) == 60
    kept = cleaned([*days, typo], implausible_dates=True, implausible_days=3650, free_goods=True)
    assert len(kept.table) == 30


def test_an_implausible_date_that_is_left_in_is_warned_of_with_the_way_to_leave_it_out():
    days = [{"InvoiceNo": str(number), "InvoiceDate": later(days=number)} for number in range(30)]
    facts = cleaned([*days, {"InvoiceNo": "99", "InvoiceDate": dt.datetime(1900, 1, 1)}]).facts
    assert len(facts["warnings"]) == 1
    day, far = formats.date("1900-01-01"), formats.days(40_604)
    assert facts["warnings"][0].startswith(f"The first day, {day}, is {far} away from the next one")
    assert "leave" in facts["warnings"][0]


def test_the_data_end_with_the_last_full_month_where_that_is_asked_for():
    lines = [{"InvoiceDate": day} for day in (dt.datetime(2011, 2, 28), NOON)]
    table, facts, dropped = cleaned(lines, partial_month=True)
    assert table["Line"].tolist() == [2]
    assert _rules(dropped) == ["partial_month"]
    assert facts["last_month"] == {
        "month": "2011-03",
        "days_traded": 1,
        "last_day": "2011-03-04",
        "is_partial": True,
        "last_full_month": "2011-02",
    }
    whole = [{"InvoiceDate": dt.datetime(2011, 2, 27)}, {"InvoiceDate": dt.datetime(2011, 3, 29)}]
    assert len(cleaned(whole, partial_month=True).table) == 2


def test_free_goods_are_kept_of_who_paid_for_something_and_add_an_order_but_no_money():
    free = {"UnitPrice": 0.0, "InvoiceNo": "free"}
    lines = [A_LINE, free, free | {"CustomerID": "only gifts"}, free | {"CustomerID": None}, free | {"Quantity": -1.0}]
    table, facts, dropped = cleaned(lines, free_goods=True)
    assert table["Line"].tolist() == [2, 3]
    assert (facts["invoices"], facts["customers"], facts["money"]) == (2, 1, 20.34)
    assert _rules(dropped) == ["free_goods", "customer", "quantity"]
    assert _rules(cleaned(lines).dropped) == ["price", "price", "customer", "quantity"]


def test_free_goods_of_who_returned_all_that_was_paid_for_are_dropped():
    back = {"Quantity": -6.0, "InvoiceDate": later(days=1)}
    others = [line | {"CustomerID": "b"} for line in STAYS]
    lines = [A_LINE, {"UnitPrice": 0.0}, back, *others]
    assert cleaned(lines, free_goods=True, cancellations="net").table["CustomerID"].unique().tolist() == ["b"]


def test_dropped_rows_stand_as_they_were_read_each_with_its_rule_and_reason():
    odd = {"CustomerID": " Guest ", "Country": "Unspecified", "Quantity": -2.0}
    _, _, dropped = cleaned([odd, A_LINE, {"UnitPrice": None}, {"Quantity": -2.0}])
    assert dropped.columns[:4].tolist() == ["File", "Line", "Rule", "Reason"]
    assert dropped[["Line", "Rule", "Reason"]].values.tolist() == [
        [2, "customer", "no CustomerID"],
        [4, "price", "the UnitPrice is 0 or less, missing, unreadable or too large"],
        [5, "quantity", "a cancellation or return"],
    ]
    assert dropped.loc[0, ["CustomerID", "Country", "Quantity"]].tolist() == [" Guest ", "Unspecified", -2.0]
