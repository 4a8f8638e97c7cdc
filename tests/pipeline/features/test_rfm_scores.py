"""Scores: ties stay together, every cell has one name, and later values are scored on the same scale."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.features.rfm_scores import CELLS, HIGHEST, NAME_OF, cell_names, scale

VALUES = st.lists(st.integers(0, 40), min_size=1, max_size=80)


def test_the_names_share_out_all_25_cells():
    cells = [cell for own in CELLS.values() for cell in own]
    assert len(cells) == len(set(cells)) == len(NAME_OF) == 25
    grid = np.arange(1, 6)
    names = cell_names(np.repeat(grid, 5), np.tile(grid, 5))
    assert set(names) == set(CELLS)
    assert names[-1] == "Champions"
    assert cell_names(np.array([1, 5, 2]), np.array([5, 1, 3])) == ["Can't lose", "New", "At risk"]


@settings(deadline=None)
@given(values=VALUES, draw=st.randoms())
def test_equal_values_have_equal_scores_in_whatever_order_they_stand(values, draw):
    own = scale(np.array(values, dtype=float))
    scores = dict(zip(values, own.scores(np.array(values, dtype=float)).tolist(), strict=True))
    shuffled = draw.sample(values, len(values))
    again = scale(np.array(shuffled, dtype=float))
    assert again == own
    ordered = [scores[value] for value in sorted(scores)]
    assert ordered == sorted(ordered)
    assert set(ordered) <= set(range(1, HIGHEST + 1))


@settings(deadline=None)
@given(values=VALUES)
def test_small_values_score_high_where_small_is_good(values):
    numbers = np.array(values, dtype=float)
    up, down = scale(numbers), scale(numbers, small_is_good=True)
    assert np.array_equal(down.scores(numbers), HIGHEST + 1 - up.scores(numbers))


def test_different_values_fall_into_fifths():
    scores = scale(np.arange(1000.0)).scores(np.arange(1000.0))
    assert np.bincount(scores)[1:].tolist() == [200] * 5


def test_values_that_the_scale_never_saw_are_scored_by_its_edges():
    own = scale(np.arange(100.0))
    assert own.scores(np.array([-5.0, 19.4, 19.6, 1e9])).tolist() == [1, 1, 1, 5]
    assert scale(np.ones(9)).scores(np.array([0.0, 1.0, 2.0])).tolist() == [1, 3, 3]
