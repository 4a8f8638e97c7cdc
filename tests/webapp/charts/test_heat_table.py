"""Tables whose cells are darker the more they hold."""

import numpy as np
import pandas as pd

from webapp import formats, markup, theme
from webapp.charts import heat_table


def test_more_is_darker_and_what_is_missing_is_left_empty():
    values = pd.DataFrame({"A": [1.0, 2.0], "B": [np.nan, 0.0]}, index=["x", "y"])
    drawn = markup.source(heat_table.table(values, "Title", "Row", formats.count))
    assert theme.faded(theme.ACCENT, heat_table.DARKEST) in drawn
    assert theme.faded(theme.ACCENT, heat_table.DARKEST / 2) in drawn
    assert "<td></td>" in drawn
    assert f">{formats.MISSING}</td>" in drawn


def test_a_table_of_nothing_but_gaps_can_be_drawn():
    drawn = markup.source(heat_table.table(pd.DataFrame({"A": [np.nan]}), "Title", "Row", formats.count))
    assert drawn.count("<td></td>") == 1
