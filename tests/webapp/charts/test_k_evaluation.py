"""Quality over k: every method a line, the chosen one strong, the chosen k ringed."""

import re

import pandas as pd
import pytest

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


def parts(drawn):
    """What a chart shows, by class: the HTML of each line's group, of the names and of the ring."""
    groups = re.findall(r'<g class="(measure-(?:line|chosen)[^"]*)" data-method="(\w+)">(.*?</g>)</g>', drawn)
    return {name: (kind, inside) for kind, name, inside in groups}


def points(inside):
    """What the points of a line tell."""
    return [told.replace("\u00a0", " ") for told in re.findall("<title>(.*?)</title>", inside)]


def test_each_method_is_a_line_over_k(evaluation):
    drawn = k_evaluation.drawn(evaluation, "inertia", TITLES, "kmeans", 3)
    found = parts(drawn)
    assert points(found["kmeans"][1]) == [
        f"k-means, {k} segments: {value}" for k, value in ((2, 100), (3, 80), (4, 60))
    ]
    assert points(found["hierarchical"][1])[0] == "Hierarchical, 2 segments: 110"
    assert [found[name][1].count("<line") for name in TITLES] == [2, 2]
    names = re.search('class="measure-names">(.*?)</g>', drawn).group(1)
    assert re.findall(">([^<]+)</text>", names) == ["k-means", "Hierarchical"]


def test_higher_values_stand_higher_and_within_the_axes(evaluation):
    inside = parts(k_evaluation.drawn(evaluation, "inertia", TITLES, "kmeans", 3))["kmeans"][1]
    heights = [float(y) for y in re.findall(r'cy="([^"]+)" r="3"', inside)]
    assert heights == sorted(heights)
    assert all(k_evaluation.TOP <= y <= k_evaluation.HEIGHT - k_evaluation.BOTTOM for y in heights)


def test_the_chosen_method_is_strong_and_the_chosen_k_is_ringed(evaluation):
    drawn = k_evaluation.drawn(evaluation, "inertia", TITLES, "hierarchical", 4)
    found = parts(drawn)
    assert found["hierarchical"][0] == "measure-chosen"
    assert "measure-chosen" not in found["kmeans"][0]
    ring = re.search(r'cx="([^"]+)" cy="([^"]+)" r="7"', drawn).groups()
    assert f'cx="{ring[0]}" cy="{ring[1]}" r="3"' in found["hierarchical"][1]
    assert ring[0] == "95.0%"


def test_names_of_lines_that_end_together_are_moved_apart(evaluation):
    level = evaluation.assign(inertia=[80.0, 100.0, 60.0, 110.0, 90.0, 60.0])
    drawn = k_evaluation.drawn(level, "inertia", TITLES, "kmeans", 3)
    heights = [float(y) for y in re.findall(r'dx="2" y="([^"]+)"', drawn)]
    assert abs(heights[0] - heights[1]) >= 14


def test_a_measure_that_is_missing_leaves_a_gap_and_no_error(evaluation):
    drawn = k_evaluation.drawn(evaluation, "silhouette", TITLES, "kmeans", 3)
    assert [told.split(",")[1] for told in points(parts(drawn)["hierarchical"][1])] == [
        " 2 segments: 0.35",
        " 4 segments: 0.15",
    ]
    assert drawn.count("measure-ring") == 1
    assert "Not tested yet" in k_evaluation.drawn(evaluation, "weakest", TITLES, "kmeans", 3)


def test_a_single_number_of_segments_and_values_that_are_all_alike_are_drawn(evaluation):
    alone = evaluation[evaluation["k"] == 3].assign(inertia=0.0)
    assert len(parts(k_evaluation.drawn(alone, "inertia", TITLES, "kmeans", 3))) == 2


@pytest.mark.parametrize(
    ("value", "written"), [(0.5, "0.5"), (840.0, "840"), (26_340.0, "26.3 k"), (1_200_000.0, "1.2 M"), (-1e7, "-10 M")]
)
def test_an_axis_writes_large_values_short(value, written):
    assert k_evaluation._short(value).replace("\u00a0", " ").replace("\u2212", "-") == written


def test_the_table_twin_tells_the_same_numbers(evaluation):
    table = k_evaluation.twin(evaluation, TITLES)
    assert table["k"].tolist() == [2, 3, 4]
    assert table["Silhouette, k-means"].tolist() == ["0.400", "0.300", "0.200"]
    assert table["Inertia, Hierarchical"].tolist() == ["110", "90", "70"]
    assert table["Silhouette, Hierarchical"].tolist() == ["0.350", "–", "0.150"]


def test_the_criteria_of_the_mixture_are_a_line_of_their_own_and_say_that_lower_is_better(evaluation):
    told = evaluation.assign(bic=[9.0, 7.0, 8.0, None, None, None])
    drawn = k_evaluation.drawn(told, "bic", {"kmeans": "Mixture"}, "kmeans", None)
    assert points(parts(drawn)["kmeans"][1]) == [
        f"Mixture, {k} segments: {value}" for k, value in ((2, 7), (3, 9), (4, 8))
    ]
    assert "measure-ring" not in drawn
    assert all("lower is better" in words for words in k_evaluation.CRITERIA.values())
    table = k_evaluation.twin(told, TITLES)
    assert table["BIC, k-means"].tolist() == ["7", "9", "8"]
    assert "BIC, Hierarchical" not in table
