"""Which columns make clusters, on which scale, and what happens to gaps."""

import json

import numpy as np
import pandas as pd
import pytest

from pipeline.clustering.scaling import Preparation, fitted_scales, prepared, prepared_like, scaled
from pipeline.errors import PipelineError

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


@pytest.mark.parametrize("column", [np.full(30, 7.0), np.array([]), np.array([0.0, 1e9, 3.0, 2.0])])
def test_no_column_becomes_missing_or_infinite(column):
    raw = np.column_stack([column, column, column])
    fitted = fitted_scales(raw, ("Recency", "Frequency", "Monetary"), Preparation())
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


@pytest.mark.parametrize("scaling", ["yeo-johnson", "standard"])
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
