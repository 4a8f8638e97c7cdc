"""Whether the customers put first were those who then spent: the test of who to target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.report import past_tests
from webapp import comparison, formats, theme

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

TITLE = past_tests.BEST_CUSTOMERS
CAPTION = (
    "Share of the following period's spending that came from the fifth of customers with the highest value on that "
    "day, beside the fifth who had spent most until then. The marks are the best there could have been, had one known; "
    "a fifth picked by chance would bring about 20 % (the line)."
)
MODEL, PAST_SPEND, BEST = past_tests.CAPTURES.values()
readable = past_tests.best_customers
CHANCE = 0.2


def figure(cutoffs: pd.DataFrame) -> go.Figure:
    """Two bars per past day, the share captured by the model's best fifth and by that of past spend.

    Parameters
    ----------
    cutoffs : one row per test, in order of time: cutoff (date), top20_capture, top20_capture_past_spend,
        top20_best_possible (0 to 1).
    """
    days = cutoffs["cutoff"].map(comparison.day)
    chart = comparison.figure(
        xaxis=comparison.DAYS,
        yaxis={"tickformat": ".0%", "range": [0, 1], "nticks": 6},
        shapes=[
            {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": CHANCE, "y1": CHANCE}
            | {"line": {"color": theme.QUIET, "width": 1.5, "dash": "dot"}}
        ],
    )
    columns = {MODEL: "top20_capture", PAST_SPEND: "top20_capture_past_spend"}
    for name, column in columns.items():
        shares = cutoffs[column]
        written = [formats.share(part) for part in shares]
        comparison.bars(
            chart, name, days, shares, written, text=[f"{part:.0%}" for part in shares], **comparison.WITHIN
        )
    chart.update_traces(selector={"name": MODEL}, marker={"color": theme.FORECAST})
    best = cutoffs["top20_best_possible"]
    return chart.add_scatter(
        x=days,
        y=best,
        name=BEST,
        mode="markers",
        marker={"symbol": "line-ew", "size": 44, "line": {"width": 2.5, "color": theme.QUIET}},
        customdata=[formats.share(part) for part in best],
        hovertemplate="%{customdata}",
    )
