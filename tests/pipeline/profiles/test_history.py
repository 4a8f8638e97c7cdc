"""Days, things bought, cohorts, affinities and windows say what plain counting says."""

import datetime

import numpy as np
import pandas as pd
import pytest

from pipeline import engine
from pipeline.cleaning.settings import Cleaning
from pipeline.cleaning.transactions import clean
from pipeline.features.product_mix import ProductMix, category_of
from pipeline.profiles.affinity import Purchased, affinity, purchases
from pipeline.profiles.cohorts import cohorts, revenue_by_segment
from pipeline.profiles.history import history
from pipeline.profiles.windows import windows
from pipeline.reading.settings import Reading
from pipeline.reading.transactions import read_transactions
from pipeline.simulation import simulate_shop

FEES = ("POST", "DOT", "M", "C2", "D", "S", "B", "BANK CHARGES", "AMAZONFEE", "CRUK", "PADS", "TEST001", "TEST002")


def _quiet(share, sentence):
    assert 0 <= share <= 1


def _tables(source, folder):
    read, cleaned, baskets, days, bought = (folder / name for name in ("read", "cleaned", "baskets", "days", "bought"))
    read_transactions(source, Reading(), read, _quiet)
    clean(read, Cleaning(), cleaned, folder / "dropped", _quiet)
    history(cleaned, ProductMix(), baskets, days, bought, _quiet)
    return tuple(engine.read_parquet(path) for path in (cleaned, days, bought))


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    simulate_shop(folder / "shop.csv", customers=300, seed=5)
    return _tables(folder / "shop.csv", folder)


@pytest.fixture(scope="module")
def real(online_retail, tmp_path_factory):
    return _tables(online_retail, tmp_path_factory.mktemp("real_history"))


def _check_against_plain_pandas(lines, days, bought):
    lines = lines.assign(Day=lines["InvoiceDate"].dt.normalize(), TotalPrice=lines["TotalPrice"].astype(float))
    plain = lines.groupby(["CustomerID", "Day"]).agg(Orders=("InvoiceNo", "nunique"), Revenue=("TotalPrice", "sum"))
    pd.testing.assert_frame_equal(
        days.set_index(["CustomerID", "Day"]), plain, check_dtype=False, check_index_type=False, rtol=1e-9
    )
    codes = lines["StockCode"].fillna("").str.strip().str.upper()
    goods = lines[~codes.isin(FEES) & ~codes.str.startswith(("GIFT_0001_", "ADJUST"))]
    assert len(goods) < len(lines)
    described = goods[goods["Description"].fillna("") != ""]
    top = described.groupby("Description")["CustomerID"].nunique().sort_values(ascending=False)
    products = bought[bought["Kind"] == "product"]["Item"].value_counts()
    assert products.tolist() == top.head(200).tolist()
    assert all(top[item] == buyers for item, buyers in products.items())
    assert not bought.duplicated().any()
    kinds = described["Description"].map(category_of(described["Description"], ProductMix().categories))
    buyers = described.groupby(kinds)["CustomerID"].nunique().to_dict()
    assert bought[bought["Kind"] == "category"]["Item"].value_counts().to_dict() == buyers


def test_days_and_things_bought_are_those_of_plain_pandas(shop):
    _check_against_plain_pandas(*shop)


def test_days_and_things_bought_of_the_real_file_are_those_of_plain_pandas(real):
    _check_against_plain_pandas(*real)


def _plain_cohorts(days):
    month = days["Day"].dt.to_period("M")
    first = month.groupby(days["CustomerID"]).transform("min")
    after = (month - first).map(lambda gap: gap.n)
    keyed = days.assign(First=first, After=after)
    by = {"index": "First", "columns": "After", "fill_value": 0}
    buyers = keyed.pivot_table(values="CustomerID", aggfunc="nunique", **by)
    return buyers, keyed.pivot_table(values="Revenue", aggfunc="sum", **by)


@pytest.mark.parametrize("file", ["shop", "real"])
def test_cohorts_are_those_of_plain_pandas(file, request):
    days = request.getfixturevalue(file)[1]
    last = days["Day"].max()
    found = cohorts(days, last.date())
    buyers, money = _plain_cohorts(days)
    shown = found.retention.mul(found.sizes, axis=0)
    for cohort, row in buyers.iterrows():
        ages = (last.to_period("M") - cohort).n + 1
        np.testing.assert_allclose(shown.loc[str(cohort)].iloc[:ages], row.reindex(range(ages), fill_value=0))
        assert shown.loc[str(cohort)].iloc[ages:].isna().all()
        brought = money.loc[cohort].reindex(range(ages), fill_value=0).cumsum() / row[0]
        np.testing.assert_allclose(found.value.loc[str(cohort)].iloc[:ages], brought)


def test_a_month_that_the_data_breaks_off_in_is_said_to_be_partial():
    days = pd.DataFrame({"CustomerID": ["a"], "Day": [pd.Timestamp("2011-01-05")], "Revenue": [1.0]})
    assert cohorts(days, datetime.date(2011, 2, 9)).partial
    assert not cohorts(days, datetime.date(2011, 2, 28)).partial


