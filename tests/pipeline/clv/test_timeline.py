"""One customer through time, by hand and by the models' own functions."""

import numpy as np
import pandas as pd
import pytest

from pipeline import engine
from pipeline.clv import expectations
from pipeline.clv.bg_nbd import BgNbd
from pipeline.clv.histories import Histories
from pipeline.clv.mbg_nbd import MbgNbd
from pipeline.clv.timeline import chance_over_time, histories_on, order_days

PARAMETERS = BgNbd(0.5, 40.0, 0.8, 2.5)
DAYS = pd.to_datetime(["2011-01-10", "2011-01-20", "2011-03-01"])


@pytest.fixture
def orders() -> pd.DataFrame:
    return pd.DataFrame({"Day": DAYS, "Orders": 1, "Money": 10.0})


def test_orders_are_those_of_one_customer_summed_by_day(tmp_path):
    lines = pd.DataFrame(
        {
            "CustomerID": ["17", "17", "17", "17", "170", "17"],
            "InvoiceNo": ["C", "A", "A", "B", "D", "E"],
            "InvoiceDate": pd.to_datetime(
                [
                    "2011-03-01 09:00",
                    "2011-01-10 23:59",
                    "2011-01-10 23:59",
                    "2011-01-10 00:01",
                    "2011-01-10 08:00",
                    "2011-02-01 08:00",
                ]
            ),
            "TotalPrice": [5.0, 1.5, 2.0, 4.0, 99.0, 0.0],
        }
    )
    engine.write_parquet(lines, tmp_path / "lines")
    found = order_days(tmp_path / "lines", "17")
    assert found["Day"].tolist() == [pd.Timestamp("2011-01-10"), pd.Timestamp("2011-03-01")]
    assert found["Orders"].tolist() == [2, 1]
    assert found["Money"].tolist() == [7.5, 5.0]
    assert order_days(tmp_path / "lines", "1").empty


def test_a_history_stands_as_it_was_at_the_end_of_each_day(orders):
    asked = pd.to_datetime(["2011-01-10", "2011-01-19", "2011-01-20", "2011-02-28", "2011-03-11"])
    x, t_x, T, _, _ = histories_on(orders["Day"], asked)
    assert x.tolist() == [0, 0, 1, 1, 2]
    assert t_x.tolist() == [0, 0, 10, 10, 50]
    assert T.tolist() == [0, 9, 10, 49, 60]


def test_the_chance_of_a_day_is_by_hand_that_of_hardies_formula(orders):
    r, alpha, a, b = PARAMETERS
    chances = chance_over_time(PARAMETERS, orders, pd.Timestamp("2011-03-11"), horizon_days=30)
    assert len(chances) == 61
    x, t_x, T = 2, 50, 60
    alive = 1 / (1 + a / (b + x - 1) * ((alpha + T) / (alpha + t_x)) ** (r + x))
    by_hand = alive * (1 - ((alpha + T) / (alpha + T + 30)) ** (r + x))
    assert chances["ChanceToBuy"].iloc[-1] == pytest.approx(by_hand, rel=1e-12)
    first_day = 1 - (alpha / (alpha + 30)) ** r
    assert chances["ChanceToBuy"].iloc[0] == pytest.approx(first_day, rel=1e-12)


@pytest.mark.parametrize("parameters", [PARAMETERS, MbgNbd(*PARAMETERS)])
def test_the_last_chance_is_the_one_the_customers_table_has(orders, parameters):
    chances = chance_over_time(parameters, orders, pd.Timestamp("2011-04-10 17:30"), horizon_days=90)
    one = Histories(*(np.array([value]) for value in (2.0, 50.0, 90.0, 0.0, 0.0)))
    assert chances["Day"].iloc[-1] == pd.Timestamp("2011-04-10")
    assert chances["ChanceToBuy"].iloc[-1] == expectations.chance_to_buy(parameters, one, 90)[0]


def test_weeks_are_counted_from_monday_as_the_models_were_fitted(orders):
    asked = pd.to_datetime(["2011-01-16", "2011-01-17", "2011-03-06", "2011-03-07"])
    x, t_x, T, _, _ = histories_on(orders["Day"], asked, "week")
    assert x.tolist() == [0, 1, 2, 2]
    assert t_x.tolist() == [0, 7, 49, 49]
    assert T.tolist() == [0, 7, 49, 56]


def test_an_order_lifts_the_chance_and_silence_lowers_it(orders):
    chances = chance_over_time(PARAMETERS, orders, pd.Timestamp("2011-06-01")).set_index("Day")["ChanceToBuy"]
    assert chances["2011-03-01"] > chances["2011-02-28"]
    assert chances["2011-03-01":].is_monotonic_decreasing
