"""The heat map tells by what factor a segment differs from all customers."""

import numpy as np
import pytest

from webapp import segments_view
from webapp.charts import profile_heat


def test_a_segment_is_told_by_its_factor_to_the_base(customers):
    table = profile_heat.relative(customers)
    assert table.loc[0, "Monetary"] == pytest.approx(7000 / 2000)
    assert table.loc[0, "Recency"] == pytest.approx(3 / customers["Recency"].mean())
    assert table.loc[2, "IsUK"] == 0


def test_what_no_customer_has_is_missing_and_not_an_error(customers):
    assert profile_heat.relative(customers)["CatShare_Toys"].isna().all()


def test_cells_say_the_factor_and_colours_stop_at_fourfold(customers, names):
    heat = profile_heat.figure(customers, names).data[0]
    spent = list(heat.y).index("Spent so far")
    assert heat.text[spent][0] == "×3.5"
    assert heat.z[spent][0] == pytest.approx(np.log2(3.5))
    bags = list(heat.y).index("Bags")
    assert heat.z[bags][0] == 2
    assert heat.z[bags][1] == -2
    assert heat.text[list(heat.y).index("Toys")][0] == "–"
    assert heat.customdata[0][2] == "Segment 2 · lapsed"


def test_what_is_known_of_nobody_is_in_neither_the_chart_nor_its_table(customers, names):
    shares = [name for name in customers if name.startswith("CatShare_")]
    unknown = customers.assign(**dict.fromkeys([*shares, "IsUK"], np.nan))
    assert list(profile_heat.figure(unknown, names).data[0].y) == [
        *("Days since last order", "Orders", "Spent so far", "CLV, 6 months")
    ]
    assert "Bags" not in str(segments_view.heat_twin(unknown, names))
    assert "Bags" in str(segments_view.heat_twin(customers, names))
