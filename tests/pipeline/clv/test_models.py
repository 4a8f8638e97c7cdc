"""BG/NBD and Gamma-Gamma: the published numbers, the published library's, and parameters known by simulation."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.clv import beta_geometric, expectations, gamma_gamma, lifetimes_reference, likelihood
from pipeline.clv.bg_nbd import BgNbd
from pipeline.clv.distinct import distinct_rows, thinned
from pipeline.clv.histories import Histories, histories_of, of_counts
from pipeline.clv.mbg_nbd import MbgNbd

positive = st.floats(1e-3, 50)
PUBLISHED = {
    BgNbd: ((0.243, 4.414, 0.793, 2.426), "BetaGeoFitter"),
    MbgNbd: ((0.525, 6.183, 0.891, 1.614), "ModifiedBetaGeoFitter"),
}
both = pytest.mark.parametrize("model", PUBLISHED)


def reference_at(parameters):
    """The published library's model with these parameters."""
    import lifetimes

    fitter = getattr(lifetimes, PUBLISHED[type(parameters)][1])()
    fitter.params_ = pd.Series(parameters._asdict())
    return fitter


def one(x, t_x, T):
    return Histories(*(np.array([float(each)]) for each in (x, t_x, T, 0.0, x)))


@pytest.fixture(scope="module")
def cdnow():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifetimes.datasets import load_cdnow_summary_data_with_monetary_value

        summary = load_cdnow_summary_data_with_monetary_value()
    return histories_of(summary)


@both
def test_cdnow_gives_the_published_purchase_parameters(cdnow, model):
    parameters, fit = beta_geometric.fit(model, cdnow)
    assert np.allclose(parameters, PUBLISHED[model][0], atol=6e-4)
    assert fit.converged
    assert fit.gradient < 1e-9


def test_cdnow_has_the_published_likelihood(cdnow):
    parameters, _ = beta_geometric.fit(BgNbd, cdnow)
    assert beta_geometric.log_likelihood(parameters, cdnow).sum() == pytest.approx(-9582.4, abs=0.05)


def test_cdnow_gives_the_published_spend_parameters(cdnow):
    repeat = cdnow.spenders()
    parameters, fit = gamma_gamma.fit_gamma_gamma(cdnow.orders[repeat], cdnow.m[repeat])
    assert np.allclose(parameters, (6.25, 3.74, 15.44), rtol=2e-3)
    assert fit.converged


@both
def test_both_engines_find_the_same_purchase_parameters(cdnow, model):
    theirs, _ = lifetimes_reference.fit_purchases(model, cdnow)
    assert isinstance(theirs, model)
    assert beta_geometric.fit(model, cdnow)[0] == pytest.approx(theirs, rel=1e-5)


def test_both_engines_find_the_same_spend_parameters(cdnow):
    spenders = cdnow.orders[cdnow.spenders()], cdnow.m[cdnow.spenders()]
    assert gamma_gamma.fit_gamma_gamma(*spenders)[0] == pytest.approx(
        lifetimes_reference.fit_gamma_gamma(*spenders)[0], rel=1e-5
    )


def test_the_reference_engine_leaves_the_process_as_it_was(cdnow):
    before = list(warnings.filters)
    lifetimes_reference.fit_purchases(BgNbd, cdnow)
    assert list(warnings.filters) == before


def off_by(fit, truth):
    """How far each log parameter is from the one that made the customers, in its standard errors."""
    return np.log(fit.parameters / np.array(truth)) / (fit.standard_errors / fit.parameters)


@both
@pytest.mark.parametrize("shape", [(0.8, 60.0, 0.8, 2.5), (1.5, 100.0, 0.5, 3.0)])
def test_purchase_parameters_that_made_the_customers_are_inside_their_95_percent_intervals(
    purchase_history, model, shape
):
    fits = [
        beta_geometric.fit(model, histories_of(purchase_history(4_000, seed=seed, truth=model(*shape))))[1]
        for seed in range(10)
    ]
    off = np.array([off_by(fit, shape) for fit in fits])
    assert all(fit.converged for fit in fits)
    assert (np.abs(off) < 1.96).mean() > 0.85
    assert np.abs(off).max() < 4
    assert np.sqrt((off**2).mean()) > 0.6  # intervals that are far too wide would hold anything


def test_spend_parameters_that_made_the_customers_are_inside_their_95_percent_intervals(purchase_history):
    off = []
    for seed in range(10):
        buyers = histories_of(purchase_history(2_000, seed=seed))
        spenders = buyers.spenders()
        off.append(off_by(gamma_gamma.fit_gamma_gamma(buyers.orders[spenders], buyers.m[spenders])[1], (6, 4, 150)))
    assert (np.abs(off) < 1.96).mean() > 0.85
    assert np.sqrt(np.mean(np.square(off))) > 0.6


