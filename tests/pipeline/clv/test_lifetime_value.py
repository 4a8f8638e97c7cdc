"""CLV_6m equals the published library's, stays usable on any file, and says what limits it."""

import datetime
import json
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import engine
from pipeline.clv import caveats, lifetime_value
from pipeline.clv.bg_nbd import BgNbd
from pipeline.clv.customer_forecast import customer_forecast, customer_values
from pipeline.clv.forecast import Models, fitted, mean_is_unusable, spend_per_order
from pipeline.clv.gamma_gamma import GammaGamma
from pipeline.clv.histories import COLUMNS, histories_of
from pipeline.clv.lifetime_value import LifetimeValue, value
from pipeline.errors import NotEnoughDataError, SettingError

TODAY = datetime.date(2011, 12, 9)
CDNOW = Models(BgNbd(0.243, 4.414, 0.793, 2.426), GammaGamma(6.25, 3.74, 15.44))


def silent(share, sentence):
    assert 0 <= share <= 1
    assert sentence


def assert_usable(foretold: pd.DataFrame) -> None:
    """Nothing is missing, negative or infinite, ends of ranges are in order, and dates are dates or empty."""
    for name, column in foretold.items():
        if name.startswith("NextOrder_"):
            assert column.str.fullmatch(r"(20[1-3]\d-[01]\d-[0-3]\d)?").all(), name
        else:
            assert np.isfinite(column).all(), name
            assert (column >= 0).all(), name
    assert (foretold["Spend_6m_Low"] <= foretold["Spend_6m_High"]).all()
    chances = foretold[["ChanceToBuy_30d", "ChanceToBuy_90d", "ChanceToBuy_182d", "P_Alive"]]
    assert (chances.diff(axis=1).iloc[:, 1:] >= -1e-12).all(axis=None)
    assert (chances <= 1).all(axis=None)


def valued(history: pd.DataFrame, folder, **chosen) -> tuple[pd.DataFrame, dict]:
    source, target = folder / "history.parquet", folder / "value.parquet"
    engine.write_parquet(history, source)
    settings = LifetimeValue(**chosen)
    model = "bg_nbd" if settings.model == "auto" else settings.model
    facts = value(source, TODAY, settings, model, target, silent)
    return engine.read_parquet(target), facts


def test_every_customer_gets_a_value_in_the_order_of_the_history(purchase_history, tmp_path):
    history = purchase_history()
    table, facts = valued(history, tmp_path)
    assert table["CustomerID"].tolist() == history["CustomerID"].tolist()
    assert_usable(table.drop(columns=["CustomerID", *COLUMNS]))
    assert set(facts["bg_nbd"]) == {"r", "alpha", "a", "b"}
    assert set(facts["gamma_gamma"]) == {"p", "q", "v"}
    assert facts["bg_nbd_gradient"] < 1e-6
    json.dumps(facts, allow_nan=False)


@pytest.mark.parametrize("model", ["bg_nbd", "mbg_nbd"])
def test_both_engines_give_the_same_values(purchase_history, tmp_path, model):
    ours, _ = valued(purchase_history(), tmp_path, model=model)
    theirs, facts = valued(purchase_history(), tmp_path, model=model, engine="lifetimes")
    assert facts["model"] == model
    assert facts["engine"] == "lifetimes"
    assert np.allclose(ours["CLV_6m"], theirs["CLV_6m"], rtol=1e-4)


def test_values_equal_the_published_library_when_months_have_thirty_days(purchase_history):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifetimes import BetaGeoFitter, GammaGammaFitter
    table = purchase_history()
    history = histories_of(table)
    models = fitted(history, "fast", "bg_nbd")
    purchases, spend = BetaGeoFitter(), GammaGammaFitter()
    purchases.params_, spend.params_ = pd.Series(models.purchases._asdict()), pd.Series(models.spend._asdict())
    purchases.predict = purchases.conditional_expected_number_of_purchases_up_to_time
    theirs = spend.customer_lifetime_value(
        purchases, table["frequency"], table["recency"], table["T"], table["monetary_value"], time=6, discount_rate=0.02
    )
    ours = customer_values(models, history, 0.02, [6], month_days=30)["CLV_6m"]
    assert np.allclose(ours, theirs, rtol=1e-9)


def test_a_higher_discount_rate_makes_every_future_worth_less(purchase_history):
    history = histories_of(purchase_history())
    dear, cheap = (customer_values(CDNOW, history, rate, [6])["CLV_6m"] for rate in (0.1, 0.0))
    assert (dear < cheap).all()


