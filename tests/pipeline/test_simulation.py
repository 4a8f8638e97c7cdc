"""A made-up shop is only worth something if what is said to be true of it can be found in its file."""

import hashlib
import json
import warnings
from types import SimpleNamespace

import numpy as np
import pytest

import pipeline.simulation.sample as sample
from pipeline.errors import SettingError
from pipeline.features.product_mix import SHIPPED, categoriser
from pipeline.simulation import simulate_shop
from pipeline.simulation.catalogue import MOTIFS, NOUNS, TASTES, TYPES, catalogue
from pipeline.simulation.shop import opening_day, weekday

HEADINGS = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    return _simulated(tmp_path_factory.mktemp("shop") / "shop.csv", 1500, 7)


@pytest.fixture(scope="module")
def large_shop(tmp_path_factory):
    return _simulated(tmp_path_factory.mktemp("large") / "shop.csv", 12_000, 11)


def _simulated(path, customers, seed, **parameters):
    import pandas as pd

    truth = simulate_shop(path, customers, seed, **parameters)
    lines = pd.read_csv(path, dtype={"InvoiceNo": "str", "StockCode": "str", "CustomerID": "str"})
    bought = lines[lines["CustomerID"].notna() & (lines["Quantity"] > 0) & (lines["UnitPrice"] > 0)]
    pence = bought["Quantity"] * (bought["UnitPrice"] * 100).round().astype(int)
    bought = bought.assign(Pence=pence, InvoiceDate=pd.to_datetime(bought["InvoiceDate"], format="%Y-%m-%d %H:%M:%S"))
    table = pd.read_csv(path.with_name(truth["customers_table"]), dtype={"CustomerID": "str"}).set_index("CustomerID")
    return SimpleNamespace(path=path, truth=truth, lines=lines, bought=bought, table=table)


