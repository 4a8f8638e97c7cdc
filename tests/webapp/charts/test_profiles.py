"""The snake plot and the parallel lines hold what they say."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import zscore

from webapp import theme
from webapp.charts import parallel, snake


def test_the_snake_is_made_of_means_in_standard_deviations(customers):
    means = snake.standardised_means(customers)
    assert means.loc[1, "Recency"] == pytest.approx(zscore(customers["Recency"].to_numpy(float))[2:4].mean())
    spent = zscore(np.log1p(customers["Monetary"]))
    assert means["Monetary"].tolist() == pytest.approx([spent[:2].mean(), spent[2:4].mean(), spent[4:].mean()])
    assert (means["CatShare_Toys"] == 0).all()


def test_the_snake_tells_medians_under_the_names_and_colours_of_segments(customers):
    drawn = snake.figure(customers.assign(Segment=customers["Segment"] - 1), {-1: "In no segment", 0: "A", 1: "B"})
    assert [line.name for line in drawn.data] == ["In no segment", "A", "B"]
    assert [line.line.color for line in drawn.data] == [theme.segment_colour(label) for label in (-1, 0, 1)]
    spent = list(drawn.data[0].x).index("Spent so far")
    assert drawn.data[0].customdata[spent] == "£7,000"
    assert drawn.data[2].customdata[list(drawn.data[2].x).index("Days since last order")].startswith("250")


def test_every_customer_is_a_line_on_axes_of_their_numbers(customers):
    lines = parallel.figure(customers).data[0]
    recency, orders, spent, _ = lines.dimensions
    assert list(recency.values) == customers["Recency"].tolist()
    assert [round(10**value) for value in orders.values] == customers["Frequency"].tolist()
    assert spent.values[0] == 4.0
    assert "£1k" in spent.ticktext
    assert list(lines.line.color) == customers["Segment"].tolist()


def test_a_crowd_is_drawn_by_some_of_every_segment_and_says_so(customers):
    crowd = pd.concat([customers] * 1_000, ignore_index=True)
    assert set(parallel.figure(crowd).data[0].line.color) == {0, 1, 2}
    assert parallel.note(crowd) == "800 of 8,000 customers drawn"
