"""The table and the plot of stages, engines and sizes are drawn from what is kept, each with how it was measured."""

import subprocess
import sys
import time
import xml.etree.ElementTree as ET

import pytest

from benchmarks import __main__ as bench
from benchmarks.agreement import Check
from benchmarks.processes import cost_of, tree_cost
from benchmarks.records import circumstances
from benchmarks.report import save_report

SPENT = {"reference": 4.0, "duckdb": 1.0, "spark": 9.0}


@pytest.fixture
def report(tmp_path):
    records = [
        {"lines": lines, "side": side, "stage": stage, "repeats": 1, "seconds": 2 * spent, "cpu_seconds": spent * lines}
        | {"peak_memory_mb": 250.0}
        | circumstances("benchmarks", ["--shops", "400", "--folder", "somewhere"])
        for lines in (1_000, 20_000)
        for side, spent in SPENT.items()
        for stage in (["cleaning", "all"] if side == "reference" else ["cleaning", "check", "all"])
    ]
    save_report(records, [Check("customers", "7 and 7", True), Check("revenue", "1 and 2", False)], tmp_path)
    return tmp_path


def test_every_stage_stands_beside_every_size_and_side(report):
    lines = (report / "bench.md").read_text().splitlines()
    heads = ["reference", "duckdb", "spark"]
    assert f"| | {' | '.join(f'{side}, {size} lines' for size in ('1,000', '20,000') for side in heads)} |" in lines
    row = next(line for line in lines if line.startswith("| check |"))
    assert row.split("|")[2:5] == ["  ", " 1000.00 s, 250 ", " 9000.00 s, 250 "]


def test_the_stages_stand_in_the_order_in_which_they_run_and_the_sum_below_them(report):
    lines = (report / "bench.md").read_text().splitlines()
    assert [line.split(" | ")[0] for line in lines if line.endswith(", 250 |")] == ["| cleaning", "| check", "| all"]


def test_the_report_tells_what_agrees_and_how_it_was_measured(report):
    told = (report / "bench.md").read_text()
    assert "| customers | 7 and 7 | yes |" in told
    assert "| revenue | 1 and 2 | **NO** |" in told
    assert "`python -m benchmarks --shops 400`" in told


def test_the_plot_has_a_line_for_each_side_in_both_of_its_panels(report):
    drawn = ET.parse(report / "bench.svg").getroot()
    assert len(drawn.findall(".//{http://www.w3.org/2000/svg}path")) == 2 * len(SPENT)


def test_where_spark_cannot_be_had_it_is_left_out_with_a_sentence(monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert list(bench._spark()) == []
    assert capsys.readouterr().err.startswith("Spark is left out. The engine Spark needs ")


def test_what_nobody_waits_for_counts_too():
    leave = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {!r}]); time.sleep(4)"
    cost = cost_of(["-c", leave.format("sum(n * n for n in range(9_000_000))")])
    assert cost.cpu_seconds > cost_of(["-c", "import time; time.sleep(1)"]).cpu_seconds + 0.1


def test_what_a_process_and_those_it_started_hold_is_added_up():
    hold = "import subprocess, sys; held = bytearray(80_000_000); subprocess.run([sys.executable, '-c', {!r}])"
    own = "import time; held = bytearray(80_000_000); time.sleep(2)"
    with subprocess.Popen([sys.executable, "-c", hold.format(own)]) as process, tree_cost(process.pid) as tree:
        while process.poll() is None:
            time.sleep(0.05)
    assert tree.peak_memory_mb > 160
    assert len(tree.spent) == 2
