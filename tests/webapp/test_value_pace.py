"""The trend of the average CLV is that of the customers in the filter, and ends on the number of its card."""

import numpy as np
import pytest

from webapp import formats, panels, value_pace
from webapp.finished import at_hand
from webapp.markup import source


@pytest.fixture
def results(shop):
    return at_hand(shop.view())


def test_the_last_bar_is_the_cards_own_number(results):
    everyone = np.ones(len(results.customers), dtype=bool)
    found = list(value_pace.averages(results, everyone).values())
    assert found[-1] == pytest.approx(results.customers["CLV_6m"].mean(), rel=1e-6)
    card = source(panels.kpis(results.customers, results.customers))
    drawn = source(value_pace.trend(results, everyone))
    assert formats.money(found[-1]) in card and formats.money(found[-1]) in drawn
    assert drawn.count('title="') == len(found) == 12
    then = formats.month(results.past_values.columns[0])
    assert f"{formats.money(found[0])} as of {then}, by today’s models" in drawn


def test_a_filter_leaves_the_average_of_its_customers_who_had_bought_by_then(results):
    customers, past = results.customers, results.past_values
    member = (customers["Frequency"] >= 3).to_numpy()
    found = value_pace.averages(results, member)
    plain = past[member].astype("float64").mean()
    assert list(found) == list(plain.index)
    assert list(found.values()) == pytest.approx(plain.to_list(), rel=1e-6)
    assert past.iloc[:, 0].isna().any()


def test_bars_begin_where_any_of_the_customers_had_bought_and_nobody_has_none(results):
    latecomers = results.past_values.iloc[:, 5].isna().to_numpy()
    found = value_pace.averages(results, latecomers)
    assert next(iter(found)) > results.past_values.columns[5]
    assert value_pace.trend(results, np.zeros(len(latecomers), dtype=bool)) == []


def test_the_bars_say_that_they_are_no_forecasts_of_then_and_from_when_they_are(results):
    told = value_pace.explanation(results)
    assert "not the forecasts that were made then" in told
    assert f"begin in {formats.month(results.past_values.columns[0])}" in told
