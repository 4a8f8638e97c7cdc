"""The scatters show the columns that their titles promise."""

import pandas as pd
import plotly.graph_objects as go
import pytest

from webapp.charts import monetary_value, recency_frequency, segment_map, value_box


@pytest.mark.parametrize(
    ("chart", "x", "y"),
    [(monetary_value, "Monetary", "CLV_6m")],
)
def test_axes_hold_the_columns_they_name(chart, x, y, customers, names):
    drawn = chart.figure(customers, names)
    for trace, (_, members) in zip(drawn.data, customers.groupby("Segment"), strict=True):
        assert trace.x.tolist() == members[x].tolist()
        assert trace.y.tolist() == members[y].clip(lower=1).tolist()
    assert drawn.layout.yaxis.type == "log"


def test_the_map_is_one_cloud_of_which_only_the_colours_change(customers):
    drawn = segment_map.figure(customers).data[0]
    assert drawn.x.tolist() == customers["Recency"].tolist()
    assert drawn.y.tolist() == customers["Monetary"].tolist()
    assert drawn.marker.color.tolist() == [0, 0, 1, 1, 2, 2, 2, 2]
    change = segment_map.recoloured(customers.assign(Segment=[1, 1, 0, 0, 0, 0, 0, 0])).to_plotly_json()
    (only,) = change["operations"]
    assert only["location"] == ["data", 0, "marker", "color"]
    assert only["params"] == {"value": [1, 1, 0, 0, 0, 0, 0, 0]}


def test_a_sampled_map_is_drawn_anew_so_that_no_small_segment_is_lost(customers):
    crowd = pd.concat([customers] * 2_600, ignore_index=True)
    assert isinstance(segment_map.recoloured(crowd), go.Figure)


@pytest.mark.parametrize("chart", [recency_frequency, monetary_value, segment_map, value_box])
def test_captions_of_log_scales_are_true_whatever_the_ticks(chart):
    assert "equal distances are equal factors" in chart.CAPTION
    assert "ten times" not in chart.CAPTION


def test_recency_is_drawn_against_frequency_with_equal_counts_apart(customers, names):
    drawn = recency_frequency.figure(customers, names)
    assert [trace.x.tolist() for trace in drawn.data] == [[1, 5], [30, 40], [120, 200, 300, 373]]
    assert drawn.data[0].y.round(-1).tolist() == [60, 20]
    assert drawn.layout.yaxis.type == "log"
    assert drawn.layout.xaxis.type != "log"
