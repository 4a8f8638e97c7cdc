"""The whole run on Online Retail: its known truth, and what plain pandas and lifetimes say of the same lines."""

import re
import warnings
from contextvars import copy_context
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline import formats
from pipeline.audience.choice import Choice
from pipeline.clv.customer_forecast import customer_values
from pipeline.clv.histories import histories_of
from pipeline.features.product_mix import CATEGORIES, SHIPPED, categoriser
from pipeline.insights.rules import insights, shop_of
from pipeline.output import segments_table
from pipeline.recipe import RECIPES
from pipeline.segmentation import run
from pipeline.store import Store

FEES = ["POST", "DOT", "M", "C2", "BANK CHARGES", "PADS"]
"""The codes of usable lines that are no product."""


def odd_prices(lines):
    """How many lines are ten times off the usual price of their product, where that price is steady."""
    price, code = np.log(lines["UnitPrice"]), lines["StockCode"].str.strip()
    off = (price - price.groupby(code).transform("median")).abs()
    steady = off > 6 * off.groupby(code).transform("median")
    return int((steady & (off > np.log(10)) & (price.groupby(code).transform("size") >= 20)).sum())


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
    table = segments_table(finished)
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


def test_past_tests_of_the_real_forecast_rank_well_no_better_than_past_spend_and_miss_the_autumn(finished):
    found, cutoffs = finished.backtest(), finished.table("backtest", "cutoffs")
    assert (found["n_cutoffs"], found["holdout_days"]) == (4, 182)
    assert cutoffs["converged"].all()
    assert cutoffs["auc"].between(0.68, 0.81).all()
    assert (cutoffs["auc"] > cutoffs["auc_past_frequency"]).all()
    assert cutoffs["top20_capture"].between(0.63, 0.77).all()
    assert (cutoffs["top20_capture"] - cutoffs["top20_capture_past_spend"]).between(-0.04, 0.02).all()
    assert (cutoffs["spend_predicted"] < cutoffs["spend_actual"]).all()
    assert found["grades"]["who"]["grade"] == "good"
    assert found["grades"]["how_much"]["grade"] == "fair"
    assert found["sentences"][0].startswith("In 4 past tests the ranking held; totals came out ")
    assert found["sentences"][0].endswith("\N{NO-BREAK SPACE}% too low.")


def test_the_readme_quotes_the_past_tests_as_they_are(finished):
    readme = (Path(__file__).parent.parent.parent / "README.md").read_text(encoding="utf-8")
    quoted = " ".join(line.removeprefix("> ") for line in readme.splitlines())
    summary, _, who, how_much = finished.backtest()["sentences"]
    assert f"{summary} {who} {how_much}".replace("\N{NO-BREAK SPACE}", " ") in quoted


def test_past_tests_of_the_real_file_equal_plain_pandas(finished, plain_lines):
    for row in finished.table("backtest", "cutoffs").drop_duplicates("cutoff").itertuples():
        days = plain_lines["InvoiceDate"].dt.strftime("%Y-%m-%d")
        known, came = plain_lines[days <= row.cutoff], plain_lines[(days > row.cutoff) & (days <= row.until)]
        came = came[came["CustomerID"].isin(known["CustomerID"])]
        assert row.customers == known["CustomerID"].nunique()
        assert row.buyers == came["CustomerID"].nunique()
        assert row.orders_actual == len(came.assign(Day=days).drop_duplicates(["CustomerID", "Day"]))
        assert row.spend_actual == pytest.approx(came["TotalPrice"].sum(), rel=1e-12)


def test_the_calendar_of_the_real_file_is_told_with_its_numbers(finished):
    notes = " ".join(finished.facts("backtest")["warnings"])
    assert f"The last month ends on {formats.date('2011-12-09')}" in notes
    assert "The file ends on a peak at Christmas" in notes
    assert "885 of 4,338 customers first appear in the first 30 days of the file" in notes
    assert "Customers buy on a rhythm (regularity 1.5" in notes


def test_the_total_of_the_real_file_carries_the_range_of_its_tests(finished):
    total, found = finished.facts("value")["total_6m"], finished.backtest()
    assert total["low"] == pytest.approx(total["expected"] * found["factor_low"])
    assert total["high"] == pytest.approx(total["expected"] * found["factor_high"])
    assert total["low"] < segments_table(finished)["CLV_6m"].sum() < total["expected"] < total["high"]


