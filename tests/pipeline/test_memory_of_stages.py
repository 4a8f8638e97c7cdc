"""What a stage brings out of the engine into this process's memory is small, whatever the number of orders, and what it
keeps inside does not grow with the settings that it compares."""

import pytest

from pipeline import engine, segmentation
from pipeline.recipe import RECIPES
from pipeline.simulation import simulate_shop
from pipeline.store import Store


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A run up to the history; stage -> the rows of each table and list that it brought out of the engine; and the
    rows of each table that it kept inside."""
    folder = tmp_path_factory.mktemp("shop")
    simulate_shop(folder / "shop.csv", customers=800, seed=5)
    brought: dict[str, list[int]] = {}
    kept: dict[str, dict[str, int]] = {}
    now = ""

    def hear(stage, share, sentence):
        nonlocal now
        now = stage

    def heard(function):
        def called(*given):
            found = function(*given)
            brought.setdefault(now, []).append(len(found))
            return found

        return called

    def counted(tables, table, name):
        found = materialised(tables, table, name)
        kept.setdefault(now, {})[name] = len(found.collect())
        return found

    materialised = engine._DuckTables.materialised
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine._DuckTables, "materialised", counted)
        patch.setattr(engine, "collected", heard(engine.collected))
        patch.setattr(engine, "rows", heard(engine.rows))
        store = Store(folder / "store")
        yield (
            segmentation.run(folder / "shop.csv", RECIPES["balanced"], store, until="history", progress=hear),
            brought,
            kept,
        )
        store.close()


def test_no_stage_up_to_the_history_brings_out_a_row_an_order(shop):
    run, brought, _ = shop
    lines = run.store.path(run.keys["cleaning"], "transactions")
    cleaned = engine.read_parquet(lines, columns=["CustomerID", "InvoiceNo", "Description", "StockCode", "UnitPrice"])
    customers, orders = cleaned["CustomerID"].nunique(), cleaned["InvoiceNo"].nunique()
    descriptions, days = cleaned["Description"].nunique(), run.facts("check")["span"]["days"]
    prices = len(cleaned[["StockCode", "UnitPrice"]].drop_duplicates())
    most = {stage: max(counts) for stage, counts in brought.items()}
    assert orders > 2 * max(customers, days, descriptions), "else the bounds below would say nothing"
    assert most["cleaning"] <= days
    assert most["check"] <= max(days, prices)
    assert most["features"] <= max(customers, descriptions)
    assert most["history"] <= descriptions


def test_comparing_settings_keeps_no_table_much_larger_than_the_groups_of_lines(shop):
    run, _, kept = shop
    tables, compared = kept["cleaning"], run.facts("cleaning")["effects"]
    assert sum(any(effect[what] for what in ("rows", "money")) for effect in compared) > 2, "else nothing would grow"
    assert max(tables.values()) < 1.5 * max(tables["groups"], tables["few"])
