"""Spark and DuckDB work the same expressions out, and the same comes out: counts exactly, money within 1e-9."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from pipeline import engine, segmentation
from pipeline.clv.backtest_histories import purchase_days
from pipeline.clv.purchase_history import purchase_history
from pipeline.clv.timeline import order_days
from pipeline.features.as_of import customers_as_of
from pipeline.features.product_mix import ProductMix
from pipeline.profiles.shopping import products_bought
from pipeline.recipe import RECIPES
from pipeline.simulation import simulate_shop
from pipeline.store import Store
from tests.conftest import ROOT

pytestmark = pytest.mark.spark

NEVER_HOT = "-XX:TieredStopAtLevel=1"  # a few thousand lines are done before Java has compiled anything well
QUICK = f"--driver-java-options={NEVER_HOT} --conf spark.sql.codegen.wholeStage=false pyspark-shell"
EVERY_RULE = {
    "cleaning": {
        "overlap": "once",
        "duplicates": True,
        "non_products": True,
        "implausible_dates": True,
        "partial_month": True,
        "cancellations": "net",
        "free_goods": True,
    }
}
REAL = "real file"
RECIPES_TRIED = {
    "as it is": RECIPES["balanced"],
    "every rule": RECIPES["balanced"].with_settings(EVERY_RULE),
    REAL: RECIPES["balanced"],
}
TABLES = {
    "cleaning": ("transactions", "dropped"),
    "check": ("months", "weekdays"),
    "features": ("customers",),
    "history": ("baskets", "days", "bought"),
}
ORDER = {  # of tables that nobody reads by place
    "transactions": ["File", "Line"],
    "dropped": ["File", "Line"],
    "baskets": ["CustomerID", "Day", "InvoiceNo", "Country", "Category"],
}


@pytest.fixture(scope="module")
def on(tmp_path_factory):
    """A function that calls another one with an engine chosen, with one session of Spark for all."""

    def called(name, function, *given):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(engine.ENGINE, name)
            patch.setenv(engine.MEMORY, "1500")
            patch.setenv("PYSPARK_SUBMIT_ARGS", QUICK)
            return function(*given)

    return called


@pytest.fixture(scope="module", params=RECIPES_TRIED)
def both(request, on, tmp_path_factory):
    """The results of a simulated shop, or of the real file, from both engines, each in a store of its own."""
    folder = tmp_path_factory.mktemp("both")
    if request.param == REAL:
        source = request.getfixturevalue("online_retail")
    else:
        source = folder / "shop.csv"
        simulate_shop(source, customers=150, seed=5)
    stores = {name: Store(folder / name) for name in engine.ENGINES}
    recipe = RECIPES_TRIED[request.param]

    def run(store):
        return segmentation.run(source, recipe, store, until="history")

    yield [on(name, run, store) for name, store in stores.items()]
    for store in stores.values():
        store.close()


def assert_same(one, other, at=""):
    """Counts, words and their order are equal; numbers with decimals within 1e-9 of each other."""
    assert type(one) is type(other), at
    if isinstance(one, dict):
        assert list(one) == list(other), at
        for key in one:
            assert_same(one[key], other[key], f"{at}.{key}")
    elif isinstance(one, list):
        assert len(one) == len(other), at
        for place, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            assert_same(mine, theirs, f"{at}[{place}]")
    else:
        assert one == (pytest.approx(other, rel=1e-9, abs=0) if isinstance(one, float) else other), at


def assert_same_table(one, other):
    assert len(one) > 0
    pd.testing.assert_frame_equal(one, other, rtol=1e-9, atol=0)


def test_the_ledger_and_all_facts_of_every_stage_are_the_same(both):
    duckdb, _ = both
    for stage in TABLES:
        told, same = ({k: v for k, v in each.facts(stage).items() if k != "measured"} for each in both)
        assert_same(told, same, stage)
    assert duckdb.ledger()[-1]["rows_after"] > 0


@pytest.mark.parametrize(("stage", "table"), [(stage, table) for stage, tables in TABLES.items() for table in tables])
def test_every_table_is_the_same(both, stage, table):
    one, other = (each.table(stage, table) for each in both)
    if table in ORDER:
        one, other = (each.sort_values(ORDER[table], ignore_index=True) for each in (one, other))
    assert_same_table(one, other)


@pytest.mark.parametrize("time_unit", ["day", "week"])
def test_purchase_histories_and_those_of_past_tests_are_the_same(both, on, tmp_path, time_unit):
    found, days = [], []
    for name, each in zip(engine.ENGINES, both, strict=True):
        cleaned, target = each.store.path(each.keys["cleaning"], "transactions"), tmp_path / name
        facts = on(name, purchase_history, cleaned, time_unit, target)
        found.append((facts, engine.read_parquet(target)))
        days.append(on(name, purchase_days, cleaned, time_unit))
    assert found[0][0] == found[1][0]
    assert_same_table(found[0][1], found[1][1])
    for mine, theirs in zip(*days, strict=True):
        assert_same(*(each.tolist() if hasattr(each, "tolist") else each for each in (mine, theirs)))


def test_a_table_that_spark_wrote_is_a_folder_that_pages_read_like_any_other(both):
    duckdb, spark = both
    folder = spark.store.path(spark.keys["cleaning"], "transactions")
    assert folder.is_dir() and list(folder.glob("*.parquet"))
    assert_same_table(duckdb.preview(), spark.preview())
    customer = duckdb.table("features", "customers")["CustomerID"].iloc[0]
    lines = [each.store.path(each.keys["cleaning"], "transactions") for each in both]
    assert_same_table(*(order_days(path, customer) for path in lines))
    assert_same_table(*(products_bought(path, customer, ProductMix().categories) for path in lines))
    baskets = [each.store.path(each.keys["history"], "baskets") for each in both]
    day = date.fromisoformat(duckdb.facts("cleaning")["span"]["last"]) - timedelta(days=100)
    assert_same_table(*(customers_as_of(path, day, True, True) for path in baskets))


HOST = "127.0.0.1"
FEW_PARTS = {"spark.sql.codegen.wholeStage": "false", "spark.sql.shuffle.partitions": 2, "spark.ui.enabled": "false"}


@pytest.fixture(scope="module")
def connect_server():
    """What leads to a server of Spark Connect on this machine, in a process of its own."""
    port = _free_port()
    conf = {
        "spark.connect.grpc.binding.address": HOST,
        "spark.connect.grpc.binding.port": port,
        "spark.driver.bindAddress": HOST,
        "spark.driver.host": HOST,
        **FEW_PARTS,
    }
    server = "org.apache.spark.sql.connect.service.SparkConnectServer"
    arguments = ["--master", "local[2]", "--driver-memory", "1500m", f"--driver-java-options={NEVER_HOT}"]
    with _running("spark-submit", *arguments, *_settings(conf), "--class", server, "spark-internal") as running:
        _wait_for(port, running)
        yield {"SPARK_REMOTE": f"sc://{HOST}:{port}"}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """What leads to a cluster on this machine: its master and a worker, which starts executors, all of their own."""
    port, worker_port = _free_port(), _free_port()
    url, node = f"spark://{HOST}:{port}", ("--host", HOST, "--webui-port", "0")
    place = ("--cores", "2", "--memory", "1500m", "--work-dir", str(tmp_path_factory.mktemp("worker")))
    conf = {"spark.executor.extraJavaOptions": NEVER_HOT, "spark.driver.bindAddress": HOST, "spark.driver.host": HOST}
    quick = " ".join([f"--driver-java-options={NEVER_HOT}", *_settings({**conf, **FEW_PARTS}), "pyspark-shell"])
    deployed = "org.apache.spark.deploy"
    with _running("spark-class", f"{deployed}.master.Master", *node, "--port", str(port)) as master:
        _wait_for(port, master)
        worker_class = f"{deployed}.worker.Worker"
        with _running("spark-class", worker_class, *node, "--port", str(worker_port), *place, url) as worker:
            _wait_for(worker_port, worker)
            yield {"SPARK_MASTER": url, "PYSPARK_SUBMIT_ARGS": quick}


@contextmanager
def _running(script, *arguments):
    """One of Spark's own commands, as long as the block lasts."""
    import pyspark

    home = Path(pyspark.__file__).parent
    environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": HOST}
    command = [str(home / "bin" / script), *arguments]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        yield process
        process.terminate()


def _settings(conf):
    return [word for name, value in conf.items() for word in ("--conf", f"{name}={value}")]


def _free_port():
    with socket.create_server((HOST, 0)) as listening:
        return listening.getsockname()[1]


def _wait_for(port, running):
    for _ in range(1200):
        assert running.poll() is None, "Spark's process has ended"
        try:
            socket.create_connection((HOST, port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("Spark's process does not answer")


@pytest.mark.parametrize("spark", ["connect_server", "cluster"])
def test_a_command_finds_the_same_segments_on_a_spark_elsewhere(request, spark, tmp_path):
    simulate_shop(tmp_path / "shop.csv", customers=150, seed=5)
    found = []
    for name in engine.ENGINES:
        asked = ["segment", str(tmp_path / "shop.csv"), "--engine", name, "--output", str(tmp_path / f"{name}.csv")]
        command = [sys.executable, "-m", "pipeline", *asked, "--data-dir", str(tmp_path / name)]
        environment = os.environ | request.getfixturevalue(spark)
        ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        assert "Warning" not in ended.stderr
        found.append(pd.read_csv(tmp_path / f"{name}.csv", dtype={"CustomerID": str}))
    pd.testing.assert_frame_equal(*found, rtol=1e-6)
