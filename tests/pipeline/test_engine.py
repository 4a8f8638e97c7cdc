"""The memory that tables may take: what does not fit goes to disk, and what cannot is one sentence."""

import os
import subprocess
import sys

import pytest

from pipeline import engine
from pipeline.errors import SettingError
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
