"""How many orders to expect of whom: customers by how often and how lately they ordered."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from webapp import formats, theme
from webapp.horizon import Horizon

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

CAPTION = (
    "Each cell is the average of your customers in it; empty cells hold nobody. Along a row one sees what silence "
    "costs, up a column what habit is worth."
)
ORDER_EDGES = (1, 2, 3, 5, 10, 20)
DAY_EDGES = (0, 31, 61, 91, 181, 366)


def title(horizon: Horizon) -> str:
    """What the chart is called."""
    return f"Orders to expect in {horizon.ahead}"


def matrix(customers: pd.DataFrame, horizon: Horizon) -> pd.DataFrame:
    """One row per filled cell: Orders, Days (labels), Customers, Expected (orders), Chance (0 to 1), Value (money).

    Parameters
    ----------
    customers : frequency, recency, T (days), ChanceToBuy_90d (0 to 1), and the expected orders and the value (money)
        of the horizon.
    """
    import pandas as pd

    since = customers["T"] - customers["recency"]
    table = pd.DataFrame(
        {
            "Orders": _binned(customers["frequency"] + 1, ORDER_EDGES),
            "Days": _binned(since, DAY_EDGES),
            "Expected": customers[horizon.orders],
            "Chance": customers["ChanceToBuy_90d"],
            "Value": customers[horizon.value],
        }
    )
    cells = table.groupby(["Orders", "Days"], observed=True)
    return cells.mean().assign(Customers=cells.size()).reset_index()


def figure(customers: pd.DataFrame, horizon: Horizon) -> go.Figure:
    """A matrix of cells with numbers, coloured by expected orders on a compressed scale. Columns as in `matrix`."""
    cells = matrix(customers, horizon)
    rows, columns = cells["Orders"].cat, cells["Days"].cat
    values = np.full((len(rows.categories), len(columns.categories)), np.nan)
    values[rows.codes, columns.codes] = cells["Expected"]
    told = np.full(values.shape, "", dtype=object)
    told[rows.codes, columns.codes] = [_tooltip(cell) for cell in cells.to_dict("records")]
    chart = theme.figure(
        xaxis={"title": {"text": "Days since last order"}, "type": "category", "showgrid": False, "showline": False},
        yaxis={"title": {"text": horizon.counted}, "type": "category", "showgrid": False},
    )
    return chart.add_heatmap(
        z=np.sqrt(values),
        x=list(columns.categories),
        y=list(rows.categories),
        zmin=0,
        colorscale=[list(stop) for stop in theme.SEQUENTIAL],
        showscale=False,
        xgap=3,
        ygap=3,
        text=[
            [formats.number(value, 1 if value >= 0.95 else 2) if value == value else "" for value in row]
            for row in values
        ],
        texttemplate="%{text}",
        textfont={"color": theme.INK, "size": 13},
        customdata=told.tolist(),
        hovertemplate="%{customdata}<extra></extra>",
        hoverongaps=False,
    )


def readable(customers: pd.DataFrame, horizon: Horizon) -> pd.DataFrame:
    """The table twin: every filled cell, written for people."""
    import pandas as pd

    cells = matrix(customers, horizon)
    return pd.DataFrame(
        {
            horizon.counted: cells["Orders"].astype(str),
            "Days since the last": cells["Days"].astype(str),
            "Customers": cells["Customers"].map(formats.count),
            "Orders to expect": cells["Expected"].map(lambda value: formats.number(value, 2)),
            "Chance in 90 days": cells["Chance"].map(formats.chance),
            f"CLV, {horizon.length}": cells["Value"].map(formats.money),
        }
    )


def _binned(values: pd.Series[float], edges: tuple[int, ...]) -> pd.Series[Any]:
    import pandas as pd

    lasts = [following - 1 for following in edges[1:]]
    labels = [str(low) if low == last else f"{low}–{last}" for low, last in zip(edges, lasts, strict=False)]
    return pd.cut(values, [*edges, np.inf], right=False, labels=[*labels, f"{edges[-1]}+"])


def _tooltip(cell: Mapping[Hashable, Any]) -> str:
    return (
        f"<b>{formats.plural(cell['Customers'], 'customer')}</b><br>"
        f"{formats.number(cell['Expected'], 2)} orders to expect each<br>"
        f"chance to buy in 90 days {formats.chance(cell['Chance'])}<br>CLV {formats.money(cell['Value'])} each"
    )
