"""Moves between two segmentations: the pairs add up, and movers are those who leave most of their segment."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.profiles.moves import flows, followed, movers

PAIRS = st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 4)), min_size=1, max_size=60)


@settings(deadline=None)
@given(pairs=PAIRS)
def test_flows_are_the_cross_table_and_everybody_is_in_one(pairs):
    before, after = (pd.Series(column) for column in zip(*pairs, strict=True))
    found = flows(before, after)
    crossed = pd.crosstab(before, after)
    assert found["Customers"].sum() == len(pairs)
    for row in found.to_dict("records"):
        assert row["Customers"] == crossed.loc[row["Before"], row["After"]]


@settings(deadline=None)
@given(pairs=PAIRS)
def test_movers_are_those_outside_the_largest_flow_of_their_segment(pairs):
    before, after = (pd.Series(column) for column in zip(*pairs, strict=True))
    stays = sum(pd.crosstab(before, after).max(axis=1))
    assert (~movers(before, after)).sum() == stays
    assert not movers(before, before).any()


def test_the_same_segments_under_other_numbers_move_nobody():
    before = pd.Series([0, 0, 1, 1, 2])
    after = before.map({0: 2, 1: 0, 2: 1})
    assert followed(before, after) == {0: 2, 1: 0, 2: 1}
    assert not movers(before, after).any()
    assert movers(pd.Series([0, 0, 0, 1]), pd.Series([0, 0, 1, 1])).tolist() == [False, False, True, False]
    assert np.array_equal(flows(before, after)["Customers"], [2, 2, 1])
