"""The whole run on Online Retail: its known truth, and what plain pandas and lifetimes say of the same lines."""

import warnings

import numpy as np
import pandas as pd
import pytest

from pipeline.features.product_mix import CATEGORIES, SHIPPED, categoriser
from pipeline.recipe import RECIPES
from pipeline.segmentation import run
from pipeline.store import Store


@pytest.fixture(scope="module")
def finished(online_retail, tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("store"))
    yield run(online_retail, RECIPES["balanced"], store)
    store.close()


@pytest.fixture(scope="module")
def plain_lines(online_retail):
    """The usable lines as plain pandas finds them."""
    lines = pd.read_csv(online_retail, parse_dates=["InvoiceDate"], dtype={"InvoiceNo": str, "CustomerID": "float64"})
    usable = lines.dropna(subset="CustomerID").query("Quantity > 0 and UnitPrice > 0")
    customer = usable["CustomerID"].astype("int64").astype(str)
    return usable.assign(CustomerID=customer, TotalPrice=usable["Quantity"] * usable["UnitPrice"])


def test_the_known_truth_comes_out(finished):
    facts = finished.facts("cleaning")
    assert (facts["rows"], facts["customers"], facts["invoices"]) == (397_884, 4_338, 18_532)
    assert float(facts["money_exact"]) == 8_911_407.904
    table = finished.segments_table()
    assert len(table) == 4_338
    assert table["Frequency"].sum() == 18_532
    assert table["Monetary"].sum() == pytest.approx(8_911_407.904, abs=1e-6)


def test_features_equal_plain_pandas(finished, plain_lines):
    customers = finished.customers().set_index("CustomerID")
    grouped = plain_lines.groupby("CustomerID")
    days = plain_lines["InvoiceDate"].max().normalize() - grouped["InvoiceDate"].max().dt.normalize()
    assert (customers["Recency"] == days.dt.days).all()
    assert (customers["Frequency"] == grouped["InvoiceNo"].nunique()).all()
    assert np.allclose(customers["Monetary"], grouped["TotalPrice"].sum(), rtol=1e-12)
    categories = {text: categoriser(SHIPPED)(text) for text in plain_lines["Description"].unique()}
    kinds = plain_lines["Description"].map(categories)
    shares = plain_lines.pivot_table("TotalPrice", "CustomerID", kinds, aggfunc="sum", fill_value=0)
    shares = shares.div(shares.sum(axis=1), axis=0)
    for name in CATEGORIES:
        assert np.allclose(customers[f"CatShare_{name}"], shares[name], atol=1e-12), name
    assert customers["IsUK"].sum() == 3_920


def test_well_under_a_third_of_the_revenue_is_in_other(finished):
    assert finished.coverage()["coverage"]["Other"] < 0.15


def test_the_purchase_history_equals_that_of_lifetimes(finished, plain_lines):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifetimes.utils import summary_data_from_transaction_data

        theirs = summary_data_from_transaction_data(
            plain_lines, "CustomerID", "InvoiceDate", monetary_value_col="TotalPrice", freq="D"
        ).sort_index()
    ours = finished.table("value", "history").set_index("CustomerID")
    for column in ("frequency", "recency", "T"):
        assert (ours[column] == theirs[column]).all(), column
    assert np.allclose(ours["monetary_value"], theirs["monetary_value"], rtol=1e-12)


def test_values_are_finite_and_the_fits_converged(finished):
    value = finished.table("value", "value")
    assert np.isfinite(value.select_dtypes("number")).all(axis=None)
    assert (value["CLV_6m"] >= 0).all()
    assert finished.models()["bg_nbd_gradient"] < 1e-6
    assert finished.models()["gamma_gamma_gradient"] < 1e-6
