"""What makes data doubtful is told with its money, and ordinary data are not suspected."""

import numpy as np
import pandas as pd
import pytest

from pipeline import engine
from pipeline.data_check.oddities import CROWDED, GIVEN_BACK, TOLD, given_back_by, givers_back, oddities
from pipeline.insights.suspicious_customers import beyond, odd_days, one_that_is_many
from pipeline.insights.suspicious_data import given_back, guests, missing_days, odd_prices
from tests.pipeline.insights.shops import days_of, shop_of
from tests.pipeline.insights.test_rules import DRAWS, allowed, false_alarms


def plain_text(insight):
    return insight.sentence.replace("\N{NO-BREAK SPACE}", " ")


def with_facts(shop, **checked):
    return type(shop)(shop.customers, shop.names, shop.days, shop.history, shop.pace, {}, checked)


@pytest.fixture(scope="module")
def shop():
    return shop_of(days_of(np.random.default_rng(2), 600))


def test_a_number_that_stands_for_many_is_told_with_its_share_of_all_orders(shop):
    customers = shop.customers.copy()
    customers.loc[7, ["Frequency", "Monetary"]] = [1_000, 54_321.0]
    many = type(shop)(customers, shop.names, shop.days, shop.history, shop.pace)
    (told,) = one_that_is_many(many)
    assert told.customer == customers["CustomerID"][7]
    assert told.evidence == pytest.approx(1_000 / customers["Frequency"].sum())
    assert told.money == 54_321.0
    assert "has 1,000 orders" in told.sentence


def test_many_orders_within_a_minute_are_told_whatever_their_share(shop):
    someone = shop.customers["CustomerID"][3]
    found = [{"customer": someone, "orders": 40, "most": 25}]
    (told,) = one_that_is_many(with_facts(shop, oddities={"crowded": found}))
    assert told.customer == someone
    assert "with up to 25 of them in the same minute" in told.sentence


def test_a_day_that_moves_a_segment_is_told_with_its_customer_and_its_share(shop):
    days = shop.days.copy()
    days.loc[11, "Revenue"] = 0.2 * days["Revenue"].sum()
    (told,) = odd_days(shop_of(days))
    assert (told.customer, told.segment) == (days["CustomerID"][11], 0)
    assert told.money == days["Revenue"][11]
    assert told.evidence == pytest.approx(0.2 / 1.2, rel=0.02)
    assert "brought 16." in told.sentence


@pytest.mark.parametrize("rule", [one_that_is_many, odd_days])
def test_orders_that_spread_as_orders_do_raise_no_suspicion(rule):
    rng = np.random.default_rng(21)
    shops = (shop_of(days_of(rng, 100, pace=(1.0, 40.0), worth=(4.0, 1.3))) for _ in range(DRAWS))
    assert false_alarms(rule, shops) <= allowed()


def test_the_largest_of_log_normal_amounts_is_called_too_large_once_in_a_hundred():
    rng = np.random.default_rng(22)
    draws = [np.exp(rng.normal(3.0, 1.0, 4_000)) for _ in range(300)]
    assert sum(beyond(each).any() for each in draws) <= 10


def test_sales_without_a_number_are_told_in_money_and_few_of_them_are_not(shop):
    facts = {"without_customer": {"rows_share": 0.25, "revenue_share": 0.2}, "money": 8_000.0}
    known = type(shop)(shop.customers, shop.names, shop.days, shop.history, shop.pace, facts)
    (told,) = guests(known)
    assert told.money == pytest.approx(2_000.0)
    assert "25.0 % of the lines, with 20.0 % of all sales" in plain_text(told)
    facts["without_customer"] = {"rows_share": 0.04, "revenue_share": 0.04}
    assert guests(known) == []


def traded(orders_a_day, days, closed):
    return {
        "span": {"days": days},
        "orders": orders_a_day * days,
        "revenue": 1_000.0 * days,
        "gaps": [{"first": "2011-03-01", "last": "2011-03-10", "days": closed}],
    }


def test_days_without_a_sale_are_told_where_orders_come_too_often_for_chance(shop):
    (told,) = missing_days(with_facts(shop, **traded(20, 365, 10)))
    assert told.money == pytest.approx(365_000 / 355 * 10)
    assert "from 1 Mar 2011 to 10 Mar 2011 (10 days)" in plain_text(told)


def test_the_longest_pause_of_a_shop_with_few_orders_is_chance(shop):
    rng, alarms = np.random.default_rng(23), 0
    for _ in range(DRAWS):
        days = np.flatnonzero(rng.poisson(0.8, 365))
        alarms += bool(missing_days(with_facts(shop, **traded(0.8, 365, int(np.diff(days).max()) - 1))))
    assert alarms <= allowed()


def written(folder, lines, dropped=()):
    """The two Parquet files of these lines: (customer, invoice, moment, code, quantity, price)."""
    names = ["CustomerID", "InvoiceNo", "InvoiceDate", "StockCode", "Quantity", "UnitPrice"]
    paths = folder / "lines.parquet", folder / "dropped.parquet"
    kept = pd.DataFrame(lines, columns=names)
    kept["InvoiceDate"] = pd.to_datetime(kept["InvoiceDate"])
    kept["Description"] = "product " + kept["StockCode"]
    kept["TotalPrice"] = kept["Quantity"] * kept["UnitPrice"]
    engine.write_parquet(kept, paths[0])
    left = pd.DataFrame(list(dropped), columns=["Rule", "CustomerID", "Quantity", "UnitPrice"])
    engine.write_parquet(
        left.astype({"Rule": "str", "CustomerID": "str", "Quantity": "float64", "UnitPrice": "float64"}), paths[1]
    )
    return paths


