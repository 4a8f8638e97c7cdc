"""Every number equals the published library's: on CDNOW, on Online Retail and on simulated shops, for both models."""

import contextlib
import io
import warnings

import numpy as np
import pandas as pd
import pytest

from pipeline import engine
from pipeline.clv import beta_geometric, expectations, gamma_gamma
from pipeline.clv.bg_nbd import BgNbd
from pipeline.clv.customer_forecast import customer_values
from pipeline.clv.forecast import Models, spend_per_order
from pipeline.clv.gamma_gamma import GammaGamma
from pipeline.clv.histories import Histories, histories_of
from pipeline.clv.mbg_nbd import MbgNbd

SHOPS = ("cdnow", "online_retail", "simulated", "simulated_without_churn")
FITTERS = {BgNbd: "BetaGeoFitter", MbgNbd: "ModifiedBetaGeoFitter", GammaGamma: "GammaGammaFitter"}
both = pytest.mark.parametrize("model", [BgNbd, MbgNbd])


@pytest.fixture(scope="module")
def lifetimes():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import lifetimes
        import lifetimes.datasets
    return lifetimes


@pytest.fixture(scope="module", params=SHOPS)
def shop(request, lifetimes) -> Histories:
    """Purchase histories of one shop; those of Online Retail are skipped where the file is not at hand."""
    if request.param == "cdnow":
        summary = lifetimes.datasets.load_cdnow_summary_data_with_monetary_value()
        return histories_of(summary.assign(average_order=0.0))
    if request.param == "online_retail":
        return histories_of(engine.read_parquet(request.getfixturevalue("real_tables").history))
    simulated, truth = request.getfixturevalue("purchase_history"), BgNbd(0.8, 60.0, 0.8, 2.5)
    if request.param == "simulated_without_churn":
        truth = BgNbd(0.8, 69.0, 0.01, 6.7)
    return histories_of(simulated(3_000, seed=8, truth=truth))


@pytest.fixture(scope="module")
def fits(shop):
    """Each model's parameters and how they were found."""
    spenders = shop.spenders()
    return {
        BgNbd: beta_geometric.fit(BgNbd, shop),
        MbgNbd: beta_geometric.fit(MbgNbd, shop),
        GammaGamma: gamma_gamma.fit_gamma_gamma(shop.orders[spenders], shop.m[spenders]),
    }


def at(lifetimes, parameters):
    """The library's model with these parameters."""
    fitter = getattr(lifetimes, FITTERS[type(parameters)])()
    fitter.params_ = pd.Series(parameters._asdict())
    return fitter


def best_of_theirs(lifetimes, model, *columns):
    """The library's fit with the tightest tolerance that it accepts."""
    for tolerance in (1e-8, 1e-7, 1e-6):
        unsettled = contextlib.suppress(lifetimes.utils.ConvergenceError)
        with unsettled, contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # roots of its variance matrix, which is wrong and not used
            return getattr(lifetimes, FITTERS[model])().fit(*columns, tol=tolerance).params_.to_numpy()
    raise AssertionError("lifetimes fits this shop with no tolerance")


def is_ridge(parameters):
    """Whether nobody leaves: only a / (a + b), which is nil, matters then; where on the ridge a fit stops is chance."""
    return parameters.a / (parameters.a + parameters.b) < 1e-8


def lost_to_cancellation(parameters, least, share):
    """The relative error that the library's differences of gamma functions have: it grows with b."""
    return max(least, share * parameters.b)


@both
def test_purchase_parameters_equal_the_library_or_are_likelier(lifetimes, shop, fits, model):
    ours, fit = fits[model]
    theirs = model(*best_of_theirs(lifetimes, model, shop.x, shop.t_x, shop.T))
    own, their = (beta_geometric.log_likelihood(each, shop).sum() for each in (ours, theirs))
    assert own >= their - 1e-9 * abs(their)
    if (
        own - their < 1e-6 and not fit.at_bound and not is_ridge(ours)
    ):  # both on the summit: as near as the tolerance of theirs lets them be
        assert tuple(ours) == pytest.approx(tuple(theirs), rel=1e-4)
        assert tuple(ours)[:2] == pytest.approx(tuple(theirs)[:2], rel=1e-6)
    assert fit.gradient < 1e-9 or fit.at_bound or (is_ridge(ours) and fit.converged)


def test_spend_parameters_equal_the_library(lifetimes, shop, fits):
    ours, fit = fits[GammaGamma]
    spenders = shop.spenders()
    theirs = best_of_theirs(lifetimes, GammaGamma, shop.orders[spenders], shop.m[spenders])
    assert tuple(ours) == pytest.approx(tuple(theirs), rel=1e-6)
    assert fit.gradient < 1e-9


@both
def test_the_likelihood_is_the_librarys(lifetimes, shop, fits, model):
    parameters, _ = fits[model]
    fitter, weights = getattr(lifetimes, FITTERS[model]), np.ones(len(shop.x))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = fitter._negative_log_likelihood(np.log(parameters), *shop[:3], weights, 0.0)
    assert beta_geometric.log_likelihood(parameters, shop).mean() == pytest.approx(
        -theirs, rel=lost_to_cancellation(parameters, 1e-12, 1e-15)
    )


@both
def test_orders_and_chances_equal_the_librarys_formulas(lifetimes, shop, fits, model):
    parameters, _ = fits[model]
    theirs, near = at(lifetimes, parameters), lost_to_cancellation(parameters, 1e-9, 1e-11)
    for horizon in (7.0, 182.625, 730.5):
        expected = theirs.conditional_expected_number_of_purchases_up_to_time(horizon, *shop[:3])
        ours = expectations.expected_purchases(parameters, shop, horizon)
        with_meaning = np.isfinite(expected) & (expected >= 0)  # theirs overflows for some heavy buyers
        assert with_meaning.mean() > 0.99
        assert np.allclose(ours[with_meaning], expected[with_meaning], rtol=near)
    alive = theirs.conditional_probability_alive(*shop[:3])
    assert np.allclose(expectations.probability_alive(parameters, shop), alive, rtol=near)


@both
def test_spend_and_value_equal_the_librarys_formulas(lifetimes, shop, fits, model):
    models = Models(fits[model][0], fits[GammaGamma][0])
    purchases, spend = at(lifetimes, models.purchases), at(lifetimes, models.spend)
    columns = [pd.Series(column) for column in shop[:4]]
    theirs = spend.conditional_expected_average_profit(columns[0], columns[3])
    assert np.allclose(spend_per_order(models.spend, shop), theirs, rtol=1e-9)
    purchases.predict = purchases.conditional_expected_number_of_purchases_up_to_time
    theirs = spend.customer_lifetime_value(purchases, *columns, time=6, discount_rate=0.01, freq="D").to_numpy()
    ours = customer_values(models, shop, 0.01, [6], month_days=30)["CLV_6m"]
    with_meaning = np.isfinite(theirs) & (theirs >= 0)
    assert with_meaning.mean() > 0.99
    assert np.allclose(ours[with_meaning], theirs[with_meaning], rtol=1e-7)
