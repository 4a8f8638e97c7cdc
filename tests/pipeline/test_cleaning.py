"""The ledger reconciles to the last digit, whatever the lines are and in whatever order they stand."""

import datetime as dt
import random
import tempfile
from decimal import Decimal, localcontext
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import engine
from pipeline.cleaning import RULES, Cleaning, clean
from pipeline.errors import NotEnoughDataError
from pipeline.reading.transactions import Reading, read_transactions

COLUMNS = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
NOON = dt.datetime(2011, 3, 4, 12)
A_LINE = {
    "InvoiceNo": "536365",
    "StockCode": "71053",
    "Description": "LANTERN",
    "Quantity": 6.0,
    "InvoiceDate": NOON,
    "UnitPrice": 3.39,
    "CustomerID": "17850",
    "Country": "United Kingdom",
}


def _clean(lines, **chosen):
    """The usable lines and the facts of lines given as dicts; what a dict leaves out is as in `A_LINE`."""
    table = pd.DataFrame([A_LINE | line for line in lines], columns=COLUMNS)
    table = table.astype({"Quantity": "float64", "UnitPrice": "float64", "InvoiceDate": "datetime64[us]"})
    table = table.astype(dict.fromkeys(("InvoiceNo", "CustomerID", "Country"), "str"))
    table.insert(0, "Line", range(2, len(table) + 2))
    table.insert(0, "File", "shop.csv")
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "transactions", Path(folder) / "clean"
        engine.write_parquet(table, source)
        facts = clean(source, Cleaning(**chosen), target, lambda *_: None)
        assert sorted(path.name for path in Path(folder).iterdir()) == ["clean", "transactions"]
        return engine.read_parquet(target), facts


LINES = st.lists(
    st.fixed_dictionaries(
        {
            "InvoiceNo": st.sampled_from(["1", "2", "3", "C4"]),
            "Quantity": st.sampled_from([-6.0, 0.0, 1.0, 2.5, 0.001, None, 1e11]),
            "UnitPrice": st.sampled_from([-1.0, 0.0, 0.1, 3.39, 0.000001, None, 1e11]),
            "InvoiceDate": st.sampled_from([NOON, NOON + dt.timedelta(days=3), None]),
            "CustomerID": st.sampled_from(["a", "b", "c", " a ", "", "NULL", None]),
            "Country": st.sampled_from(["United Kingdom", " France ", "Unspecified", "", None]),
        }
    ),
    max_size=30,
)


def _money(lines):
    worth = (Decimal(str(x["Quantity"])) * Decimal(str(x["UnitPrice"])) for x in lines if None not in _numbers(x))
    with localcontext(prec=60):  # Python's usual 28 digits are fewer than the money of hypothesis has
        return sum(worth, Decimal(0))


def _numbers(line):
    return line["Quantity"], line["UnitPrice"]


def _customer(line):
    name = (line["CustomerID"] or "").strip()
    return name if name not in ("", "NULL") else None


KEPT = {
    "customer": _customer,
    "quantity": lambda line: (line["Quantity"] or 0) > 0,
    "price": lambda line: (line["UnitPrice"] or 0) > 0,
    "date": lambda line: line["InvoiceDate"] is not None,
    "country": lambda line: True,
}


@settings(deadline=None, max_examples=60)
@given(lines=LINES)
def test_each_rule_takes_what_it_says_and_before_less_dropped_is_after(lines):
    _, facts = _clean([*lines, A_LINE])
    left = [*lines, A_LINE]
    for line, (rule, keeps) in zip(facts["ledger"], KEPT.items(), strict=True):
        assert line["rule"] == rule
        for when in ("before", "after"):
            assert line[f"rows_{when}"] == len(left)
            assert line[f"customers_{when}"] == len({_customer(each) for each in left} - {None})
            assert line[f"invoices_{when}"] == len({each["InvoiceNo"] for each in left})
            assert Decimal(line[f"money_{when}_exact"]) == _money(left)
            assert line[f"money_{when}"] == float(_money(left))
            left = [each for each in left if keeps(each)]
    assert (facts["rows"], Decimal(facts["money_exact"])) == (len(left), _money(left))


def test_very_large_money_loses_none_of_its_places():
    huge, tiny = {"Quantity": 1e11, "UnitPrice": 1e11}, {"Quantity": 0.001, "UnitPrice": 0.000001}
    _, facts = _clean([huge, tiny, {"Quantity": 1.0, "UnitPrice": -1.0}])
    assert facts["ledger"][0]["money_before_exact"] == "9999999999999999999999.000000001"
    assert facts["money_exact"] == "10000000000000000000000.000000001"


@settings(deadline=None, max_examples=30)
@given(lines=LINES, seed=st.integers(0, 99))
def test_the_order_of_lines_changes_nothing(lines, seed):
    lines = [*lines, A_LINE]
    shuffled = random.Random(seed).sample(lines, len(lines))
    assert _clean(lines)[1] == _clean(shuffled)[1]