@both
def test_every_expectation_equals_the_reference(cdnow, model):
    parameters = model(*PUBLISHED[model][0])
    reference, (x, t_x, T, _, _) = reference_at(parameters), cdnow
    for horizon in (1.0, 26.0, 104.0):
        theirs = reference.conditional_expected_number_of_purchases_up_to_time(horizon, x, t_x, T)
        assert np.allclose(expectations.expected_purchases(parameters, cdnow, horizon), theirs, rtol=1e-10)
    theirs = reference.conditional_probability_alive(x, t_x, T)
    assert np.allclose(expectations.probability_alive(parameters, cdnow), theirs, rtol=1e-12)


@both
def test_expectations_of_new_customers_equal_the_reference(model):
    parameters, times = model(*PUBLISHED[model][0]), np.array([0.0, 0.5, 13.0, 39.0, 200.0])
    reference = reference_at(parameters)
    theirs = reference.expected_number_of_purchases_up_to_time(times)
    assert np.allclose(expectations.expected_purchases_of_new(parameters, times), theirs, rtol=1e-10, atol=1e-14)
    counts = expectations.purchase_count_probabilities(parameters, times, 12)
    theirs = [[reference.probability_of_n_purchases_up_to_time(t, n) for n in range(13)] for t in times]
    assert np.allclose(counts, theirs, rtol=1e-9, atol=1e-13)


@both
def test_counts_have_the_expected_mean_and_all_the_chance(model):
    parameters, times = model(*PUBLISHED[model][0]), np.array([10.0, 60.0])
    counts = expectations.purchase_count_probabilities(parameters, times, 800)
    assert counts.sum(axis=1) == pytest.approx(1, abs=1e-9)
    mean = counts @ np.arange(801)
    assert mean == pytest.approx(expectations.expected_purchases_of_new(parameters, times), rel=1e-6)


@both
@pytest.mark.parametrize("chance", [0.25, 0.5, 0.75])
def test_the_time_of_the_next_order_is_where_the_chance_to_buy_is_reached(cdnow, model, chance):
    parameters = model(*PUBLISHED[model][0])
    weeks = expectations.next_order_days(parameters, cdnow, chance)
    reached, alive = np.isfinite(weeks), expectations.probability_alive(parameters, cdnow)
    assert (alive[~reached] <= chance * (1 + 1e-12)).all()
    until_then = [
        expectations.chance_to_buy(parameters, one(x, t_x, T), float(t))[0]
        for x, t_x, T, t in zip(*(column[reached][:300] for column in (*cdnow[:3], weeks)), strict=True)
    ]
    assert until_then == pytest.approx(np.full(len(until_then), chance), rel=1e-9)


@both
def test_with_hardly_any_leaving_both_models_are_the_plain_nbd(cdnow, model):
    from scipy.stats import nbinom

    r, alpha = 0.8, 20.0
    parameters, times = model(r, alpha, 1e-13, 6.7), np.array([5.0, 40.0])
    assert expectations.expected_purchases(parameters, cdnow, 26.0) == pytest.approx(
        (r + cdnow.x) * 26 / (alpha + cdnow.T), rel=1e-6
    )
    assert expectations.probability_alive(parameters, cdnow) == pytest.approx(np.ones(len(cdnow.x)), abs=1e-6)
    plain = nbinom.pmf(np.arange(9), r, alpha / (alpha + times[:, None]))
    assert expectations.purchase_count_probabilities(parameters, times, 8) == pytest.approx(plain, rel=1e-6)


@both
def test_overdue_is_one_after_a_typical_gap_and_finite_for_everybody(cdnow, model):
    parameters = model(*PUBLISHED[model][0])
    gap = (parameters.alpha + 20.0) / (parameters.r + 4.0)
    assert expectations.overdue(parameters, one(4, 20.0, 20.0 + gap)) == pytest.approx(1.0)
    assert np.isfinite(expectations.overdue(parameters, cdnow)).all()


@settings(deadline=None, max_examples=60)
@given(
    model=st.sampled_from([*PUBLISHED]),
    r=positive,
    alpha=positive,
    a=positive,
    b=positive,
    x=st.integers(0, 300),
    age=st.floats(0.5, 4000),
)
def test_slopes_of_the_purchase_likelihood_are_those_of_small_differences(model, r, alpha, a, b, x, age):
    def at(logs):
        parameters = model(*np.exp(logs))
        return parameters, one(x, age / 2 if x else 0.0, age)

    logs = np.log([r, alpha, a, b])
    parameters, (xs, ts, Ts, _, _) = at(logs)
    slopes = beta_geometric.count_terms(parameters, xs)[1] + beta_geometric.time_terms(parameters, xs, ts, Ts)[1]
    slopes = slopes[:, 0] * np.array(parameters)
    for place in range(4):
        step = np.eye(4)[place] * 1e-5
        up = beta_geometric.log_likelihood(*at(logs + step))[0]
        down = beta_geometric.log_likelihood(*at(logs - step))[0]
        assert slopes[place] == pytest.approx((up - down) / 2e-5, rel=1e-4, abs=1e-4)


