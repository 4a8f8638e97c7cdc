"""What is expected without a change is what a shop in steady state does, and a change stands out from it."""

import datetime

import numpy as np
import pandas as pd

from pipeline.clv.bg_nbd import BgNbd
from pipeline.clv.expectations import expected_purchases
from pipeline.clv.forecast import Models
from pipeline.clv.gamma_gamma import GammaGamma
from pipeline.clv.going_on import going_on
from pipeline.clv.histories import Histories
from pipeline.profiles.movement import movement
from pipeline.profiles.steady import as_they_would_stand, steady, who_goes_on

SHOP = BgNbd(0.9, 55.0, 0.6, 3.0)
MONEY = GammaGamma(4.0, 4.0, 120.0)
FIRST, EARLIER, LATER = datetime.date(2024, 1, 1), datetime.date(2024, 10, 27), datetime.date(2025, 1, 25)


def _days(seed, stop=0.0):
    """Days with orders of a shop of exactly these parameters, until `LATER`; some customers stop on `EARLIER`."""
    random, rows, end, change = np.random.default_rng(seed), [], (LATER - FIRST).days, (EARLIER - FIRST).days
    for number in range(900):
        rate, leaving, level = random.gamma(SHOP.r, 1 / SHOP.alpha), random.beta(SHOP.a, SHOP.b), random.gamma(4, 1)
        clock, until = random.uniform(0, change), change if random.random() < stop else end
        while clock < until + 1:
            rows.append(
                (f"c{number:04d}", FIRST + datetime.timedelta(days=int(clock)), 1, random.gamma(4, 120 / level))
            )
            clock += random.exponential(1 / rate)
            if len(rows) > 1 and rows[-2][0] == rows[-1][0] and random.random() < leaving:
                break
    made = pd.DataFrame(rows, columns=["CustomerID", "Day", "Orders", "Revenue"])
    made["Day"] = pd.to_datetime(made["Day"])
    return made.groupby(["CustomerID", "Day"]).sum().reset_index()


def _customers(days, day):
    known = days[days["Day"] <= pd.Timestamp(day)].groupby("CustomerID")
    recency = (pd.Timestamp(day) - known["Day"].max()).dt.days
    found = {"Recency": recency, "Frequency": known["Orders"].sum(), "Monetary": known["Revenue"].sum()}
    return pd.DataFrame(found).reset_index()


def _segments(customers):
    """Six segments by rule: three of recency, two of frequency."""
    lately = np.searchsorted([45, 120], customers["Recency"])
    return 2 * lately + (customers["Frequency"].to_numpy() >= 4)


def _moved(days):
    known = days[days["Day"] <= pd.Timestamp(EARLIER)]
    then = who_goes_on(_customers(days, EARLIER), known, seed=1)
    stood = as_they_would_stand(then, known, Models(SHOP, MONEY), ("day", "repeat"), (EARLIER, LATER), seed=1)
    expected = steady(_segments(then), _segments(stood).reshape(-1, len(then)), len(then))
    before, after = (pd.Series(_segments(each), index=each["CustomerID"]) for each in (then, _customers(days, LATER)))
    return movement(before, after, [], [], expected)


def test_in_a_shop_in_steady_state_hardly_any_flow_is_told_as_beyond_what_is_expected():
    moved = [_moved(_days(seed)) for seed in range(12)]
    assert sum(len(each.beyond()) > 0 for each in moved) <= 2  # one in twenty is meant
    within = [each.steady.low <= each.changed <= each.steady.high for each in moved]
    assert sum(within) >= 9
    assert np.mean([each.changed for each in moved]) > 200  # and yet many move


def test_where_a_third_of_the_customers_stop_the_flows_say_so():
    moved = _moved(_days(3, stop=0.35))
    beyond = moved.beyond()
    assert len(beyond)
    fell = beyond[(beyond["After"] // 2 == 2) & (beyond["Customers"] > beyond["Expected"])]
    assert len(fell)
    names = {number: f"segment {number}" for number in range(6)}
    assert any(told.startswith("More than expected went from") for told in moved.told_beyond(names))


def test_orders_drawn_are_as_many_as_the_model_expects_and_lie_within_the_horizon():
    histories = Histories(
        *(np.repeat(own, 40_000) for own in ([0.0, 2.0, 9.0], [0.0, 80.0, 300.0], [200.0] * 2 + [310.0])),
        np.zeros(120_000),
        np.zeros(120_000),
    )
    drawn = going_on(SHOP, histories, 90, np.random.default_rng(2))
    expected = expected_purchases(SHOP, histories, 90).reshape(3, -1).mean(axis=1)
    np.testing.assert_allclose(drawn.orders.reshape(3, -1).mean(axis=1), expected, rtol=0.05)
    assert (drawn.latest[drawn.orders > 0] > 0).all() and drawn.latest.max() <= 90
    assert (drawn.latest[drawn.orders == 0] == 0).all()


def test_a_sample_stands_for_everyone_with_a_wider_range():
    before, after = np.zeros(100, dtype=np.intp), np.tile(np.arange(100) % 4 == 0, (10, 1)).astype(np.intp)
    whole, sampled = steady(before, after, 100), steady(before, after, 1_000)
    assert (whole.changed, sampled.changed) == (25, 250)
    assert sampled.high - sampled.low > 10 * (whole.high - whole.low)


def test_one_customer_is_no_error():
    found = steady(np.zeros(1, dtype=np.intp), np.zeros((10, 1), dtype=np.intp), 1)
    assert found.changed == 0
