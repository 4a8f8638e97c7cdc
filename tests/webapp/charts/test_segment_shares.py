"""Share of customers above share of revenue."""

import re

import pandas as pd

from webapp import markup, theme
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
    drawn = markup.source(segment_shares.bars(summary, names)).replace("\N{NO-BREAK SPACE}", " ")
    assert re.findall(r"width: ([0-9.]+)%; background: (#\w+)", drawn) == [
        (f"{100 * part:.3f}", theme.segment_colour(label))
        for part, label in zip((0.1, 0.3, 0.6, 0.7, 0.27, 0.03), (0, 1, 2, 0, 1, 2), strict=True)
    ]
    assert f'title="{names[0]}: £700, 70.0 % of revenue"' in drawn
    assert f'title="{names[2]}: 60 customers, 60.0 % of customers"' in drawn
    assert f'aria-label="Revenue: {names[0]} 70.0 %, {names[1]} 27.0 %, {names[2]} 3.0 %"' in drawn
    assert ">3.0 %<" not in drawn