def ordinary(rng, n=600):
    """Lines of twelve products, each with prices of its own spread."""
    code, when = rng.integers(0, 12, n), pd.Timestamp("2011-05-01") + pd.to_timedelta(rng.integers(0, 9e6, n), unit="s")
    price = np.exp(rng.normal(np.linspace(0, 4, 12)[code], np.linspace(0.02, 0.6, 12)[code])).round(2)
    customer = "C" + pd.Series(rng.integers(0, 80, n)).astype(str)
    invoice = pd.Series(range(n)).astype(str)
    return list(
        zip(customer, invoice, when, "P" + pd.Series(code).astype(str), rng.integers(1, 9, n), price, strict=True)
    )


def test_who_took_everything_back_is_counted_with_the_money_that_still_counts(tmp_path, shop):
    lines = [("A", "1", "2011-05-01", "P", 10, 5.0), ("B", "2", "2011-05-02", "P", 10, 5.0)]
    back = [("quantity", " A", -9.0, 5.0), ("quantity", "B", -8.0, 5.0), ("customer", "B", -10.0, 5.0)]
    found = oddities(*written(tmp_path, lines, back))
    assert found["given_back"] == {"customers": 1, "bought": 50.0, "back": 50.0 * GIVEN_BACK}
    of_each = {each: given_back_by(tmp_path / "lines.parquet", tmp_path / "dropped.parquet", each) for each in "ABC"}
    assert of_each == {"A": found["given_back"], "B": None, "C": None}
    assert givers_back(tmp_path / "lines.parquet", tmp_path / "dropped.parquet") == ["A"]
    (told,) = given_back(with_facts(shop, oddities=found))
    assert told.money == 45.0
    assert told.sentence.startswith("1 customer took back")
    assert given_back(shop) == []


def test_a_price_with_a_slip_of_the_point_is_told_with_what_it_moves(tmp_path, shop):
    lines = ordinary(np.random.default_rng(24))
    wrong = [("C1", "X", pd.Timestamp("2011-06-01 10:00"), "P3", 60, 300.0)]
    prices = oddities(*written(tmp_path, lines + wrong))["prices"]
    usual = pd.Series([line[5] for line in lines if line[3] == "P3"] + [300.0]).median()
    assert prices["lines"] == 1
    assert prices["usual"] == pytest.approx(usual, rel=0.02)
    assert prices["money"] == pytest.approx(60 * (300 - usual), rel=0.02)
    (worst,) = prices["worst"]
    assert (worst["invoice"], worst["code"], worst["product"]) == ("X", "P3", "product P3")
    assert (worst["price"], worst["usual"], worst["lines"]) == (300.0, prices["usual"], 1)
    assert worst["money"] == prices["money"]
    (told,) = odd_prices(with_facts(shop, oddities={"prices": prices}))
    assert "“product P3” at £300.00 instead of" in told.sentence
    few = dict(prices, money=0.0001 * shop.customers["Monetary"].sum())
    assert odd_prices(with_facts(shop, oddities={"prices": few})) == []


def test_the_twenty_odd_prices_that_move_most_are_told_one_by_one_dearest_first(tmp_path):
    lines = ordinary(np.random.default_rng(26))
    at = pd.Timestamp("2011-06-01 10:00")
    wrong = [("C1", f"X{n:02}", at, "P3", n, 300.0 + n) for n in range(1, 31)] + [("C2", "X99", at, "P3", 30, 330.0)]
    prices = oddities(*written(tmp_path, lines + wrong))["prices"]
    worst = prices["worst"]
    assert prices["lines"] == 31
    assert len(worst) == TOLD
    assert (worst[0]["invoice"], worst[0]["lines"], worst[0]["price"]) == ("X30", 2, 330.0)
    assert [each["invoice"] for each in worst[1:]] == [f"X{n:02}" for n in range(29, 10, -1)]
    assert [each["money"] for each in worst] == sorted((each["money"] for each in worst), reverse=True)


def test_prices_that_vary_as_prices_do_and_single_orders_raise_no_suspicion(tmp_path):
    rng = np.random.default_rng(25)
    for _ in range(15):
        found = oddities(*written(tmp_path, ordinary(rng)))
        assert found == {"given_back": {"customers": 0, "bought": 0.0, "back": 0.0}, "crowded": [], "prices": None}


def test_a_crowd_of_orders_in_one_minute_is_found_and_days_without_times_are_no_crowd(tmp_path):
    at = pd.Timestamp("2011-06-01 10:00:05")
    crowd = [("Z", f"Z{number}", at + pd.Timedelta(seconds=number), "P", 1, 1.0) for number in range(CROWDED)]
    found = oddities(*written(tmp_path, crowd))["crowded"]
    assert found == [{"customer": "Z", "orders": CROWDED, "most": CROWDED}]
    of_days = [(*line[:2], at.normalize(), *line[3:]) for line in crowd]
    assert oddities(*written(tmp_path, of_days))["crowded"] == []
