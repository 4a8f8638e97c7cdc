"""The surface of value over recency and frequency is what the models say of such customers."""

import numpy as np
import pytest

from pipeline.clv.bg_nbd import BgNbd
from pipeline.clv.customer_forecast import customer_values
from pipeline.clv.forecast import Models
from pipeline.clv.gamma_gamma import GammaGamma
from pipeline.clv.histories import Histories, histories_of
from pipeline.clv.value_surface import DAY_STEPS, value_surface

MODELS = Models(BgNbd(0.8, 60.0, 0.8, 2.5), GammaGamma(6.0, 4.0, 15.0))


@pytest.fixture
def surface(purchase_history):
    return value_surface(MODELS, histories_of(purchase_history(400, seed=3)), 0.01)


def test_the_grid_is_full_and_its_values_usable(surface):
    grid = surface.grid
    assert (
        len(grid)
        == grid["PurchaseDays"].nunique() * DAY_STEPS
        == grid["PurchaseDays"].nunique() * len(grid["DaysSince"].unique())
    )
    assert grid["PurchaseDays"].min() == 1
    assert np.isfinite(grid["Value"]).all()
    assert (grid["Value"] >= 0).all()


def test_one_time_buyers_are_as_old_as_their_only_order(surface, purchase_history):
    histories = histories_of(purchase_history(400, seed=3))
    row = surface.grid[surface.grid["PurchaseDays"] == 1].iloc[7]
    repeats, age = np.array([0.0, 1.0]), np.full(2, row["DaysSince"])
    alone = Histories(repeats, np.zeros(2), age, repeats * surface.usual_order, repeats)
    assert row["Value"] == pytest.approx(customer_values(MODELS, alone, 0.01, [6])["CLV_6m"][0], rel=1e-9)
    assert surface.usual_order == pytest.approx(histories.m[histories.x > 0].mean())


def test_silence_costs_those_who_ordered_often_most(surface):
    ends = surface.grid.sort_values("DaysSince").groupby("PurchaseDays")["Value"].agg(["first", "last"])
    lost = ends["last"] / ends["first"]
    assert (lost < 1).all()
    assert lost.iloc[-1] < lost.iloc[0]
    assert ends["first"].loc[:12].is_monotonic_increasing


def test_the_surface_looks_as_far_ahead_as_it_is_asked_to(surface, purchase_history):
    year = value_surface(MODELS, histories_of(purchase_history(400, seed=3)), 0.01, 12)
    assert (year.grid["Value"] >= surface.grid["Value"]).all()
    assert year.grid["Value"].sum() > 1.5 * surface.grid["Value"].sum()
