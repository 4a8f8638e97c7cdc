"""Profit and break-even of a campaign, by hand and by what they mean."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audience.economics import Economics, break_even_uplift, economics, in_words, profit
from pipeline.errors import SettingError


def test_profit_without_a_discount_is_uplift_times_margin_times_revenue_less_the_contact():
    settings = Economics(contact_cost=2.0, margin_percent=40, uplift_percent=10)
    assert profit(np.array([100.0, 0.0]), settings) == pytest.approx([0.1 * 0.4 * 100 - 2, -2.0])


def test_a_discount_is_given_on_what_they_would_have_bought_anyhow_too():
    settings = Economics(contact_cost=1.0, margin_percent=40, discount_percent=10, uplift_percent=50)
    assert profit(np.array([100.0]), settings) == pytest.approx([1.5 * 100 * 0.3 - 100 * 0.4 - 1])
    assert break_even_uplift(np.array([100.0]), settings) == pytest.approx([(1 + 10) / 30])


@given(
    revenue=st.floats(1, 1e5),
    cost=st.floats(0, 100),
    margin=st.floats(10, 100),
    discount=st.floats(0, 9.5),
)
def test_at_the_break_even_uplift_nothing_is_earned(revenue, cost, margin, discount):
    settings = Economics(contact_cost=cost, margin_percent=margin, discount_percent=discount)
    needed = break_even_uplift(np.array([revenue]), settings)[0]
    if needed <= 10:
        earned = profit(np.array([revenue]), settings.with_settings(uplift_percent=100 * needed))
        assert earned[0] == pytest.approx(0.0, abs=1e-6 * (revenue + cost))


def test_a_discount_that_eats_the_margin_is_refused():
    with pytest.raises(SettingError, match="every sale would lose money"):
        Economics(margin_percent=20, discount_percent=20)


def test_where_nothing_is_expected_no_uplift_breaks_even():
    table = economics(pd.Series([0.0, 50.0]), Economics(contact_cost=1.0))
    assert table["BreakEvenUplift"].isna().tolist() == [True, False]
    assert table["ProfitPerCost"].tolist() == table["ExpectedProfit"].tolist()


def test_the_assumptions_are_said_as_such():
    told = in_words(pd.Series([100.0, 1.0]), Economics(), "the next 6 months")
    assert told[0].startswith("Assumed by you: a contact costs £0.50")
    assert "1 of 2 customers bring more than they cost" in told[1]
    assert told[2].startswith("The whole list pays from an uplift of")
