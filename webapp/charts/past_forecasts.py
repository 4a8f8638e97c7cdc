"""What was forecast on past days beside what then happened, and beside the plainest rule there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.report import past_tests
from webapp import comparison, formats

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

TITLE = past_tests.FORECASTS
CAPTION = (
    "On each past day the models were fitted anew with nothing but what was known then, and their forecast was laid "
    "beside what followed. The grey bar is the plainest rule: the next period brings what the last one of the same "
    "length brought. The percentage says how far the forecast was above or below what happened."
)
MEASURES = {"orders": "Orders", "spend": "Spend"}
LAST_PERIOD = past_tests.KINDS["same_as_last_period"]
readable = past_tests.forecasts


def figure(cutoffs: pd.DataFrame, measure: str) -> go.Figure:
    """Three bars per past day: what happened, the forecast, and the same as in the last period.

    Parameters
    ----------
    cutoffs : one row per test of one model, in order of time: cutoff, until (dates), `<measure>_actual`,
        `<measure>_predicted`, `<measure>_same_as_last_period`.
    measure : one of `MEASURES`.
    """
    write = formats.money if measure == "spend" else formats.count
    actual, predicted = cutoffs[f"{measure}_actual"], cutoffs[f"{measure}_predicted"]
    rule = cutoffs[f"{measure}_same_as_last_period"]
    days = cutoffs["cutoff"].map(comparison.day)
    chart = comparison.figure(xaxis=comparison.DAYS)
    comparison.bars(chart, comparison.HAPPENED, days, actual, actual.map(write))
    comparison.bars(
        chart,
        comparison.FORECAST,
        days,
        predicted,
        [f"{write(value)} ({gap})" for value, gap in zip(predicted, past_tests.gaps(predicted, actual), strict=True)],
    )
    comparison.bars(chart, LAST_PERIOD, days, rule, rule.map(write))
    tops = cutoffs[[f"{measure}_{kind}" for kind in ("actual", "predicted", "same_as_last_period")]].max(axis=1)
    comparison.words_above(chart, days, tops, past_tests.gaps(predicted, actual))
    prefix, suffix = formats.in_currency("|").split("|") if measure == "spend" else ("", "")
    return chart.update_yaxes(
        tickformat="~s", tickprefix=prefix, ticksuffix=suffix, nticks=5, range=[0, 1.15 * float(tops.max()) or 1]
    )
