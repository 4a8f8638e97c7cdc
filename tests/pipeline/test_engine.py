"""Which engine works, and the memory that tables may take: what cannot be had is one sentence."""

import os
import subprocess
import sys

import pandas as pd
import pytest

from pipeline import engine
from pipeline.cli import main
from pipeline.errors import PipelineError, SettingError
from pipeline.simulation import simulate_shop
from tests.conftest import ROOT

SORTED = """
from pipeline import engine
with engine.connection() as duck:
    made = "SELECT hash(range) AS number, repeat('x', 60) AS word FROM range(8_000_000)"
    duck.execute(f"CREATE TEMP TABLE drawn AS {made}")
    print(duck.execute("SELECT count(*) FROM (SELECT number, word FROM drawn ORDER BY number OFFSET 10)").fetchone()[0])
"""
GATHERED = """
from pipeline import engine
from pipeline.errors import PipelineError
try:
    with engine.connection() as duck:
        duck.execute("CREATE TEMP TABLE gathered AS SELECT list(hash(range)) FROM range(80_000_000)")
except PipelineError as told:
    print(told)
"""


def run(program, memory):
    environment = {**os.environ, engine.MEMORY: memory}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout


def test_nothing_said_is_a_share_of_the_machine_and_a_number_is_that_many_megabytes():
    assert engine.memory_limit("") == engine.memory_limit("0") == "40%"
    assert engine.memory_limit("4000") == "4000MB"


@pytest.mark.parametrize("typed", ["249", "-1", "much", "1.5", "4 GB"])
def test_other_amounts_are_refused_in_one_sentence(typed):
    with pytest.raises(SettingError, match=r"a whole number of megabytes from 250 on, not"):
        engine.memory_limit(typed)


def test_tables_larger_than_the_memory_are_sorted_on_disk():
    assert run(SORTED, "250") == "7999990\n"


def test_what_needs_more_memory_than_allowed_is_told_in_a_sentence_that_says_how_to_mend_it():
    told = run(GATHERED, "250")
    assert told == (
        "The memory that tables may take is not enough for this file; allow more with --memory-mb, or close other "
        "programs.\n"
    )


def test_a_command_finds_the_same_with_little_memory(tmp_path):
    simulate_shop(tmp_path / "shop.csv", customers=300, seed=4)
    found = []
    for memory in ("0", "250"):
        output = tmp_path / f"segments-{memory}.csv"
        asked = ["segment", str(tmp_path / "shop.csv"), "--output", str(output), "--memory-mb", memory]
        command = [sys.executable, "-m", "pipeline", *asked, "--data-dir", str(tmp_path / memory)]
        subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        found.append(output.read_bytes())
    assert found[0] == found[1]


def test_an_engine_that_there_is_not_is_refused_with_those_that_there_are(monkeypatch, capsys):
    monkeypatch.setenv(engine.ENGINE, "polars")
    with pytest.raises(SettingError, match=r"There is no engine 'polars'; the engines are duckdb and spark\."):
        engine.chosen()
    assert main(["segment", "shop.csv", "--engine", "polars"]) == 2
    assert "There is no engine 'polars'" in capsys.readouterr().err


@pytest.fixture
def spark_that_is_not_started(monkeypatch):
    """Whoever opens it starts from nothing: no session of this process has so little memory."""
    monkeypatch.setenv(engine.MEMORY, "251")
    monkeypatch.delenv("SPARK_REMOTE", raising=False)
    monkeypatch.delenv("SPARK_MASTER", raising=False)

    def told():
        with pytest.raises(PipelineError) as said, engine.opened(engine.SPARK):
            pass
        return str(said.value)

    return told


def test_spark_that_is_not_installed_is_told_with_the_command_that_installs_it(spark_that_is_not_started, monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyspark"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    told = spark_that_is_not_started()
    assert told.startswith("The engine Spark needs PySpark, which is not installed (")
    assert told.endswith("): pip install -r requirements-spark.txt.")


def test_a_machine_without_java_is_told_what_to_install(spark_that_is_not_started, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert spark_that_is_not_started() == (
        "The engine Spark needs Java 17 or later, and there is none: install it (on Debian the package "
        "openjdk-17-jre-headless), or name its folder in JAVA_HOME."
    )


@pytest.mark.parametrize(
    ("variable", "url"), [("SPARK_MASTER", "spark://127.0.0.1:1"), ("SPARK_REMOTE", "sc://127.0.0.1:1")]
)
def test_a_cluster_that_nobody_answers_at_is_told_at_once(spark_that_is_not_started, monkeypatch, variable, url):
    monkeypatch.setenv(variable, url)
    told = spark_that_is_not_started()
    assert told.startswith(f"Spark cannot be reached at {url} (")
    assert told.endswith("); check the address, or start it.")


def test_rows_have_the_same_mark_exactly_where_they_are_equal():
    rows = pd.DataFrame({"word": ["a", "a", None, None, "b", "b"], "number": [1.0, 1.0, 1.0, 1.0, 0.0, -0.0]})
    rows.loc[6] = [None, None]
    with engine.opened(engine.DUCKDB) as tables:
        marks = engine.collected(tables.marked(tables.of(rows), "mark", ["word", "number"]))["mark"]
    assert pd.factorize(marks)[0].tolist() == [0, 0, 1, 1, 2, 2, 3]