bounds = positive, st.floats(0.01, 500), st.floats(1e-6, 20), st.floats(1e-3, 1e4)


@settings(deadline=None, max_examples=200)
@given(
    parameters=st.sampled_from([*PUBLISHED]).flatmap(lambda model: st.builds(model, *bounds)),
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
    history = one(x, max(x, age * part) if x else 0.0, age)
    expected = expectations.expected_purchases(parameters, history, 182.625)
    alive = expectations.probability_alive(parameters, history)
    assert np.isfinite(expected).all()
    assert (expected >= 0).all()
    assert ((alive >= 0) & (alive <= 1)).all()


@pytest.mark.parametrize(
    "parameters", [BgNbd(0.8, 69.0, 0.003, 6.7), BgNbd(2.0, 5.0, 1.4, 2.0), BgNbd(1, 90, 0.1, 0.2)]
)
def test_the_two_ways_to_expected_purchases_agree(parameters):
    x, T = np.array([0.0, 1.0, 40.0, 0.0]), np.array([373.0, 200.0, 300.0, 2.0])
    horizon = np.full(4, 182.625)
    for model in (parameters, MbgNbd(*parameters)):
        closed = expectations._by_hypergeometric(model, horizon, x, T)
        assert expectations._by_quadrature(model, horizon, x, T) == pytest.approx(closed, rel=1e-6)


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
        alike = of_counts(np.array([float(x)]), np.array([float(T)]))
        ours = expectations.expected_purchases_if_alive(parameters, alike, 182.625)
        assert ours[0] == pytest.approx(by_integration, rel=1e-5)


def test_distinct_rows_and_their_weights_rebuild_the_rows():
    first, second = np.array([2.0, 1, 2, 2]), np.array([5.0, 5, 5, 4])
    (once, twice), weights, places = distinct_rows(first, second)
    assert (once.tolist(), twice.tolist(), weights.tolist()) == ([1, 2, 2], [5, 4, 5], [1, 1, 2])
    assert np.array_equal(once[places], first)
    assert np.array_equal(twice[places], second)


def test_thinned_rows_keep_the_share_of_every_region():
    x, weights = np.arange(5.0), np.array([400.0, 300, 200, 99, 1])
    (some,), times = thinned((x,), weights, 100)
    assert some.tolist() == [0, 1, 2, 3]
    assert times.tolist() == [40, 30, 20, 10]


@settings(deadline=None, max_examples=50)
@given(rows=st.lists(st.tuples(st.integers(0, 9), st.floats(0, 5), st.integers(0, 9)), min_size=1), scale=st.booleans())
def test_distinct_rows_are_sorted_whether_whole_numbers_or_not(rows, scale):
    columns = [np.floor(column) if scale else column for column in np.array(rows, dtype=float).T]
    found, weights, places = distinct_rows(*columns)
    assert list(zip(*found, strict=True)) == sorted(set(zip(*columns, strict=True)))
    assert weights.sum() == len(rows)
    assert all(np.array_equal(once[places], column) for once, column in zip(found, columns, strict=True))


@both
@pytest.mark.parametrize("shape", [(0.8, 60.0, 0.8, 2.5), (0.8, 69.0, 0.0034, 6.7)])
def test_a_fit_whose_way_up_was_shown_by_some_customers_ends_on_the_summit_of_all(purchase_history, model, shape):
    customers = histories_of(purchase_history(9_000, seed=1, truth=model(*shape)))
    rows, weights, _ = distinct_rows(*customers[:3])
    unit = float(customers.T.max())
    objective = beta_geometric._objective(model, rows, weights, unit)
    whole = likelihood.maximum(objective, [], beta_geometric.GRID, 9_000).in_units((1, unit, 1, 1))
    _, quick = beta_geometric.fit(model, customers)
    assert quick.mean_log_likelihood == pytest.approx(whole.mean_log_likelihood, abs=1e-12)
    assert quick.at_bound == whole.at_bound
    if not whole.at_bound:
        assert quick.gradient < 1e-9
        assert quick.parameters == pytest.approx(whole.parameters, rel=1e-6)
        assert quick.standard_errors == pytest.approx(whole.standard_errors, rel=1e-4)
