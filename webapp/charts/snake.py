"""How segments differ in everything at once: a line per segment, up and down over all measures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from webapp import theme
from webapp.measures import MEASURES, written

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

CAPTION = (
    "A line per segment: above 0 its customers have more than the average customer, below 0 less, counted in standard "
    "deviations; orders and money are compared as factors (by logarithm). Point at a line for the segment's median."
)
_COMPRESSED = ("Frequency", "Monetary", "CLV_6m")


def standardised_means(customers: pd.DataFrame) -> pd.DataFrame:
    """The mean of each segment in standard deviations from the mean of all; rows are segments, columns `MEASURES`.

    Parameters
    ----------
    customers : Segment and the columns of `MEASURES`; those missing for everyone are left out, and those in which
        nobody differs are 0. Orders and money count as the logarithm of 1 more.
    """
    columns = [name for name in MEASURES if customers[name].notna().any()]
    values = customers[columns].astype("float64")
    values = values.assign(**{name: np.log1p(values[name].clip(lower=0)) for name in _COMPRESSED if name in columns})
    spread = values.std(ddof=0).replace(0.0, np.inf)
    return ((values - values.mean()) / spread).groupby(customers["Segment"]).mean()


def figure(customers: pd.DataFrame, names: Mapping[int, str]) -> go.Figure:
    """A line per segment over all measures; the medians are in the tooltips."""
    means = standardised_means(customers)
    medians = customers.groupby("Segment")[list(means.columns)].median()
    chart = theme.figure(height=400, yaxis={"zeroline": True, "zerolinecolor": theme.QUIET}, showlegend=False)
    for label, line in means.iterrows():
        segment = int(str(label))
        chart.add_scatter(
            x=[MEASURES[str(name)] for name in means.columns],
            y=line.to_numpy().round(3),
            mode="lines+markers",
            name=names[segment],
            line={"color": theme.segment_colour(segment), "width": 2.5},
            marker={"size": 7},
            customdata=[written(str(name), float(medians[name][segment])) for name in means.columns],
            hovertemplate="%{x}: median %{customdata}, %{y:+.1f} standard deviations",
        )
    return chart.update_xaxes(showgrid=True)
