"""The ledger reconciles to the last digit, whatever the lines are and in whatever order they stand."""

import datetime as dt
import random
from decimal import Decimal

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pipeline import formats
from pipeline.errors import NotEnoughDataError
from tests.pipeline.cleaning.given import A_LINE, COLUMNS, LINES, NOON, SETTINGS, STAYS, TRADE, cleaned, worth

BASIC = ["customer", "quantity", "price", "date", "country"]
QUICK = (Phase.explicit, Phase.generate)  # a case of a few lines needs no shrinking, which takes minutes here


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


@settings(deadline=None, max_examples=6, phases=QUICK)
@given(lines=LINES)
def test_each_rule_takes_what_it_says_and_before_less_dropped_is_after(lines):
    _, facts, _ = cleaned([*lines, A_LINE])
    left = [*lines, A_LINE]
    for line, (rule, keeps) in zip(facts["ledger"], KEPT.items(), strict=True):
        assert line["rule"] == rule
        for when in ("before", "after"):
            assert line[f"rows_{when}"] == len(left)
            assert line[f"customers_{when}"] == len({_customer(each) for each in left} - {None})
            assert line[f"invoices_{when}"] == len({each["InvoiceNo"] for each in left})
            assert Decimal(line[f"money_{when}_exact"]) == worth(left)
            assert line[f"money_{when}"] == float(worth(left))
            left = [each for each in left if keeps(each)]
    assert (facts["rows"], Decimal(facts["money_exact"])) == (len(left), worth(left))


def test_very_large_money_loses_none_of_its_places():
    huge, tiny = {"Quantity": 1e11, "UnitPrice": 1e11}, {"Quantity": 0.001, "UnitPrice": 0.000001}
    _, facts, _ = cleaned([huge, tiny, {"Quantity": 1.0, "UnitPrice": -1.0}])
    assert facts["ledger"][0]["money_before_exact"] == "9999999999999999999999.000000001"
    assert facts["money_exact"] == "10000000000000000000000.000000001"


@settings(deadline=None, max_examples=4, phases=QUICK)
@given(lines=LINES, seed=st.integers(0, 99))
def test_the_order_of_lines_changes_nothing(lines, seed):
    lines = [*lines, A_LINE]
    shuffled = random.Random(seed).sample(lines, len(lines))
    assert cleaned(lines)[1] == cleaned(shuffled)[1]


def test_what_is_left_has_total_price_and_known_countries_only():
    lines = [{"Country": country} for country in (" France ", "Unspecified", "european community", "", None)]
    table, facts, _ = cleaned([*lines, {"CustomerID": None}])
    assert table["Country"].fillna("none").tolist() == ["France", "none", "none", "none", "none"]
    assert table["TotalPrice"].tolist() == [20.34] * 5
    assert list(table.columns) == ["File", "Line", *COLUMNS, "TotalPrice"]
    assert facts["ledger"][-1]["changed"] == 2
    assert facts["span"] == {"first": "2011-03-04", "last": "2011-03-04"}


def test_which_words_mean_nothing_is_a_setting():
    lines = [{"Country": "Atlantis"}, {"CustomerID": "till 1"}]
    table, _, _ = cleaned(lines, missing_countries="atlantis", missing_customers="Till 1")
    assert table["Country"].isna().tolist() == [True]
    table, _, _ = cleaned([{"Country": "Unspecified"}], missing_countries="")
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
        cleaned([line] * 3)
    assert str(refusal.value).startswith(f"None of the 3 lines is a purchase that can be counted: {reason}")


def test_many_lines_without_a_customer_are_warned_of_in_lines_andworth():
    _, facts, _ = cleaned([{}] * 3 + [{"CustomerID": None, "Quantity": 18.0}])
    assert facts["warnings"] == [
        "25.0 % of the lines, with 50.0 % of all sales before cancellations, have no CustomerID: the segments do not "
        "cover them."
    ]


def test_lines_without_a_price_and_cancellations_are_warned_of_as_shares():
    _, facts, _ = cleaned([{}] * 3 + [{"UnitPrice": None}])
    assert facts["warnings"] == [
        "25.0 % of the lines have a UnitPrice that is 0 or less, missing, unreadable or too large, and were dropped."
    ]
    _, facts, _ = cleaned([{}] * 8 + [{"Quantity": -6.0}])
    assert facts["warnings"] == [
        "Cancellations worth 12.5 % of the revenue that counts were dropped, but the purchases that they cancel still "
        "count, unless cleaning takes them off."
    ]


def test_a_day_far_from_all_others_is_warned_of():
    days = [NOON + dt.timedelta(days=number) for number in range(30)]
    _, facts, _ = cleaned([{"InvoiceDate": day} for day in [*days, NOON.replace(year=2021)]])
    assert len(facts["warnings"]) == 1
    day, far = formats.date("2021-03-04"), formats.days(3_624)
    assert facts["warnings"][0].startswith(f"The last day, {day}, is {far} away from the next one")
    assert cleaned([{"InvoiceDate": day} for day in days])[1]["warnings"] == []


def test_the_ledger_has_a_line_for_each_rule_in_order():
    assert [line["rule"] for line in cleaned([A_LINE])[1]["ledger"]] == BASIC


@settings(deadline=None, max_examples=6, phases=QUICK)
@given(lines=TRADE, chosen=SETTINGS)
def test_whatever_is_turned_on_each_line_of_the_ledger_goes_on_where_the_last_one_ended(lines, chosen):
    lines = [*lines, *STAYS]
    table, facts, dropped = cleaned(lines, **chosen)
    first, last = facts["ledger"][0], facts["ledger"][-1]
    assert (first["rows_before"], Decimal(first["money_before_exact"])) == (
        len(lines),
        worth([A_LINE | x for x in lines]),
    )
    for line, following in zip(facts["ledger"], facts["ledger"][1:], strict=False):
        for what in ("rows", "customers", "invoices", "money", "money_exact"):
            assert line.get(f"{what}_after", line["money_after_exact"]) == following.get(
                f"{what}_before", following["money_before_exact"]
            )
    assert last["rows_after"] == len(table) == len(lines) - len(dropped)
    assert last["customers_after"] == table["CustomerID"].nunique()
    assert last["invoices_after"] == table["InvoiceNo"].nunique()
    assert Decimal(last["money_after_exact"]) == sum(map(Decimal, table["TotalPrice"].map(repr)), Decimal(0))
    taken = {line["rule"]: line["rows_before"] - line["rows_after"] for line in facts["ledger"]}
    assert {rule: rows for rule, rows in taken.items() if rows} == dropped["Rule"].value_counts().to_dict()