@pytest.fixture(scope="module")
def lifetimes():
    """The reference library; importing it touches a pandas option that is on its way out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import lifetimes
        import lifetimes.utils
    return lifetimes


def _history(lifetimes, bought):
    pounds = bought.assign(Pounds=bought["Pence"] / 100)
    return lifetimes.utils.summary_data_from_transaction_data(pounds, "CustomerID", "InvoiceDate", "Pounds", freq="D")


def _buying(lifetimes, history):
    return lifetimes.BetaGeoFitter().fit(history["frequency"], history["recency"], history["T"], tol=1e-6).summary


def _spending(lifetimes, history):
    repeat = history[history["frequency"] > 0]
    return lifetimes.GammaGammaFitter().fit(repeat["frequency"], repeat["monetary_value"], tol=1e-6).summary


def test_the_same_seed_makes_the_same_bytes_and_another_seed_others(shop, tmp_path):
    again = simulate_shop(tmp_path / "shop.csv", 1500, 7)
    assert again == shop.truth
    for name in ("shop.csv", "shop.truth.csv", "shop.truth.json"):
        assert _digest(tmp_path / name) == _digest(shop.path.with_name(name))
    simulate_shop(tmp_path / "other.csv", 1500, 8)
    assert _digest(tmp_path / "other.csv") != _digest(shop.path)


def _digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_file_has_the_online_retail_layout_and_is_sorted_by_date(shop):
    import pandas as pd

    assert list(shop.lines.columns) == HEADINGS
    times = pd.to_datetime(shop.lines["InvoiceDate"], format="%Y-%m-%d %H:%M:%S")
    assert times.is_monotonic_increasing
    assert times.min() >= pd.Timestamp(shop.truth["window"]["first_day"])
    assert str(times.max().date()) == shop.truth["window"]["last_day"]
    assert shop.path.stat().st_size < 6e6


def test_an_invoice_has_one_number_one_moment_and_one_customer(shop):
    invoices = shop.lines.groupby("InvoiceNo")
    assert invoices["InvoiceDate"].nunique().max() == 1
    assert invoices["CustomerID"].nunique(dropna=False).max() == 1
    numbers = shop.lines["InvoiceNo"].str.removeprefix("C").astype(int)
    assert numbers.is_monotonic_increasing
    assert sorted(set(numbers)) == list(range(numbers.min(), numbers.min() + len(invoices)))


def test_the_known_totals_are_those_of_an_independent_cleaning(shop):
    assert shop.truth["cleaned"] == {
        "lines": len(shop.bought),
        "customers": shop.bought["CustomerID"].nunique(),
        "invoices": shop.bought["InvoiceNo"].nunique(),
        "revenue": shop.bought["Pence"].sum() / 100,
    }
    assert shop.truth["cleaned"]["customers"] == 1500
    assert shop.truth["file"]["lines"] == len(shop.lines)
    assert json.loads(shop.path.with_name("shop.truth.json").read_text()) == shop.truth


def test_the_known_orders_and_spend_of_every_customer_are_in_the_file(shop):
    days = shop.bought["InvoiceDate"].dt.date.groupby(shop.bought["CustomerID"])
    assert (days.nunique() == shop.table["orders"]).all()
    assert (days.min().astype(str) == shop.table["first_day"]).all()
    spend = shop.bought.groupby("CustomerID")["Pence"].sum()
    assert (spend == (shop.table["spend"] * 100).round()).all()


def test_lines_add_up_to_the_drawn_spend_but_for_pence(shop):
    drawn = shop.truth["revenue_as_drawn"]
    assert abs(shop.truth["cleaned"]["revenue"] - drawn) / shop.truth["purchase_days"] < 0.02


def test_the_file_is_as_untidy_as_real_ones(shop):
    lines = shop.lines
    cancelled = lines["InvoiceNo"].str.startswith("C")
    assert cancelled.sum() == shop.truth["file"]["cancelled_lines"] > 500
    assert (lines.loc[cancelled, "Quantity"] < 0).all()
    assert lines["CustomerID"].isna().sum() == shop.truth["file"]["guest_lines"] > 3000
    assert (lines["UnitPrice"] == 0).sum() == shop.truth["file"]["free_lines"] > 100
    assert lines["Description"].isna().sum() > 50
    assert (lines["StockCode"] == "POST").sum() > 50
    assert lines.duplicated().sum() > 100
    assert (lines["Country"] != lines["Country"].str.strip()).sum() > 50
    assert (lines["Country"].str.strip() == "Unspecified").sum() > 20


def test_customers_are_of_every_kind_that_the_pages_show(shop):
    assert set(shop.table["type"]) == set(TYPES)
    assert set(shop.table["taste"]) == set(TASTES)
    home = shop.table["country"].eq("United Kingdom")
    assert 0.85 < home.mean() < 0.95
    wholesale = shop.table["type"] == "wholesaler"
    assert 0.01 < wholesale.mean() < 0.05
    assert shop.table.loc[wholesale, "spend"].sum() / shop.table["spend"].sum() > 0.1
    assert home[wholesale].mean() < home[~wholesale].mean()
    assert 0.2 < (shop.table["orders"] == 1).mean() < 0.5
    assert 0.15 < 1 - shop.table["alive"].mean() < 0.4


def test_new_customers_come_before_christmas_unless_seasons_are_off(tmp_path):
    def november_share(name, **parameters):
        simulate_shop(tmp_path / name, 3000, 3, **parameters)
        table = (tmp_path / name).with_suffix(".truth.csv").read_text().splitlines()[1:]
        return np.mean([line.split(",")[5][5:7] == "11" for line in table])

    assert november_share("seasonal.csv") > 0.13
    assert 0.06 < november_share("level.csv", seasonal=False) < 0.11


def test_a_fit_by_lifetimes_recovers_the_parameters(large_shop, lifetimes):
    history = _history(lifetimes, large_shop.bought)
    _recovers(_buying(lifetimes, history), large_shop.truth["bg_nbd"])
    _recovers(_spending(lifetimes, history), large_shop.truth["gamma_gamma"])


def _recovers(summary, truth):
    """Within three standard errors, and 5 % for what whole days and closed ones take from the fastest buyers."""
    for name, known in truth.items():
        found, error = summary.loc[name, "coef"], summary.loc[name, "se(coef)"]
        assert abs(found - known) < 3 * error + 0.05 * known, (name, found, known, error)


def test_other_parameters_than_the_usual_ones_are_recovered_too(tmp_path, lifetimes):
    shop = _simulated(tmp_path / "shop.csv", 6000, 5, r=1.4, alpha=120.0, a=0.8, b=4.0, p=4.0, q=3.5, v=60.0)
    history = _history(lifetimes, shop.bought)
    _recovers(_buying(lifetimes, history), {"r": 1.4, "alpha": 120, "a": 0.8, "b": 4.0})
    _recovers(_spending(lifetimes, history), {"p": 4.0, "q": 3.5, "v": 60.0})


def test_the_known_future_is_what_the_true_parameters_expect(large_shop):
    """Given a customer's true rate, chance to leave and being alive, the expected orders of h days are known."""
    table = large_shop.table
    rate, leave = table["rate_per_day"], table["leave_chance"]
    expected = table["alive"] * -np.expm1(-leave * rate * large_shop.truth["next_6m"]["days"]) / leave
    assert table["orders_next_6m"].sum() == large_shop.truth["next_6m"]["orders"]
    assert table["orders_next_6m"].sum() == pytest.approx(expected.sum(), rel=0.04)
    assert table["spend_next_6m"].sum() == pytest.approx((expected * table["mean_spend"]).sum(), rel=0.08)
    assert (table.loc[table["alive"] == 0, "orders_next_6m"] == 0).all()


