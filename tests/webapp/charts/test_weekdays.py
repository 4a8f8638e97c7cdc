"""The week is drawn from Monday, its strongest day set apart."""

import pandas as pd

from webapp.charts import weekdays


def test_every_day_is_a_bar_and_the_strongest_stands_out():
    table = pd.DataFrame(
        {
            "Weekday": ["Monday", "Tuesday", "Wednesday"],
            "orders": [3, 9, 0],
            "revenue": [30.0, 99.5, 0.0],
            "days_traded": [2, 2, 0],
        }
    )
    (bars,) = weekdays.figure(table).data
    assert list(bars.x) == ["Mon", "Tue", "Wed"]
    assert list(bars.y) == [3, 9, 0]
    assert bars.marker.color[1] not in (bars.marker.color[0], bars.marker.color[2])
    assert weekdays.readable(table)["Revenue"].tolist() == ["£30.00", "£99.50", "£0.00"]
