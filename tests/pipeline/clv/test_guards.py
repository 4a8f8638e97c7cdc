"""Files that break other tools end in usable numbers, in a sentence, or in a plain refusal; and so do known defects."""

import datetime
import warnings

import numpy as np
import pandas as pd
import pytest

from pipeline import engine
from pipeline.clv.backtest_histories import happened, histories_until, purchase_days, seen
from pipeline.clv.bg_nbd import BgNbd
from pipeline.clv.customer_forecast import customer_forecast, customer_values
from pipeline.clv.expectations import expected_purchases
from pipeline.clv.forecast import MONTH_DAYS, Models, fitted
from pipeline.clv.gamma_gamma import GammaGamma
from pipeline.clv.histories import histories_of
from pipeline.clv.lifetime_value import LifetimeValue, value
from pipeline.clv.likelihood import LOG_RANGE
from pipeline.clv.mbg_nbd import MbgNbd
from pipeline.clv.purchase_history import purchase_history
from pipeline.errors import NotEnoughDataError

START = datetime.date(2024, 1, 1)


def lines_of(purchases):
    """Lines of (customer, day number, money)."""
    customers, days, money = zip(*purchases, strict=True)
    dates = pd.to_datetime([START + datetime.timedelta(days=int(day)) for day in days]) + pd.Timedelta(hours=10)
    lines = pd.DataFrame({"CustomerID": list(customers), "InvoiceDate": dates, "TotalPrice": money})
    return lines.astype({"CustomerID": "str", "TotalPrice": "float64"})


def written(lines, folder):
    with engine.connection() as duck:
        exact = duck.from_df(lines).project("* REPLACE (round(TotalPrice, 9)::DECIMAL(38, 9) AS TotalPrice)")
        exact.write_parquet(str(folder / "lines"))
    return folder / "lines"


def valued(purchases, folder, model="bg_nbd", **chosen):
    """The value table and facts of a file with these purchases; nothing in it is missing, negative or infinite."""
    settings = LifetimeValue(**chosen)
    counted = purchase_history(written(lines_of(purchases), folder), settings.time_unit, folder / "history")
    last_day = datetime.date.fromisoformat(counted["last_day"])
    facts = value(folder / "history", last_day, settings, model, folder / "value", lambda share, sentence: None)
    table = engine.read_parquet(folder / "value")
    numbers = table.select_dtypes("number")
    assert np.isfinite(numbers).all(axis=None)
    assert (numbers >= 0).all(axis=None)
    return table, facts


def shop(customers=120, days=300, seed=0, money=lambda random: random.gamma(4, 10)):
    """Purchases of customers who come as they like: (customer, day, money)."""
    random = np.random.default_rng(seed)
    bought = []
    for number in range(customers):
        every, day, leaves = random.gamma(2, 20) + 2, int(random.integers(0, days)), random.beta(0.6, 2)
        while day < days:
            bought.append((f"{number:04}", day, money(random)))
            if random.random() < leaves:
                break
            day += 1 + int(random.exponential(every))
    return bought


models = pytest.mark.parametrize("model", ["bg_nbd", "mbg_nbd"])


@models
def test_one_price_for_everything_gives_whole_orders_worth_of_spend(tmp_path, model):
    table, facts = valued(shop(money=lambda random: 25.0), tmp_path, model)
    per_order = table["CLV_6m"] / table["ExpectedOrders_6m"]
    assert per_order.between(23, 25.5).all()
    orders = table["Spend_6m_High"] / 25
    assert np.allclose(orders, orders.round(), rtol=0.01)
    assert any("Orders differ too little in size" in sentence for sentence in facts["warnings"])


def test_only_one_time_buyers_are_refused_in_a_sentence(tmp_path):
    with pytest.raises(NotEnoughDataError, match="0 of 80 customers bought on more than one day"):
        valued([(str(number), number, 10.0) for number in range(80)], tmp_path)