def test_a_file_too_large_to_sort_has_the_same_customers_and_totals_that_add_up(tmp_path, monkeypatch):
    monkeypatch.setattr(sample, "CUSTOMERS_AT_ONCE", 100)
    whole = _simulated(tmp_path / "sorted.csv", 250, 4)
    monkeypatch.setattr(sample, "SORTED_UP_TO", 0)
    chunked = _simulated(tmp_path / "chunked.csv", 250, 4)
    assert chunked.table.equals(whole.table)
    assert chunked.truth["cleaned"] == whole.truth["cleaned"]
    assert chunked.bought["InvoiceNo"].nunique() == chunked.truth["cleaned"]["invoices"]
    without_number = [name for name in HEADINGS if name != "InvoiceNo"]
    assert sorted(map(tuple, chunked.lines[without_number].astype(str).to_numpy())) == sorted(
        map(tuple, whole.lines[without_number].astype(str).to_numpy())
    )


def test_a_shop_of_one_customer_is_written(tmp_path):
    truth = simulate_shop(tmp_path / "one.csv", 1, 0, guests_share=0.0)
    assert truth["cleaned"]["customers"] == 1


@pytest.mark.parametrize(
    ("settings", "allowed"),
    [
        ({"customers": 0}, "from 1 to"),
        ({"customers": 10, "seed": -1}, "from 0 to"),
        ({"customers": 10, "q": 1.0}, "from 1.05"),
        ({"customers": 10, "colour": 3}, "no setting 'colour'"),
    ],
)
def test_settings_that_are_not_allowed_are_refused_before_anything_is_written(tmp_path, settings, allowed):
    with pytest.raises(SettingError, match=allowed):
        simulate_shop(tmp_path / "shop.csv", **settings)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_does_not_exist_is_told_in_one_sentence(tmp_path):
    with pytest.raises(SettingError, match=r"cannot be written to .*missing.*in a folder that exists") as refusal:
        simulate_shop(tmp_path / "missing" / "shop.csv", 10, 1)
    assert "\n" not in str(refusal.value)


def test_an_error_midway_leaves_the_old_files_and_no_partial_ones(tmp_path, monkeypatch):
    target = tmp_path / "shop.csv"
    target.write_text("what was there")

    def full_disk(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(sample, "write_lines", full_disk)
    with pytest.raises(OSError, match="No space"):
        simulate_shop(target, 10, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["shop.csv"]
    assert target.read_text() == "what was there"


def test_product_names_need_no_quotes_and_codes_are_unique():
    stock = catalogue()
    assert len(set(stock.codes)) == len(stock.codes)
    assert len(set(stock.descriptions)) == len(stock.descriptions)
    assert not any(mark in name for name in stock.descriptions for mark in ',"\n')


def test_the_shipped_keywords_put_every_product_into_its_family():
    found = categoriser(SHIPPED)
    names = iter(catalogue().descriptions)
    for family, nouns in NOUNS.items():
        for noun in nouns:
            assert {found(next(names)) for _ in MOTIFS} == {family}, noun


def test_the_shop_is_closed_on_saturdays_and_at_christmas(shop):
    days = np.arange(0, 731)
    moved = opening_day(days)
    assert ((moved - days) >= 0).all()
    assert (moved - days).max() <= 3
    assert (weekday(moved) != 5).all()
    assert not shop.bought["InvoiceDate"].dt.strftime("%m-%d").isin(["12-25", "12-26", "01-01"]).any()
