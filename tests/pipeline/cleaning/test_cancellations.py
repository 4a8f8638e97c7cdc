"""Cancellations come off the purchases they belong to, each piece once, in whatever order the rows stand."""

import datetime as dt
import random

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.pipeline.cleaning.given import A_LINE, NOON, STAYS, cleaned, later

QUICK = (Phase.explicit, Phase.generate)
HOUR = dt.timedelta(hours=1)
BOUGHT = {"CustomerID": "a", "InvoiceNo": "1", "Quantity": 6.0, "UnitPrice": 2.5}
BACK = {"CustomerID": "a", "InvoiceNo": "C2", "Quantity": -6.0, "UnitPrice": 2.5}


def _netted(*lines, **more):
    return cleaned([*lines, *STAYS], cancellations="net", **more)


def _left(table):
    """Quantity and money of each line that is left, but for those that stay whatever happens."""
    left = table[table["StockCode"] != "22720"]
    return list(zip(left["Line"], left["Quantity"], left["TotalPrice"].astype(float), strict=True))


def _rule(facts, rule):
    return next(line for line in facts["ledger"] if line["rule"] == rule)


def test_a_purchase_cancelled_within_the_hour_goes_with_its_cancellation_and_is_named():
    table, facts, dropped = _netted(BOUGHT, BACK | {"InvoiceDate": later(minutes=60)})
    assert _left(table) == []
    assert dropped["Rule"].tolist() == ["void", "void"]
    assert dropped["Reason"].tolist() == ["cancelled within the hour", "cancels a purchase of the hour before"]
    assert _rule(facts, "void")["examples"] == [
        {"CustomerID": "a", "StockCode": "71053", "InvoiceNo": "C2", "money": 15.0, "cancels": "1", "minutes": 60}
    ]


def test_what_comes_back_later_is_a_return_and_the_rest_of_the_purchase_stays():
    table, facts, dropped = _netted(BOUGHT, BACK | {"Quantity": -2.0, "InvoiceDate": later(minutes=61)})
    assert _left(table) == [(2, 4.0, 10.0)]
    assert dropped[["Rule", "Reason"]].values.tolist() == [["return", "a return, taken off its purchase"]]
    line = _rule(facts, "return")
    assert (line["changed"], line["money_before"] - line["money_after"]) == (1, 0.0)


def test_a_purchase_that_comes_back_whole_goes():
    table, _, dropped = _netted(BOUGHT, BACK | {"InvoiceDate": later(days=5)})
    assert _left(table) == []
    assert dropped["Reason"].tolist() == ["every piece was returned", "a return, taken off its purchase"]
    assert dropped["Quantity"].tolist() == [6.0, -6.0]


@pytest.mark.parametrize(
    "other",
    [
        {"InvoiceDate": later(days=-1)},
        {"CustomerID": "b", "InvoiceDate": later(days=1)},
        {"StockCode": "85123A", "InvoiceDate": later(days=1)},
    ],
    ids=["before the purchase", "of another customer", "of another product"],
)
def test_a_return_of_what_was_not_bought_before_is_an_orphan(other):
    table, facts, dropped = _netted(BOUGHT, BACK | other)
    assert _left(table) == [(2, 6.0, 15.0)]
    assert dropped["Rule"].tolist() == ["orphan"]
    assert _rule(facts, "orphan")["examples"][0]["money"] == 15.0


def test_more_than_was_bought_comes_back_only_up_to_what_was_bought():
    _, facts, dropped = _netted(BOUGHT, BACK | {"Quantity": -10.0, "InvoiceDate": later(days=1)})
    assert dropped["Rule"].tolist() == ["return", "orphan"]
    orphan = _rule(facts, "orphan")
    assert orphan["money_after"] - orphan["money_before"] == 10.0


def test_the_latest_purchase_before_the_return_is_taken_first_and_no_piece_twice():
    table, _, _ = _netted(
        BOUGHT,
        BOUGHT | {"InvoiceNo": "2", "InvoiceDate": later(days=2), "Quantity": 3.0},
        BACK | {"Quantity": -4.0, "InvoiceDate": later(days=3)},
        BOUGHT | {"InvoiceNo": "3", "InvoiceDate": later(days=4)},
        BACK | {"Quantity": -1.0, "InvoiceDate": later(days=5)},
    )
    assert _left(table) == [(2, 5.0, 12.5), (5, 5.0, 12.5)]


def test_a_purchase_at_the_same_price_is_taken_before_a_later_one_at_another():
    table, _, _ = _netted(
        BOUGHT,
        BOUGHT | {"InvoiceNo": "2", "InvoiceDate": later(days=2), "UnitPrice": 3.0},
        BACK | {"Quantity": -6.0, "InvoiceDate": later(days=3)},
    )
    assert _left(table) == [(3, 6.0, 18.0)]


def test_a_return_at_another_price_comes_off_by_its_money_so_that_monetary_is_what_was_kept():
    table, facts, _ = _netted(BOUGHT, BACK | {"Quantity": -1.0, "UnitPrice": 5.0, "InvoiceDate": later(days=3)})
    assert _left(table) == [(2, 4.0, 10.0)]
    assert _rule(facts, "return")["money_after"] == _rule(facts, "return")["money_before"]


