"""The known truth of UCI Online Retail."""

from decimal import Decimal

import pandas as pd
import pytest

from pipeline import engine
from pipeline.cleaning.rules import SWITCHES
from pipeline.cleaning.settings import Cleaning
from pipeline.cleaning.transactions import clean
from pipeline.data_check.check import check
from pipeline.data_check.enough import Asked
from pipeline.data_check.oddities import given_back_by, givers_back
from pipeline.data_check.sentences import told
from pipeline.reading.transactions import Reading, read_transactions


def _quiet(share, sentence):
    assert 0 <= share <= 1


@pytest.fixture(scope="module")
def read(online_retail, tmp_path_factory):
    target = tmp_path_factory.mktemp("read") / "transactions"
    read_transactions(online_retail, Reading(), target, _quiet)
    return target


@pytest.fixture(scope="module")
def cleaned(read, tmp_path_factory):
    folder = tmp_path_factory.mktemp("clean")
    return folder, clean(read, Cleaning(), folder / "clean", folder / "dropped", _quiet)


@pytest.fixture(scope="module")
def netted(read, tmp_path_factory):
    folder = tmp_path_factory.mktemp("netted")
    return folder, clean(read, Cleaning(cancellations="net"), folder / "clean", folder / "dropped", _quiet)


def test_the_known_truth_of_the_real_file(cleaned):
    facts = cleaned[1]
    assert (facts["rows"], facts["customers"], facts["invoices"]) == (397_884, 4_338, 18_532)
    assert (facts["money_exact"], facts["money"]) == ("8911407.904", 8_911_407.904)
    assert facts["span"] == {"first": "2010-12-01", "last": "2011-12-09"}
    dropped = {line["rule"]: line["rows_before"] - line["rows_after"] for line in facts["ledger"]}
    assert dropped == {"customer": 135_080, "quantity": 8_905, "price": 40, "date": 0, "country": 0}
    assert facts["ledger"][0]["money_before_exact"] == "9747747.934"
    assert facts["warnings"][0].startswith(
        "24.9 % of the lines, with 16.5 % of all sales before cancellations, have no CustomerID"
    )
    assert (facts["last_month"]["days_traded"], facts["last_month"]["last_full_month"]) == (8, "2011-11")


def test_the_real_files_usable_lines_are_those_that_plain_pandas_keeps(cleaned, online_retail):
    plain = pd.read_csv(online_retail, dtype={"CustomerID": str, "InvoiceNo": str}, parse_dates=["InvoiceDate"])
    plain = plain[plain["CustomerID"].notna() & (plain["Quantity"] > 0) & (plain["UnitPrice"] > 0)]
    table = engine.read_parquet(cleaned[0] / "clean")
    assert table["Line"].tolist() == (plain.index + 2).tolist()
    assert table["CustomerID"].tolist() == plain["CustomerID"].str.removesuffix(".0").tolist()
    assert (table["InvoiceDate"].to_numpy() == plain["InvoiceDate"].to_numpy()).all()
    assert (table["TotalPrice"].to_numpy() - (plain["Quantity"] * plain["UnitPrice"]).to_numpy()).max() < 1e-9


def test_every_row_that_does_not_count_is_among_the_dropped_ones_the_cancellations_with_them(cleaned, read):
    table, dropped = (engine.read_parquet(cleaned[0] / name) for name in ("clean", "dropped"))
    assert sorted([*table["Line"], *dropped["Line"]]) == engine.read_parquet(read)["Line"].tolist()
    assert dropped["Rule"].value_counts().to_dict() == {"customer": 135_080, "quantity": 8_905, "price": 40}
    assert dropped["InvoiceNo"].str.startswith("C").sum() == 9_288


def test_the_two_great_voids_are_named_and_their_customers_keep_next_to_nothing(netted):
    folder, facts = netted
    void = next(line for line in facts["ledger"] if line["rule"] == "void")
    assert [(each["cancels"], each["InvoiceNo"], each["money"], each["minutes"]) for each in void["examples"][:2]] == [
        ("581483", "C581484", 168_469.6, 12),
        ("541431", "C541433", 77_183.6, 16),
    ]
    spent = engine.read_parquet(folder / "clean").groupby("CustomerID")["TotalPrice"].sum()
    assert spent["16446"] == pytest.approx(2.9)
    assert "12346" not in spent.index


