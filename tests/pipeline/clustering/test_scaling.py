"""Which columns make clusters, on which scale, and what happens to gaps."""

import json

import numpy as np
import pandas as pd
import pytest

from pipeline.clustering.preparation import SWITCHES, Preparation
from pipeline.clustering.scales import fitted_scales, scaled
from pipeline.clustering.scaling import prepared, prepared_like
from pipeline.errors import NotEnoughDataError, PipelineError, SettingError
from pipeline.parameters import parameters

SCALINGS = [option for each in parameters(Preparation) if each.name == "scaling" for option in each.options]
every_scaling = pytest.mark.parametrize("scaling", SCALINGS)
CLASSIC = Preparation(scaling="standard", country_weight=1.0, product_mix_weight=1.0)


def test_the_classic_preparation_equals_scikit_learn_on_the_raw_columns(shop_customers):
    from sklearn.preprocessing import StandardScaler

    customers = shop_customers()
    ready = prepared(customers, CLASSIC)
    assert ready.columns[:4] == ("Recency", "Frequency", "Monetary", "IsUK")
    expected = StandardScaler().fit_transform(customers[list(ready.columns)].astype(float))
    assert np.allclose(ready.matrix, expected, rtol=1e-12, atol=1e-12)
    assert ready.warnings == []


def test_the_default_preparation_removes_skew_and_weighs_the_blocks(shop_customers):
    from sklearn.preprocessing import PowerTransformer

    customers = shop_customers()
    ready = prepared(customers, Preparation())
    assert np.allclose(ready.matrix.std(axis=0), [1, 1, 1] + [0.3] * 6)
    expected = PowerTransformer().fit_transform(customers[["Recency", "Frequency", "Monetary"]].astype(float))
    assert np.allclose(ready.matrix[:, :3], expected)


def test_gaps_in_spend_drop_a_customer_and_other_gaps_count_as_nothing(shop_customers):
    customers = shop_customers(20).astype({"IsUK": float})
    customers.loc[3, "Monetary"] = np.nan
    customers.loc[5, ["IsUK", "CatShare_Bags"]] = np.nan
    ready = prepared(customers, CLASSIC)
    assert "00003" not in ready.customer_ids
    assert len(ready.matrix) == 19
    assert ready.warnings == [
        "1 customer without recency, frequency or spend is left out of the clusters.",
        "Missing values of IsUK, CatShare_Bags count as 0 in the clusters.",
    ]
    filled = prepared(customers.fillna({"IsUK": 0, "CatShare_Bags": 0}), CLASSIC)
    assert np.array_equal(ready.matrix, filled.matrix)


def test_the_order_of_the_rows_changes_nothing(shop_customers):
    customers = shop_customers(50)
    shuffled = customers.sample(frac=1, random_state=1)
    ready, same = prepared(customers, Preparation()), prepared(shuffled, Preparation())
    assert np.array_equal(ready.matrix, same.matrix)
    assert shuffled["CustomerID"].to_numpy()[same.rows].tolist() == same.customer_ids.tolist()


def test_the_customers_are_left_as_they_were(shop_customers):
    customers = shop_customers(50)
    before = customers.copy(deep=True)
    prepared(customers, Preparation())
    pd.testing.assert_frame_equal(customers, before)


@every_scaling
@pytest.mark.parametrize("column", [np.full(30, 7.0), np.array([]), np.array([0.0, 1e9, 3.0, 2.0]), np.eye(9)[0]])
def test_no_column_becomes_missing_or_infinite(column, scaling):
    raw = np.column_stack([column, column, column])
    fitted = fitted_scales(raw, ("Recency", "Frequency", "Monetary"), Preparation(scaling=scaling))
    assert np.isfinite(scaled(raw, fitted)).all()


def test_constant_columns_count_for_nothing(shop_customers):
    customers = shop_customers(40).assign(Recency=5, IsUK=1)
    ready = prepared(customers, Preparation())
    assert not ready.matrix[:, [0, 3]].any()


def test_what_is_known_of_nobody_is_left_out_of_the_distances(shop_customers):
    customers = shop_customers(40)
    shares = [name for name in customers.columns if name.startswith("CatShare_")]
    unknown = prepared(customers.assign(IsUK=np.nan, **dict.fromkeys(shares, np.nan)), CLASSIC)
    assert unknown.columns == ("Recency", "Frequency", "Monetary")
    assert unknown.warnings == []
    assert np.array_equal(unknown.matrix, prepared(customers, CLASSIC).matrix[:, :3])