def test_three_customers_are_refused_in_a_sentence(tmp_path):
    purchases = [(customer, day, 10.0) for customer in "abc" for day in (1, 8, 20)]
    with pytest.raises(NotEnoughDataError, match="3 of 3 customers bought on more than one day, and at least 10"):
        valued(purchases, tmp_path)


def test_a_file_of_one_day_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(NotEnoughDataError, match="add transactions of a longer period"):
        valued([(str(number), 0, 10.0 + number) for number in range(50)], tmp_path)


@models
def test_customers_who_came_on_the_last_day_have_a_value(tmp_path, model):
    purchases = [*shop(), *((f"new {number}", 299, 30.0) for number in range(20))]
    table, _ = valued(purchases, tmp_path, model)
    new = table[table["CustomerID"].str.startswith("new")]
    assert (new["T"] == 0).all()
    assert (new["CLV_6m"] > 0).all()


@models
def test_one_mistyped_date_is_told_with_the_setting_that_leaves_it_out(tmp_path, model):
    _, usual = valued(shop(), tmp_path, model)
    assert not any("The file ends" in sentence for sentence in usual["warnings"])
    _, facts = valued([*shop(), ("0003", 75 * 365, 20.0)], tmp_path, model)
    told = [sentence for sentence in facts["warnings"] if "The file ends" in sentence]
    assert len(told) == 1
    assert "cleaning.implausible_dates" in told[0]


@models
@pytest.mark.parametrize("every", [1, 7])
def test_customers_who_come_every_day_or_every_week_have_a_value(tmp_path, model, every):
    purchases = [
        (f"{number:03}", day, 5.0 + number % 9) for number in range(60) for day in range(number % 7, 140, every)
    ]
    table, facts = valued(purchases, tmp_path, model)
    assert table["ExpectedOrders_6m"].between(0.6 * 182.625 / every, 1.1 * 182.625 / every).all()
    assert any("No churn is visible in this window" in sentence for sentence in facts["warnings"])


@models
def test_thousands_of_orders_of_one_customer_have_a_value(tmp_path, model):
    purchases = [*shop(days=3_000), *(("huge", day, 1e7) for day in range(3_000))]
    table, _ = valued(purchases, tmp_path, model)
    huge = table.set_index("CustomerID").loc["huge"]
    assert huge["ExpectedOrders_6m"] == pytest.approx(182.625, rel=0.1)
    assert huge["Spend_6m_Low"] > 1e9


def test_weeks_put_the_orders_of_a_week_together(tmp_path):
    purchases = [(customer, day, money) for customer, first, money in shop() for day in (first, first + 1)]
    daily, _ = valued(purchases, tmp_path)
    weekly, _ = valued(purchases, tmp_path, time_unit="week")
    assert (weekly[["recency", "T"]] % 7 == 0).all(axis=None)
    assert weekly["frequency"].sum() < 0.7 * daily["frequency"].sum()


@pytest.mark.parametrize("model", [BgNbd, MbgNbd])
@pytest.mark.parametrize("b", [1e-3, 6.7, 1e6])
def test_at_the_least_a_fit_can_find_the_numbers_are_those_of_the_plain_nbd(purchase_history, model, b):
    """With a = 0 there would be no leaving at all; the fit is held a hair above, where nothing may overflow."""
    customers = histories_of(purchase_history(600, truth=BgNbd(0.8, 69.0, 0.01, 6.7)))
    models = Models(model(0.8, 69.0, np.exp(-LOG_RANGE) * min(b, 1), b), GammaGamma(6.0, 4.0, 150.0))
    table = pd.DataFrame(customer_forecast(models, customers, START, 0.0))
    numbers = table.select_dtypes("number")
    assert np.isfinite(numbers).all(axis=None)
    assert (numbers >= 0).all(axis=None)
    plain = (0.8 + customers.x) * 182.625 / (69.0 + customers.T)
    stays = table["P_Alive"] > 0.999
    assert stays.mean() > 0.9
    assert np.allclose(table["ExpectedOrders_6m"][stays], plain[stays], rtol=5e-3)


