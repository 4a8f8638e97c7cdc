"""A file of customers, days and amounts alone goes all the way; what it does not tell is empty, not made up."""

import csv

import pytest

from pipeline.output import segments_table
from pipeline.recipe import BALANCED
from pipeline.segmentation import run
from pipeline.simulation import simulate_shop
from pipeline.store import Store


@pytest.fixture(scope="module")
def sparse(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sparse")
    simulate_shop(folder / "shop.csv", 300, 5)
    with (
        (folder / "shop.csv").open(newline="", encoding="utf-8-sig") as shop,
        (folder / "sparse.csv").open("w") as target,
    ):
        target.write("customer,date,amount\n")
        for line in csv.DictReader(shop):
            amount = float(line["Quantity"]) * float(line["UnitPrice"])
            target.write(f"{line['CustomerID']},{line['InvoiceDate']},{amount:.2f}\n")
    store = Store(folder / "cache")
    yield run(folder / "sparse.csv", BALANCED, store)
    store.close()


def test_the_public_table_keeps_its_columns_and_leaves_empty_what_is_unknown(sparse):
    table = segments_table(sparse)
    unknown = [name for name in table if name.startswith("CatShare_")] + ["PrimaryCountry", "IsUK"]
    assert table[unknown].isna().all(axis=None)
    assert table.drop(columns=unknown).notna().all(axis=None)
    header, first = table.to_csv(index=False).splitlines()[:2]
    assert header.startswith("CustomerID,Recency,Frequency,Monetary,CatShare_Bags")
    assert ",,,,,," in first


def test_only_recency_frequency_and_spend_make_its_segments_and_that_is_said(sparse):
    assert sparse.facts("clusters")["features"] == ["Recency", "Frequency", "Monetary"]
    warnings = " ".join(sparse.warnings())
    assert "No line says what was bought or a country" in warnings
    assert "all that a customer buys on one day counts as one order" in warnings
