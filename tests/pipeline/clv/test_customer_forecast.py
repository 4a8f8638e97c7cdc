"""The columns of each customer: ranges that hold, dates that come true, and the same numbers in any company."""

import datetime
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.clv import expectations
from pipeline.clv.bg_nbd import BgNbd
from pipeline.clv.customer_forecast import customer_forecast, customer_values
from pipeline.clv.forecast import Models, fitted
from pipeline.clv.gamma_gamma import GammaGamma
from pipeline.clv.histories import Histories, histories_of, of_counts
from pipeline.clv.mbg_nbd import MbgNbd
from pipeline.clv.next_order import FARTHEST_DAYS, next_order_dates
from pipeline.clv.order_counts import order_counts
from pipeline.clv.spend_range import spend_range

HALF_YEAR = 182.625
TODAY = datetime.date(2011, 12, 9)
PURCHASES = (BgNbd(0.8, 60.0, 0.8, 2.5), MbgNbd(0.8, 60.0, 0.8, 2.5), BgNbd(0.8, 69.0, 0.0034, 6.7))
SPEND = GammaGamma(6.0, 4.0, 150.0)
every_model = pytest.mark.parametrize("purchases", PURCHASES, ids=lambda model: type(model).__name__ + f"{model.a}")


def drawn_futures(models, histories, random):
    """One future of each customer, drawn from the models' own story: orders, spend, and whether still there."""
    r, alpha, a, b = models.purchases
    p, q, v = models.spend
    there = random.random(len(histories.x)) < expectations.probability_alive(models.purchases, histories)
    rate = random.gamma(r + histories.x, 1 / (alpha + histories.T))
    leave = random.beta(a, b + models.purchases.times_at_risk(histories.x))
    with np.errstate(over="ignore"):
        before_leaving = np.where(leave > 1e-12, random.geometric(np.maximum(leave, 1e-12)), 2**62)
    orders = there * np.minimum(random.poisson(rate * HALF_YEAR), before_leaving)
    nu = random.gamma(q + p * histories.orders, 1 / (v + histories.orders * histories.m))
    spend = np.where(orders > 0, random.gamma(p * np.maximum(orders, 1), 1 / nu), 0.0)
    return orders, spend


@every_model
def test_a_customers_range_is_that_of_many_drawn_futures(purchases):
    x, T = np.array([0.0, 0, 1, 4, 12, 40, 100]), np.array([10.0, 300, 200, 300, 365, 365, 365])
    models = Models(purchases, SPEND)
    customers = Histories(x, np.where(x > 0, T * 0.95, 0), T, np.where(x > 0, 80.0 + x, 0), x)
    low, high = spend_range(models, customers, HALF_YEAR)
    random = np.random.default_rng(0)
    for place in range(len(x)):
        alike = Histories(*(np.full(200_000, column[place]) for column in customers))
        _, spend = drawn_futures(models, alike, random)
        for end, share in ((low[place], 0.1), (high[place], 0.9)):
            assert (spend < end).mean() <= share + 0.004
            assert (spend <= end).mean() >= share - 0.004


@every_model
def test_the_ranges_hold_four_of_five_simulated_customers(purchase_history, purchases):
    """Many spend nothing at all: those at an end of their range count in as far as it takes to make a fifth outside."""
    models = Models(purchases, SPEND)
    customers = histories_of(purchase_history(6_000, seed=5, truth=purchases))
    low, high = spend_range(models, customers, HALF_YEAR)
    random = np.random.default_rng(1)
    _, spend = drawn_futures(models, customers, random)
    assert ((spend >= low) & (spend <= high)).mean() >= 0.78
    assert (spend > high)[high > 0].mean() == pytest.approx(0.1, abs=0.013)
    two_sided = low > 0
    if two_sided.sum() > 1000:
        held = ((spend >= low) & (spend <= high))[two_sided].mean()
        assert 0.78 <= held <= 0.82


@every_model
def test_order_counts_have_the_expected_mean(purchases):
    for x, ages in ((0.0, [0.0, 30, 300]), (3.0, [90.0, 365]), (60.0, [300.0, 365]), (3000.0, [365.0])):
        T = np.array(ages)
        counts = order_counts(purchases, x, T, HALF_YEAR)
        mean = counts.chances @ ((counts.least + counts.most) / 2)
        expected = expectations.expected_purchases_if_alive(purchases, of_counts(np.full_like(T, x), T), HALF_YEAR)
        assert mean == pytest.approx(expected, rel=2e-3 if x > 60 else 2e-4)


