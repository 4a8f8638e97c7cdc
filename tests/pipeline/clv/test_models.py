"""BG/NBD and Gamma-Gamma: the published numbers, the published library's, and parameters known by simulation."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.clv import bg_nbd, gamma_gamma, lifetimes_reference
from pipeline.clv.bg_nbd import BgNbd
from pipeline.clv.distinct import distinct_rows

positive = st.floats(1e-3, 50)


@pytest.fixture(scope="module")
def cdnow():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifetimes.datasets import load_cdnow_summary_data_with_monetary_value

        summary = load_cdnow_summary_data_with_monetary_value()
    return {name: summary[name].to_numpy(dtype=float) for name in ("frequency", "recency", "T", "monetary_value")}


def test_cdnow_gives_the_published_purchase_parameters(cdnow):
    columns = cdnow["frequency"], cdnow["recency"], cdnow["T"]
    parameters, fit = bg_nbd.fit_bg_nbd(*columns)
    assert np.allclose(parameters, (0.243, 4.414, 0.793, 2.426), atol=6e-4)
    assert bg_nbd.log_likelihood(parameters, *columns).sum() == pytest.approx(-9582.4, abs=0.05)
    assert fit.converged
    assert fit.gradient < 1e-9


def test_cdnow_gives_the_published_spend_parameters(cdnow):
    repeat = cdnow["frequency"] > 0
    parameters, fit = gamma_gamma.fit_gamma_gamma(cdnow["frequency"][repeat], cdnow["monetary_value"][repeat])
    assert np.allclose(parameters, (6.25, 3.74, 15.44), rtol=2e-3)
    assert fit.converged


def test_both_engines_find_the_same_parameters(cdnow):
    x, t_x, T, m = cdnow.values()
    assert bg_nbd.fit_bg_nbd(x, t_x, T)[0] == pytest.approx(lifetimes_reference.fit_bg_nbd(x, t_x, T)[0], rel=1e-5)
    spenders = x[x > 0], m[x > 0]
    assert gamma_gamma.fit_gamma_gamma(*spenders)[0] == pytest.approx(
        lifetimes_reference.fit_gamma_gamma(*spenders)[0], rel=1e-5
    )


def test_the_reference_engine_leaves_the_process_as_it_was(cdnow):
    before = list(warnings.filters)
    lifetimes_reference.fit_bg_nbd(cdnow["frequency"], cdnow["recency"], cdnow["T"])
    assert list(warnings.filters) == before


def test_purchase_parameters_that_made_the_customers_are_recovered(purchase_history):
    truth = BgNbd(0.8, 60.0, 0.8, 2.5)
    table = purchase_history(20_000, seed=1, truth=truth)
    parameters, fit = bg_nbd.fit_bg_nbd(*(table[name].to_numpy() for name in ("frequency", "recency", "T")))
    assert parameters == pytest.approx(truth, rel=0.12)
    assert parameters.a / (parameters.a + parameters.b) == pytest.approx(truth.a / (truth.a + truth.b), rel=0.05)
    assert fit.converged


def test_spend_parameters_that_made_the_customers_are_recovered(purchase_history):
    table = purchase_history(20_000, seed=2)
    buyers = table[table["frequency"] > 0]
    parameters, _ = gamma_gamma.fit_gamma_gamma(buyers["frequency"].to_numpy(), buyers["monetary_value"].to_numpy())
    assert parameters == pytest.approx((6.0, 4.0, 150.0), rel=0.1)


def test_expected_purchases_and_chance_of_being_active_equal_the_reference(cdnow):
    from lifetimes import BetaGeoFitter

    x, t_x, T, _ = cdnow.values()
    parameters = BgNbd(0.243, 4.414, 0.793, 2.426)
    reference = BetaGeoFitter()
    reference.params_ = pd.Series(parameters._asdict())
    for horizon in (1.0, 26.0, 104.0):
        theirs = reference.conditional_expected_number_of_purchases_up_to_time(horizon, x, t_x, T)
        assert np.allclose(bg_nbd.expected_purchases(parameters, horizon, x, t_x, T), theirs, rtol=1e-10)
    theirs = reference.conditional_probability_alive(x, t_x, T)
    assert np.allclose(bg_nbd.probability_alive(parameters, x, t_x, T), theirs, rtol=1e-12)


@settings(deadline=None, max_examples=60)
@given(r=positive, alpha=positive, a=positive, b=positive, x=st.integers(0, 300), age=st.floats(0.5, 4000))
def test_slopes_of_the_purchase_likelihood_are_those_of_small_differences(r, alpha, a, b, x, age):
    def at(logs):
        parameters = BgNbd(*np.exp(logs))
        histories = np.array([float(x)]), np.array([age / 2 if x else 0.0]), np.array([age])
        return parameters, histories

    logs = np.log([r, alpha, a, b])
    parameters, (xs, ts, Ts) = at(logs)
    slopes = bg_nbd._count_terms(parameters, xs)[1] + bg_nbd._time_terms(parameters, xs, ts, Ts)[1]
    slopes = slopes[:, 0] * np.array(parameters)
    for place in range(4):
        step = np.eye(4)[place] * 1e-5
        up = bg_nbd.log_likelihood(at(logs + step)[0], xs, ts, Ts)[0]
        down = bg_nbd.log_likelihood(at(logs - step)[0], xs, ts, Ts)[0]
        assert slopes[place] == pytest.approx((up - down) / 2e-5, rel=1e-4, abs=1e-4)


@settings(deadline=None, max_examples=200)
@given(
    parameters=st.builds(BgNbd, positive, st.floats(0.01, 500), st.floats(1e-6, 20), st.floats(1e-3, 1e4)),
    age=st.integers(0, 4000),
    activity=st.floats(0, 1),
    part=st.floats(0, 1),
)
@example(parameters=BgNbd(0.5, 1.0, 0.5, 2.0), age=98, activity=1.0, part=1.0)
@example(parameters=BgNbd(1.5, 0.1, 1.0, 2.0), age=976, activity=0.0, part=0.0)
def test_no_history_and_no_parameters_give_a_forecast_that_is_missing_negative_or_infinite(
    parameters, age, activity, part
):
    x = float(int(activity * age))
    history = np.array([x]), np.array([max(x, age * part) if x else 0.0]), np.array([float(age)])
    expected = bg_nbd.expected_purchases(parameters, 182.625, *history)
    alive = bg_nbd.probability_alive(parameters, *history)
    assert np.isfinite(expected).all()
    assert (expected >= 0).all()
    assert ((alive >= 0) & (alive <= 1)).all()


@pytest.mark.parametrize(
    "parameters", [BgNbd(0.8, 69.0, 0.003, 6.7), BgNbd(2.0, 5.0, 1.4, 2.0), BgNbd(1, 90, 0.1, 0.2)]
)
def test_the_two_ways_to_expected_purchases_agree(parameters):
    x, T = np.array([0.0, 1.0, 40.0, 0.0]), np.array([373.0, 200.0, 300.0, 2.0])
    closed = bg_nbd._by_hypergeometric(parameters, 182.625, x, T)
    assert bg_nbd._by_quadrature(parameters, 182.625, x, T) == pytest.approx(closed, rel=1e-6)


def test_expected_purchases_are_the_mean_over_dropouts_where_the_closed_form_fails():
    from scipy.integrate import quad
    from scipy.stats import beta

    for parameters, x, T in [(BgNbd(1.0, 0.25, 0.5, 173.0), 0, 0), (BgNbd(2.0, 5.0, 1.0, 2.0), 40, 300)]:
        r, alpha, a, b = parameters
        law = beta(a, b + x)

        def until_dropout(quantile, x=x, T=T, r=r, alpha=alpha, law=law):
            dropout = max(law.ppf(quantile), 1e-300)
            return -np.expm1(-(r + x) * np.log1p(dropout * 182.625 / (alpha + T))) / dropout

        by_integration, _ = quad(until_dropout, 0, 1, limit=200)
        ours = bg_nbd.expected_purchases_if_alive(parameters, 182.625, np.array([float(x)]), np.array([float(T)]))
        assert ours[0] == pytest.approx(by_integration, rel=1e-5)


def test_distinct_rows_and_their_weights_rebuild_the_rows():
    first, second = np.array([2.0, 1, 2, 2]), np.array([5.0, 5, 5, 4])
    (once, twice), weights, places = distinct_rows(first, second)
    assert (once.tolist(), twice.tolist(), weights.tolist()) == ([1, 2, 2], [5, 4, 5], [1, 1, 2])
    assert np.array_equal(once[places], first)
    assert np.array_equal(twice[places], second)
