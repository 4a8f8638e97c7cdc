"""The heat map tells by what factor a segment differs from all customers."""

import re

import numpy as np
import pytest

from webapp import markup, theme
from webapp.charts import profile_heat


def test_a_segment_is_told_by_its_factor_to_the_base(customers):
    table = profile_heat.relative(customers)
    assert table.loc[0, "Monetary"] == pytest.approx(7000 / 2000)
    assert table.loc[0, "Recency"] == pytest.approx(3 / customers["Recency"].mean())
    assert table.loc[2, "IsUK"] == 0


def test_what_no_customer_has_is_missing_and_not_an_error(customers):
    assert profile_heat.relative(customers)["CatShare_Toys"].isna().all()


def cell(drawn, told):
    found = re.search(f'<td style="background: ([^"]*)" title="{told} the average of all customers">([^<]*)', drawn)
    assert found, drawn
    return found.groups()


def test_cells_say_the_factor_and_colours_stop_at_fourfold(customers, names):
    drawn = markup.source(profile_heat.table(customers, names))
    strongest, weakest = theme.faded(theme.ABOVE, 0.7), theme.faded(theme.BELOW, 0.7)
    assert cell(drawn, f"{names[0]} · Spent so far: ×3.5")[1] == "×3.5"
    assert cell(drawn, f"{names[0]} · Bags: ×4.0") == (strongest, "×4.0")
    assert cell(drawn, f"{names[1]} · Bags: ×0.00") == (weakest, "×0.00")
    assert cell(drawn, f"{names[2]} · Toys: –") == (theme.CLEAR, "–")
    assert drawn.count('scope="col"') == 3


def test_what_is_known_of_nobody_is_in_neither_the_chart_nor_its_table(customers, names):
    shares = [name for name in customers if name.startswith("CatShare_")]
    unknown = customers.assign(**dict.fromkeys([*shares, "IsUK"], np.nan))
    drawn = markup.source(profile_heat.table(unknown, names))
    assert re.findall('scope="row">([^<]*)', drawn) == [
        "Days since last order",
        "Orders",
        "Spent so far",
        "CLV, 6 months",
    ]
    assert "Bags" in markup.source(profile_heat.table(customers, names))