def test_revenue_by_segment_adds_up_to_all_revenue(shop):
    days = shop[1]
    ids = days["CustomerID"].unique()
    segments = days["CustomerID"].map(pd.Series(np.arange(len(ids)) % 4, index=ids)).to_numpy(dtype=float)
    monthly = revenue_by_segment(days, np.where(segments == 3, np.nan, segments))
    expected = days[segments == 1].groupby(days["Day"].dt.strftime("%Y-%m"))["Revenue"].sum()
    assert monthly[1].loc[expected.index].to_numpy() == pytest.approx(expected.to_numpy())
    assert monthly.to_numpy().sum() == pytest.approx(days.loc[segments != 3, "Revenue"].sum())
    assert list(monthly.columns) == [0, 1, 2]


def _purchased(held):
    """The purchases in a table of truths, customers by items."""
    items, buyers = np.nonzero(held.T)
    kinds = np.arange(held.shape[1])
    return Purchased(kinds.astype(object), buyers.astype(np.int32), np.searchsorted(items, kinds), len(held))


def test_purchases_and_affinities_are_those_of_a_table_of_all_customers_and_items(shop, tmp_path):
    ids = pd.Series(np.sort(shop[1]["CustomerID"].unique()))[3:]  # some who bought are not asked for
    engine.write_parquet(shop[2], tmp_path / "bought")
    purchased = purchases(tmp_path / "bought", ids, "product")
    own = shop[2][(shop[2]["Kind"] == "product") & shop[2]["CustomerID"].isin(ids)]
    plain = pd.crosstab(own["CustomerID"], own["Item"]).reindex(ids, fill_value=0)
    members = np.random.default_rng(3).random(len(ids)) < 0.4
    found = affinity(members, purchased).set_index("Item")
    assert list(purchased.items) == sorted(plain.columns)
    assert found["Buyers"].to_dict() == plain[members].sum().to_dict()
    np.testing.assert_allclose(found["BaseShare"], plain.mean().reindex(found.index))
    some = purchases(tmp_path / "bought", ids, "product", only=list(plain.columns[:2]))
    assert list(some.items) == list(plain.columns[:2])
    assert affinity(members, purchases(tmp_path / "bought", ids, "nothing")).empty


def test_the_interval_of_an_affinity_holds_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(1)
    n_own, n_rest, trials = 300, 1200, 1500
    own, rest = np.full(trials, 0.24), np.full(trials, 0.12)
    held = np.vstack([rng.random((n_own, trials)) < own, rng.random((n_rest, trials)) < rest])
    members = np.arange(n_own + n_rest) < n_own
    found = affinity(members, _purchased(held))
    truth = 100 * 0.24 / ((n_own * 0.24 + n_rest * 0.12) / (n_own + n_rest))
    covered = ((found["Low"] <= truth) & (truth <= found["High"])).mean()
    assert 0.90 < covered < 0.98
    assert found["Marked"].mean() > 0.99


def test_a_group_drawn_by_lot_has_few_marked_affinities(shop, tmp_path):
    ids = pd.Series(np.sort(shop[1]["CustomerID"].unique()))
    engine.write_parquet(shop[2], tmp_path / "bought")
    purchased = purchases(tmp_path / "bought", ids, "product")
    rng = np.random.default_rng(2)
    marked = [affinity(rng.random(len(ids)) < 0.3, purchased)["Marked"].mean() for _ in range(30)]
    assert np.mean(marked) < 0.06


def test_everyone_has_an_index_of_a_hundred_for_sure(shop, tmp_path):
    ids = pd.Series(np.sort(shop[1]["CustomerID"].unique()))
    engine.write_parquet(shop[2], tmp_path / "bought")
    found = affinity(np.ones(len(ids), dtype=bool), purchases(tmp_path / "bought", ids, "category"))
    np.testing.assert_allclose(found[["Index", "Low", "High"]], 100)
    assert not found["Marked"].any()


def test_a_window_is_the_middle_of_its_customers_and_the_overdue_are_regulars():
    value = pd.DataFrame(
        {
            "NextOrder_25": ["2012-03-10", "2012-03-12", "2012-03-20", ""],
            "NextOrder_75": ["2012-04-01", "2012-04-03", "", ""],
            "Overdue": [3.0, 0.5, 3.0, 9.0],
        }
    )
    found = windows(value, pd.Series([5, 5, 1, 9]), pd.Series([0, 0, 0, 1]))
    assert found[0].sentence().replace("\N{NO-BREAK SPACE}", " ") == "Best reached between 12 Mar 2012 and 3 Apr 2012."
    assert (found[0].overdue, found[1].overdue) == (1, 1)
    assert found[1].sentence() == "Most of these customers are not expected to order again."


def test_a_window_of_more_than_half_a_year_is_no_window():
    value = pd.DataFrame({"NextOrder_25": ["2012-03-12"], "NextOrder_75": ["2015-04-03"], "Overdue": [0.5]})
    found = windows(value, pd.Series([5]), pd.Series([0]))[0].sentence().replace("\N{NO-BREAK SPACE}", " ")
    assert found == (
        "No best time: left alone, their next orders come from 12 Mar 2012 on, spread over more than half a year."
    )
