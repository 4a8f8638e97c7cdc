"""The known truth of UCI Online Retail."""

import pandas as pd
import pytest

from pipeline import engine
from pipeline.cleaning.settings import Cleaning
from pipeline.cleaning.transactions import clean
from pipeline.reading.transactions import Reading, read_transactions


@pytest.fixture(scope="module")
def cleaned(online_retail, tmp_path_factory):
    folder = tmp_path_factory.mktemp("clean")
    read_transactions(online_retail, Reading(), folder / "transactions", lambda *_: None)
    facts = clean(folder / "transactions", Cleaning(), folder / "clean", folder / "dropped", lambda *_: None)
    return folder / "clean", facts


def test_the_known_truth_of_the_real_file(cleaned):
    facts = cleaned[1]
    assert (facts["rows"], facts["customers"], facts["invoices"]) == (397_884, 4_338, 18_532)
    assert (facts["money_exact"], facts["money"]) == ("8911407.904", 8_911_407.904)
    assert facts["span"] == {"first": "2010-12-01", "last": "2011-12-09"}
    dropped = {line["rule"]: line["rows_before"] - line["rows_after"] for line in facts["ledger"]}
    assert dropped == {"customer": 135_080, "quantity": 8_905, "price": 40, "date": 0, "country": 0}
    assert facts["ledger"][0]["money_before_exact"] == "9747747.934"
    assert facts["warnings"][0].startswith("24.9 % of the lines, with 16.5 % of the revenue, have no CustomerID")


def test_the_real_files_usable_lines_are_those_that_plain_pandas_keeps(cleaned, online_retail):
    plain = pd.read_csv(online_retail, dtype={"CustomerID": str, "InvoiceNo": str}, parse_dates=["InvoiceDate"])
    plain = plain[plain["CustomerID"].notna() & (plain["Quantity"] > 0) & (plain["UnitPrice"] > 0)]
    table = engine.read_parquet(cleaned[0])
    assert table["Line"].tolist() == (plain.index + 2).tolist()
    assert table["CustomerID"].tolist() == plain["CustomerID"].str.removesuffix(".0").tolist()
    assert (table["InvoiceDate"].to_numpy() == plain["InvoiceDate"].to_numpy()).all()
    assert (table["TotalPrice"].to_numpy() - (plain["Quantity"] * plain["UnitPrice"]).to_numpy()).max() < 1e-9
