"""How many customers came once, twice and so on, and how many the model says should have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp import comparison, formats

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

TITLE = "How often customers ordered"
CAPTION = (
    "Customers by how often they came back, beside how many the model expects for each count. Bars of like height mean "
    "that the model describes these customers well; the last bars hold everyone above too."
)


def figure(order_counts: pd.DataFrame) -> go.Figure:
    """Two bars per number of repeat orders.

    Parameters
    ----------
    order_counts : one row per number, ascending: repeat_orders, or_more (whether all above are in it),
        customers_actual, customers_expected.
    """
    places = _labels(order_counts)
    chart = comparison.figure(
        xaxis={"type": "category", "showgrid": False, "title": {"text": "Orders after the first one"}},
        yaxis={"tickformat": "~s", "title": {"text": "Customers"}, "nticks": 5},
    )
    for name, kind in ((comparison.HAPPENED, "actual"), (comparison.FORECAST, "expected")):
        customers = order_counts[f"customers_{kind}"]
        comparison.bars(chart, name, places, customers, customers.map(formats.count))
    return chart


def readable(order_counts: pd.DataFrame) -> pd.DataFrame:
    """The table twin."""
    import pandas as pd

    return pd.DataFrame(
        {
            "Orders after the first": _labels(order_counts),
            "Customers": order_counts["customers_actual"].map(formats.count),
            "Model expects": order_counts["customers_expected"].map(formats.count),
        }
    )


def _labels(order_counts: pd.DataFrame) -> list[str]:
    rows = order_counts.to_dict("records")
    return [f"{row['repeat_orders']}{'+' if row['or_more'] else ''}" for row in rows]