@every_scaling
def test_the_same_customers_on_fitted_scales_are_where_they_were(shop_customers, scaling):
    customers = shop_customers(80)
    own = prepared(customers, Preparation(scaling=scaling))
    again = prepared_like(customers.sample(frac=1, random_state=1), json.loads(json.dumps(own.fitted)))
    assert np.array_equal(again.customer_ids, own.customer_ids)
    np.testing.assert_allclose(again.matrix, own.matrix, rtol=1e-12, atol=1e-12)
    few = prepared_like(customers.iloc[:3], own.fitted)
    assert len(few.matrix) == 3


def test_customers_of_whom_too_little_is_known_are_refused(shop_customers):
    own = prepared(shop_customers(40), Preparation())
    with pytest.raises(PipelineError, match="which were made with IsUK"):
        prepared_like(shop_customers(40).assign(IsUK=np.nan), own.fitted)


def test_robust_scaling_is_that_of_scikit_learn(shop_customers):
    from sklearn.preprocessing import RobustScaler

    customers = shop_customers()
    ready = prepared(customers, Preparation(scaling="robust"))
    expected = RobustScaler(unit_variance=True).fit_transform(customers[["Recency", "Frequency", "Monetary"]])
    np.testing.assert_allclose(ready.matrix[:, :3], expected, rtol=1e-12, atol=1e-12)


def test_a_column_without_a_middle_half_keeps_its_deviation_under_robust_scaling(shop_customers):
    once = shop_customers(40).assign(Frequency=[1] * 35 + [9] * 5)
    spread = prepared(once, Preparation(scaling="robust")).matrix[:, 1]
    assert spread.std() == pytest.approx(1.0)


def test_the_logarithm_is_that_of_one_more(shop_customers):
    from sklearn.preprocessing import StandardScaler

    customers = shop_customers()
    ready = prepared(customers, Preparation(scaling="log1p"))
    expected = StandardScaler().fit_transform(np.log1p(customers[["Recency", "Frequency", "Monetary"]].to_numpy()))
    np.testing.assert_allclose(ready.matrix[:, :3], expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("tail", [0.001, 0.013, 0.05, 0.2])
def test_tails_are_cut_off_as_scipy_does(shop_customers, tail):
    from scipy.stats.mstats import winsorize
    from sklearn.preprocessing import StandardScaler

    customers = shop_customers()
    ready = prepared(customers, Preparation(scaling="winsorised", tail_share=tail))
    cut = [np.asarray(winsorize(customers[name].to_numpy(float), (tail, tail))) for name in ready.columns[:3]]
    expected = StandardScaler().fit_transform(np.column_stack(cut))
    np.testing.assert_allclose(ready.matrix[:, :3], expected, rtol=1e-12, atol=1e-12)


@every_scaling
def test_columns_that_take_no_part_leave_the_others_as_they_were(shop_customers, scaling):
    customers, whole = shop_customers(), Preparation(scaling=scaling)
    part = prepared(customers, whole.with_settings(monetary=False, country=False, toys=False))
    every = prepared(customers, whole)
    kept = [place for place, name in enumerate(every.columns) if name in part.columns]
    assert set(every.columns) - set(part.columns) == {"Monetary", "IsUK", "CatShare_Toys"}
    np.testing.assert_allclose(part.matrix, every.matrix[:, kept], rtol=1e-12, atol=1e-12)
    assert np.array_equal(part.monetary, every.monetary)
    assert np.array_equal(part.raw["Monetary"], every.raw["Monetary"])


def test_fewer_than_two_columns_are_refused_in_one_sentence(shop_customers):
    only = dict.fromkeys(SWITCHES.values(), False) | {"country": True}
    with pytest.raises(SettingError, match=r"^At least 2 columns must take part .+ only IsUK does; switch one on\.$"):
        Preparation(**only)
    known_of_nobody = shop_customers(40).assign(IsUK=np.nan)
    with pytest.raises(NotEnoughDataError, match="only CatShare_Bags is known in this file, and 2 are needed"):
        prepared(known_of_nobody, Preparation(**{**only, "bags": True}))


def test_every_feature_has_its_switch(shop_customers):
    assert set(prepared(shop_customers(40), Preparation()).columns) == set(SWITCHES)
