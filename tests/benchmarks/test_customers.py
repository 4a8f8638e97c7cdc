"""The benchmark of many customers makes as many as it says, runs the stages' own code, and asks the page server."""

import json

import pytest

from benchmarks import customers, customers_child
from pipeline import engine


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHOP_CUSTOMERS", "250")
        assert customers.main(["--customers", "0.001", "--results", str(folder)]) == 0
    return folder


def test_every_step_is_kept_with_its_cost(results):
    records = json.loads((results / "customers.json").read_text())
    assert {record["step"] for record in records} == set(customers.STEPS)
    assert all(record["peak_memory_mb"] > 50 for record in records)
    assert {record["customers"] for record in records if record["step"] == "segments"} <= set(range(1_000, 1_300))


def test_the_page_server_is_asked_for_every_kind_of_answer(results):
    (asked,) = (each for each in json.loads((results / "customers.json").read_text()) if each["step"] == "explore")
    assert len(asked["answers"]) == 15
    assert all(50 < answer["held_mb"] <= answer["peak_memory_mb"] for answer in asked["answers"])
    assert "| list, sorted by value |" in (results / "customers.md").read_text()


def test_customers_are_repeated_in_order_with_numbers_of_their_own(tmp_path):
    with engine.connection() as duck:
        duck.execute(
            "COPY (SELECT * FROM (VALUES ('b', 10, 5.0), ('a', 20, 7.0)) AS t(CustomerID, Recency, Monetary)) "
            f"TO '{tmp_path / 'few'}' (FORMAT parquet)"
        )
    customers_child.repeated(tmp_path / "few", tmp_path / "many", 3, customers_child.MOVED["customers"])
    table = engine.read_parquet(tmp_path / "many")
    assert table["CustomerID"].tolist() == sorted(table["CustomerID"])
    assert table["CustomerID"].is_unique
    assert len(table) == 6
    assert table["Recency"].between(10, 50).all()
    assert not table["Monetary"].isin([5.0, 7.0]).all()
