"""Share of customers above share of revenue."""

import pandas as pd

from webapp import theme
from webapp.charts import segment_shares


def test_every_segment_is_a_part_of_both_bars(names):
    summary = pd.DataFrame(
        {
            "Segment": [0, 1, 2],
            "Customers": [10, 30, 60],
            "CustomerShare": [0.1, 0.3, 0.6],
            "Revenue": [700.0, 270.0, 30.0],
            "RevenueShare": [0.7, 0.27, 0.03],
        }
    )
    bars = segment_shares.figure(summary, names).data
    assert [list(bar.x) for bar in bars] == [[0.1, 0.7], [0.3, 0.27], [0.6, 0.03]]
    assert [bar.marker.color for bar in bars] == [theme.segment_colour(label) for label in range(3)]
    assert bars[0].customdata[1][0] == "£700"
    assert [text.replace("\u00a0", " ") for text in bars[2].text] == ["60.0 %", ""]
