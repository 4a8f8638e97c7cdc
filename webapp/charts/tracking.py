"""Orders week by week, as they came and as the models expected them, with the weeks they had not seen marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.locales import HOUSE
from webapp import comparison, formats, theme

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

TITLE = "Repeat orders over time"
MEASURES = {"cumulative": "Repeat orders since the first week, summed up", "orders": "Repeat orders of each week"}
CAPTION = (
    "Orders after a customer's first one, of the customers known at the last test: what happened, and what the model "
    "of that day expects of them from the day they first came. It had not seen the shaded weeks. It knows nothing of "
    "Christmas, holidays or campaigns, so single weeks can be missed while the sum is right."
)


def figure(tracking: pd.DataFrame, measure: str) -> go.Figure:
    """Two lines over the weeks, what happened and the forecast; weeks held back are shaded.

    Parameters
    ----------
    tracking : one row per week, in order: week (its first day), orders_actual, orders_expected, cumulative_actual,
        cumulative_expected, is_holdout.
    measure : one of `MEASURES`.
    """
    import pandas as pd

    chart = comparison.figure(yaxis={"tickformat": "~s", "rangemode": "tozero", "nticks": 5})
    weeks = pd.to_datetime(tracking["week"])
    for name, kind in ((comparison.HAPPENED, "actual"), (comparison.FORECAST, "expected")):
        values = tracking[f"{measure}_{kind}"]
        comparison.line(chart, name, weeks, values, values.map(formats.count))
    held_back = weeks[tracking["is_holdout"]]
    if len(held_back):
        _shade(chart, held_back.min(), weeks.max())
    header = "week of %-d %b %Y" if formats.written_as() is HOUSE else "week of %Y-%m-%d"  # Plotly knows English months
    return chart.update_xaxes(hoverformat=header, **theme.month_ticks(weeks.min(), weeks.max()))


def readable(tracking: pd.DataFrame) -> pd.DataFrame:
    """The table twin."""
    import pandas as pd

    columns = {
        "Week of": tracking["week"].map(formats.date),
        "Orders": tracking["orders_actual"].map(formats.count),
        "Expected": tracking["orders_expected"].map(formats.count),
        "All until then": tracking["cumulative_actual"].map(formats.count),
        "All expected until then": tracking["cumulative_expected"].map(formats.count),
        "Seen by the models": tracking["is_holdout"].map({True: "no", False: "yes"}),
    }
    return pd.DataFrame(columns)


def _shade(chart: go.Figure, first: pd.Timestamp, last: pd.Timestamp) -> None:
    chart.add_vrect(x0=first, x1=last, fillcolor=theme.QUIET, opacity=0.13, line_width=0, layer="below")
    chart.add_annotation(
        x=first, y=1, yref="paper", text="not seen by the models", xanchor="left", yanchor="top", showarrow=False
    )
