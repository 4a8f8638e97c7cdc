"""A small shop whose name and countries would break a page that does not escape them, with finished results."""

import datetime

import pytest

from pipeline import segmentation
from pipeline.recipe import BALANCED
from pipeline.report.subject import Subject
from pipeline.simulation import simulate_shop
from pipeline.store import Store

NASTY = '<script>alert("1")</script> & Co'


@pytest.fixture(scope="session")
def reported(tmp_path_factory):
    """What the tests' reports are about."""
    folder = tmp_path_factory.mktemp("reported")
    path = folder / "shop.csv"
    simulate_shop(path, customers=300, seed=11)
    written = path.read_text(encoding="utf-8")
    path.write_text(written.replace(",Germany", ',"<b>Germany</b>"'), encoding="utf-8")
    store = Store(folder / "cache")
    done = segmentation.run(path, BALANCED, store)
    yield Subject(done, NASTY, path, "kmeans", 4, datetime.datetime(2026, 1, 31), {0: "Best <i>friends</i>"})
    store.close()