@every_model
def test_the_range_goes_with_the_money(purchase_history, purchases):
    customers = histories_of(purchase_history(300, truth=purchases))
    euros, cents = Models(purchases, SPEND), Models(purchases, SPEND._replace(v=SPEND.v * 100))
    low, high = spend_range(euros, customers, HALF_YEAR)
    low_cents, high_cents = spend_range(cents, customers._replace(m=customers.m * 100), HALF_YEAR)
    assert low_cents == pytest.approx(low * 100)
    assert high_cents == pytest.approx(high * 100)


def test_orders_of_one_price_cost_what_so_many_of_them_cost():
    constant = Models(PURCHASES[0], GammaGamma(1e6, 1e6, 25.0))
    T = np.array([100.0, 300, 365])
    x = np.array([0.0, 5, 30])
    customers = Histories(x, np.where(x > 0, T, 0), T, np.where(x > 0, 25.0, 0), x)
    low, high = spend_range(constant, customers, HALF_YEAR)
    for end in (low, high):
        assert np.mod(end + 1e-3, 25.0) == pytest.approx(np.zeros(3), abs=0.01)
    assert (high[1:] > low[1:]).all()


corner = st.floats(-14, 14).map(lambda log: float(np.exp(log)))


@settings(deadline=None, max_examples=25)
@given(
    model=st.sampled_from([BgNbd, MbgNbd]),
    purchases=st.tuples(corner, corner, corner, corner),
    spend=st.builds(GammaGamma, corner, corner, corner),
    seed=st.integers(0, 99),
)
@example(BgNbd, (1.0, float(np.exp(-11.0)), float(np.exp(-1.0)), 1.0), GammaGamma(1.0, 1.0, 1.0), 0)
@example(MbgNbd, (2.1e-6, 2.8e5, 3.5e3, 0.15), GammaGamma(2.6e-5, 262.0, 1e-4), 0)
def test_no_parameters_a_fit_can_end_at_give_a_missing_or_infinite_number(model, purchases, spend, seed):
    random = np.random.default_rng(seed)
    T = random.choice([0.0, 1.0, 30.0, 365.0, 4000.0], 30)
    x = np.floor(random.random(30) ** 3 * (T + 1)) * (random.random(30) > 0.3)
    t_x = np.where(x > 0, np.maximum(x, np.floor(T * random.random(30))), 0.0)
    customers = Histories(x, t_x, T, np.where(x > 0, random.gamma(2, 50, 30), 0.0), x)
    customers = customers._replace(**{name: np.append(column, 1.0) for name, column in customers._asdict().items()})
    table = pd.DataFrame(customer_forecast(Models(model(*purchases), spend), customers, TODAY, 0.01, 12))
    numbers = table.select_dtypes("number")
    assert np.isfinite(numbers).all(axis=None)
    assert (numbers >= 0).all(axis=None)
    assert (table["Spend_6m_Low"] <= table["Spend_6m_High"]).all()


def test_a_customers_numbers_are_the_same_in_any_company_and_order(purchase_history):
    table = purchase_history(400)
    models = fitted(histories_of(table), "fast", "bg_nbd")
    everybody = pd.DataFrame(customer_forecast(models, histories_of(table), TODAY, 0.01))
    shuffled = table.sample(frac=1, random_state=3)
    again = pd.DataFrame(customer_forecast(models, histories_of(shuffled), TODAY, 0.01)).set_index(shuffled.index)
    pd.testing.assert_frame_equal(again.sort_index(), everybody, rtol=1e-12)
    few = pd.DataFrame(customer_forecast(models, histories_of(table.iloc[:7]), TODAY, 0.01))
    pd.testing.assert_frame_equal(few, everybody.iloc[:7], rtol=2e-4)