def test_the_most_to_plan_with_of_the_real_file_is_its_forecast_at_the_usual_pace(finished):
    tests, expected = finished.backtest(), finished.models()["total_6m"]["expected"]
    assert tests["untested_peak"] == pytest.approx(0.27, abs=0.005)
    assert finished.planning().startswith(f"Plan with {formats.money(expected / (1 + tests['untested_peak']))} at most")


def test_what_stands_out_of_the_real_file_equals_plain_pandas(finished, plain_lines, online_retail):
    named = finished.named("kmeans", 4)
    customers = finished.customers().assign(Segment=finished.labels("kmeans", 4))
    shop = shop_of(finished, customers, {number: each.name for number, each in named.items()})
    told = {each.rule: each for each in insights(shop)}
    spent = plain_lines.groupby("CustomerID")["TotalPrice"].sum()
    top = spent.nlargest(433)
    assert len(shop.left_by(Choice(**told["concentration"].filters))) == 433
    assert told["concentration"].evidence == pytest.approx(top.sum() / spent.sum())
    lines = pd.read_csv(online_retail, usecols=["CustomerID", "Quantity", "UnitPrice"])
    worth = lines["Quantity"] * lines["UnitPrice"]
    sold = (lines["Quantity"] > 0) & (lines["UnitPrice"] > 0)
    assert told["guests"].money == pytest.approx(worth[sold & lines["CustomerID"].isna()].sum())
    back = -worth[lines["Quantity"] < 0].groupby(lines["CustomerID"]).sum()
    both = pd.DataFrame({"bought": spent, "back": back.set_axis(back.index.astype("int64").astype(str))}).dropna()
    mostly = both[both["back"] >= 0.9 * both["bought"]]
    assert told["given_back"].evidence == len(mostly) == 24
    assert told["given_back"].money == pytest.approx(mostly["bought"].sum())
    day = plain_lines["InvoiceDate"].dt.normalize()
    first = day.groupby(plain_lines["CustomerID"]).min()
    new = first[first >= day.max() - pd.Timedelta(days=90)].index
    assert told["newcomers"].sentence.startswith(f"The {len(new)} customers who first ordered in the last 90 days")
    again = day.groupby(plain_lines["CustomerID"]).nunique()[new] > 1
    assert f"{100 * again.mean():.1f}\N{NO-BREAK SPACE}% have ordered again" in told["newcomers"].sentence
    assert told["odd_prices"].evidence == odd_prices(plain_lines[~plain_lines["StockCode"].isin(FEES)]) == 7
    assert odd_prices(plain_lines) == 19
    assert "11\N{NO-BREAK SPACE}days" in told["missing_days"].sentence
    assert told["country_outliers"].filters == {"country": "Germany"}
    assert len(shop.left_by(Choice(**told["overdue_regulars"].filters))) == 26


def test_the_average_value_as_of_past_months_is_that_of_the_lines_until_then(finished, plain_lines):
    past = finished.past_values().set_index("CustomerID")
    assert (past.columns[0], past.columns[-1], len(past.columns)) == ("2011-02-28", "2011-12-09", 11)
    assert past.iloc[:, -1].mean() == pytest.approx(finished.customers()["CLV_6m"].mean(), rel=1e-6)
    until = plain_lines[plain_lines["InvoiceDate"] < "2011-06-01"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifetimes.utils import summary_data_from_transaction_data

        history = summary_data_from_transaction_data(
            until, "CustomerID", "InvoiceDate", monetary_value_col="TotalPrice"
        )
    values = customer_values(finished.fitted_models(), histories_of(history), 0.01, [6])["CLV_6m"]
    assert past["2011-05-31"].count() == len(values)
    assert past["2011-05-31"].mean() == pytest.approx(values.mean(), rel=1e-6)


def test_sentences_of_the_run_are_written_as_the_reader_writes_numbers(finished):
    def told():
        formats.write_numbers_as("de")
        tests = finished.backtest()
        grades = [grade["sentence"] for grade in tests["grades"].values()]
        effects = [each["sentence"] for each in finished.effects()]
        return [*finished.warnings(), *tests["sentences"], tests["chosen_because"], *grades, *effects]

    german = [each.replace("\N{NO-BREAK SPACE}", " ") for each in copy_context().run(told)]
    whole = " ".join(german)
    for written in ("24,9 % of the lines", "ends on 09.12.2011", "885 of 4.338 customers", "5.192 lines fewer"):
        assert written in whole
    days_aside = re.sub(r"\b\d\d\.\d\d\.\d{4}\b", "", whole)
    assert not re.search(r"\d,\d{3}(?!\d)|\d\.\d{1,2}(?!\d)", days_aside)