def test_what_is_left_has_total_price_and_known_countries_only():
    lines = [{"Country": country} for country in (" France ", "Unspecified", "european community", "", None)]
    table, facts = _clean([*lines, {"CustomerID": None}])
    assert table["Country"].fillna("none").tolist() == ["France", "none", "none", "none", "none"]
    assert table["TotalPrice"].tolist() == [20.34] * 5
    assert list(table.columns) == ["File", "Line", *COLUMNS, "TotalPrice"]
    assert facts["ledger"][-1]["changed"] == 2
    assert facts["span"] == {"first": "2011-03-04", "last": "2011-03-04"}


def test_which_words_mean_nothing_is_a_setting():
    lines = [{"Country": "Atlantis"}, {"CustomerID": "till 1"}]
    table, _ = _clean(lines, missing_countries="atlantis", missing_customers="Till 1")
    assert table["Country"].isna().tolist() == [True]
    table, _ = _clean([{"Country": "Unspecified"}], missing_countries="")
    assert table["Country"].tolist() == ["Unspecified"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({"Quantity": -6.0}, "3 have a Quantity that is 0 or less (such as cancellations), missing, "),
        ({"CustomerID": None}, "3 have no CustomerID"),
        ({"UnitPrice": 0.0}, "3 have a UnitPrice that is 0 or less, missing, unreadable or too large"),
        ({"UnitPrice": None}, "3 have a UnitPrice that is 0 or less, missing, unreadable or too large"),
        ({"InvoiceDate": None}, "3 have no readable InvoiceDate"),
    ],
)
def test_a_file_of_which_nothing_is_left_is_refused_by_naming_the_rule_that_took_it(line, reason):
    with pytest.raises(NotEnoughDataError) as refusal:
        _clean([line] * 3)
    assert str(refusal.value).startswith(f"None of the 3 lines is a purchase that can be counted: {reason}")


def test_many_lines_without_a_customer_are_warned_of_in_lines_and_money():
    _, facts = _clean([{}] * 3 + [{"CustomerID": None, "Quantity": 18.0}])
    assert facts["warnings"] == [
        "25.0 % of the lines, with 50.0 % of the revenue, have no CustomerID: the segments do not cover them."
    ]


def test_lines_without_a_price_and_cancellations_are_warned_of_as_shares():
    _, facts = _clean([{}] * 3 + [{"UnitPrice": None}])
    assert facts["warnings"] == [
        "25.0 % of the lines have a UnitPrice that is 0 or less, missing, unreadable or too large, and were dropped."
    ]
    _, facts = _clean([{}] * 8 + [{"Quantity": -6.0}])
    assert facts["warnings"] == [
        "Cancellations worth 12.5 % of the revenue that counts were dropped, but the purchases that they cancel still "
        "count."
    ]


def test_a_day_far_from_all_others_is_warned_of():
    days = [NOON + dt.timedelta(days=number) for number in range(30)]
    _, facts = _clean([{"InvoiceDate": day} for day in [*days, NOON.replace(year=2021)]])
    assert len(facts["warnings"]) == 1
    assert facts["warnings"][0].startswith("The last day, 2021-03-04, is 3624 days away from the next one")
    assert _clean([{"InvoiceDate": day} for day in days])[1]["warnings"] == []


def test_the_ledger_has_a_line_for_each_rule_in_order():
    assert [line["rule"] for line in _clean([A_LINE])[1]["ledger"]] == list(RULES)


@pytest.fixture(scope="module")
def cleaned(online_retail, tmp_path_factory):
    folder = tmp_path_factory.mktemp("clean")
    read_transactions(online_retail, Reading(), folder / "transactions", lambda *_: None)
    return folder / "clean", clean(folder / "transactions", Cleaning(), folder / "clean", lambda *_: None)


def test_the_known_truth_of_the_real_file(cleaned):
    facts = cleaned[1]
    assert (facts["rows"], facts["customers"], facts["invoices"]) == (397_884, 4_338, 18_532)
    assert (facts["money_exact"], facts["money"]) == ("8911407.904", 8_911_407.904)
    assert facts["span"] == {"first": "2010-12-01", "last": "2011-12-09"}
    dropped = {line["rule"]: line["rows_before"] - line["rows_after"] for line in facts["ledger"]}
    assert dropped == {"customer": 135_080, "quantity": 8_905, "price": 40, "date": 0, "country": 0}
    assert facts["ledger"][0]["money_before_exact"] == "9747747.934"
    assert facts["warnings"][0].startswith("24.9 % of the lines, with 16.5 % of the revenue, have no CustomerID")


def test_the_real_files_usable_lines_are_those_that_plain_pandas_keeps(cleaned, online_retail):
    plain = pd.read_csv(online_retail, dtype={"CustomerID": str, "InvoiceNo": str}, parse_dates=["InvoiceDate"])
    plain = plain[plain["CustomerID"].notna() & (plain["Quantity"] > 0) & (plain["UnitPrice"] > 0)]
    table = engine.read_parquet(cleaned[0])
    assert table["Line"].tolist() == (plain.index + 2).tolist()
    assert table["CustomerID"].tolist() == plain["CustomerID"].str.removesuffix(".0").tolist()
    assert (table["InvoiceDate"].to_numpy() == plain["InvoiceDate"].to_numpy()).all()
    assert (table["TotalPrice"].to_numpy() - (plain["Quantity"] * plain["UnitPrice"]).to_numpy()).max() < 1e-9
