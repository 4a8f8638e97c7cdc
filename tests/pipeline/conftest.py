"""The customers of the real file, where it is at hand, for whoever tests on them."""

from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline.cleaning.settings import Cleaning
from pipeline.cleaning.transactions import clean
from pipeline.clv.purchase_history import purchase_history
from pipeline.features.feature_matrix import build_feature_matrix
from pipeline.features.product_mix import ProductMix
from pipeline.reading.settings import Reading
from pipeline.reading.transactions import read_transactions


class RealTables(NamedTuple):
    """Parquet files of Online Retail: one row per customer, purchase histories, and those with cancellations netted."""

    customers: Path
    history: Path
    netted_history: Path


def _quiet(share, sentence):
    assert 0 <= share <= 1


@pytest.fixture(scope="session")
def real_tables(online_retail, tmp_path_factory):
    """The customers table and the purchase history of Online Retail."""
    folder = tmp_path_factory.mktemp("real_tables")
    read, cleaned, customers, history, netted, netted_history = (
        folder / f"{name}.parquet" for name in ("read", "clean", "customers", "history", "netted", "netted_history")
    )
    read_transactions(online_retail, Reading(), read, _quiet)
    clean(read, Cleaning(), cleaned, folder / "dropped.parquet", _quiet)
    build_feature_matrix(cleaned, ProductMix(), customers, _quiet)
    purchase_history(cleaned, "day", history)
    clean(read, Cleaning(cancellations="net"), netted, folder / "netted_dropped.parquet", _quiet)
    purchase_history(netted, "day", netted_history)
    return RealTables(customers, history, netted_history)
