"""The figures behind the default recipe are those that the page shows of preparations."""

from benchmarks import evidence
from pipeline.profiles.preparations import OFFERED
from pipeline.recipe import RECIPES
from pipeline.simulation import simulate_shop


def test_the_table_has_a_row_for_each_recipe_method_and_number_of_clusters(tmp_path):
    simulate_shop(tmp_path / "shop.csv", customers=250, seed=3)
    customers, after = evidence.periods(tmp_path / "shop.csv", tmp_path)
    rows = list(evidence.evidence(customers, after, draws=2))
    assert len(rows) == len(RECIPES) * 3 * 7
    assert all(-1 <= row.silhouette <= 1 and 0 <= row.weakest_jaccard <= 1 and row.foretold <= 1 for row in rows)
    assert evidence.table(rows).count("\n") == len(rows) + 1
    assert set(RECIPES) <= set(OFFERED)