def test_dates_of_the_next_order_are_the_days_counted_from_the_last_day():
    customers = Histories(*(np.array([value]) for value in (4.0, 100.0, 110.0, 50.0, 4.0)))
    days = expectations.next_order_days(PURCHASES[0], customers, 0.5)[0]
    date = next_order_dates(PURCHASES[0], customers, TODAY, 0.5)[0]
    assert date == (TODAY + datetime.timedelta(days=int(np.ceil(days)))).isoformat()


def test_a_date_that_never_comes_is_empty():
    gone = Histories(*(np.array([value]) for value in (30.0, 100.0, 900.0, 50.0, 30.0)))
    assert next_order_dates(PURCHASES[0], gone, TODAY, 0.5).tolist() == [""]
    rare = Histories(*(np.array([value]) for value in (0.0, 0.0, 3000.0, 0.0, 0.0)))
    assert expectations.next_order_days(PURCHASES[0], rare, 0.9)[0] > FARTHEST_DAYS
    assert next_order_dates(PURCHASES[0], rare, TODAY, 0.9).tolist() == [""]


def test_half_of_the_simulated_customers_come_by_their_fifty_percent_date():
    """Orders of customers drawn from the model, met on a day: the share that came by each date is the date's chance."""
    truth, random = BgNbd(1.2, 40.0, 0.4, 4.0), np.random.default_rng(4)
    T = np.full(40_000, 200.0)
    customers = of_counts(np.zeros_like(T), T)
    rate = random.gamma(truth.r, 1 / (truth.alpha + T))
    waited = random.exponential(1 / rate)
    for chance in (0.25, 0.5, 0.75):
        days = expectations.next_order_days(truth, customers, chance)
        assert (waited <= days).mean() == pytest.approx(chance, abs=0.01)


def test_six_months_are_there_whatever_the_horizon(purchase_history):
    customers = histories_of(purchase_history(200))
    models = Models(PURCHASES[0], SPEND)
    usual = customer_forecast(models, customers, TODAY, 0.01)
    year = customer_forecast(models, customers, TODAY, 0.01, 12)
    assert [name for name in year if name not in usual] == ["CLV_12m", "ExpectedOrders_12m"]
    assert np.array_equal(year["CLV_6m"], usual["CLV_6m"])
    assert (year["CLV_12m"] > usual["CLV_6m"]).all()
    whole = expectations.expected_purchases(models.purchases, customers, 365.25)
    assert year["ExpectedOrders_12m"] == pytest.approx(whole, rel=1e-9)
    month = customer_forecast(models, customers, TODAY, 0.01, 1)
    assert (month["CLV_1m"] < usual["CLV_6m"]).all()


@pytest.mark.parametrize("months", [1, 6, 24])
def test_values_of_every_horizon_equal_the_published_library(purchase_history, months):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifetimes import GammaGammaFitter, ModifiedBetaGeoFitter
    table = purchase_history()
    models = fitted(histories_of(table), "fast", "mbg_nbd")
    purchases, spend = ModifiedBetaGeoFitter(), GammaGammaFitter()
    purchases.params_, spend.params_ = pd.Series(models.purchases._asdict()), pd.Series(models.spend._asdict())
    purchases.predict = purchases.conditional_expected_number_of_purchases_up_to_time
    history = [table[name] for name in ("frequency", "recency", "T", "monetary_value")]
    theirs = spend.customer_lifetime_value(purchases, *history, time=months, discount_rate=0.02)
    ours = customer_values(models, histories_of(table), 0.02, [months], month_days=30)
    assert np.allclose(ours[f"CLV_{months}m"], theirs, rtol=1e-9)


def test_spend_learnt_from_all_orders_knows_something_of_one_time_buyers(purchase_history):
    table = purchase_history()
    once = (table["frequency"] == 0).to_numpy()
    repeat, every = (histories_of(table, spend_from) for spend_from in ("repeat", "all"))
    values = [
        customer_values(fitted(each, "fast", "bg_nbd"), each, 0.0, [6])["CLV_6m"][once] for each in (repeat, every)
    ]
    per_order = [value / expectations.expected_purchases(PURCHASES[0], repeat, 1.0)[once] for value in values]
    assert np.corrcoef(np.log(per_order[1]), np.log(every.m[once]))[0, 1] > 0.5
    assert abs(np.corrcoef(np.log(per_order[0]), np.log(every.m[once]))[0, 1]) < 0.2
