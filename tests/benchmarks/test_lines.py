"""The benchmark of many lines makes as many as it says, in both formats the same."""

import pytest

from benchmarks.lines import Measured, repeated, table
from benchmarks.processes import Cost
from pipeline import engine
from pipeline.simulation import simulate_shop


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_pattern_is_repeated_with_other_invoices_and_customers(tmp_path, kind):
    simulate_shop(tmp_path / "pattern.csv", customers=30, seed=1)
    with engine.connection() as duck:
        once = duck.execute("SELECT count(*) FROM read_csv(?)", [str(tmp_path / "pattern.csv")]).fetchone()[0]
    target = tmp_path / f"lines.{kind}"
    customers = repeated(tmp_path / "pattern.csv", target, 6 * once - 5)
    with engine.connection() as duck:
        read = duck.read_csv(str(target), all_varchar=True) if kind == "csv" else duck.read_parquet(str(target))
        found = read.aggregate("count(*), count(DISTINCT CustomerID), count(DISTINCT InvoiceNo)").fetchall()[0]
    assert found[0] == 6 * once - 5
    assert customers - 1 <= found[1] <= customers
    assert found[2] > 5 * found[1]


def test_the_table_has_seconds_a_million_lines():
    told = table([Measured("csv", 2.0, 4_000, Cost(10.0, 512.4))])
    assert told.splitlines()[-1] == "| csv | 2 | 4,000 | 10.0 | 5.00 | 512 |"