def test_the_history_is_left_as_it_was(purchase_history):
    table = purchase_history()
    before = table.copy(deep=True)
    customer_forecast(fitted(histories_of(table), "fast", "bg_nbd"), histories_of(table), TODAY, 0.01)
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("customers", [0, 3, 40])
def test_too_few_repeat_buyers_end_in_one_sentence(purchase_history, customers, tmp_path):
    history = purchase_history(customers).assign(frequency=0.0, recency=0.0, monetary_value=0.0)
    with pytest.raises(NotEnoughDataError, match="cannot be estimated: 0 of") as refusal:
        valued(history, tmp_path)
    assert "\n" not in str(refusal.value)
    assert not (tmp_path / "value.parquet").exists()


def test_a_window_without_churn_is_named(purchase_history):
    history = purchase_history(truth=BgNbd(0.8, 60.0, 0.003, 6.7))
    models = fitted(histories_of(history), "fast", "bg_nbd")
    assert any(
        "No churn is visible in this window" in sentence for sentence in caveats.caveats(models, histories_of(history))
    )
    assert not any(
        "No churn is visible" in sentence for sentence in caveats.caveats(CDNOW, histories_of(purchase_history()))
    )


@pytest.mark.parametrize("q", [0.4, 1.0, 1.0001])
def test_a_spend_model_without_a_mean_falls_back_on_observed_orders_and_says_so(purchase_history, q):
    table = purchase_history()
    history = histories_of(table)
    models = CDNOW._replace(spend=GammaGamma(6.25, q, 15.44 * 40))
    assert mean_is_unusable(models.spend, history)
    repeat = table["frequency"] > 0
    spend = spend_per_order(models.spend, history)
    assert np.array_equal(spend[repeat], table.loc[repeat, "monetary_value"])
    assert spend[~repeat] == pytest.approx(table.loc[repeat, "monetary_value"].mean())
    assert any("a typical order impossible to estimate" in sentence for sentence in caveats.caveats(models, history))


def test_little_data_is_named_with_what_is_wanted(purchase_history):
    sentences = caveats.caveats(CDNOW, histories_of(purchase_history(60)))
    assert any("60 customers (500 wanted)" in sentence for sentence in sentences)


def test_spend_that_grows_with_frequency_is_named(purchase_history):
    history = purchase_history()
    together = history.assign(monetary_value=history["frequency"] * 10.0)
    assert any(
        "order more often spend more per order" in sentence
        for sentence in caveats.caveats(CDNOW, histories_of(together))
    )


def test_a_fit_that_was_not_reached_is_told_in_plain_words_and_measured_in_the_facts(purchase_history):
    history = histories_of(purchase_history())
    models = fitted(history, "fast", "bg_nbd")
    unsettled = models.purchases_fit._replace(gradient=3e-6, converged=False)
    told = lifetime_value.facts(models._replace(purchases_fit=unsettled), history, LifetimeValue())
    assert (
        "The best estimate of how often customers buy was not quite reached, so lifetime values are rough."
        in (told["warnings"])
    )
    assert told["bg_nbd_gradient"] == 3e-6


def test_equal_orders_of_everybody_still_give_a_value(purchase_history):
    history = purchase_history()
    equal = history.assign(monetary_value=np.where(history["frequency"] > 0, 25.0, 0.0))
    models = fitted(histories_of(equal), "fast", "bg_nbd")
    spend = spend_per_order(models.spend, histories_of(equal))
    assert np.allclose(spend, 25.0, rtol=0.01)


histories = st.lists(
    st.tuples(st.integers(0, 30), st.floats(0, 1), st.integers(0, 700), st.floats(0.01, 1e5)), min_size=12, max_size=60
)


@settings(deadline=None, max_examples=25)
@given(rows=histories, model=st.sampled_from(["bg_nbd", "mbg_nbd"]), spend_from=st.sampled_from(["repeat", "all"]))
def test_any_file_with_enough_repeat_buyers_gets_usable_values(rows, model, spend_from):
    frequency, part, extra, spend = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    frequency[: caveats.LEAST_REPEAT_BUYERS] += 1
    T = frequency + extra
    recency = np.where(frequency > 0, np.maximum(frequency, np.floor(part * T)), 0.0)
    table = pd.DataFrame(
        {
            "frequency": frequency,
            "recency": recency,
            "T": T,
            "monetary_value": spend * (frequency > 0),
            "average_order": spend,
        }
    )
    known = histories_of(table, spend_from)
    models = fitted(known, "fast", model)
    assert_usable(pd.DataFrame(customer_forecast(models, known, TODAY, 0.01, 24)))
    assert all(isinstance(sentence, str) for sentence in caveats.caveats(models, known))


def test_settings_survive_json_and_refuse_what_is_not_allowed():
    chosen = LifetimeValue(discount_rate=0.02, engine="lifetimes")
    assert LifetimeValue.from_json(chosen.to_json()) == chosen
    with pytest.raises(SettingError, match="one of fast, lifetimes"):
        LifetimeValue(engine="slow")
