"""The benchmark of many lines makes as many as it says, runs the command of the project, and draws what it kept."""

import xml.etree.ElementTree as ET

import pytest

from benchmarks import lines
from pipeline import engine
from pipeline.simulation import simulate_shop
from pipeline.stages import RESULTS, STAGES


@pytest.mark.parametrize("at_once", [1, lines.PART_LINES])
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_pattern_is_repeated_with_other_invoices_and_customers(tmp_path, monkeypatch, kind, at_once):
    monkeypatch.setattr(lines, "PART_LINES", at_once)
    simulate_shop(tmp_path / "pattern.csv", customers=30, seed=1)
    with engine.connection() as duck:
        once, columns = (
            duck.execute("SELECT count(*) FROM read_csv(?)", [str(tmp_path / "pattern.csv")]).fetchone()[0],
            duck.read_csv(str(tmp_path / "pattern.csv")).columns,
        )
    target = tmp_path / f"lines.{kind}"
    customers = lines.repeated(tmp_path / "pattern.csv", target, 6 * once - 5)
    with engine.connection() as duck:
        read = duck.read_csv(str(target), all_varchar=True) if kind == "csv" else duck.read_parquet(str(target))
        found = read.aggregate("count(*), count(DISTINCT CustomerID), count(DISTINCT InvoiceNo)").fetchall()[0]
        assert read.columns == columns
        rounds = [row[0] for row in read.project("InvoiceNo[-6:]::INTEGER").fetchall()]
        assert rounds == sorted(rounds), "the lines stand one time over after the other"
    assert found[0] == 6 * once - 5
    assert customers - 1 <= found[1] <= customers
    assert found[2] > 5 * found[1]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "PATTERN_CUSTOMERS", 150)
        asked = ["--lines", "0.02", "--formats", "csv", "--memory-mb", "500", "--results", str(folder)]
        code = lines.main([*asked, "--within-mb", "4000"]), lines.main([*asked, "--within-mb", "50"])
    return folder, code


def test_a_run_through_all_stages_that_pages_need_is_kept_with_its_circumstances(results):
    (record,) = lines.keep(results[0] / "lines.json", [], lines.ABOUT)
    assert [each["stage"] for each in record["stages"]] == list(STAGES[: STAGES.index(RESULTS) + 1])
    assert record["peak_memory_mb"] >= max(each["peak_memory_mb"] for each in record["stages"])
    assert record["command"].startswith("python -m benchmarks.lines --lines 0.02")
    assert "/" not in record["command"]


def test_a_run_that_held_more_than_it_may_ends_with_1(results):
    assert results[1] == (0, 1)


def test_the_table_and_the_plot_are_drawn_from_what_is_kept(results):
    told = (results[0] / "lines.md").read_text()
    assert "| csv | 0.02 |" in told
    assert "| reading |" in told
    drawn = ET.parse(results[0] / "lines.svg").getroot()
    assert len(drawn.findall(".//{http://www.w3.org/2000/svg}circle")) == 2


def test_the_largest_file_is_set_against_the_smallest():
    def run(kind, millions, cpu_seconds):
        return {"kind": kind, "millions": millions, "cpu_seconds": cpu_seconds}

    assert lines.flatness([run("csv", 1, 20.0), run("csv", 100, 1500.0), run("parquet", 1, 3.0)]) == (
        "csv: a million lines of 100 take 0.75 times the processor time of 1."
    )