def test_what_is_taken_off_is_what_was_bought_before_and_the_money_of_the_rest_is_exact(netted, read):
    folder, facts = netted
    lines = engine.read_parquet(read)
    lines = lines[lines["CustomerID"].notna()]
    keys = ["CustomerID", "StockCode"]
    first = lines[(lines["Quantity"] > 0) & (lines["UnitPrice"] > 0)].groupby(keys)["InvoiceDate"].min()
    returns = lines[lines["Quantity"] < 0].join(first.rename("First"), on=keys)
    bought_before = returns["First"] <= returns["InvoiceDate"]
    dropped = engine.read_parquet(folder / "dropped")
    orphans = set(dropped.loc[dropped["Rule"] == "orphan", "Line"])
    assert set(returns.loc[~bought_before, "Line"]) <= orphans
    matched = dropped[dropped["Rule"].isin(["void", "return"]) & (dropped["Quantity"] < 0)]
    assert set(matched["Line"]) <= set(returns.loc[bought_before, "Line"])
    line = next(line for line in facts["ledger"] if line["rule"] == "return")
    assert line["money_before_exact"] == line["money_after_exact"]
    table = engine.read_parquet(folder / "clean")
    assert (table["TotalPrice"] > 0).all()
    assert (table["Quantity"] * table["UnitPrice"]).to_numpy() == pytest.approx(
        table["TotalPrice"].to_numpy(), abs=0.01
    )


@pytest.mark.parametrize("switch", SWITCHES)
def test_an_effect_on_the_real_file_is_the_difference_of_two_runs(switch, cleaned, read, tmp_path):
    before = cleaned[1]
    effect = next(each for each in before["effects"] if each["setting"] == f"cleaning.{switch}")
    settings = Cleaning().with_settings(**{switch: effect["value"]})
    after = clean(read, settings, tmp_path / "clean", tmp_path / "dropped", _quiet)
    for what in ("rows", "invoices", "customers"):
        assert effect[what] == after[what] - before[what]
    assert Decimal(effect["money_exact"]) == Decimal(after["money_exact"]) - Decimal(before["money_exact"])
    ten = [_largest(folder / "clean") for folder in (cleaned[0], tmp_path)]
    assert {each["CustomerID"] for each in effect["leave_top_10"]} == set(ten[0]) - set(ten[1])


def _largest(path):
    spent = engine.read_parquet(path).groupby("CustomerID")["TotalPrice"].sum()
    return spent.sort_values(ascending=False).head(10).index


def test_the_data_check_of_the_real_file(cleaned, tmp_path):
    facts = check(cleaned[0] / "clean", cleaned[1], "GBP", Asked(182.6, 4), tmp_path, _quiet)
    assert (facts["buyers"], facts["orders"], facts["span"]["days"]) == (4_338, 18_532, 374)
    assert facts["revenue"] == pytest.approx(8_911_407.904)
    assert {name: round(share, 2) for name, share in facts["concentration"].items()} == {"0.01": 0.32, "0.2": 0.75}
    assert [gap["first"] for gap in facts["gaps"]] == ["2010-12-24"]
    months = engine.read_parquet(tmp_path / "months")
    assert months.loc[months["partial"], "Month"].tolist() == ["2011-12"]
    assert months["days_traded"].iloc[-1] == 8
    assert months["new_buyers"].sum() == 4_338
    said = told(facts, months, engine.read_parquet(tmp_path / "weekdays"))
    assert [part["enough"] for part in said["parts"]] == [True] * 4
    assert "nothing is sold on Saturdays" in " ".join(said["sentences"])


def test_a_customer_whose_one_large_order_came_back_the_same_day_is_known_by_it_until_it_is_taken_off(cleaned, netted):
    found = given_back_by(cleaned[0] / "clean", cleaned[0] / "dropped", "16446")
    assert found == {"customers": 1, "bought": pytest.approx(168_472.50), "back": pytest.approx(168_469.60)}
    assert given_back_by(cleaned[0] / "clean", cleaned[0] / "dropped", "17850") is None
    assert given_back_by(netted[0] / "clean", netted[0] / "dropped", "16446") is None
    assert len(everyone := givers_back(cleaned[0] / "clean", cleaned[0] / "dropped")) == 24
    assert "16446" in everyone
    assert "16446" not in givers_back(netted[0] / "clean", netted[0] / "dropped")
