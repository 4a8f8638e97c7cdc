"""Who moved, and who only by a hair, on tables that can be checked by eye."""

import datetime

import pandas as pd
import pytest

from pipeline.profiles.movement import NOT_YET, movement

DAYS = datetime.date(2011, 9, 1), datetime.date(2011, 12, 1)


def _segments(**own):
    return pd.Series(own, dtype="int64")


@pytest.fixture
def moved():
    """a stays, b moves, c moves only by a hair, d is new, e goes back to where it nearly was."""
    before, after = _segments(a=0, b=0, c=0, e=1), _segments(a=0, b=2, c=1, d=2, e=0)
    sooner, later = _segments(a=0, b=0, c=1, e=1), _segments(a=0, b=2, c=1, d=1, e=1)
    return movement(before, after, [sooner], [later])


def test_moves_that_a_week_would_undo_are_not_counted_as_moves(moved):
    assert moved.customers["Firm"].to_dict() == {"a": False, "b": True, "c": False, "d": False, "e": False}
    assert (moved.known, moved.new, moved.changed, moved.moved) == (4, 1, 3, 1)


def test_flows_hold_every_customer_where_they_are_on_both_days(moved):
    counted = {(row.Before, row.After): row.Customers for row in moved.flows().itertuples()}
    assert counted == {(0, 0): 1, (0, 1): 1, (0, 2): 1, (1, 0): 1, (NOT_YET, 2): 1}


def test_the_sentences_say_how_many_moved_and_how_many_only_by_a_hair(moved):
    told = " ".join(moved.sentences(*DAYS)).replace("\N{NO-BREAK SPACE}", " ")
    assert told.startswith("Of 4 customers on 1 Sep 2011, 1 (25.0 %) had moved to another segment by 1 Dec 2011; 1 ")
    assert "2 more (50.0 %) are in another segment only by a hair" in told


def test_where_nobody_was_a_customer_yet_nobody_can_have_moved():
    nobody = movement(_segments(), _segments(a=1), [], [])
    assert nobody.sentences(*DAYS)[0].startswith("Nobody was a customer on")
    assert (nobody.moved, nobody.new) == (0, 1)
