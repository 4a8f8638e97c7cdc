"""The control group: exact in size, drawn by the seed, the same mix of segments, and what it can show."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audience.control import (
    CONTROL,
    TREATMENT,
    ControlGroup,
    can_be_noticed,
    groups,
    noticeable_share,
    power_of,
)
from pipeline.errors import SettingError


def base(sizes):
    segments = np.repeat(np.arange(len(sizes)) - 2, sizes)  # key accounts and noise are strata like any other
    ids = pd.Series([str(12_000 + number) for number in range(len(segments))])
    return ids, pd.Series(segments)


def drawn(sizes, **settings):
    ids, segments = base(sizes)
    return groups(ids, segments, ControlGroup(**settings)), segments


@given(
    sizes=st.lists(st.integers(1, 90), min_size=1, max_size=6),
    percent=st.sampled_from([1.0, 5.0, 10.0, 12.5, 33.0, 50.0, 90.0]),
    seed=st.integers(0, 99),
    draw=st.sampled_from(["by_segment", "simple"]),
)
def test_the_control_group_has_the_asked_share_to_the_nearest_customer(sizes, percent, seed, draw):
    arms, segments = drawn(sizes, share_percent=percent, seed=seed, draw=draw)
    asked = len(arms) * percent / 100
    assert abs((arms == CONTROL).sum() - asked) <= 0.5 + 1e-6
    assert set(arms) <= {CONTROL, TREATMENT}
    if draw == "by_segment":
        for segment in segments.unique():
            members = arms[segments == segment]
            assert abs((members == CONTROL).sum() - len(members) * percent / 100) < 1


def test_the_same_seed_draws_the_same_customers_and_another_one_others():
    one, _ = drawn([500, 300], share_percent=20, seed=7)
    again, _ = drawn([500, 300], share_percent=20, seed=7)
    other, _ = drawn([500, 300], share_percent=20, seed=8)
    assert (one == again).all()
    assert 0.1 < ((one == CONTROL) & (other == CONTROL)).sum() / (one == CONTROL).sum() < 0.3


def test_the_order_of_the_rows_changes_nobodys_group():
    ids, segments = base([400, 200])
    settings = ControlGroup(share_percent=30)
    shuffled = np.random.default_rng(1).permutation(len(ids))
    there = pd.Series(groups(ids, segments, settings), index=ids)
    here = pd.Series(groups(ids.iloc[shuffled], segments.iloc[shuffled], settings), index=ids.iloc[shuffled])
    assert (here.reindex(ids) == there).all()


def test_most_of_a_control_group_is_held_back_again_when_the_list_has_grown():
    ids, segments = base([900, 100])
    settings = ControlGroup(share_percent=20, draw="simple")
    before = groups(ids.iloc[:800], segments.iloc[:800], settings) == CONTROL
    after = groups(ids, segments, settings)[:800] == CONTROL
    assert (before & after).sum() / before.sum() > 0.9


def test_both_groups_are_alike_in_what_the_draw_does_not_know():
    ids, segments = base([2000, 2000])
    held_back = groups(ids, segments, ControlGroup(share_percent=50, draw="simple")) == CONTROL
    spend = np.random.default_rng(3).lognormal(size=len(ids))
    difference = spend[held_back].mean() - spend[~held_back].mean()
    assert abs(difference) < 4 * spend.std() * np.sqrt(4 / len(ids))
    assert 0.45 < (held_back & (segments == -2)).sum() / held_back.sum() < 0.55


def test_a_share_that_leaves_nobody_to_treat_is_refused():
    with pytest.raises(SettingError, match=r"Held back \(control.share_percent\) must be a number from 0 to 90"):
        ControlGroup(share_percent=95)


def test_power_is_that_of_the_published_example():
    # The example of R's help page of power.prop.test: 0.740.
    assert power_of(0.50, 0.75, 50, 50) == pytest.approx(0.740, abs=0.0005)
    assert power_of(0.50, 0.75, 58, 58) > 0.8 > power_of(0.50, 0.75, 57, 57)


def test_what_is_said_to_be_noticed_is_noticed_eight_of_ten_times_in_simulated_campaigns():
    treated, held_back, usual = 900, 220, 0.2
    changed = noticeable_share(usual, treated, held_back)
    random, campaigns = np.random.default_rng(5), 20_000
    ordered = random.binomial(treated, changed, campaigns), random.binomial(held_back, usual, campaigns)
    together = sum(ordered) / (treated + held_back)
    spread = np.sqrt(together * (1 - together) * (1 / treated + 1 / held_back))
    z = (ordered[0] / treated - ordered[1] / held_back) / spread
    assert (np.abs(z) > 1.96).mean() == pytest.approx(0.8, abs=0.02)


def test_the_helper_sentence_says_what_the_two_groups_can_show():
    told = can_be_noticed(0.2, 400, 400, "order within 30 days").replace("\xa0", " ")
    assert told.startswith("With 400 in each group you would notice a change from 20 % to 28 % of customers who order")
    assert "880 in treatment and 220 in control" in can_be_noticed(0.4, 880, 220, "order")
    assert "no change at all could be told from chance" in can_be_noticed(0.5, 3, 1, "order")
    assert "Without a control group nobody can tell" in can_be_noticed(0.5, 3, 0, "order")
