"""Quality over k: every method a line, the chosen one strong, the chosen k ringed."""

import pandas as pd
import pytest

from webapp import theme
from webapp.charts import k_evaluation

TITLES = {"kmeans": "k-means", "hierarchical": "Hierarchical"}


@pytest.fixture
def evaluation() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "method": ["kmeans", "kmeans", "kmeans", "hierarchical", "hierarchical", "hierarchical"],
            "k": [3, 2, 4, 2, 3, 4],
            "silhouette": [0.3, 0.4, 0.2, 0.35, None, 0.15],
            "inertia": [80.0, 100.0, 60.0, 110.0, 90.0, 70.0],
            "smallest": [30, 40, 20, 35, 25, 15],
        }
    )


def test_each_method_is_a_line_over_k(evaluation):
    first, second, names, _ = k_evaluation.figure(evaluation, "inertia", TITLES, "kmeans", 3).data
    assert list(first.x) == [2, 3, 4]
    assert list(first.y) == [100, 80, 60]
    assert list(second.y) == [110, 90, 70]
    assert [name.strip() for name in names.text] == ["k-means", "Hierarchical"]
    assert list(names.y) == [60, 70]


def test_the_chosen_method_is_strong_and_the_chosen_k_is_ringed(evaluation):
    first, second, _, ring = k_evaluation.figure(evaluation, "inertia", TITLES, "hierarchical", 4).data
    assert second.line.color == theme.ACCENT
    assert first.line.color != theme.ACCENT
    assert (ring.x[0], ring.y[0]) == (4, 70)


def test_names_of_lines_that_end_together_are_moved_apart(evaluation):
    level = evaluation.assign(inertia=[80.0, 100.0, 60.0, 110.0, 90.0, 60.0])
    names = k_evaluation.figure(level, "inertia", TITLES, "kmeans", 3).data[2]
    assert names.y[1] - names.y[0] == pytest.approx(5.5)


def test_a_measure_that_is_missing_leaves_a_gap_and_no_error(evaluation):
    _, second, _, ring = k_evaluation.figure(evaluation, "silhouette", TITLES, "kmeans", 3).data
    assert list(second.x) == [2, 4]
    assert list(ring.y) == [0.3]


def test_the_table_twin_tells_the_same_numbers(evaluation):
    table = k_evaluation.twin(evaluation, TITLES)
    assert table["k"].tolist() == [2, 3, 4]
    assert table["Silhouette, k-means"].tolist() == ["0.400", "0.300", "0.200"]
    assert table["Inertia, Hierarchical"].tolist() == ["110", "90", "70"]
    assert table["Silhouette, Hierarchical"].tolist() == ["0.350", "–", "0.150"]


def test_the_criteria_of_the_mixture_are_a_line_of_their_own_and_say_that_lower_is_better(evaluation):
    told = evaluation.assign(bic=[9.0, 7.0, 8.0, None, None, None])
    line, _, ring = k_evaluation.figure(told, "bic", {"kmeans": "Mixture"}, "kmeans", None).data
    assert list(line.y) == [7, 9, 8]
    assert len(ring.x) == 0
    assert all("lower is better" in words for words in k_evaluation.CRITERIA.values())
    table = k_evaluation.twin(told, TITLES)
    assert table["BIC, k-means"].tolist() == ["7", "9", "8"]
    assert "BIC, Hierarchical" not in table
