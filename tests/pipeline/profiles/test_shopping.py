"""What one customer bought is what adding up their cleaned lines gives."""

import pytest

from pipeline import engine, segmentation
from pipeline.features.product_mix import ProductMix, category_of
from pipeline.profiles.shopping import products_bought
from pipeline.recipe import BALANCED
from pipeline.simulation import simulate_shop
from pipeline.store import Store


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shopping")
    simulate_shop(folder / "shop.csv", customers=60, seed=3)
    done = segmentation.run([folder / "shop.csv"], BALANCED, Store(folder / "store"), until="cleaning")
    return done.store.path(done.keys["cleaning"], "transactions")


def test_the_products_of_a_customer_are_their_lines_added_up(lines):
    every = engine.read_parquet(lines)
    fees = every[every["StockCode"].isin(["POST", "DOT"])]
    customer = fees["CustomerID"].value_counts().index[0]
    own = every[every["CustomerID"] == customer].fillna({"Description": ""})
    found = products_bought(lines, customer, ProductMix().categories).set_index("Description")
    by_product = own.groupby("Description")
    assert found["Money"].sum() == pytest.approx(float(own["TotalPrice"].sum()))
    assert found["Money"].is_monotonic_decreasing
    for name, rows in by_product:
        assert found.loc[name, "Orders"] == rows["InvoiceNo"].nunique()
        assert found.loc[name, "Quantity"] == pytest.approx(float(rows["Quantity"].sum()))
        assert found.loc[name, "LastDay"] == rows["InvoiceDate"].max().normalize()
    assert found["IsProduct"].to_dict() == (by_product["StockCode"].first().isin(["POST", "DOT", "M"]) == 0).to_dict()
    assert not found["IsProduct"].all()
    assert found["Category"].to_dict() == category_of(found.index, ProductMix().categories)


def test_a_customer_who_is_not_there_bought_nothing(lines):
    assert products_bought(lines, "nobody", ProductMix().categories).empty


def test_which_codes_are_no_products_is_a_setting(lines):
    customer = engine.read_parquet(lines)["CustomerID"].iloc[0]
    code = engine.read_parquet(lines).query("CustomerID == @customer")["StockCode"].iloc[0]
    found = products_bought(lines, customer, ProductMix().categories, code)
    assert len(found[~found["IsProduct"]]) == 1
