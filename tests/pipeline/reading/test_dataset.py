"""Folders and tables that Spark reads become the transactions that the same rows in one file become."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline import engine, segmentation
from pipeline.errors import PipelineError, ReadingError
from pipeline.reading.columns import CANONICAL
from pipeline.reading.dataset import location, read_dataset
from pipeline.reading.settings import Reading
from pipeline.reading.transactions import read_transactions
from pipeline.recipe import RECIPES
from pipeline.simulation import simulate_shop
from pipeline.store import Store
from tests.pipeline.test_spark import QUICK

pytestmark = pytest.mark.spark
MONTH_FIRST = "%m/%d/%Y %H:%M"


@pytest.fixture(autouse=True)
def spark(monkeypatch):
    """The session that all tests of Spark share."""
    monkeypatch.setenv(engine.ENGINE, engine.SPARK)
    monkeypatch.setenv(engine.MEMORY, "1500")
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", QUICK)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A folder with one file, `shop.csv`, and its rows in two parts: `csv`, months first, and `parquet`, typed."""
    folder = tmp_path_factory.mktemp("shop")
    simulate_shop(folder / "shop.csv", customers=60, seed=8)
    texts = pd.read_csv(folder / "shop.csv", dtype=str, keep_default_na=False)
    texts = texts[texts["InvoiceDate"] != ""]
    texts.to_csv(folder / "shop.csv", index=False)
    moments = pd.to_datetime(texts["InvoiceDate"])
    typed = texts.assign(
        InvoiceDate=moments,
        Quantity=texts["Quantity"].astype(int),
        UnitPrice=texts["UnitPrice"].astype(float),
        CustomerID=pd.to_numeric(texts["CustomerID"]),
    )
    spelled = texts.assign(InvoiceDate=moments.dt.strftime(MONTH_FIRST))
    for kind in ("csv", "parquet"):
        (folder / kind).mkdir()
    for place, rows in enumerate((slice(None, 900), slice(900, None))):
        spelled.iloc[rows].to_csv(folder / "csv" / f"part-{place}.csv", index=False, sep=";")
        engine.write_parquet(typed.iloc[rows], folder / "parquet" / f"part-{place}.parquet")
    return folder


def _read(source, folder):
    facts = read_dataset(source, Reading(), folder / "rows", lambda share, sentence: None, folder / "rejected")
    return engine.read_parquet(folder / "rows"), facts


def _in_order(rows):
    return rows[list(CANONICAL)].sort_values(list(CANONICAL), ignore_index=True)


@pytest.mark.parametrize("kind", ["csv", "parquet", "table"])
def test_the_rows_are_those_of_the_file(shop, tmp_path, kind):
    read_transactions(shop / "shop.csv", Reading(), tmp_path / "file", lambda share, sentence: None)
    source = shop / kind
    if kind == "table":
        with engine.opened_transactions(str(shop / "parquet")) as found:
            found.rows(",", "utf-8").to_native().createOrReplaceTempView("sales")
        source = Path("sales")
    rows, facts = _read(source, tmp_path)
    expected = engine.read_parquet(tmp_path / "file")
    if kind == "csv":
        expected["InvoiceDate"] = expected["InvoiceDate"].dt.floor("min")
    pd.testing.assert_frame_equal(_in_order(rows), _in_order(expected))
    assert facts["accepted"] == facts["lines"] == len(expected)
    assert rows["Line"].is_unique and set(rows["File"]) == {str(source)}
    assert engine.read_parquet(tmp_path / "rejected").empty
    assert facts["warnings"] == []


def test_what_is_not_written_like_the_first_rows_is_counted_and_left_empty(tmp_path):
    rows = [f"{place},2024-05-{place % 28 + 1:02},9.50,{place % 40}" for place in range(6000)]
    rows += ["6000,yesterday,9.50,1", "6001,2024-06-01,a lot,1"]
    (tmp_path / "sales").mkdir()
    heading = "InvoiceNo,InvoiceDate,Amount,CustomerID"
    (tmp_path / "sales" / "all.csv").write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    table, facts = _read(tmp_path / "sales", tmp_path)
    assert table["InvoiceDate"].isna().sum() == table["Amount"].isna().sum() == 1
    assert facts["warnings"][:2] == [
        "Values of InvoiceDate that cannot be read like those of the first rows: 1 lines.",
        "Values of Amount that cannot be read like those of the first rows: 1 lines.",
    ]
    assert any("no column for Country" in told for told in facts["warnings"])


def test_a_run_over_a_folder_describes_the_customers_that_a_run_over_the_file_does(shop, tmp_path, monkeypatch):
    recipe, store = RECIPES["balanced"], Store(tmp_path / "store")
    of_folder = segmentation.run(shop / "parquet", recipe, store, until="features")
    again = segmentation.run(shop / "parquet", recipe, store, until="features")
    assert again.computed == ()
    monkeypatch.setenv(engine.ENGINE, engine.DUCKDB)
    of_file = segmentation.run(shop / "shop.csv", recipe, store, until="features")
    assert of_file.facts("cleaning")["ledger"] == of_folder.facts("cleaning")["ledger"]
    one, other = (each.table("features", "customers") for each in (of_file, of_folder))
    pd.testing.assert_frame_equal(one, other, rtol=1e-9, atol=0)
    store.close()


@pytest.mark.parametrize("nowhere", ["shop.sales", "nowhere/sales"])
def test_a_table_or_folder_that_there_is_not_is_told_in_one_sentence(nowhere, tmp_path):
    with pytest.raises(ReadingError) as told:
        _read(Path(nowhere), tmp_path)
    assert str(told.value) == (
        f"There is no file or folder {nowhere}, and Spark knows no table of that name; check how it is written."
    )


def test_an_empty_folder_is_told_as_one(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ReadingError, match="is empty; give one with Parquet or CSV files"):
        _read(tmp_path / "empty", tmp_path)


def test_a_folder_is_read_by_itself(shop, tmp_path):
    store = Store(tmp_path / "store")
    with pytest.raises(PipelineError, match="a folder or a table is read by itself, not with others"):
        segmentation.run([shop / "parquet", shop / "shop.csv"], RECIPES["balanced"], store)
    store.close()


def test_a_url_keeps_its_slashes():
    assert location(Path("s3a://bucket/sales")) == "s3a://bucket/sales"
    assert location(Path("/data/sales")) == "/data/sales"