# What lifetimes does wrong, and we do not inherit


def test_dates_as_text_lose_nobody(tmp_path):
    """lifetimes sorts dates before it reads them: m/d/Y as text drops customers from its summary."""
    from pipeline.reading.settings import Reading
    from pipeline.recipe import BALANCED
    from pipeline.segmentation import run
    from pipeline.store import Store

    rows = [
        f"{place},A1,Thing,1,{START + datetime.timedelta(days=day):%m/%d/%Y},{money:.2f},{customer},France"
        for place, (customer, day, money) in enumerate(shop(400))
    ]
    heading = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
    (tmp_path / "text.csv").write_text("\n".join([heading, *rows]))
    recipe = BALANCED.with_settings({Reading.NAME: {"date_order": "month"}})
    done = run(tmp_path / "text.csv", recipe, Store(tmp_path / "store"), until="value")
    table = done.table("value", "value")
    assert set(table["CustomerID"].str.zfill(4)) == {customer for customer, _, _ in shop(400)}
    assert (table["recency"] <= table["T"]).all()


def test_an_order_on_the_day_of_the_cut_is_known_and_not_in_the_holdout(tmp_path):
    days = purchase_days(
        written(lines_of([("a", 0, 10.0), ("a", 50, 20.0), ("a", 90, 40.0), ("b", 50, 5.0)]), tmp_path)
    )
    known, who = histories_until(days, 50), seen(days, 50)
    holdout = happened(days, 50, 90, who)
    assert known.x.tolist() == [1, 0]
    assert known.t_x.tolist() == [50, 0]
    assert holdout.orders.tolist() == [1, 0]


def test_money_after_the_cut_is_that_of_orders_not_the_mean_of_lines(tmp_path):
    """Of 14 lines of 34 on one day lifetimes makes 34; the customer spent 476."""
    lines = [("a", 0, 10.0), ("a", 20, 12.0), *(("a", 80, 34.0) for _ in range(14))]
    days = purchase_days(written(lines_of(lines), tmp_path))
    assert happened(days, 40, 90, seen(days, 40)).spend.tolist() == [476.0]


def test_a_month_is_a_twelfth_of_a_year(purchase_history):
    """lifetimes takes 30 days, so its year has 360."""
    customers = histories_of(purchase_history(300))
    models = fitted(customers, "fast", "bg_nbd")
    assert MONTH_DAYS * 12 == 365.25
    year = customer_values(models, customers, 0.0, [12])["ExpectedOrders_12m"]
    assert np.allclose(year, expected_purchases(models.purchases, customers, 365.25), rtol=1e-9)


def test_standard_errors_come_from_the_curvature_of_the_librarys_own_likelihood(purchase_history):
    """Theirs take the curvature by another way, with wrong covariances; here it is measured on their function."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifetimes import BetaGeoFitter
    customers = histories_of(purchase_history(2_000, seed=6))
    fit = fitted(customers, "fast", "bg_nbd").purchases_fit
    place, step, weights = np.log(fit.parameters), 1e-3 * np.eye(4), np.ones(len(customers.x))

    def height(point):
        with warnings.catch_warnings():
            return BetaGeoFitter._negative_log_likelihood(point, *customers[:3], weights, 0.0)

    def bend(one, other):
        signs = [(1, 1), (1, -1), (-1, 1), (-1, -1)]
        return sum(p * q * height(place + p * step[one] + q * step[other]) for p, q in signs) / 4e-6

    curvature = np.array([[bend(one, other) for other in range(4)] for one in range(4)])
    errors = np.sqrt(np.diag(np.outer(fit.parameters, fit.parameters) * np.linalg.inv(curvature) / len(customers.x)))
    assert fit.standard_errors == pytest.approx(errors, rel=1e-2)
