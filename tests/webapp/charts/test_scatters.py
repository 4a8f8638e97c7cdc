"""The scatters show the columns that their titles promise."""

import pytest

from webapp.charts import monetary_value, recency_frequency, segment_map


@pytest.mark.parametrize(
    ("chart", "x", "y"),
    [(monetary_value, "Monetary", "CLV_6m"), (segment_map, "Recency", "Monetary")],
)
def test_axes_hold_the_columns_they_name(chart, x, y, customers, names):
    drawn = chart.figure(customers, names)
    for trace, (_, members) in zip(drawn.data, customers.groupby("Segment"), strict=True):
        assert trace.x.tolist() == members[x].tolist()
        assert trace.y.tolist() == members[y].clip(lower=1).tolist()
    assert drawn.layout.yaxis.type == "log"


def test_recency_is_drawn_against_frequency_with_equal_counts_apart(customers, names):
    drawn = recency_frequency.figure(customers, names)
    assert [trace.x.tolist() for trace in drawn.data] == [[1, 5], [30, 40], [120, 200, 300, 373]]
    assert drawn.data[0].y.round(-1).tolist() == [60, 20]
    assert drawn.layout.yaxis.type == "log"
    assert drawn.layout.xaxis.type != "log"
