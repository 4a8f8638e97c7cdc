"""The maps of value: what recency and frequency are worth, and how many orders to expect of whom."""

import numpy as np
import pandas as pd
import pytest

from webapp.charts import expected_orders, value_map
from webapp.horizon import Horizon

USUAL = Horizon()


@pytest.fixture
def surface() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "PurchaseDays": [1, 1, 3, 3],
            "DaysSince": [0.0, 100.0, 0.0, 100.0],
            "Value": [20.0, 5.0, 200.0, 50.0],
        }
    )


@pytest.fixture
def valued() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "frequency": [0, 0, 2, 30],
            "recency": [0, 0, 60, 300],
            "T": [10, 20, 160, 305],
            "ExpectedOrders_6m": [0.4, 0.6, 1.5, 12.0],
            "ChanceToBuy_90d": [0.2, 0.3, 0.6, 0.99],
            "CLV_6m": [9.0, 21.0, 100.0, 210.0],
        }
    )


def test_levels_are_round_amounts_within_the_values():
    assert value_map.levels(np.linspace(9, 210, 200)) == [20, 50, 100, 200]
    many = value_map.levels(np.geomspace(0.6, 90_000, 500))
    assert len(many) == value_map.MOST_LEVELS
    assert many[-1] == 50_000
    assert value_map.levels(np.zeros(3)) == [0.5, 1, 2]


def test_bands_lie_one_apart_from_round_amount_to_round_amount(surface, valued):
    heat, lines, _ = value_map.figure(surface, valued, USUAL).data
    assert list(heat.colorbar.ticktext) == ["£10", "£20", "£50", "£100", "£200"]
    assert np.array(heat.z)[1].tolist() == [4, 2]
    assert np.array(heat.z)[0][0] == 1
    assert lines.contours.coloring == "none"
    assert heat.customdata[1][0] == "£200"


def test_dots_count_the_customers_of_a_place(surface, valued):
    where = value_map.places(valued, bins=1)
    assert where["PurchaseDays"].tolist() == [1, 3, 31]
    assert where["Customers"].tolist() == [2, 1, 1]
    dots = value_map.figure(surface, valued, USUAL).data[2]
    assert list(dots.y) == [1, 1, 3]
    assert dots.text[0] == "1 customer"


def test_the_map_as_a_table_holds_the_same_values(surface):
    table = value_map.readable(surface, USUAL)
    assert table["Days with an order"].tolist() == ["1", "3"]
    assert table["100\u00a0days ago"].tolist() == ["£5.00", "£50.00"]


def test_a_cell_is_the_average_of_its_customers(valued):
    cells = expected_orders.matrix(valued, USUAL).set_index(["Orders", "Days"])
    one_order = cells.loc[("1", "0–30")]
    assert one_order["Customers"] == 2
    assert one_order["Expected"] == pytest.approx(0.5)
    assert one_order["Value"] == pytest.approx(15)
    assert len(cells) == 3


def test_cells_carry_numbers_and_empty_ones_nothing(valued):
    heat = expected_orders.figure(valued, USUAL).data[0]
    assert list(heat.y) == ["1", "2", "3–4", "5–9", "10–19", "20+"]
    assert heat.text[0][0] == "0.50"
    assert heat.text[5][0] == "12.0"
    assert heat.text[1][1] == ""
    assert "1 customer" in heat.customdata[2][3]
    table = expected_orders.readable(valued, USUAL)
    assert table["Orders to expect"].tolist() == ["0.50", "1.50", "12.00"]


def test_a_year_in_weeks_is_shown_and_named(surface, valued):
    year = Horizon(12, "week")
    valued = valued.assign(CLV_12m=2 * valued["CLV_6m"], ExpectedOrders_12m=2 * valued["ExpectedOrders_6m"])
    assert expected_orders.title(year) == "Orders to expect in the next 12\u00a0months"
    cells = expected_orders.matrix(valued, year).set_index(["Orders", "Days"]).loc[("1", "0–30")]
    assert (cells["Expected"], cells["Value"]) == (pytest.approx(1.0), pytest.approx(30.0))
    table = expected_orders.readable(valued, year)
    assert table.columns[0] == "Weeks with an order"
    assert table.columns[-1] == "CLV, 12\u00a0months"
    for chart in (value_map.figure(surface, valued, year), expected_orders.figure(valued, year)):
        assert chart.layout.yaxis.title.text == "Weeks with an order"
    drawn = value_map.figure(surface, valued, year)
    assert "weeks with an order" in drawn.data[0].hovertemplate
    assert "in 12\u00a0months" in drawn.data[0].hovertemplate
    assert "the next 12\u00a0months" in value_map.caption(20.0, year)
    assert value_map.levels(valued["CLV_12m"].to_numpy()) == value_map.levels(2 * valued["CLV_6m"].to_numpy())
    assert list(drawn.data[0].colorbar.ticktext)[-1] == "£200"
