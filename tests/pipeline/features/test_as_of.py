"""The customers as of a day are those that the pipeline makes of a file that ends on it."""

import datetime

import pandas as pd
import pytest

from pipeline import engine
from pipeline.cleaning.settings import Cleaning
from pipeline.cleaning.transactions import clean
from pipeline.features.as_of import customers_as_of
from pipeline.features.feature_matrix import build_feature_matrix
from pipeline.features.product_mix import ProductMix
from pipeline.profiles.history import history
from pipeline.reading.settings import Reading
from pipeline.reading.transactions import read_transactions
from pipeline.simulation import simulate_shop


def _quiet(share, sentence):
    assert 0 <= share <= 1


def _made(source, folder):
    """Cleaned lines, customers and baskets of a file, as the stages make them."""
    folder.mkdir()
    read, cleaned, customers, baskets = (folder / name for name in ("read", "cleaned", "customers", "baskets"))
    read_transactions(source, Reading(), read, _quiet)
    clean(read, Cleaning(), cleaned, folder / "dropped", _quiet)
    build_feature_matrix(cleaned, ProductMix(), customers, _quiet)
    history(cleaned, ProductMix(), baskets, folder / "days", folder / "bought", _quiet)
    return cleaned, engine.read_parquet(customers), baskets


def _cut(source, target, day):
    """The lines of a file until the end of a day."""
    lines = pd.read_csv(source, dtype=str, encoding="utf-8", encoding_errors="replace")
    lines[pd.to_datetime(lines["InvoiceDate"]) < pd.Timestamp(day) + pd.Timedelta(days=1)].to_csv(target, index=False)
    return target


def _check(source, folder, back):
    cleaned, whole, baskets = _made(source, folder / "whole")
    days = engine.read_parquet(cleaned)["InvoiceDate"].dt.date
    pd.testing.assert_frame_equal(customers_as_of(baskets, days.max(), True, True), whole, check_exact=True)
    for earlier in back:
        day = days[days <= days.max() - datetime.timedelta(days=earlier)].max()
        _, expected, _ = _made(_cut(source, folder / f"{day}.csv", day), folder / str(day))
        pd.testing.assert_frame_equal(customers_as_of(baskets, day, True, True), expected, check_exact=True)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("as_of")
    simulate_shop(folder / "shop.csv", customers=200, seed=8)
    return folder / "shop.csv"


def test_as_of_any_day_they_are_those_of_the_file_cut_at_that_day(shop, tmp_path):
    _check(shop, tmp_path, [30, 300, 700])


def test_as_of_any_day_those_of_the_real_file_are_those_of_the_file_cut_at_that_day(online_retail, tmp_path):
    _check(online_retail, tmp_path, [100])


def test_recency_counts_to_the_day_asked_for_also_where_nobody_bought_on_it(shop, tmp_path):
    cleaned, whole, baskets = _made(shop, tmp_path / "whole")
    last = engine.read_parquet(cleaned)["InvoiceDate"].max().date()
    later = customers_as_of(baskets, last + datetime.timedelta(days=3), True, True)
    pd.testing.assert_frame_equal(later, whole.assign(Recency=whole["Recency"] + 3))


def test_before_the_first_order_there_are_no_customers_but_all_columns(shop, tmp_path):
    _, whole, baskets = _made(shop, tmp_path / "whole")
    nobody = customers_as_of(baskets, datetime.date(1999, 1, 1), True, True)
    assert nobody.empty
    assert list(nobody.columns) == list(whole.columns)
