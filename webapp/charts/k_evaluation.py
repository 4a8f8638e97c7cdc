"""How well the customers fall into k segments: one small chart per measure, one line per method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from webapp import formats, theme

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

TITLE = "How many segments?"
MEASURES = {
    "silhouette": "Silhouette: how clearly segments are apart (higher is better)",
    "inertia": "Inertia: how far customers are from their segment's centre (look for the bend)",
    "smallest": "Customers in the smallest segment",
    "weakest": "How much of the weakest segment comes back when customers are drawn anew (higher is better)",
    "calinski_harabasz": "Calinski-Harabasz: spread between segments over spread within (higher is better)",
    "davies_bouldin": "Davies-Bouldin: how alike the most alike segments are (lower is better)",
}
CRITERIA = {  # of the Gaussian mixture alone
    "bic": "BIC: how badly clouds describe customers, more clouds counting against them (lower is better)",
    "aic": "AIC: the same, more clouds counting less against them (lower is better)",
}
FINE = ("silhouette", "weakest", "davies_bouldin")  # measures about 1, written with decimals
CAPTION = "Each line is a method; the strong line is the chosen one, and the ring marks the chosen number of segments."
_DASHES = ("solid", "dash", "dot", "dashdot")


def figure(evaluation: pd.DataFrame, measure: str, titles: Mapping[str, str], method: str, k: int | None) -> go.Figure:
    """One measure over k, a line per method, the chosen method strong and the chosen k ringed.

    Methods that decide on k themselves have no line.

    Parameters
    ----------
    evaluation : method, k, and a column named `measure`; rows where it is missing are left out.
    titles : method -> its name for people, in the order of drawing.
    """
    evaluation = _over_k(evaluation)
    titles = {name: title for name, title in titles.items() if (evaluation["method"] == name).any()}
    ks = sorted({int(value) for value in evaluation["k"]})
    if measure not in evaluation or evaluation[measure].isna().all():
        return theme.figure(xaxis={"visible": False}, yaxis={"visible": False}).add_annotation(
            text="Not tested yet", showarrow=False, font={"size": 14, "color": theme.QUIET}
        )
    chart = theme.figure(
        xaxis={
            "title": {"text": "Segments (k)"},
            "tickvals": ks,
            "range": [ks[0] - 0.35, ks[-1] + 0.4 + 0.62 * len(ks)],
        },
        yaxis={"tickformat": "~s" if measure not in FINE else ".2f", "nticks": 5},
        showlegend=False,
        shapes=[
            {"type": "line", "x0": k, "x1": k, "y0": 0, "y1": 1, "yref": "paper", "layer": "below"}
            | {"line": {"color": theme.GRID, "width": 14}}
        ]
        if k is not None
        else [],
    )
    lines = {name: _values(evaluation, name, measure) for name in titles}
    for order, (name, title) in enumerate(titles.items()):
        _line(chart, lines[name], measure, title, name == method, order)
    _labels(chart, {titles[name]: line for name, line in lines.items()}, measure, ks[-1])
    _ring(chart, evaluation[(evaluation["method"] == method) & (evaluation["k"] == k)], measure)
    return chart


def twin(evaluation: pd.DataFrame, titles: Mapping[str, str]) -> pd.DataFrame:
    """The same figures as a table: one row per k, one column per measure and method, written for people."""
    table = _over_k(evaluation)
    titles = {name: title for name, title in titles.items() if (table["method"] == name).any()}
    table = table[table["method"].isin(list(titles))].set_index(["k", "method"])
    columns = {}
    for measure, words in {**MEASURES, **CRITERIA}.items():
        if measure not in table:
            continue
        for method, title in titles.items():
            values = table[measure].xs(method, level="method")
            if measure in CRITERIA and values.isna().all():
                continue
            columns[f"{words.split(':')[0]}, {title}"] = values.map(
                lambda value, decimals=3 if measure in FINE else 0: formats.number(value, decimals)
            )
    import pandas as pd

    return pd.DataFrame(columns).rename_axis("k").reset_index()


def _line(chart: go.Figure, line: pd.DataFrame, measure: str, title: str, chosen: bool, order: int) -> None:
    colour = theme.ACCENT if chosen else theme.QUIET
    chart.add_scatter(
        x=line["k"],
        y=line[measure],
        name=title,
        mode="lines+markers",
        line={"color": colour, "width": 3 if chosen else 1.5, "dash": "solid" if chosen else _DASHES[1 + order % 3]},
        marker={"size": 7 if chosen else 5},
        opacity=1 if chosen else 0.8,
        hovertemplate=f"<b>{title}</b><br>k = %{{x}}<br>%{{y:,.4~r}}<extra></extra>",
    )


def _over_k(evaluation: pd.DataFrame) -> pd.DataFrame:
    return evaluation[evaluation["k"].notna()].astype({"k": int})


def _values(evaluation: pd.DataFrame, method: str, measure: str) -> pd.DataFrame:
    return evaluation[(evaluation["method"] == method) & evaluation[measure].notna()].sort_values("k")


def _labels(chart: go.Figure, lines: Mapping[str, pd.DataFrame], measure: str, last: int) -> None:
    """Each line's name at its end, names of lines that end close together moved apart."""
    ends = sorted((float(line[measure].iloc[-1]), title) for title, line in lines.items() if len(line))
    values = [float(value) for line in lines.values() for value in line[measure]]
    apart = 0.11 * (max(values) - min(values)) if values else 0.0
    places: list[float] = []
    for end, _ in ends:
        places.append(max(end, places[-1] + apart) if places else end)
    chart.add_scatter(
        x=[last] * len(ends),
        y=places,
        text=[f"{formats.SPACE}{title.split(' (')[0]}" for _, title in ends],
        mode="text",
        textposition="middle right",
        cliponaxis=False,
        hoverinfo="skip",
    )


def _ring(chart: go.Figure, point: pd.DataFrame, measure: str) -> None:
    chart.add_scatter(
        x=point["k"],
        y=point[measure],
        mode="markers",
        name="chosen",
        marker={"size": 16, "symbol": "circle-open", "color": theme.ACCENT, "line": {"width": 2.5}},
        hoverinfo="skip",
    )