def test_where_the_file_has_amounts_what_is_left_is_exact_to_the_penny():
    bought = {"CustomerID": "a", "Quantity": 6.0, "UnitPrice": 20 / 6, "Amount": 20.0}
    half = {"CustomerID": "a", "Quantity": -3.0, "UnitPrice": 20 / 6, "Amount": -10.0, "InvoiceDate": later(days=1)}
    table, facts, _ = _netted(bought, half)
    assert _left(table) == [(2, 3.0, 10.0)]
    table, facts, _ = _netted(bought, half | {"Quantity": -1.0, "UnitPrice": 3.33, "Amount": -3.33})
    assert [money for _, _, money in _left(table)] == [16.67]
    assert _rule(facts, "return")["money_before_exact"] == _rule(facts, "return")["money_after_exact"]


def test_a_lowered_amount_of_a_file_without_pieces_leaves_the_rest_of_the_order():
    order = {"CustomerID": "a", "StockCode": None, "Quantity": 1.0, "UnitPrice": 100.0, "Amount": 100.0}
    lowered = order | {"Quantity": -1.0, "UnitPrice": 30.0, "Amount": -30.0, "InvoiceDate": later(days=1)}
    table, _, _ = _netted(order, lowered)
    assert table.loc[table["CustomerID"] == "a", "TotalPrice"].astype(float).tolist() == [70.0]


def test_rules_before_it_decide_which_lines_there_are_to_match():
    copy = BOUGHT | {"InvoiceDate": NOON}
    table, _, _ = _netted(copy, copy, BACK | {"InvoiceDate": later(days=1)}, duplicates=True)
    assert _left(table) == []
    table, _, _ = _netted(copy, copy, BACK | {"InvoiceDate": later(days=1)})
    assert len(_left(table)) == 1


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]),
        st.integers(-4, 4).filter(bool),
        st.integers(0, 400),
        st.sampled_from([2.5, 4.0]),
    ),
    min_size=1,
    max_size=25,
)


def _plainly(lines):
    """Netting as a person would do it, line by line: the money that is left of each purchase, by its place."""
    order = sorted(range(len(lines)), key=lambda n: _moment(lines[n], n))
    left = {n: abs(lines[n]["Quantity"]) for n in order}
    for n in order:
        if lines[n]["Quantity"] < 0:
            _void(lines, order, left, n)
    for n in order:
        if lines[n]["Quantity"] < 0:
            for before in _open_before(lines, order, n):
                if lines[before]["UnitPrice"] == lines[n]["UnitPrice"]:
                    taken = min(left[before], left[n])
                    left[before], left[n] = left[before] - taken, left[n] - taken
    money = {n: left[n] * lines[n]["UnitPrice"] for n in order}
    for n in order:
        if lines[n]["Quantity"] < 0:
            for before in _open_before(lines, order, n):
                taken = min(money[before], money[n])
                money[before], money[n] = money[before] - taken, money[n] - taken
    return {n: money[n] for n in order if lines[n]["Quantity"] > 0 and money[n] > 0}


def _moment(line, place):
    return line["InvoiceDate"], line["Quantity"] < 0, line["UnitPrice"], line["Quantity"], place


def _open_before(lines, order, n):
    """Places of the customer's purchases before a return, the latest first."""
    earlier = order[: order.index(n)]
    return [
        m for m in reversed(earlier) if lines[m]["Quantity"] > 0 and lines[m]["CustomerID"] == lines[n]["CustomerID"]
    ]


def _void(lines, order, left, n):
    """The return and the latest open purchase of as many pieces go, if that was within the hour."""
    for before in _open_before(lines, order, n):
        if lines[before]["Quantity"] == -lines[n]["Quantity"] and "closed" not in lines[before]:
            lines[before]["closed"] = True
            if lines[n]["InvoiceDate"] - lines[before]["InvoiceDate"] <= HOUR:
                left[before] = left[n] = 0
            return


@settings(deadline=None, max_examples=4, phases=QUICK)
@given(events=EVENTS, seed=st.integers(0, 99))
def test_netting_is_that_of_a_person_going_line_by_line_in_whatever_order_the_rows_stand(events, seed):
    lines = [
        A_LINE
        | {
            "CustomerID": customer,
            "InvoiceNo": "1",
            "Quantity": float(pieces),
            "UnitPrice": price,
            "InvoiceDate": NOON + dt.timedelta(minutes=7 * minutes),
        }
        for customer, pieces, minutes, price in events
    ]
    expected = sorted(_plainly([dict(line) for line in lines]).values())
    table, facts, dropped = _netted(*lines)
    assert [money for _, _, money in sorted(_left(table), key=lambda line: line[2])] == pytest.approx(expected)
    assert len(table) + len(dropped) == len(lines) + len(STAYS)
    line = _rule(facts, "return")
    assert line["money_before_exact"] == line["money_after_exact"]
    shuffled = random.Random(seed).sample(lines, len(lines))
    again, facts_again, _ = _netted(*shuffled)
    columns = ["CustomerID", "InvoiceDate", "Quantity", "UnitPrice", "TotalPrice"]
    pd.testing.assert_frame_equal(
        table[columns].sort_values(columns, ignore_index=True), again[columns].sort_values(columns, ignore_index=True)
    )
    assert facts_again == facts
